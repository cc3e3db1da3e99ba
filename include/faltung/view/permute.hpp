// faltung/view/permute.hpp -- reorder axes by reordering extents and strides
#pragma once

#include "axes.hpp"
#include "viewable.hpp"

namespace faltung {

/// Axis a of the result is axis order[a] of x: permute(rgb, {2, 0, 1}) turns (rows, columns, channels) into (channels,
/// rows, columns). Errors: shape_error unless the list names every axis once. Cost: none; no sample is copied.
template <viewable X>
[[nodiscard]] constexpr view_of<X> permute(X&& x, index_list const& order) {
    const auto v = as_view(std::forward<X>(x));
    detail::require_one_per_axis(order, static_cast<int>(v.rank), "permute", "axes");
    detail::require_distinct_axes(order, static_cast<int>(v.rank), "permute");
    shape n;
    strides stride;
    for (index_t a : order) {
        n.push_back(v.extent(static_cast<int>(a)));
        stride.push_back(v.strides()[static_cast<int>(a)]);
    }
    return view_of<X>::from_raw(v.data(), n, stride);
}

/// The axes in reverse order: rows become columns.
template <viewable X>
[[nodiscard]] constexpr view_of<X> transpose(X&& x) {
    index_list order;
    for (int a = static_cast<int>(rank_of<X>); a-- > 0;) order.push_back(a);
    return permute(std::forward<X>(x), order);
}

}  // namespace faltung
