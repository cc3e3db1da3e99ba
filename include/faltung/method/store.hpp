// faltung/method/store.hpp -- a finished row of sums becomes outputs: rounding, overflow, and the stride of y
#pragma once

#include <cmath>
#include <limits>
#include <utility>

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
    constexpr Acc end = static_cast<Acc>(std::numeric_limits<Y>::max() / 2 + 1) * 2;  // a power of 2: exact in every Acc
    if (v >= begin && v < end) return static_cast<Y>(v);
    if (rule.overflow == overflow::saturate) return v < begin ? std::numeric_limits<Y>::min() : std::numeric_limits<Y>::max();
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
            if (std::cmp_less(v, std::numeric_limits<Y>::min())) return std::numeric_limits<Y>::min();
            if (std::cmp_greater(v, std::numeric_limits<Y>::max())) return std::numeric_limits<Y>::max();
        }
        return static_cast<Y>(v);
    } else if constexpr (std::is_integral_v<Y>) {
        return round_to<Y>(v, rule);
    } else {
        return convert<Y>(v);
    }
}

/// to[i * step] = from[i] as an output.
template <class Acc, class Y>
struct row_store {
    struct arguments {
        Acc const* from;
        Y* to;
        index_t step, count;
        problem::store_rule rule;
    };

    // Small integers from a float or double: clamp, then add and subtract 1.5 * 2^(digits - 1), which rounds to
    // nearest even within +-2^(digits - 2). Vectorised, where std::nearbyint is a call for every sample.
    static constexpr bool rounds_by_addition = (std::is_same_v<Acc, float> && std::is_integral_v<Y> && sizeof(Y) <= 2) ||
                                               (std::is_same_v<Acc, double> && std::is_integral_v<Y> && sizeof(Y) <= 4);

    static FALTUNG_ALWAYS_INLINE void saturate(arguments const& a, index_t i) {
        constexpr Acc lowest = static_cast<Acc>(std::numeric_limits<Y>::min());
        constexpr Acc highest = static_cast<Acc>(std::numeric_limits<Y>::max());
        constexpr Acc magic = std::is_same_v<Acc, float> ? static_cast<Acc>(12582912.0) : static_cast<Acc>(6755399441055744.0);
        Acc v = a.from[i] == a.from[i] ? a.from[i] : Acc{0};
        v = v < lowest ? lowest : v;
        v = v > highest ? highest : v;
        a.to[i * a.step] = static_cast<Y>(static_cast<std::int64_t>((v + magic) - magic));
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        if constexpr (rounds_by_addition)
            if (a.rule.overflow == overflow::saturate && a.rule.rounding == rounding::nearest_even) {
                for (index_t i = 0; i < a.count; ++i) saturate(a, i);
                return;
            }
        for (index_t i = 0; i < a.count; ++i) a.to[i * a.step] = store_as<Y>(a.from[i], a.rule);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
