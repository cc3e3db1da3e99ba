// faltung/filter/box.hpp -- sums and means over boxes, and the moving average
#pragma once

#include <vector>

#include "../core/workspace.hpp"
#include "along_axes.hpp"
#include "box_shares.hpp"

namespace faltung {

/// How box_filter, box_sum and moving_average see the ends of x and store what they compute.
struct box_options {
    faltung::padding padding = mode::same;
    per_axis<faltung::boundary> boundary = faltung::boundary::symmetric;

    /// Which sample of the window lies on the output's own; only with mode::same. -1: the middle, size / 2.
    per_axis<index_t> centre = -1;

    faltung::overflow overflow = faltung::overflow::wrap;
    faltung::rounding rounding = faltung::rounding::nearest_even;

    /// Of integers that are rounded to nearest. cv::boxFilter rounds upwards: means of up to 256 bytes.
    mean_ties ties = mean_ties::to_even;

    /// Workers of a call; 0 = as many as the machine has processors. The bits of the result do not depend on it.
    int threads = 1;
};

namespace detail {
inline namespace FALTUNG_COMPILED {

/// Axis a, of extent n, with a window of `size`; the options' entry k is its own. Errors: option_error, overflow_error.
inline axis box_axis(char const* operation, int a, index_t n, index_t size, box_options const& o, int k) {
    if (size < 1 || size > index_t{1} << 31)
        fail<option_error>(operation, ": axis ", a, ": a window of ", size,
                           " samples: at least 1 and at most 2^31 are possible");
    if (o.centre[k] != -1 && o.padding.mode() != mode::same)
        fail<option_error>(operation, ": .centre = ", o.centre[k], " needs .padding = mode::same");
    if (o.centre[k] < -1 || o.centre[k] >= size)
        fail<option_error>(operation, ": axis ", a, ": .centre = ", o.centre[k], " of a window with samples 0 to ",
                           size - 1);
    axis along;
    along.n = n;
    along.taps = size;
    along.edge = o.boundary[k];
    const index_t centre = o.centre[k] < 0 ? size / 2 : o.centre[k];
    const low_high amounts =
        o.padding.mode() ? amounts_of(*o.padding.mode(), along, sense::correlation, centre) : o.padding.amounts()[k];
    along.low = amounts.low;
    along.high = amounts.high;
    faltung::require_valid(along, operation, a);
    return along;
}

/// Errors: shape_error where a list of the options has another length than there are axes.
inline void require_lists(char const* operation, int axes, box_options const& o) {
    o.padding.require_axes(axes, operation);
    o.boundary.require_axes(axes, "boundary", operation);
    o.centre.require_axes(axes, "centre", operation);
}

/// A window of `size` along the axes of an input of shape n. Errors: shape_error, option_error, overflow_error.
inline std::vector<axis> box_axes(char const* operation, shape const& n, per_axis<index_t> const& size,
                                  box_options const& o) {
    if (n.rank() > max_axes)
        fail<shape_error>(operation, ": an input of ", n.rank(), " axes: at most ", max_axes, " are possible");
    size.require_axes(n.rank(), "size", operation);
    require_lists(operation, n.rank(), o);
    std::vector<axis> axes;
    axes.reserve(static_cast<std::size_t>(n.rank()));
    for (int a = 0; a < n.rank(); ++a) axes.push_back(box_axis(operation, a, n[a], size[a], o, a));
    return axes;
}

inline index_t samples_of_box(std::vector<axis> const& axes) {
    index_t samples = 1;
    for (axis const& k : axes) samples = checked::multiply(samples, k.taps, "samples of a window");
    return samples;
}

inline shape outputs_of(std::vector<axis> const& axes) {
    shape n;
    for (axis const& k : axes) n.push_back(k.outputs());
    return n;
}

/// Errors: option_error for constants that no sample can be.
template <class X>
box_bounds bounds_of(char const* operation, std::vector<axis> const& axes) {
    box_bounds b{static_cast<long double>(std::numeric_limits<X>::lowest()),
                 static_cast<long double>(std::numeric_limits<X>::max()),
                 static_cast<long double>(samples_of_box(axes))};
    for (std::size_t a = 0; a < axes.size(); ++a) {
        boundary const& edge = axes[a].edge;
        if (edge.map != boundary::rule::constant) continue;
        if (edge.im != 0 || (is_floating<X> ? !holds<X>(edge.re) : std::trunc(edge.re) != edge.re))
            fail<option_error>(operation, ": axis ", a, ": the constant ", edge.re,
                               edge.im != 0 ? text(" + ", edge.im, "i") : "", " beyond the ends of an input of type ",
                               name_of(element_of<X>()));
        b.lowest = std::min(b.lowest, edge.re);
        b.highest = std::max(b.highest, edge.re);
    }
    return b;
}

/// Sums where `divisor` is 0, else means of so many samples.
template <class X, class Y>
void box_into(char const* operation, std::vector<axis> const& axes, index_t divisor, strided<X const> const& x,
              strided<Y> const& y, box_options const& o) {
    const box_bounds bounds = bounds_of<X>(operation, axes);
    const long double largest = bounds.magnitude();
    const int workers = threads_of(operation, o.threads);
    require_call(operation, x.n, placement_of(x), outputs_of(axes), placement_of(y));
    if (is_empty(y.n)) return;
    const problem::store_rule rule{.overflow = o.overflow, .rounding = o.rounding};
    const auto by = [&](auto sum) {
        using Sum = decltype(sum);
        const auto shares = shares_of_box<X, Y>(axes, x, y, workers);
        std::vector<box_call<X, Sum, Y>> calls;
        for (auto const& share : shares)
            calls.emplace_back(share.axes, bounds,
                               box_result<Sum, Y>(divisor, rule, o.ties, share.axes.back().outputs(),
                                                  bounds.lowest * bounds.samples, bounds.highest * bounds.samples));
        workspace threads(0, 0, static_cast<int>(shares.size()));
        threads.run(static_cast<index_t>(shares.size()), [&](grain_range range, std::byte*) noexcept {
            for (auto i = static_cast<std::size_t>(range.first); i < static_cast<std::size_t>(range.last); ++i)
                calls[i](shares[i].x, shares[i].y);
        });
    };
    if constexpr (is_floating<X>) {
        by(typename sum_for<Y, X>::type{});
    } else {
        if constexpr (sizeof(X) <= 2)
            if (largest < 0x1p30L && largest < 0x1p20L * bounds.samples) return by(std::int32_t{});
        if constexpr (sizeof(X) <= 4) {
            if (largest < 0x1p63L) return by(std::int64_t{});
        } else {
            if (largest < 0x1p126L) return by(wide_integer{});
        }
        fail<overflow_error>(operation, ": sums of ", samples_of_box(axes), " samples of up to ",
                             largest / bounds.samples, " do not fit ", sizeof(X) <= 4 ? 64 : 128, " bits");
    }
}

template <class X>
using box_mean_t = std::conditional_t<std::is_same_v<X, bool>, float, X>;

template <class Y, class Input>
auto new_box(char const* operation, Input const& x, std::vector<axis> const& axes, index_t divisor,
             box_options const& o) {
    auto y = tensor<Y, rank_of<Input>>::uninitialized(outputs_of(axes));
    box_into<element_t<Input>>(operation, axes, divisor, as_view(x).erased(), as_view(y).erased(), o);
    return y;
}

template <class Output, class Input>
void given_box(char const* operation, Output& y, Input const& x, std::vector<axis> const& axes, index_t divisor,
               box_options const& o) {
    static_assert(!std::is_const_v<typename view_of<Output>::element_type>, "the output is read-only");
    static_assert(!is_complex<element_t<Output>>, "a box of real samples has a real output");
    box_into<element_t<Input>>(operation, axes, divisor, as_view(x).erased(), as_view(y).erased(), o);
}

/// A window along one axis, and none along the others.
inline std::vector<axis> axes_of_average(shape const& n, int along, index_t size, box_options const& o) {
    const int rank = n.rank(), a = along < 0 ? along + rank : along;
    if (a < 0 || a >= rank)
        fail<shape_error>("moving_average: axis ", along, " of an input with axes 0 to ", rank - 1,
                          "; -1 is the last one");
    require_lists("moving_average", 1, o);
    std::vector<axis> axes(static_cast<std::size_t>(rank));
    for (int b = 0; b < rank; ++b) axes[static_cast<std::size_t>(b)].n = n[b];
    axes[static_cast<std::size_t>(a)] = box_axis("moving_average", a, n[a], size, o, 0);
    return axes;
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// The means over windows of `size` samples (one for every axis, or a list): y[o] = the sum over t in [0, size) of
/// x~[o + t - low] along every axis, over the product of the sizes; by default low = size / 2, as in
/// scipy.ndimage.uniform_filter and cv::boxFilter.
///
/// Types: y has the type of x (float for bool) unless box_filter<Result> names it. Integers are summed exactly and
/// rounded once. Floating means have an error of at most (the sum over the axes of (size - 1), plus 2) u times the mean
/// of |x|, wherever they lie: no error and no NaN is carried beyond its window.
/// Errors: shape_error, option_error, overflow_error. Cost: a few additions a sample for each axis, whatever the size;
/// of floating samples along the last axis up to 3 log2(size), below 24. Memory: some lines; for floating samples and
/// each axis but the last `size` times the samples behind it.
template <class Result = by_rule, real_viewable X>
[[nodiscard]] auto box_filter(X const& x, per_axis<index_t> const& size, box_options const& options = {}) {
    using Y = detail::type_or<Result, detail::box_mean_t<element_t<X>>>;
    const auto axes = detail::box_axes("box_filter", as_view(x).shape(), size, options);
    return detail::new_box<Y>("box_filter", x, axes, detail::samples_of_box(axes), options);
}
template <class Output, real_viewable X>
    requires viewable<std::remove_cvref_t<Output>>
void box_filter_into(Output&& y, X const& x, per_axis<index_t> const& size, box_options const& options = {}) {
    const auto axes = detail::box_axes("box_filter", as_view(x).shape(), size, options);
    detail::given_box("box_filter", y, x, axes, detail::samples_of_box(axes), options);
}

/// The sums over the same windows. Types: accumulator_t of x unless box_sum<Result> names it; integers exactly, then
/// narrowed by `.overflow`.
template <class Result = by_rule, real_viewable X>
[[nodiscard]] auto box_sum(X const& x, per_axis<index_t> const& size, box_options const& options = {}) {
    using Y = detail::type_or<Result, accumulator_t<element_t<X>, element_t<X>>>;
    const auto axes = detail::box_axes("box_sum", as_view(x).shape(), size, options);
    return detail::new_box<Y>("box_sum", x, axes, 0, options);
}
template <class Output, real_viewable X>
    requires viewable<std::remove_cvref_t<Output>>
void box_sum_into(Output&& y, X const& x, per_axis<index_t> const& size, box_options const& options = {}) {
    const auto axes = detail::box_axes("box_sum", as_view(x).shape(), size, options);
    detail::given_box("box_sum", y, x, axes, 0, options);
}

/// The means over `size` successive samples along one axis; -1: the last one. With .centre = size - 1 an average of the
/// past, with .padding = mode::valid one of whole windows only. Options have one value, for that axis. Types, errors
/// and cost: box_filter.
template <class Result = by_rule, real_viewable X>
[[nodiscard]] auto moving_average(X const& x, index_t size, box_options const& options = {}, int along = -1) {
    using Y = detail::type_or<Result, detail::box_mean_t<element_t<X>>>;
    return detail::new_box<Y>("moving_average", x, detail::axes_of_average(as_view(x).shape(), along, size, options),
                              size, options);
}
template <class Output, real_viewable X>
    requires viewable<std::remove_cvref_t<Output>>
void moving_average_into(Output&& y, X const& x, index_t size, box_options const& options = {}, int along = -1) {
    detail::given_box("moving_average", y, x, detail::axes_of_average(as_view(x).shape(), along, size, options), size,
                      options);
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
