// faltung/method/finish.hpp -- where a row of sums begins, at its bias, and where it ends, at the epilogue
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "../geometry/problem.hpp"
#include "../simd/lanes.hpp"
#include "../simd/target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Sums that a bias or an epilogue can mean anything for.
template <class Acc>
inline constexpr bool has_finish = sum_traits<Acc>::name == algebra::plus_times;

/// What the sums of an output channel begin at.
template <class Acc>
Acc start_of(problem const& p, index_t channel) noexcept {
    if constexpr (has_finish<Acc>)
        if (p.store.bias) return static_cast<Acc const*>(p.store.bias)[channel];
    return Acc{};
}

/// True where the sums of the channel begin at a bias: then they hold it.
template <class Acc>
bool begin_row(problem const& p, index_t channel, Acc* sums, index_t count) noexcept {
    if (!has_finish<Acc> || !p.store.bias) return false;
    std::fill_n(sums, count, start_of<Acc>(p, channel));
    return true;
}

/// The bias added to finished sums, by a method that cannot begin at it.
template <class Acc>
void add_bias(problem const& p, index_t channel, Acc* sums, index_t count) noexcept {
    if constexpr (has_finish<Acc>) {
        if (!p.store.bias) return;
        const Acc bias = start_of<Acc>(p, channel);
        for (index_t i = 0; i < count; ++i) sums[i] = multiply_add(bias, real_t<Acc>{1}, sums[i]);
    }
}

/// A row of sums held within [first, second], or those below 0 multiplied by `first`.
template <class Acc, epilogue_step::rule What>
struct bound_loop {
    struct arguments {
        Acc* sums;
        index_t count;
        Acc first, second;
    };

    template <class V>
    static FALTUNG_ALWAYS_INLINE void bound(V& v, V const& first, V const& second, V const& zero) {
        if constexpr (What == epilogue_step::rule::leaky_relu) {
            v = v < zero ? v * first : v;
        } else {
            v = v < first ? first : v;
            v = v > second ? second : v;
        }
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        index_t i = 0;
        if constexpr (has_vectors<Acc>) {
            typedef Acc vector __attribute__((vector_size(Bytes)));
            constexpr index_t width = Bytes / static_cast<index_t>(sizeof(Acc));
            const vector first = vector{} + a.first, second = vector{} + a.second, zero{};
            for (; i + width <= a.count; i += width) {
                vector v;
                std::memcpy(&v, a.sums + i, sizeof v);
                bound(v, first, second, zero);
                std::memcpy(a.sums + i, &v, sizeof v);
            }
        }
        for (; i < a.count; ++i) bound(a.sums[i], a.first, a.second, Acc{});
    }
};

/// The number of type R next to a double: beyond the range of an integer its end.
template <class R>
R nearest_in(double v) noexcept {
    if constexpr (std::is_integral_v<R>) {
        if (!(v > static_cast<double>(std::numeric_limits<R>::min()))) return std::numeric_limits<R>::min();
        if (v >= static_cast<double>(std::numeric_limits<R>::max())) return std::numeric_limits<R>::max();
    }
    return static_cast<R>(v);
}

/// sums[i] * scale, rounded to nearest even, + zero point. In double: what is within +-2^51 is rounded by adding and
/// subtracting 1.5 * 2^52, what is beyond is far outside of every type that is quantised.
template <class R>
void requantise_row(R* sums, index_t count, double scale, double zero_point) noexcept {
    constexpr double magic = 0x1.8p52, most = 0x1p51;
    for (index_t i = 0; i < count; ++i) {
        double v = static_cast<double>(sums[i]) * scale;
        v = v < -most ? -most : v > most ? most : v;
        v = (v + magic) - magic;
        sums[i] = nearest_in<R>(v + zero_point);
    }
}

/// The residual's samples added to a row of sums.
template <class Y, class Acc>
void add_residual(problem const& p, index_t channel, index_list const& leading, index_t first, Acc* sums,
                  index_t count) noexcept {
    strides const& stride = p.store.epilogue.residual_stride;
    Y const* r = static_cast<Y const*>(p.store.epilogue.residual) + channel * stride[0];
    for (int a = 0; a + 1 < p.rank; ++a) r += leading[a] * stride[a + 1];
    const index_t each = stride[p.rank];
    r += first * each;
    for (index_t i = 0; i < count; ++i) sums[i] = multiply_add(sums[i], real_t<Acc>{1}, convert<Acc>(r[i * each]));
}

/// The steps of the epilogue on a row of finished sums: outputs first, ..., first + count - 1 of the last axis, at the
/// leading indices, of one output channel. Y is the type of the outputs, and of the residual.
template <class Y, class Acc>
void finish_row(problem const& p, index_t channel, index_list const& leading, index_t first, Acc* sums,
                index_t count) noexcept {
    if constexpr (has_finish<Acc>) {
        for (epilogue_step const& step : p.store.epilogue) {
            using rule = epilogue_step::rule;
            if (step.what == rule::add) {
                if constexpr (is_complex<Acc> || !is_complex<Y>)
                    add_residual<Y>(p, channel, leading, first, sums, count);
            } else if constexpr (!is_complex<Acc>) {
                const double scale = step.per_channel ? step.per_channel[channel] : step.first;
                if (step.what == rule::requantise)
                    requantise_row(sums, count, scale, step.second);
                else if (step.what == rule::clamp)
                    versions<bound_loop<Acc, rule::clamp>>::of(p.limits.instruction_set)(
                        {sums, count, nearest_in<Acc>(step.first), nearest_in<Acc>(step.second)});
                else
                    versions<bound_loop<Acc, rule::leaky_relu>>::of(p.limits.instruction_set)(
                        {sums, count, nearest_in<Acc>(step.first), Acc{}});
            }
        }
    }
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
