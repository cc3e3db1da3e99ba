// faltung/linalg/lsmr.hpp -- least squares whose gradient falls with every product
#pragma once

#include <limits>

#include "lsqr.hpp"

namespace faltung {
inline namespace FALTUNG_COMPILED {

/// As lsqr; |A^H (b - A x)| never grows from one iteration to the next, so that it may be ended earlier.
/// Source: Fong and Saunders, SIAM Journal on Scientific Computing 33 (2011).
template <class T>
solver_result<T> lsmr(linear_operator<T> const& a, std::vector<T> const& b, least_squares_options const& o = {},
                      std::vector<T> const& start = {}) {
    detail::require_system("lsmr", a, b, start);
    detail::require_options("lsmr", o);
    solver_result<T> s{start, {}};
    s.x.resize(static_cast<std::size_t>(a.unknowns));
    detail::bidiagonalisation<T> k(a, detail::residual_of(a, b, start));
    std::vector<T> h = k.v, h_bar(k.v.size());
    const double norm_b = detail::norm_of(b);
    double alpha_bar = k.alpha, zeta_bar = k.alpha * k.beta, rho = 1, rho_bar = 1, c_bar = 1, s_bar = 0;
    // for the norm of the residual
    double beta_dd = k.beta, beta_d = 0, rho_d = 1, tau_tilde = 0, theta_tilde = 0, zeta = 0, damped = 0;
    double norm_a = k.alpha, most_rho = 0, least_rho = std::numeric_limits<double>::max();
    s.report.residual = k.beta;
    s.report.gradient = zeta_bar;
    if (detail::is_solved(s.report, o, k.alpha, norm_b, s.x)) return s;
    while (s.report.iterations < o.iterations) {
        ++s.report.iterations;
        k.next();
        const detail::rotation damp(alpha_bar, o.damping), turn(damp.length, k.beta);
        const double rho_before = rho, theta = turn.s * k.alpha;
        rho = turn.length;
        alpha_bar = turn.c * k.alpha;
        const double rho_bar_before = rho_bar, zeta_before = zeta, theta_bar = s_bar * rho, rho_temp = c_bar * rho;
        const detail::rotation turn_bar(c_bar * rho, theta);
        c_bar = turn_bar.c;
        s_bar = turn_bar.s;
        rho_bar = turn_bar.length;
        zeta = c_bar * zeta_bar;
        zeta_bar *= -s_bar;
        detail::scale_and_add(h_bar, -theta_bar * rho / (rho_before * rho_bar_before), h);
        detail::add_scaled(s.x, zeta / (rho * rho_bar), h_bar);
        detail::scale_and_add(h, -theta / rho, k.v);

        const double beta_acute = damp.c * beta_dd, beta_check = -damp.s * beta_dd, beta_hat = turn.c * beta_acute;
        beta_dd = -turn.s * beta_acute;
        const double theta_tilde_before = theta_tilde;
        const detail::rotation tilde(rho_d, theta_bar);
        theta_tilde = tilde.s * rho_bar;
        rho_d = tilde.c * rho_bar;
        beta_d = -tilde.s * beta_d + tilde.c * beta_hat;
        tau_tilde = (zeta_before - theta_tilde_before * tau_tilde) / tilde.length;
        const double tau_d = (zeta - theta_tilde * tau_tilde) / rho_d;
        damped = std::hypot(damped, beta_check);
        s.report.residual = std::hypot(damped, std::hypot(beta_d - tau_d, beta_dd));
        s.report.gradient = std::abs(zeta_bar);

        norm_a = std::hypot(norm_a, std::hypot(k.alpha, k.beta));
        most_rho = std::max(most_rho, rho_bar_before);
        if (s.report.iterations > 1) least_rho = std::min(least_rho, rho_bar_before);
        const double condition = std::max(most_rho, rho_temp) / std::min(least_rho, rho_temp);
        if (detail::ends(s.report, o, norm_a, condition, detail::norm_of(s.x), norm_b)) break;
    }
    return s;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
