// faltung/method/store.hpp -- a finished row of sums becomes outputs: rounding, overflow, and the stride of y
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "../core/algebra.hpp"
#include "../geometry/problem.hpp"
#include "../simd/target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// A floating sum as an integer. NaN gives 0; outside the range the rule's `overflow` decides (wrap: modulo 2^bits,
/// an infinity gives 0). Rounding to nearest uses the current rounding mode, which C++ programs leave at nearest even.
template <class Y, class Acc>
inline Y round_to(Acc v, problem::store_rule const& rule) noexcept {
    if (v != v) return Y{0};
    v = rule.rounding == rounding::nearest_even ? std::nearbyint(v) : std::trunc(v);
    constexpr Acc begin = static_cast<Acc>(std::numeric_limits<Y>::min());
    constexpr Y half = static_cast<Y>(std::numeric_limits<Y>::max() / 2 + 1);
    constexpr Acc end = static_cast<Acc>(half) * 2;  // a power of 2: exact in every Acc
    if (v >= begin && v < end) return static_cast<Y>(v);
    if (rule.overflow == overflow::saturate)
        return v < begin ? std::numeric_limits<Y>::min() : std::numeric_limits<Y>::max();
    const Acc rest = std::isinf(v) ? Acc{0} : std::fmod(std::fabs(v), static_cast<Acc>(18446744073709551616.0L));
    const auto bits = static_cast<std::uint64_t>(rest);
    return static_cast<Y>(v < 0 ? std::uint64_t{0} - bits : bits);
}

/// One sum as one output, by the rule.
template <class Y, class Acc>
FALTUNG_ALWAYS_INLINE Y store_as(Acc v, problem::store_rule const& rule) noexcept {
    if constexpr (std::is_same_v<Y, bool>) {
        return v != Acc{};
    } else if constexpr (std::is_integral_v<Y> && std::is_integral_v<Acc>) {
        if (rule.overflow == overflow::saturate) {
            // + makes an int of a char, which cmp_less refuses
            if (std::cmp_less(v, +std::numeric_limits<Y>::min())) return std::numeric_limits<Y>::min();
            if (std::cmp_greater(v, +std::numeric_limits<Y>::max())) return std::numeric_limits<Y>::max();
        }
        return static_cast<Y>(v);
    } else if constexpr (std::is_integral_v<Y>) {
        return round_to<Y>(v, rule);
    } else {
        return convert<Y>(v);
    }
}

/// Sums that are rounded to nearest by adding and subtracting 1.5 * 2^(digits - 1), exact within +-2^(digits - 2):
/// small integers from a float or double. std::nearbyint is a library call for every sample without SSE 4.1.
template <class Acc, class Y>
inline constexpr bool rounds_by_addition =
    std::is_integral_v<Y> && !std::is_same_v<Y, bool> &&
    ((std::is_same_v<Acc, float> && sizeof(Y) <= 2) || (std::is_same_v<Acc, double> && sizeof(Y) <= 4));

/// 16 sums, clamped and rounded to nearest even, NaN as 0; `to` is contiguous. False, and nothing stored, where one was
/// clamped that the rule lets wrap around. The sum of a number and 1.5 * 2^(digits - 1) has the number's low bits in
/// its own. Vectors of 16 bytes by hand and loops of constant length: g++ 12 makes scalar code of anything else.
template <class Acc, class Y>
FALTUNG_ALWAYS_INLINE bool round_16(Acc const* from, Y* to, overflow beyond) noexcept {
    using bits = std::conditional_t<sizeof(Acc) == 4, std::int32_t, std::int64_t>;
    typedef Acc vector __attribute__((vector_size(16)));
    constexpr Acc lowest = static_cast<Acc>(std::numeric_limits<Y>::min()),
                  highest = static_cast<Acc>(std::numeric_limits<Y>::max()),
                  magic = static_cast<Acc>(sizeof(Acc) == 4 ? 12582912.0 : 6755399441055744.0);
    constexpr int parts = 16 * sizeof(Acc) / 16;
    vector v[std::size_t{parts}];
    std::memcpy(v, from, sizeof v);
    decltype(v[0] < v[0]) clamped{};
#pragma GCC unroll 8
    for (int b = 0; b < parts; ++b) {
        const vector low = vector{} + lowest, high = vector{} + highest;
        clamped |= ~((v[b] >= low) & (v[b] <= high));
        v[b] = v[b] == v[b] ? v[b] : vector{};
        v[b] = v[b] < low ? low : v[b];
        v[b] = v[b] > high ? high : v[b];
        v[b] += magic;
    }
    if (beyond == overflow::wrap) {
        bits any = 0;
        for (std::size_t i = 0; i < 16 / sizeof(Acc); ++i) any |= clamped[i];
        if (any != 0) return false;
    }
    bits in[16];
    Y out[16];
    std::memcpy(in, v, sizeof in);
    if constexpr (sizeof(Y) == 1) {
        std::int16_t narrower[16];
        for (int j = 0; j < 16; ++j) narrower[j] = static_cast<std::int16_t>(in[j]);
        for (int j = 0; j < 16; ++j) out[j] = static_cast<Y>(narrower[j]);
    } else {
        for (int j = 0; j < 16; ++j) out[j] = static_cast<Y>(in[j]);
    }
    std::memcpy(to, out, sizeof out);
    return true;
}

