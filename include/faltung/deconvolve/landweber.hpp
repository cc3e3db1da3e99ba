// faltung/deconvolve/landweber.hpp -- steps down the gradient of |A x - b|^2, few of them as a regularisation
#pragma once

#include "../linalg/operator_norm.hpp"
#include "constraint.hpp"

namespace faltung {

struct landweber_options {
    double step = 0;           // below 2 / |A|^2; 0: 1 / |A|^2, |A| being estimated
    index_t iterations = 200;  // at most
    double residual = 0;       // ends as soon as |b - A x| is no more than this
    double tolerance = 1e-6;   // or the gradient no more than this share of that at x = 0
    faltung::constraint constraint = constraint::none;
    progress_function progress = {};
};

inline namespace FALTUNG_COMPILED {

/// x <- P(x + step A^H (b - A x)), from `start` or 0, P being the projection onto the constraint. Without one and from
/// 0, after k iterations the part of b along a left singular vector of A is divided by its sigma and multiplied by 1 -
/// (1 - step sigma^2)^k: small singular values come in late. The report's gradient is |x_k+1 - x_k| / step. Types:
/// float, double and complex numbers of both. Errors: shape_error; option_error for numbers that are not finite, or
/// below 0. A step that is too long ends as breakdown. Cost: a product with A and one with its adjoint per iteration,
/// and those of operator_norm.
/// Source: Landweber, American Journal of Mathematics 73 (1951).
template <class T>
solver_result<T> landweber(linear_operator<T> const& a, std::vector<T> const& b, landweber_options const& o = {},
                           std::vector<T> const& start = {}) {
    constexpr char const* name = "landweber";
    detail::require_system(name, a, b, start);
    detail::require_iterations(name, o.iterations);
    detail::require_from_0(name, ".step", o.step);
    detail::require_from_0(name, ".residual", o.residual);
    detail::require_from_0(name, ".tolerance", o.tolerance);
    detail::require_constraint<T>(name, o.constraint);
    double step = o.step;
    if (step == 0) {
        const double norm = operator_norm(a);
        step = norm > 0 ? 1 / (norm * norm) : 1;
    }
    solver_result<T> s{start, {}};
    s.x.resize(static_cast<std::size_t>(a.unknowns));
    std::vector<T> r(b.size()), g(s.x.size());
    a.adjoint(b, g);
    const double wanted = o.tolerance * detail::norm_of(g);
    s.report.gradient = std::numeric_limits<double>::infinity();
    for (;; ++s.report.iterations) {
        a.apply(s.x, r);
        detail::scale_and_add(r, -1, b);
        s.report.residual = detail::norm_of(r);
        if (detail::ends_descent(s.report, o.residual, wanted, o.iterations, o.progress)) return s;
        a.adjoint(r, g);
        double squares = 0;
        for (std::size_t i = 0; i < g.size(); ++i) {
            const T before = s.x[i];
            s.x[i] = detail::projected(before + static_cast<real_t<T>>(step) * g[i], o.constraint);
            squares += static_cast<double>(std::norm(s.x[i] - before));
        }
        s.report.gradient = std::sqrt(squares) / step;
    }
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
