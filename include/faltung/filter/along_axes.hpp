// faltung/filter/along_axes.hpp -- a filter that is a product over the axes: one kernel of one axis after the other
#pragma once

#include <cmath>
#include <vector>

#include "../convolve/apply.hpp"
#include "kernel_data.hpp"

namespace faltung {

/// How the filters of this folder treat the ends of an image and store their results.
struct filter_options {
    per_axis<faltung::boundary> boundary = faltung::boundary::symmetric;  // scipy.ndimage's "reflect"
    int threads = 1;
    faltung::overflow overflow = faltung::overflow::wrap;
    faltung::rounding rounding = faltung::rounding::nearest_even;
};

/// What filters apply to: samples that are real numbers.
template <class X>
concept real_viewable = viewable<X> && !is_complex<element_t<X>>;

namespace detail {
inline namespace FALTUNG_COMPILED {

/// What the taps of a smoothing filter are for samples X: float where X is float or an integer of up to 16 bits.
template <class X>
using smoothing_t = real_t<accumulator_t<X, float>>;

/// What the taps of a filter of small integers are: int where X is an integer, else the precision of X.
template <class X>
using difference_t = std::conditional_t<is_floating<X>, real_t<X>, std::int32_t>;

inline convolve_options axis_options(int a, faltung::boundary const& edge, filter_options const& how) {
    return {.padding = mode::same,
            .boundary = edge,
            .axes = {a},
            .threads = how.threads,
            .overflow = how.overflow,
            .rounding = how.rounding};
}

/// Those of one axis of several. The tensor at hand is x convolved along the axes before a, whose taps have these sums:
/// where x would be a constant, it is that constant times their product. (Where several axes are outside, the last one
/// wins.)
template <class Tap>
convolve_options along(int a, std::vector<tensor<Tap, 1>> const& factors, filter_options const& how) {
    faltung::boundary edge = how.boundary[a];
    if (edge.map == boundary::rule::constant && !edge.is_zero())
        for (int before = 0; before < a; ++before) {
            long double sum = 0;
            for (Tap tap : factors[static_cast<std::size_t>(before)]) sum += static_cast<long double>(tap);
            edge = boundary::constant(edge.re * sum);
        }
    return axis_options(a, edge, how);
}

/// y = sums, rounded and narrowed as all sums are: by a convolution with one tap.
template <class Output, class Sum, std::size_t Rank>
void store_into(Output& y, tensor<Sum, Rank> const& sums, filter_options const& how) {
    convolve_into<Sum>(y, sums, std::array<Sum, 1>{1}, axis_options(0, boundary::zero, how));
}

/// Sums as the Result that was asked for.
template <class Result, class Sum, std::size_t Rank>
auto stored(tensor<Sum, Rank>&& y, filter_options const& how) {
    if constexpr (std::is_same_v<type_or<Result, Sum>, Sum>) {
        return std::move(y);
    } else {
        auto narrow = tensor<Result, Rank>::uninitialized(y.shape());
        store_into(narrow, y, how);
        return narrow;
    }
}

/// The kernel that is the product of factors[a] along each axis a.
template <std::size_t Rank, class Tap>
tensor<Tap, Rank> product_of(std::vector<tensor<Tap, 1>> const& factors) {
    shape n;
    for (auto const& taps : factors) n.push_back(taps.count());
    auto h = tensor<Tap, Rank>::uninitialized(n);
    for_each_index(n, [&](index_list const& t) {
        Tap product = 1;
        for (std::size_t a = 0; a < Rank; ++a) product *= factors[a](t[static_cast<int>(a)]);
        h(t) = product;
    });
    return h;
}

/// y = x convolved with factors[a] along each axis a: at once with their product, unless that has more taps than x has
/// samples; then axis after axis, and what is kept between two axes are the sums.
template <class Output, viewable X, class Tap>
void convolve_along_axes_into(Output& y, X const& x, std::vector<tensor<Tap, 1>> const& factors,
                              filter_options const& how) {
    using Sum = typename call_types<element_t<Output>, by_rule, X, tensor<Tap, 1>>::Sum;
    constexpr int rank = static_cast<int>(rank_of<X>);
    how.boundary.require_axes(rank, "boundary");
    double taps = 1, samples = 1;
    for (int a = 0; a < rank; ++a) {
        taps *= static_cast<double>(factors[static_cast<std::size_t>(a)].count());
        samples *= static_cast<double>(as_view(x).extent(a));
    }
    if (rank == 1 || taps <= samples) {
        convolve_options all = axis_options(0, boundary::zero, how);
        all.axes = {};
        all.boundary = how.boundary;
        return convolve_into<Sum>(y, x, product_of<rank_of<X>>(factors), all);
    }
    const auto sums_along = [&](int a, auto const& samples_of_axis) {
        return convolve<Sum, Sum>(samples_of_axis, factors[static_cast<std::size_t>(a)], along(a, factors, how));
    };
    auto sums = sums_along(0, x);
    for (int a = 1; a + 1 < rank; ++a) sums = sums_along(a, sums);
    convolve_into<Sum>(y, sums, factors.back(), along(rank - 1, factors, how));
}

/// The same as a new array, of Result or of the sums.
template <class Result, viewable X, class Tap>
auto convolve_along_axes(X const& x, std::vector<tensor<Tap, 1>> const& factors, filter_options const& how) {
    using Sum = typename call_types<Result, by_rule, X, tensor<Tap, 1>>::Sum;
    auto y = tensor<type_or<Result, Sum>, rank_of<X>>::uninitialized(as_view(x).shape());
    convolve_along_axes_into(y, x, factors, how);
    return y;
}

/// value(0) and then, for every other axis a, combine(sample, sample of value(a)) in its place.
template <std::size_t Rank, class Value, class Combine>
auto over_axes(Value value, Combine combine) {
    auto all = value(0);
    for (int a = 1; a < static_cast<int>(Rank); ++a) {
        const auto one = value(a);
        for (index_t i = 0; i < all.count(); ++i) all.data()[i] = combine(all.data()[i], one.data()[i]);
    }
    return all;
}

/// The length of (value(0), value(1), ...) in every place, without an overflow on the way.
template <std::size_t Rank, class Value>
auto length_over_axes(Value value) {
    auto y = over_axes<Rank>(value, [](auto l, auto r) { return std::hypot(l, r); });
    if constexpr (Rank == 1)
        for (auto& v : y) v = std::abs(v);
    return y;
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail
}  // namespace faltung
