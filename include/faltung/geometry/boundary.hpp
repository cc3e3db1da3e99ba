// faltung/geometry/boundary.hpp -- with which values a signal continues beyond its ends: the index maps
#pragma once

#include <complex>

#include "../core/checked.hpp"

namespace faltung {

/// The values of x~[i] for i outside [0, n), for any i however far (period in brackets):
///
///     zero, constant(c)   c c|a b c d|c c     one value
///     replicate           a a|a b c d|d d     the nearest sample
///     reflect             c b|a b c d|c b     mirrored about the end samples [2n - 2]; n = 1: that sample
///     symmetric           b a|a b c d|d c     mirrored about the edges [2n]
///     circular            c d|a b c d|a b     repeated [n]
///
/// The names are those that NumPy, PyTorch, MATLAB and TensorFlow never use for something else.
struct boundary {
    enum class rule : unsigned char { constant, replicate, reflect, symmetric, circular };

    rule map = rule::constant;
    long double re = 0, im = 0;  // of constant(c): holds every int64, double and complex<double> exactly

    static const boundary zero, replicate, reflect, symmetric, circular;
    static constexpr boundary constant(long double c) { return {rule::constant, c, 0}; }
    template <class Real>
    static constexpr boundary constant(std::complex<Real> c) {
        return {rule::constant, c.real(), c.imag()};
    }

    constexpr bool is_zero() const { return map == rule::constant && re == 0 && im == 0; }

    /// The period of x~, or 0 where beyond the ends nothing repeats. n >= 1 and 2n fits 64 bits.
    constexpr index_t period(index_t n) const {
        switch (map) {
            case rule::circular:
                return n;
            case rule::symmetric:
                return 2 * n;
            case rule::reflect:
                return n == 1 ? 1 : 2 * n - 2;
            default:
                return 0;
        }
    }

    /// The index in [0, n) whose sample is x~[i], or -1 where a constant stands. n >= 1 and 2n fits 64 bits.
    constexpr index_t source(index_t i, index_t n) const {
        if (0 <= i && i < n) return i;
        if (map == rule::constant) return -1;
        if (map == rule::replicate) return i < 0 ? 0 : n - 1;
        if (-n <= i && i < 2 * n) {  // most are as near as this, and a division takes as long as some vectors of sums
            const index_t twice = map == rule::symmetric ? 1 : 0;
            index_t near = i < 0 ? -twice - i : 2 * n - 2 + twice - i;
            if (map == rule::circular) near = i < 0 ? i + n : i - n;
            if (0 <= near && near < n) return near;
        }
        const index_t r = checked::floor_modulo(i, period(n));
        if (r < n) return r;
        return (map == rule::symmetric ? 2 * n - 1 : 2 * n - 2) - r;
    }

    friend constexpr bool operator==(boundary const&, boundary const&) = default;
};

inline constexpr boundary boundary::zero{};
inline constexpr boundary boundary::replicate{boundary::rule::replicate};
inline constexpr boundary boundary::reflect{boundary::rule::reflect};
inline constexpr boundary boundary::symmetric{boundary::rule::symmetric};
inline constexpr boundary boundary::circular{boundary::rule::circular};

constexpr char const* name_of(boundary::rule r) {
    constexpr char const* names[] = {"constant", "replicate", "reflect", "symmetric", "circular"};
    return names[static_cast<int>(r)];
}

}  // namespace faltung
