// faltung/deconvolve/total_variation.hpp -- least squares with flat regions and sharp edges between them
#pragma once

#include <limits>

#include "../core/for_each.hpp"
#include "../linalg/operator_norm.hpp"
#include "../view/layout.hpp"
#include "constraint.hpp"

namespace faltung {

struct total_variation_options {
    double lambda = 0;
    double norm = 0;            // |A| where it is known; 0: it is estimated
    index_t iterations = 1000;  // at most
    double tolerance = 1e-4;    // ends when both conditions of optimality hold to this share of |A^H b| and of |b|
    faltung::constraint constraint = constraint::none;
    progress_function progress = {};
};

namespace detail {
inline namespace FALTUNG_COMPILED {

/// Differences of neighbours along every axis of a dense array, 0 at the end of an axis.
class differences {
    shape n_;
    strides step_;
    index_t count_;

    template <class Visit>  // visit(first, length, whether a next sample exists) for every run along the last axis
    void for_each_run(int a, Visit const& visit) const {
        const int last = n_.rank() - 1;
        index_t at = 0;
        for_each_line(n_, [&](index_list const& i) {
            const bool has_next = a == last || i[a] + 1 < n_[a];
            if (has_next) visit(at, a == last ? n_[last] - 1 : n_[last]);
            at += n_[last];
        });
    }

public:
    explicit differences(shape const& n) : n_(n), step_(row_major(n)), count_(checked::product(n, "samples of x")) {}

    index_t count() const { return count_; }
    int axes() const { return n_.rank(); }

    /// d[a] = x[i + 1 along a] - x[i], axis after axis.
    template <class T>
    void apply(std::vector<T> const& x, std::vector<T>& d) const {
        std::fill(d.begin(), d.end(), T{});
        for (int a = 0; a < axes(); ++a) {
            T* const to = d.data() + a * count_;
            const index_t step = step_[a];
            for_each_run(a, [&](index_t at, index_t length) {
                T const* const from = x.data() + at;
                for (index_t j = 0; j < length; ++j) to[at + j] = from[j + step] - from[j];
            });
        }
    }
    /// x += the transposed.
    template <class T>
    void add_transposed(std::vector<T> const& d, std::vector<T>& x) const {
        for (int a = 0; a < axes(); ++a) {
            T const* const from = d.data() + a * count_;
            const index_t step = step_[a];
            for_each_run(a, [&](index_t at, index_t length) {
                T* const to = x.data() + at;
                for (index_t j = 0; j < length; ++j) {
                    to[j] -= from[at + j];
                    to[j + step] += from[at + j];
                }
            });
        }
    }
    /// Every gradient that is longer than `most` is made that long.
    template <class T>
    void shorten(std::vector<T>& d, double most) const {
        for (index_t i = 0; i < count_; ++i) {
            double squares = 0;
            for (int a = 0; a < axes(); ++a)
                squares += static_cast<double>(std::norm(d[static_cast<std::size_t>(a * count_ + i)]));
            if (!(squares > most * most)) continue;
            const real_t<T> by = static_cast<real_t<T>>(most / std::sqrt(squares));
            for (int a = 0; a < axes(); ++a) d[static_cast<std::size_t>(a * count_ + i)] *= by;
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// The x of shape n that makes |A x - b|^2 / 2 + lambda * (sum over i of |gradient of x at i|) least, from `start` or
/// 0; the gradient is of differences to the next sample along every axis, none at the end, its length Euclidean. An
/// identity A removes noise. The report's gradient is the primal condition's residual.
/// Types: float, double and complex numbers of both. Errors: shape_error; option_error for numbers that are not finite,
/// or below 0. Cost: a product with A and one with its adjoint per iteration, some hundreds of them; 3 vectors for each
/// axis and 8 more.
/// Source: Chambolle and Pock, J. Mathematical Imaging and Vision 40 (2011); step lengths that balance the residuals,
/// Goldstein, Li and Yuan, NIPS (2015).
template <class T>
solver_result<T> total_variation(linear_operator<T> const& a, std::vector<T> const& b, shape const& n,
                                 total_variation_options const& o = {}, std::vector<T> const& start = {}) {
    constexpr char const* name = "total_variation";
    using R = real_t<T>;
    detail::require_system(name, a, b, start);
    detail::require_iterations(name, o.iterations);
    detail::require_from_0(name, ".lambda", o.lambda);
    detail::require_from_0(name, ".norm", o.norm);
    detail::require_from_0(name, ".tolerance", o.tolerance);
    detail::require_constraint<T>(name, o.constraint);
    if (n.rank() == 0) detail::fail<shape_error>(name, ": an x of rank 0");
    const detail::differences d(n);
    if (d.count() != a.unknowns)
        detail::fail<shape_error>(name, ": an x of shape ", n, " has ", d.count(), " samples; the operator takes ",
                                  a.unknowns);
    // |K|^2 <= |A|^2 + 4 per axis for K = (A, gradient), with room for an estimate from below
    const double norm = 1.05 * (o.norm > 0 ? o.norm : operator_norm(a)),
                 of_both = std::sqrt(norm * norm + 4 * static_cast<double>(n.rank()));
    double tau = 1 / of_both, sigma = 1 / of_both, adapt = 0.5;

    solver_result<T> s{start, {}};
    s.x.resize(static_cast<std::size_t>(a.unknowns));
    const std::size_t unknowns = s.x.size(), slopes = unknowns * static_cast<std::size_t>(n.rank());
    std::vector<T> q(b.size()), p(slopes);  // dual variables: of the data, and of the gradient
    std::vector<T> ax(b.size()), dx(slopes), kq(unknowns), x(unknowns), ax_next(b.size()), dx_next(slopes),
        kq_next(unknowns);
    a.adjoint(b, kq);
    const double primal_wanted = o.tolerance * detail::norm_of(kq), dual_wanted = o.tolerance * detail::norm_of(b);
    std::fill(kq.begin(), kq.end(), T{});
    a.apply(s.x, ax);
    d.apply(s.x, dx);
    double dual = std::numeric_limits<double>::infinity();
    s.report.gradient = dual;
    for (;; ++s.report.iterations) {
        double squares = 0;
        for (std::size_t i = 0; i < b.size(); ++i) squares += static_cast<double>(std::norm(ax[i] - b[i]));
        s.report.residual = std::sqrt(squares);
        const double wanted = dual <= dual_wanted ? primal_wanted : -1;
        if (detail::ends_descent(s.report, -1, wanted, o.iterations, o.progress)) return s;
        const R step = static_cast<R>(tau), up = static_cast<R>(sigma), damp = static_cast<R>(1 / (1 + sigma));
        for (std::size_t i = 0; i < unknowns; ++i) x[i] = detail::projected(s.x[i] - step * kq[i], o.constraint);
        a.apply(x, ax_next);
        d.apply(x, dx_next);
        double dual_squares = 0;
        for (std::size_t i = 0; i < b.size(); ++i) {
            const T before = q[i];
            q[i] = damp * (before + up * (R{2} * ax_next[i] - ax[i] - b[i]));
            dual_squares += static_cast<double>(std::norm((before - q[i]) / up - (ax[i] - ax_next[i])));
        }
        std::vector<T>& p_before = dx;  // of dx, only dx_next - dx is needed from here on
        for (std::size_t i = 0; i < slopes; ++i) {
            const T moved = dx_next[i] - dx[i];
            p_before[i] = p[i] / up + moved;
            p[i] += up * (dx_next[i] + moved);
        }
        d.shorten(p, o.lambda);
        for (std::size_t i = 0; i < slopes; ++i)
            dual_squares += static_cast<double>(std::norm(p_before[i] - p[i] / up));
        a.adjoint(q, kq_next);
        d.add_transposed(p, kq_next);
        double primal_squares = 0;
        for (std::size_t i = 0; i < unknowns; ++i)
            primal_squares += static_cast<double>(std::norm((s.x[i] - x[i]) / step - (kq[i] - kq_next[i])));
        s.report.gradient = std::sqrt(primal_squares);
        dual = std::sqrt(dual_squares);
        const double share = s.report.gradient * dual_wanted, other = dual * primal_wanted;
        if (primal_wanted > 0 && (share > 1.5 * other || other > 1.5 * share)) {
            const double by = share > other ? 1 / (1 - adapt) : 1 - adapt;
            tau *= by;
            sigma /= by;
            adapt *= 0.95;
        }
        std::swap(s.x, x);
        std::swap(ax, ax_next);
        std::swap(dx, dx_next);
        std::swap(kq, kq_next);
    }
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
