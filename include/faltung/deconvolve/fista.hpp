// faltung/deconvolve/fista.hpp -- least squares with few numbers that are not 0
#pragma once

#include "../linalg/operator_norm.hpp"
#include "constraint.hpp"

namespace faltung {

struct fista_options {
    double lambda = 0;
    double norm = 0;           // |A| where it is known; 0: it is estimated. One that is too small is mended on the way
    index_t iterations = 500;  // at most
    double tolerance = 1e-6;   // ends when the gradient is no more than this share of |A^H b|
    faltung::constraint constraint = constraint::none;
    progress_function progress = {};
};

namespace detail {
inline namespace FALTUNG_COMPILED {

/// The x of least |x - v|^2 / 2 + threshold |x| under the constraint.
template <class T>
T shrunk(T v, real_t<T> threshold, constraint c) {
    if constexpr (!is_complex<T>)
        if (c == constraint::non_negative) return std::max(v - threshold, T{0});
    const real_t<T> size = std::abs(v);
    return size > threshold ? v * ((size - threshold) / size) : T{};
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// The x that makes |A x - b|^2 / 2 + lambda * (sum of |x[i]|) least, from `start` or 0. x = 0 for every lambda from
/// the largest |A^H b| on. The objective falls as 1 / k^2; the momentum is dropped where it points uphill. The report's
/// gradient is that of the proximal step, |A|^2 |x_k+1 - z_k|, 0 at the solution alone.
/// Types: float, double and complex numbers of both, where |x[i]| is the modulus. Errors: shape_error; option_error for
/// numbers that are not finite, or below 0. Cost: a product with A and one with its adjoint per iteration, and those of
/// operator_norm.
/// Source: Beck and Teboulle, SIAM Journal on Imaging Sciences 2 (2009); the restart, O'Donoghue and Candes (2015).
template <class T>
solver_result<T> fista(linear_operator<T> const& a, std::vector<T> const& b, fista_options const& o = {},
                       std::vector<T> const& start = {}) {
    constexpr char const* name = "fista";
    using R = real_t<T>;
    detail::require_system(name, a, b, start);
    detail::require_iterations(name, o.iterations);
    detail::require_from_0(name, ".lambda", o.lambda);
    detail::require_from_0(name, ".norm", o.norm);
    detail::require_from_0(name, ".tolerance", o.tolerance);
    detail::require_constraint<T>(name, o.constraint);
    const double norm = o.norm > 0 ? o.norm : operator_norm(a);
    double curvature = norm > 0 ? norm * norm : 1;
    solver_result<T> s{start, {}};
    s.x.resize(static_cast<std::size_t>(a.unknowns));
    std::vector<T> z = s.x, next(s.x.size()), g(s.x.size()), az(b.size()), ax(b.size()), ax_next(b.size()), r(b.size());
    a.adjoint(b, g);
    const double wanted = o.tolerance * detail::norm_of(g);
    a.apply(s.x, ax);
    az = ax;
    const auto squared_distance = [](std::vector<T> const& l, std::vector<T> const& m) {
        double sum = 0;
        for (std::size_t i = 0; i < l.size(); ++i) sum += static_cast<double>(std::norm(l[i] - m[i]));
        return sum;
    };
    double momentum = 1;
    s.report.gradient = std::numeric_limits<double>::infinity();
    for (;; ++s.report.iterations) {
        s.report.residual = std::sqrt(squared_distance(ax, b));
        if (detail::ends_descent(s.report, -1, wanted, o.iterations, o.progress)) return s;
        r = az;
        detail::add_scaled(r, -1, b);
        a.adjoint(r, g);
        // What a product is rounded by looks like curvature where x hardly moves any more.
        const double u = std::numeric_limits<R>::epsilon(), size = detail::norm_of(az),
                     rounding = 100 * u * u * size * size;
        double moved = 0;
        for (int tries = 0; tries < 60; ++tries, curvature *= 1.5) {
            const R by = static_cast<R>(1 / curvature), threshold = static_cast<R>(o.lambda / curvature);
            for (std::size_t i = 0; i < z.size(); ++i)
                next[i] = detail::shrunk(z[i] - by * g[i], threshold, o.constraint);
            a.apply(next, ax_next);
            moved = squared_distance(next, z);
            if (!(squared_distance(ax_next, az) > curvature * moved * (1 + 1e-6) + rounding)) break;
        }
        s.report.gradient = curvature * std::sqrt(moved);
        double uphill = 0;
        for (std::size_t i = 0; i < z.size(); ++i)
            uphill += static_cast<double>(std::real(conjugate(z[i] - next[i]) * (next[i] - s.x[i])));
        const double before = uphill > 0 ? 1 : momentum;
        momentum = (1 + std::sqrt(1 + 4 * before * before)) / 2;
        const R beta = static_cast<R>((before - 1) / momentum);
        for (std::size_t i = 0; i < z.size(); ++i) z[i] = next[i] + beta * (next[i] - s.x[i]);
        for (std::size_t i = 0; i < b.size(); ++i) az[i] = ax_next[i] + beta * (ax_next[i] - ax[i]);
        std::swap(s.x, next);
        std::swap(ax, ax_next);
    }
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
