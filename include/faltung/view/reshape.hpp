// faltung/view/reshape.hpp -- the same samples under other extents, where the strides allow it
#pragma once

#include "axes.hpp"
#include "viewable.hpp"

namespace faltung {
namespace detail {

// Old axes that continue each other are one run of samples; every new axis must divide what is left of its run.
template <std::size_t Rank, class T, std::size_t From>
constexpr tensor_view<T, Rank> reshaped(tensor_view<T, From> const& v, shape const& n, char const* what) {
    require_shape(n, Rank, what);
    const index_t count = checked::product(n, "elements of a view");
    if (count != v.count())
        detail::fail<shape_error>(what, ": shape ", n, " has ", count, " elements, but ", v.shape(), " has ",
                                  v.count());
    strides stride = strides::repeated(static_cast<int>(Rank), 0);
    if (count > 0) {
        const merged_axes runs = merge_axes(v.shape(), v.strides(), v.strides());
        int run = runs.n.rank();
        index_t left = 1, step = 0;
        for (int a = static_cast<int>(Rank); a-- > 0;) {
            if (n[a] == 1) continue;
            if (left == 1) {
                left = runs.n[--run];
                step = runs.x[run];
            }
            if (left % n[a] != 0)
                detail::fail<shape_error>(what, ": shape ", v.shape(), " with strides ", v.strides(), " cannot become ",
                                          n, " without a copy: copy it first");
            stride[a] = step;
            left /= n[a];
            if (left > 1) step *= n[a];
        }
    }
    return tensor_view<T, Rank>::from_raw(v.data(), n, stride);
}

}  // namespace detail

/// x with the extents n: the same samples in the same row-major order.
///
/// Shapes: as many samples as x. Errors: shape_error for another count, and where the strides do not allow it (axes
/// that the new shape merges must continue each other): a copy can always be reshaped. Cost: none; no sample is copied.
template <std::size_t Rank, viewable X>
[[nodiscard]] constexpr auto reshape(X&& x, shape const& n) {
    return detail::reshaped<Rank>(as_view(std::forward<X>(x)), n, "reshape");
}

/// x without one axis, which has extent 1. Errors: shape_error for another extent.
template <viewable X>
[[nodiscard]] constexpr auto squeeze(X&& x, int axis) {
    static_assert(rank_of<X> > 1, "squeeze needs a second axis, which stays");
    const auto v = as_view(std::forward<X>(x));
    detail::require_axis(axis, static_cast<int>(v.rank), "squeeze");
    if (v.extent(axis) != 1)
        detail::fail<shape_error>("squeeze: axis ", axis, " of shape ", v.shape(), " has not extent 1");
    shape n;
    for (int a = 0; a < static_cast<int>(v.rank); ++a)
        if (a != axis) n.push_back(v.extent(a));
    return detail::reshaped<rank_of<X> - 1>(v, n, "squeeze");
}

/// x with one axis more, of extent 1, in front of axis `axis`; axis = rank puts it at the end. Errors: shape_error.
template <viewable X>
[[nodiscard]] constexpr auto expand(X&& x, int axis) {
    const auto v = as_view(std::forward<X>(x));
    detail::require_axis(axis, static_cast<int>(v.rank) + 1, "expand");
    shape n;
    for (int a = 0; a <= static_cast<int>(v.rank); ++a) n.push_back(a == axis ? 1 : v.extent(a < axis ? a : a - 1));
    return detail::reshaped<rank_of<X> + 1>(v, n, "expand");
}

/// One axis as several, outermost first: split(x, 0, {2, 3}) makes (6, 5) into (2, 3, 5). Every stride allows it.
/// Errors: shape_error unless the extents multiply to that of the axis.
template <viewable X, std::size_t Parts>
[[nodiscard]] constexpr auto split(X&& x, int axis, index_t const (&extents)[Parts]) {
    const auto v = as_view(std::forward<X>(x));
    detail::require_axis(axis, static_cast<int>(v.rank), "split");
    shape n, parts;
    for (int a = 0; a < static_cast<int>(v.rank); ++a) {
        if (a != axis)
            n.push_back(v.extent(a));
        else
            for (index_t extent : extents) {
                n.push_back(extent);
                parts.push_back(extent);
            }
    }
    if (checked::product(parts, "elements of a view") != v.extent(axis))
        detail::fail<shape_error>("split: axis ", axis, " of shape ", v.shape(), " into ", parts,
                                  ": the extents do not multiply to ", v.extent(axis));
    return detail::reshaped<rank_of<X> - 1 + Parts>(v, n, "split");
}

/// Axes axis, axis + 1, ... (`Count` of them) as one: merge(x, 0) makes (2, 3, 5) into (6, 5). Errors: shape_error,
/// also where the strides do not allow it, as in reshape.
template <std::size_t Count = 2, viewable X>
[[nodiscard]] constexpr auto merge(X&& x, int axis) {
    static_assert(Count >= 1 && Count <= rank_of<X>, "merge takes 1 axis up to all axes of x");
    const auto v = as_view(std::forward<X>(x));
    constexpr int axes = static_cast<int>(rank_of<X>), merging = static_cast<int>(Count);
    if (axis < 0 || axis > axes - merging)
        detail::fail<shape_error>("merge: ", merging, " axes from axis ", axis, " on, but the axes are 0 to ",
                                  axes - 1);
    shape n, merged;
    for (int a = axis; a < axis + merging; ++a) merged.push_back(v.extent(a));
    for (int a = 0; a < axis; ++a) n.push_back(v.extent(a));
    n.push_back(checked::product(merged, "elements of a view"));
    for (int a = axis + merging; a < axes; ++a) n.push_back(v.extent(a));
    return detail::reshaped<rank_of<X> - Count + 1>(v, n, "merge");
}

/// x repeated up to the extents n, as NumPy broadcasts: axes are aligned at the last one; extent 1 repeats with stride
/// 0, and so does every new axis in front. Errors: shape_error for any other extent. Cost: none; no sample is copied,
/// and an output that shows one sample twice is refused where it would be written.
template <std::size_t Rank, viewable X>
[[nodiscard]] constexpr auto broadcast_to(X&& x, shape const& n) {
    static_assert(Rank >= rank_of<X>, "broadcast_to adds axes in front and never drops one");
    const auto v = as_view(std::forward<X>(x));
    detail::require_shape(n, Rank, "broadcast_to");
    constexpr int fresh = static_cast<int>(Rank - rank_of<X>);
    strides stride = strides::repeated(static_cast<int>(Rank), 0);
    for (int a = 0; a < static_cast<int>(v.rank); ++a) {
        if (v.extent(a) != 1 && v.extent(a) != n[a + fresh])
            detail::fail<shape_error>("broadcast_to: axis ", a, " of shape ", v.shape(), " has extent ", v.extent(a),
                                      ", which is neither 1 nor the ", n[a + fresh], " of ", n);
        if (v.extent(a) != 1) stride[a + fresh] = v.strides()[a];
    }
    return tensor_view<typename view_of<X>::element_type, Rank>::from_raw(v.data(), n, stride);
}

}  // namespace faltung
