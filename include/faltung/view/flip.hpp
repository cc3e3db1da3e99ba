// faltung/view/flip.hpp -- reverse axes by negating strides
#pragma once

#include "slice.hpp"

namespace faltung {

/// x reversed along the axes of the list: y[..., i, ...] = x[..., n - 1 - i, ...]. Errors: shape_error when the list
/// names an axis that x has not, or one twice. Cost: none; no sample is copied.
template <viewable X>
[[nodiscard]] constexpr view_of<X> flip(X&& x, index_list const& axes) {
    auto v = as_view(std::forward<X>(x));
    detail::require_distinct_axes(axes, static_cast<int>(v.rank), "flip");
    for (index_t a : axes) v = slice_axis(v, static_cast<int>(a), range{v.extent(static_cast<int>(a)) - 1, -1, -1});
    return v;
}

/// x reversed along every axis: what turns a correlation into a convolution.
template <viewable X>
[[nodiscard]] constexpr view_of<X> flip(X&& x) {
    index_list every;
    for (int a = 0; a < static_cast<int>(rank_of<X>); ++a) every.push_back(a);
    return flip(std::forward<X>(x), every);
}

}  // namespace faltung
