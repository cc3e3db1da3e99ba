// faltung/deconvolve/operator_of.hpp -- a plan as an operator for solvers, and operators without or with weighted rows
#pragma once

#include <memory>
#include <numeric>

#include "../convolve/convolver.hpp"
#include "../linalg/linear_operator.hpp"

namespace faltung {

namespace detail {

/// A view whose rank is known at run time: what a plan takes that is called for arrays of any rank.
template <class T>
struct any_rank_view {
    using element_type = T;
    using value_type = std::remove_const_t<T>;
    strided<T> samples;

    strided<T> erased() const { return samples; }
};

template <class T>
any_rank_view<T> dense_view(T* data, shape const& n) {
    return {{data, n, row_major(n)}};
}

inline bool has_constant(problem const& p) {
    for (int a = 0; a < p.rank; ++a)
        if (p[a].edge.map == boundary::rule::constant && !p[a].edge.is_zero()) return true;
    return false;
}

template <class T>
concept solver_scalar = std::is_same_v < real_t<T>,
float > || std::is_same_v<real_t<T>, double>;

inline void require_sizes(char const* name, std::size_t from, index_t columns, std::size_t to, index_t rows) {
    if (static_cast<index_t>(from) != columns || static_cast<index_t>(to) != rows)
        fail<shape_error>(name, ": ", from, " numbers in and ", to, " out; the operator takes ", columns, " to ", rows);
}

}  // namespace detail

template <class T>
struct view_traits<detail::any_rank_view<T>> {
    static constexpr bool owns = false;
    static detail::any_rank_view<T> make(detail::any_rank_view<T> const& x) { return x; }
};

inline namespace FALTUNG_COMPILED {

/// What a plan makes of zeros: 0 but for constant boundaries. Row-major.
template <class X, class H, class Acc, class Y>
std::vector<Y> offset_of(convolver<X, H, Acc, Y> const& plan) {
    const shape n = plan.input_shape(), m = plan.output_shape();
    std::vector<Y> y(static_cast<std::size_t>(checked::product(m, "samples of the output")));
    if (!detail::has_constant(plan.problem())) return y;
    const std::vector<X> x(static_cast<std::size_t>(checked::product(n, "samples of the input")));
    faltung::workspace scratch = plan.workspace();
    plan(detail::dense_view(x.data(), n), detail::dense_view(y.data(), m), scratch);
    return y;
}

/// A x = plan(x) - offset_of(plan), the linear part of a plan with any boundary, stride and dilation, and its adjoint.
/// Shapes: x and y are the plan's arrays in row-major order. The operator takes the plan over and holds one workspace,
/// which its copies share: one call at a time. Types: float, double or complex numbers of both, in and out alike.
/// Errors: those of adjoint_workspace(); shape_error where x or y has another size. Cost: explain() of the plan.
template <class X, class H, class Acc, class Y>
    requires(std::same_as<X, Y>&& detail::solver_scalar<Y>)
linear_operator<Y> operator_of(convolver<X, H, Acc, Y> plan) {
    struct state {
        convolver<X, H, Acc, Y> plan;
        faltung::workspace scratch;
        std::vector<Y> offset;  // empty: none
        shape n, m;
    };
    const shape n = plan.input_shape(), m = plan.output_shape();
    faltung::workspace scratch = plan.adjoint_workspace();
    std::vector<Y> offset = detail::has_constant(plan.problem()) ? offset_of(plan) : std::vector<Y>{};
    const auto s = std::make_shared<state>(state{std::move(plan), std::move(scratch), std::move(offset), n, m});
    const index_t unknowns = checked::product(n, "samples of the input"),
                  equations = checked::product(m, "samples of the output");
    return {unknowns, equations,
            [=](std::span<Y const> x, std::span<Y> y) {
                detail::require_sizes("apply", x.size(), unknowns, y.size(), equations);
                s->plan(detail::dense_view(x.data(), s->n), detail::dense_view(y.data(), s->m), s->scratch);
                for (std::size_t o = 0; o < s->offset.size(); ++o) y[o] -= s->offset[o];
            },
            [=](std::span<Y const> y, std::span<Y> x) {
                detail::require_sizes("adjoint", y.size(), equations, x.size(), unknowns);
                s->plan.adjoint(detail::dense_view(y.data(), s->m), detail::dense_view(x.data(), s->n), s->scratch);
            }};
}

}  // namespace FALTUNG_COMPILED

namespace detail {
inline namespace FALTUNG_COMPILED {

template <viewable Mask>
std::vector<std::size_t> known_rows(Mask const& mask, index_t rows) {
    static_assert(std::same_as<element_t<Mask>, bool>, "a mask is true or false for every row");
    const auto known = as_view(mask);
    if (known.count() != rows) fail<shape_error>("masked: a mask of shape ", known.shape(), " for ", rows, " rows");
    std::vector<std::size_t> kept;
    std::size_t row = 0;
    for_each_index(known.shape(), [&](index_list const& i) {
        if (known(i)) kept.push_back(row);
        ++row;
    });
    return kept;
}

template <class T, viewable Weights>
std::vector<T> root_weights(Weights const& weights, index_t rows) {
    const auto w = as_view(weights);
    if (w.count() != rows) fail<shape_error>("weighted: weights of shape ", w.shape(), " for ", rows, " rows");
    std::vector<T> roots;
    roots.reserve(static_cast<std::size_t>(rows));
    for_each_index(w.shape(), [&](index_list const& i) {
        const T v = static_cast<T>(w(i));
        if (!(v >= 0) || !is_finite(v))
            fail<option_error>("weighted: the weight at ", i, " is ", v, ": at least 0 and finite is needed");
        roots.push_back(std::sqrt(v));
    });
    return roots;
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// The rows of A whose sample is known: those that are false in `mask`, row-major, are dropped. Errors: shape_error.
/// One call at a time. Cost: a copy of y more.
template <class T, viewable Mask>
linear_operator<T> masked(linear_operator<T> const& a, Mask const& mask) {
    const auto kept = std::make_shared<std::vector<std::size_t>>(detail::known_rows(mask, a.equations));
    const auto all = std::make_shared<std::vector<T>>(static_cast<std::size_t>(a.equations));
    const index_t known = static_cast<index_t>(kept->size());
    return {a.unknowns, known,
            [=, apply = a.apply](std::span<T const> x, std::span<T> y) {
                detail::require_sizes("masked", y.size(), known, y.size(), known);
                apply(x, *all);
                for (std::size_t k = 0; k < y.size(); ++k) y[k] = (*all)[(*kept)[k]];
            },
            [=, adjoint = a.adjoint](std::span<T const> y, std::span<T> x) {
                detail::require_sizes("masked", y.size(), known, y.size(), known);
                std::fill(all->begin(), all->end(), T{});
                for (std::size_t k = 0; k < y.size(); ++k) (*all)[(*kept)[k]] = y[k];
                adjoint(*all, x);
            }};
}

/// The right side that belongs to it. What it holds where mask is false is not read.
template <class T, viewable Mask>
std::vector<T> masked(std::vector<T> const& b, Mask const& mask) {
    std::vector<T> known;
    for (std::size_t k : detail::known_rows(mask, static_cast<index_t>(b.size()))) known.push_back(b[k]);
    return known;
}

/// Row o of A times sqrt(w[o]), so that least squares make the sum of w |b - A x|^2 least: w is 1 over the variance of
/// a sample. Errors: shape_error, option_error for a weight that is negative or not finite. One call at a time.
template <class T, viewable Weights>
linear_operator<T> weighted(linear_operator<T> const& a, Weights const& weights) {
    const auto roots = std::make_shared<std::vector<real_t<T>>>(detail::root_weights<real_t<T>>(weights, a.equations));
    const auto scaled = std::make_shared<std::vector<T>>(static_cast<std::size_t>(a.equations));
    return {a.unknowns, a.equations,
            [=, apply = a.apply](std::span<T const> x, std::span<T> y) {
                apply(x, y);
                for (std::size_t o = 0; o < y.size(); ++o) y[o] *= (*roots)[o];
            },
            [=, adjoint = a.adjoint](std::span<T const> y, std::span<T> x) {
                detail::require_sizes("weighted", y.size(), static_cast<index_t>(roots->size()), y.size(),
                                      static_cast<index_t>(roots->size()));
                for (std::size_t o = 0; o < y.size(); ++o) (*scaled)[o] = y[o] * (*roots)[o];
                adjoint(*scaled, x);
            }};
}

/// The right side that belongs to it.
template <class T, viewable Weights>
std::vector<T> weighted(std::vector<T> const& b, Weights const& weights) {
    const auto roots = detail::root_weights<real_t<T>>(weights, static_cast<index_t>(b.size()));
    std::vector<T> scaled = b;
    for (std::size_t o = 0; o < b.size(); ++o) scaled[o] *= roots[o];
    return scaled;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
