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

/// The sums of samples X and taps H of both signs for a result of this type: as a convolution has them, but of integers
/// always int64, so that no sum of uint64 looks like 2^64 less.
template <class Result, viewable X, viewable H>
using signed_sum_t = std::conditional_t<std::is_unsigned_v<typename call_types<Result, by_rule, X, H>::Sum>,
                                        std::int64_t, typename call_types<Result, by_rule, X, H>::Sum>;

/// Of a kernel with taps for every axis.
inline convolve_options options_of(filter_options const& how) {
    return {.padding = mode::same,
            .boundary = how.boundary,
            .threads = how.threads,
            .overflow = how.overflow,
            .rounding = how.rounding};
}

/// Of a kernel for axis a alone.
inline convolve_options axis_options(int a, faltung::boundary const& edge, filter_options const& how) {
    convolve_options o = options_of(how);
    o.boundary = edge;
    o.axes = {a};
    return o;
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

/// y = x convolved with the taps, by the filter of this name.
template <class Sum, class Output, viewable X, viewable H>
void filter_into(char const* name, Output& y, X const& x, H const& taps, convolve_options const& how) {
    into_given<call_types<element_t<Output>, Sum, X, H>>({name, sense::convolution}, y, x, taps, how);
}

/// y = sums, rounded and narrowed as all sums are: by a convolution with one tap.
template <class Output, class Sum, std::size_t Rank>
void store_into(char const* name, Output& y, tensor<Sum, Rank> const& sums, filter_options const& how) {
    filter_into<Sum>(name, y, sums, std::array<Sum, 1>{1}, axis_options(0, boundary::zero, how));
}

/// Whether y can take what a filter makes of x, an array of this shape. Errors: shape_error, overlap_error.
template <class Output, viewable X>
void require_given(char const* name, Output& y, X const& x, shape const& result) {
    static_assert(!std::is_const_v<typename view_of<Output>::element_type>, "the output is read-only");
    const auto from = as_view(x).erased();
    require_call(name, from.n, placement_of(from), result, placement_of(as_view(y).erased()));
}

/// y of the shape of x by `fill(sums)`: sums is y where its elements are Sums, else an array that is stored in y then.
template <class Sum, class Output, viewable X, class Fill>
void fill_given(char const* name, Output& y, X const& x, filter_options const& how, Fill fill) {
    const shape n = as_view(x).shape();
    require_given(name, y, x, n);
    if constexpr (std::is_same_v<element_t<Output>, Sum>) {
        fill(y);
    } else {
        auto sums = tensor<Sum, rank_of<X>>::uninitialized(n);
        fill(sums);
        store_into(name, y, sums, how);
    }
}

/// A new array of the shape of x by `fill(y)`.
template <class Y, viewable X, class Fill>
auto new_filled(X const& x, Fill fill) {
    auto y = tensor<Y, rank_of<X>>::uninitialized(as_view(x).shape());
    fill(y);
    return y;
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
void convolve_along_axes_into(char const* name, Output& y, X const& x, std::vector<tensor<Tap, 1>> const& factors,
                              filter_options const& how) {
    using Sum = signed_sum_t<element_t<Output>, X, tensor<Tap, 1>>;
    constexpr int rank = static_cast<int>(rank_of<X>);
    how.boundary.require_axes(rank, "boundary", name);
    double taps = 1, samples = 1;
    for (int a = 0; a < rank; ++a) {
        taps *= static_cast<double>(factors[static_cast<std::size_t>(a)].count());
        samples *= static_cast<double>(as_view(x).extent(a));
    }
    if (rank == 1 || taps <= samples) {
        return filter_into<Sum>(name, y, x, product_of<rank_of<X>>(factors), options_of(how));
    }
    require_given(name, y, x, as_view(x).shape());
    const auto sums_along = [&](int a, auto const& samples_of_axis) {
        return new_filled<Sum>(x, [&](auto& sums) {
            filter_into<Sum>(name, sums, samples_of_axis, factors[static_cast<std::size_t>(a)], along(a, factors, how));
        });
    };
    auto sums = sums_along(0, x);
    for (int a = 1; a + 1 < rank; ++a) sums = sums_along(a, sums);
    filter_into<Sum>(name, y, sums, factors.back(), along(rank - 1, factors, how));
}

/// The same as a new array, of Result or of the sums.
template <class Result, viewable X, class Tap>
auto convolve_along_axes(char const* name, X const& x, std::vector<tensor<Tap, 1>> const& factors,
                         filter_options const& how) {
    using Sum = signed_sum_t<Result, X, tensor<Tap, 1>>;
    return new_filled<type_or<Result, Sum>>(x, [&](auto& y) { convolve_along_axes_into(name, y, x, factors, how); });
}

/// y = what value_into(y, 0) makes it, and then, for every other axis a, combine(sample, sample of a) in its place.
template <class Output, class ValueInto, class Combine>
void over_axes(Output& y, ValueInto value_into, Combine combine) {
    constexpr int rank = static_cast<int>(rank_of<Output>);
    value_into(y, 0);
    if constexpr (rank > 1) {
        const auto to = as_view(y).erased();
        auto of_axis = tensor<element_t<Output>, rank_of<Output>>::uninitialized(to.n);
        const index_t columns = to.n[rank - 1], step = to.stride[rank - 1];
        for (int a = 1; a < rank; ++a) {
            value_into(of_axis, a);
            auto const* from = of_axis.data();
            for_each_line(to.n, [&](index_list const& i) {
                auto* at = to.data + offset(i, to.stride);
                for (index_t j = 0; j < columns; ++j) at[j * step] = combine(at[j * step], from[j]);
                from += columns;
            });
        }
    }
}

/// y = the length of (value of axis 0, value of axis 1, ...) in every place, without an overflow on the way.
template <class Output, class ValueInto>
void length_over_axes(Output& y, ValueInto value_into) {
    over_axes(y, value_into, [](auto l, auto r) { return std::hypot(l, r); });
    if constexpr (rank_of<Output> == 1) {
        const auto to = as_view(y).erased();
        for (index_t j = 0; j < to.n[0]; ++j) to.data[j * to.stride[0]] = std::abs(to.data[j * to.stride[0]]);
    }
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail
}  // namespace faltung
