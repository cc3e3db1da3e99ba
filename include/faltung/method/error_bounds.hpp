// faltung/method/error_bounds.hpp -- how far a computed sum may be from the exact one
#pragma once

#include <cmath>

#include "../geometry/problem.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// |computed - exact|_2 relative to |x~|_2 |h|_2, x~ = the extended input.
struct error_bound {
    double expected, certified;
};

/// The unit roundoff of an accumulator or result; 0 for integers, whose sums are exact (modulo 2^64).
constexpr double unit_roundoff(element e) {
    switch (e) {
        case element::float32:
        case element::complex32:
            return 0x1p-24;
        case element::float64:
        case element::complex64:
            return 0x1p-53;
        case element::float80:
        case element::complex80:
            return 0x1p-64;
        default:
            return 0;
    }
}

/// The binary digits of an element type's values.
constexpr int digits(element e) {
    constexpr int of[] = {1, 7, 8, 15, 16, 31, 32, 63, 64, 24, 53, 64, 24, 53, 64};
    return of[static_cast<int>(e)];
}

/// The error of results that a store into a narrower floating type rounds once more; |y|_2 <= sqrt(K) |h|_2 |x~|_2.
inline error_bound stored(problem const& p, error_bound e) {
    if (p.types.y >= element::float32 && digits(p.types.y) < digits(p.types.accumulator)) {
        const double u = unit_roundoff(p.types.y);
        e.expected += u;
        e.certified += u * (std::sqrt(static_cast<double>(p.taps_per_output())) + e.certified);
    }
    return e;
}

/// A sum of K products in any order: |e| <= gamma_K |h|*|x| with gamma_K = K u / (1 - K u) (Higham, Accuracy and
/// Stability of Numerical Algorithms, 3.1), with one more for each operand that has more digits than the accumulator
/// (a boundary's constant may), and two for a complex product. Over all outputs, |h|*|x| is at most sqrt(K) |h|_2
/// |x~|_2 where K is the number of taps (Young and Cauchy) and x~ is the input as the boundary extends it. Roundings of
/// random sign give sqrt(K) u instead of K u, and no sqrt(K) from the norms.
inline error_bound sum_error(problem const& p) {
    const double u = unit_roundoff(p.types.accumulator);
    const bool complex = p.types.accumulator >= element::complex32;
    const double taps = static_cast<double>(p.taps_per_output());
    bool x_is_rounded = digits(p.types.x) > digits(p.types.accumulator);
    for (int a = 0; a < p.rank; ++a)
        x_is_rounded = x_is_rounded || (p[a].edge.map == boundary::rule::constant && !p[a].edge.is_zero());
    const double roundings =
        taps + (complex ? 2 : 0) + (x_is_rounded ? 1 : 0) + (digits(p.types.h) > digits(p.types.accumulator) ? 1 : 0);
    const double gamma =
        roundings * u < 1 ? roundings * u / (1 - roundings * u) : std::numeric_limits<double>::infinity();
    return stored(p, {std::sqrt(taps) * u, gamma * std::sqrt(taps)});
}

/// A sum of products of lines: |e| <= gamma |f_0| |f_1| ...*|x| summed over the terms, with a rounding for every tap of
/// every axis, every term and every operand; and what the terms leave out of h. Over all outputs the former is at most
/// gamma terms_norm_1 |x~|_2, the latter terms_residual |x~|_2 (Young).
inline error_bound product_error(problem const& p) {
    index_t taps = p.kernel.terms;
    for (int a = 0; a < p.rank; ++a) taps += p[a].taps;
    const double u = unit_roundoff(p.types.accumulator), roundings = static_cast<double>(taps + 4);
    const double norm_2 = p.kernel.norm_2 > 0 ? p.kernel.norm_2 : 1;
    const double gamma =
        roundings * u < 1 ? roundings * u / (1 - roundings * u) : std::numeric_limits<double>::infinity();
    const double left_out = p.kernel.terms_residual / norm_2;
    return stored(p, {std::sqrt(roundings) * u + left_out, gamma * p.kernel.terms_norm_1 / norm_2 + left_out});
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
