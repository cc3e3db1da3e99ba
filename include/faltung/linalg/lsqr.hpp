// faltung/linalg/lsqr.hpp -- least squares by products with a matrix and its adjoint
#pragma once

#include "conjugate_gradients.hpp"

namespace faltung {

/// What |b - A x|^2 + damping^2 |x - start|^2 is made least to, and when an iteration ends: as soon as |r| <=
/// b_tolerance |b| + a_tolerance |A| |x|, or |A^H r| <= a_tolerance |A| |r|, or cond(A) >= most_condition. |A| and
/// cond(A) are estimates from below, in the Frobenius norm.
struct least_squares_options {
    double damping = 0;
    double a_tolerance = 1e-8, b_tolerance = 1e-8;
    double most_condition = 1e12;
    index_t iterations = 1000;  // at most
    progress_function progress = {};
};

namespace detail {
inline namespace FALTUNG_COMPILED {

/// Golub and Kahan's bidiagonalisation: A V = U B, a column at a time.
template <class T>
struct bidiagonalisation {
    linear_operator<T> const& a;
    std::vector<T> u, v, room;
    double alpha = 0, beta = 0;

    bidiagonalisation(linear_operator<T> const& op, std::vector<T> const& residual) : a(op), u(residual) {
        v.resize(static_cast<std::size_t>(a.unknowns));
        beta = normalise(u);
        if (beta > 0) a.adjoint(u, v);
        alpha = normalise(v);
    }

    void next() {
        room.resize(u.size());
        a.apply(v, room);
        scale_and_add(u, -alpha, room);
        beta = normalise(u);
        room.resize(v.size());
        a.adjoint(u, room);
        scale_and_add(v, -beta, room);
        alpha = normalise(v);
    }

    static double normalise(std::vector<T>& w) {
        const double norm = norm_of(w);
        if (norm > 0) scale(w, 1 / norm);
        return norm;
    }
};

/// c and s with c a + s b = hypot(a, b) and s a - c b = 0.
struct rotation {
    double c, s, length;
    rotation(double a, double b) : c(1), s(0), length(std::hypot(a, b)) {
        if (length > 0) {
            c = a / length;
            s = b / length;
        }
    }
};

template <class T>
std::vector<T> residual_of(linear_operator<T> const& a, std::vector<T> const& b, std::vector<T> const& start) {
    std::vector<T> r = b;
    if (start.empty()) return r;
    std::vector<T> ax(b.size());
    a.apply(start, ax);
    add_scaled(r, -1, ax);
    return r;
}

inline void require_options(char const* name, least_squares_options const& o) {
    require_from_0(name, ".damping", o.damping);
    require_from_0(name, ".a_tolerance", o.a_tolerance);
    require_from_0(name, ".b_tolerance", o.b_tolerance);
    require_from_0(name, ".most_condition", o.most_condition);
    require_iterations(name, o.iterations);
}

/// Whether an iteration that has reached this ends, and why.
inline bool ends(solver_report& r, least_squares_options const& o, double norm_a, double condition, double norm_x,
                 double norm_b) {
    if (!std::isfinite(r.residual) || !std::isfinite(norm_x))
        r.reason = stop_reason::breakdown;
    else if (r.residual <= o.b_tolerance * norm_b + o.a_tolerance * norm_a * norm_x)
        r.reason = stop_reason::converged;
    else if (r.gradient <= o.a_tolerance * norm_a * r.residual)
        r.reason = stop_reason::least_squares;
    else if (condition >= o.most_condition)
        r.reason = stop_reason::ill_conditioned;
    else if (o.progress && !o.progress(r))
        r.reason = stop_reason::stopped;
    else
        return r.iterations >= o.iterations;
    return true;
}

/// Whether nothing is to be done: `start` is good enough, or b is 0 or beyond the range of A.
template <class T>
bool is_solved(solver_report& r, least_squares_options const& o, double norm_a, double norm_b,
               std::vector<T> const& x) {
    const bool converged = r.residual <= o.b_tolerance * norm_b + o.a_tolerance * norm_a * norm_of(x);
    if (converged || r.gradient == 0) r.reason = converged ? stop_reason::converged : stop_reason::least_squares;
    return converged || r.gradient == 0;
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// The x that makes |b - A x|^2 + damping^2 |x - start|^2 least; of several, the nearest to `start`, or 0.
/// Errors: shape_error; option_error for numbers that are not finite, or below 0. Cost: a product with A and one with
/// its adjoint per iteration. Source: Paige and Saunders, ACM Transactions on Mathematical Software 8 (1982).
template <class T>
solver_result<T> lsqr(linear_operator<T> const& a, std::vector<T> const& b, least_squares_options const& o = {},
                      std::vector<T> const& start = {}) {
    detail::require_system("lsqr", a, b, start);
    detail::require_options("lsqr", o);
    solver_result<T> s{start, {}};
    s.x.resize(static_cast<std::size_t>(a.unknowns));
    detail::bidiagonalisation<T> k(a, detail::residual_of(a, b, start));
    std::vector<T> w = k.v;
    const double norm_b = detail::norm_of(b);
    double phi = k.beta, rho = k.alpha, damped = 0, norm_a = k.alpha, inverse_squares = 0;
    s.report.residual = k.beta;
    s.report.gradient = k.alpha * k.beta;
    if (detail::is_solved(s.report, o, k.alpha, norm_b, s.x)) return s;
    while (s.report.iterations < o.iterations) {
        ++s.report.iterations;
        k.next();
        norm_a = std::hypot(norm_a, std::hypot(k.alpha, std::hypot(k.beta, o.damping)));
        const detail::rotation damp(rho, o.damping);
        damped = std::hypot(damped, damp.s * phi);
        phi *= damp.c;
        const detail::rotation turn(damp.length, k.beta);
        const double theta = turn.s * k.alpha, step = turn.c * phi / turn.length;
        detail::add_scaled(s.x, step, w);
        const double of_w = detail::norm_of(w) / turn.length;
        inverse_squares += of_w * of_w;
        detail::scale_and_add(w, -theta / turn.length, k.v);
        rho = -turn.c * k.alpha;
        phi *= turn.s;
        s.report.residual = std::hypot(phi, damped);
        s.report.gradient = std::abs(phi * k.alpha * turn.c);
        if (detail::ends(s.report, o, norm_a, norm_a * std::sqrt(inverse_squares), detail::norm_of(s.x), norm_b)) break;
    }
    return s;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
