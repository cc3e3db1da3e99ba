// faltung/linalg/conjugate_gradients.hpp -- a Hermitian system, solved by products with its matrix
#pragma once

#include "linear_operator.hpp"

namespace faltung {

struct conjugate_gradient_options {
    double tolerance = 1e-10;   // of |b - A x| / |b|
    index_t iterations = 1000;  // at most
    progress_function progress = {};
};

inline namespace FALTUNG_COMPILED {

/// x with A x = b, for a Hermitian A without negative eigenvalues; `precondition` writes an approximation of A^-1 r
/// that is Hermitian and positive, too. Of a singular A and a b in its range, the solution that differs from `start`
/// only within that range. Where A turns out to have a negative eigenvalue, or only rounding is left, the reason is
/// breakdown. a.adjoint is not called. Errors: shape_error; option_error for a right side that is not finite, a
/// negative tolerance or no iteration. Cost: a product with A per iteration; 5 vectors. Source: Hestenes and Stiefel,
/// J. Res. Nat. Bur. Standards 49 (1952).
template <class T>
solver_result<T> conjugate_gradients(linear_operator<T> const& a, std::vector<T> const& b,
                                     conjugate_gradient_options const& o = {},
                                     std::function<void(std::span<T const>, std::span<T>)> const& precondition = {},
                                     std::vector<T> const& start = {}) {
    detail::require_system("conjugate_gradients", a, b, start, detail::needs::apply);
    if (a.unknowns != a.equations)
        detail::fail<shape_error>("conjugate_gradients: ", a.equations, " equations for ", a.unknowns, " unknowns");
    detail::require_from_0("conjugate_gradients", ".tolerance", o.tolerance);
    detail::require_iterations("conjugate_gradients", o.iterations);
    solver_result<T> s{start, {}};
    s.x.resize(b.size());
    std::vector<T> r = b, z, p, ap(b.size());
    if (!start.empty()) {
        a.apply(s.x, ap);
        detail::add_scaled(r, -1, ap);
    }
    const double wanted = o.tolerance * detail::norm_of(b);
    double rz = 0;
    for (;; ++s.report.iterations) {
        s.report.residual = detail::norm_of(r);
        if (s.report.residual <= wanted) s.report.reason = stop_reason::converged;
        if (s.report.residual <= wanted || s.report.iterations >= o.iterations) break;
        if (s.report.iterations > 0 && o.progress && !o.progress(s.report)) {
            s.report.reason = stop_reason::stopped;
            break;
        }
        z = r;
        if (precondition) precondition(r, z);
        const double rz_before = rz;
        rz = detail::real_product(r, z);
        if (s.report.iterations == 0)
            p = z;
        else
            detail::scale_and_add(p, rz / rz_before, z);
        a.apply(p, ap);
        const double curvature = detail::real_product(p, ap);
        if (!(curvature > 0) || !(rz > 0)) {
            s.report.reason = stop_reason::breakdown;
            break;
        }
        detail::add_scaled(s.x, rz / curvature, p);
        detail::add_scaled(r, -rz / curvature, ap);
    }
    return s;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
