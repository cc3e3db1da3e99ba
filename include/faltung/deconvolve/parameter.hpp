// faltung/deconvolve/parameter.hpp -- how much to regularise: by the noise, by the corner of the L-curve, by
// cross-validation
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "../linalg/linear_operator.hpp"

namespace faltung {

struct discrepancy_options {
    double least = 1e-12, most = 1e12;  // where lambda is looked for
    double tolerance = 1e-3;            // of | |A x - b| - delta | / delta
    index_t evaluations = 100;          // at most
};

/// A lambda, and what is known of it: the residual norm, or the value of the function that was made least.
struct parameter_choice {
    double lambda = 0, value = 0;
    index_t evaluations = 0;
};

namespace detail {
inline namespace FALTUNG_COMPILED {

inline void require_values(char const* name, char const* of, std::vector<double> const& v, double least) {
    for (std::size_t i = 0; i < v.size(); ++i)
        if (!(v[i] >= least) || !std::isfinite(v[i]))
            fail<option_error>(name, ": ", of, ' ', i, " is ", v[i], ": at least ", least, " and finite is needed");
}

/// Curvature of the circle through three points, positive where the path turns left.
inline double turn(double ax, double ay, double bx, double by, double cx, double cy) {
    const double twice = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax),
                 sides = std::hypot(bx - ax, by - ay) * std::hypot(cx - bx, cy - by) * std::hypot(ax - cx, ay - cy);
    return sides > 0 ? 2 * twice / sides : 0;
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// Morozov's discrepancy principle: the lambda with |A x_lambda - b| = delta, the norm of the noise (sigma sqrt(n) for
/// n samples of white noise). `residual_of(lambda)` solves and returns |A x_lambda - b|, which must not fall as lambda
/// grows: residual_norm gives it; what lsqr reports has the damping in it, and a start would change what it solves.
/// Errors: option_error where delta is not between the residuals at `.least` and `.most`, with both, or a residual is
/// NaN. Cost: some 10 calls: regula falsi on logarithms, with a bisection wherever it crawls.
template <class Residual>
    requires std::is_invocable_r_v<double, Residual&, double>
[[nodiscard]] parameter_choice discrepancy_lambda(Residual&& residual_of, double delta,
                                                  discrepancy_options const& o = {}) {
    constexpr char const* name = "discrepancy_lambda";
    if (!(delta > 0) || !std::isfinite(delta))
        detail::fail<option_error>(name, ": delta = ", delta, ": more than 0 and finite is needed");
    if (!(o.least > 0) || !(o.most > o.least) || !std::isfinite(o.most))
        detail::fail<option_error>(name, ": lambda from ", o.least, " to ", o.most, ": 0 < .least < .most is needed");
    detail::require_from_0(name, ".tolerance", o.tolerance);
    if (o.evaluations < 2)
        detail::fail<option_error>(name, ": .evaluations = ", o.evaluations, ": at least 2 are needed");
    parameter_choice c;
    const auto evaluate = [&](double lambda) {
        c.lambda = lambda;
        c.value = residual_of(lambda);
        ++c.evaluations;
        if (!(c.value >= 0)) detail::fail<option_error>(name, ": the residual at lambda = ", lambda, " is ", c.value);
        return std::log(std::max(c.value, std::numeric_limits<double>::min()) / delta);
    };
    const auto is_close = [&] { return std::abs(c.value - delta) <= o.tolerance * delta; };
    double low = std::log(o.least), high = std::log(o.most);
    double at_low = evaluate(o.least);
    if (is_close()) return c;
    const double residual_low = c.value;
    double at_high = evaluate(o.most);
    if (is_close()) return c;
    if (at_low > 0 || at_high < 0)
        detail::fail<option_error>(name, ": delta = ", delta, " is not between the residuals ", residual_low,
                                   " at lambda = ", o.least, " and ", c.value, " at ", o.most);
    for (double width = high - low; c.evaluations < o.evaluations;) {
        double at = (low * at_high - high * at_low) / (at_high - at_low);
        const bool crawls = high - low > 0.5 * width;  // less than half was cut off the last time
        if (crawls && c.evaluations > 2) at = (low + high) / 2;
        width = high - low;
        const double f = evaluate(std::exp(at));
        if (is_close() || !(at > low && at < high)) break;
        (f < 0 ? low : high) = at;
        (f < 0 ? at_low : at_high) = f;
    }
    return c;
}

/// The index of the corner of the L-curve: of the points (log |A x - b|, log |L x|), given for rising lambdas, the one
/// between whose neighbours the curve turns most sharply. A curve without a corner has one all the same.
/// Errors: shape_error for lists of different lengths, or of fewer than 3 points; option_error for a norm that is not
/// above 0 and finite. Source: Hansen and O'Leary, SIAM J. Scientific Computing 14 (1993).
[[nodiscard]] inline index_t l_curve_corner(std::vector<double> const& residuals, std::vector<double> const& norms) {
    constexpr char const* name = "l_curve_corner";
    if (residuals.size() != norms.size() || norms.size() < 3)
        detail::fail<shape_error>(name, ": ", residuals.size(), " residuals and ", norms.size(),
                                  " norms: as many, and at least 3, are needed");
    detail::require_values(name, "residual", residuals, std::numeric_limits<double>::min());
    detail::require_values(name, "norm", norms, std::numeric_limits<double>::min());
    std::size_t best = 1;
    double sharpest = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 1; i + 1 < norms.size(); ++i) {
        // downwards first, then to the right: a corner is a turn to the left
        const double k = detail::turn(std::log(residuals[i - 1]), std::log(norms[i - 1]), std::log(residuals[i]),
                                      std::log(norms[i]), std::log(residuals[i + 1]), std::log(norms[i + 1]));
        if (k > sharpest) {
            sharpest = k;
            best = i;
        }
    }
    return static_cast<index_t>(best);
}

/// Generalised cross-validation for lambda |x|^2: the lambda that makes, with f_i = lambda / (sigma_i^2 + lambda),
///
///     ((sum over i of (f_i c_i)^2) + outside^2) / (equations - rank + sum over i of f_i)^2
///
/// least, for the singular values sigma of A, the coefficients c_i = |u_i^H b| of the data along the left singular
/// vectors, and the norm of what those do not span. Of a periodic convolution, sigma = |H| and c = |Y| / sqrt(N).
/// LSQR's damping is the root of this lambda. Errors: shape_error for lists of different lengths or none, or more of
/// them than equations; option_error for numbers that are negative or not finite, or all sigma 0. Cost: some 250 sums.
/// Source: Golub, Heath and Wahba, Technometrics 21 (1979).
[[nodiscard]] inline parameter_choice cross_validated_lambda(std::vector<double> const& singular_values,
                                                             std::vector<double> const& coefficients, index_t equations,
                                                             double outside = 0) {
    constexpr char const* name = "cross_validated_lambda";
    const index_t rank = static_cast<index_t>(singular_values.size());
    if (rank == 0 || coefficients.size() != singular_values.size() || equations < rank)
        detail::fail<shape_error>(name, ": ", rank, " singular values and ", coefficients.size(), " coefficients of ",
                                  equations, " equations");
    detail::require_values(name, "singular value", singular_values, 0);
    detail::require_values(name, "coefficient", coefficients, 0);
    detail::require_values(name, "the norm outside,", {outside}, 0);
    const double largest = *std::max_element(singular_values.begin(), singular_values.end());
    if (largest == 0) detail::fail<option_error>(name, ": all ", rank, " singular values are 0");
    parameter_choice c;
    const auto score = [&](double lambda) {
        ++c.evaluations;
        double lost = outside * outside, freedom = static_cast<double>(equations - rank);
        for (std::size_t i = 0; i < singular_values.size(); ++i) {
            const double f = lambda / (singular_values[i] * singular_values[i] + lambda), part = f * coefficients[i];
            lost += part * part;
            freedom += f;
        }
        return lost / (freedom * freedom);
    };
    // The function may have several minima: a grid finds the basin, golden sections its bottom.
    constexpr int steps = 200;
    const double low = std::log(largest * largest) + 2 * std::log(std::numeric_limits<double>::epsilon()),
                 high = std::log(largest * largest) + std::log(1e4), step = (high - low) / steps;
    int best = 0;
    c.value = std::numeric_limits<double>::infinity();
    for (int i = 0; i <= steps; ++i)
        if (const double g = score(std::exp(low + step * i)); g < c.value) {
            c.value = g;
            best = i;
        }
    double from = low + step * std::max(best - 1, 0), to = low + step * std::min(best + 1, steps);
    for (const double golden = 0.6180339887498949; to - from > 1e-6;) {
        const double left = to - golden * (to - from), right = from + golden * (to - from);
        if (score(std::exp(left)) < score(std::exp(right)))
            to = right;
        else
            from = left;
    }
    c.lambda = std::exp((from + to) / 2);
    c.value = score(c.lambda);
    return c;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