/// Whether neither NaN nor an infinity is among so many sums.
template <class Acc>
bool all_finite(Acc const* sums, index_t count) noexcept {
    using R = real_t<Acc>;
    if constexpr (std::is_same_v<R, float> || std::is_same_v<R, double>) {
        typedef R vector __attribute__((vector_size(16)));
        constexpr index_t lanes = 16 / static_cast<index_t>(sizeof(R));
        R const* const parts = reinterpret_cast<R const*>(sums);
        const index_t all = count * (is_complex<Acc> ? 2 : 1);
        decltype(vector{} != vector{}) bad{};
        index_t i = 0;
        for (; i + lanes <= all; i += lanes) {
            vector v;
            std::memcpy(&v, parts + i, sizeof v);
            const vector nothing = v - v;
            bad |= nothing != nothing;
        }
        bool any = false;
        for (index_t l = 0; l < lanes; ++l) any = any || bad[l] != 0;
        for (; i < all; ++i) any = any || !std::isfinite(parts[i]);
        return !any;
    } else {
        return std::all_of(sums, sums + count, [](Acc v) { return is_finite(v); });
    }
}

template <class Acc, class Y>
void store_row(Acc const* from, Y* to, index_t step, index_t count, problem::store_rule const& rule) noexcept;

/// Sums in another algebra, integers clamped: a sum of nothing is the end of their range, of floating outputs an
/// infinity. A bool is whether the sum is above 0.
template <class Algebra, class R, class Y>
void store_row(sum_in<Algebra, R> const* from, Y* to, index_t step, index_t count,
               problem::store_rule const& rule) noexcept {
    const problem::store_rule clamped{overflow::saturate, rule.rounding, {}, nullptr};
    if constexpr (std::is_same_v<Y, bool>) {
        for (index_t i = 0; i < count; ++i) to[i * step] = from[i].value > 0;
    } else if constexpr (std::is_integral_v<R> && Algebra::name != algebra::or_and) {
        using limits = std::numeric_limits<real_t<Y>>;
        constexpr R zero = Algebra::template zero<R>;
        constexpr real_t<Y> highest = limits::has_infinity ? limits::infinity() : limits::max(),
                            lowest = limits::has_infinity ? -highest : limits::lowest();
        // where only zeros of the algebra met taps, those have moved it, but by far less than its half
        for (index_t i = 0; i < count; ++i) {
            const R v = from[i].value;
            if (zero < 0 ? v < zero / 2 : v > zero / 2)
                to[i * step] = convert<Y>(zero < 0 ? lowest : highest);
            else
                to[i * step] = store_as<Y>(v, clamped);
        }
    } else {
        store_row(reinterpret_cast<R const*>(from), to, step, count, clamped);
    }
}

/// to[i * step] = from[i] as an output, for i in [0, count). One version for all instruction sets: nothing here gains
/// by wider vectors.
template <class Acc, class Y>
void store_row(Acc const* from, Y* to, index_t step, index_t count, problem::store_rule const& rule) noexcept {
    if constexpr (std::is_same_v<Acc, Y>)
        if (step == 1) {
            if (count > 0) std::memcpy(static_cast<void*>(to), from, static_cast<std::size_t>(count) * sizeof(Y));
            return;
        }
    index_t i = 0;
    if constexpr (has_rounding_to_bytes && std::is_same_v<Acc, float> && std::is_same_v<Y, std::uint8_t>)
        if (step == 1 && rule.overflow == overflow::saturate && rule.rounding == rounding::nearest_even)
            for (; i + 16 <= count; i += 16) round_to_bytes(from + i, to + i);
    if constexpr (rounds_by_addition<Acc, Y>)
        if (step == 1 && rule.rounding == rounding::nearest_even)
            for (; i + 16 <= count; i += 16)
                if (!round_16(from + i, to + i, rule.overflow))
                    for (index_t j = i; j < i + 16; ++j) to[j] = store_as<Y>(from[j], rule);
    for (; i < count; ++i) to[i * step] = store_as<Y>(from[i], rule);
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
