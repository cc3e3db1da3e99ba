// faltung/view/take.hpp -- gather a list of indices along one axis
#pragma once

#include "copy.hpp"
#include "slice.hpp"

namespace faltung {
inline namespace FALTUNG_COMPILED {

/// A new tensor with y[..., j, ...] = x[..., indices[j], ...]. The axis stays where it was, with as many indices as the
/// list has; an index may repeat. Errors: shape_error for an axis or an index that x has not. Cost: one copy.
template <viewable X>
[[nodiscard]] tensor<element_t<X>, rank_of<X>> take(X const& x, int axis, std::span<index_t const> indices) {
    const tensor_view<element_t<X> const, rank_of<X>> from = as_view(x);
    detail::require_axis(axis, static_cast<int>(from.rank), "take");
    shape n = from.shape();
    for (std::size_t j = 0; j < indices.size(); ++j)
        if (indices[j] < 0 || indices[j] >= n[axis])
            detail::fail<shape_error>("take: axis ", axis, ": indices[", j, "] is ", indices[j], ", but the extent is ",
                                      n[axis]);
    n[axis] = static_cast<index_t>(indices.size());
    auto y = tensor<element_t<X>, rank_of<X>>::uninitialized(n);
    for (index_t j = 0; j < n[axis]; ++j) {
        const index_t i = indices[static_cast<std::size_t>(j)];
        detail::copy_samples(slice_axis(y.view(), axis, range{j, j + 1}), slice_axis(from, axis, range{i, i + 1}));
    }
    return y;
}

/// The list in braces: take(x, 2, {4, 0, 4}).
template <viewable X>
[[nodiscard]] tensor<element_t<X>, rank_of<X>> take(X const& x, int axis, std::initializer_list<index_t> indices) {
    return take(x, axis, std::span<index_t const>(indices.begin(), indices.size()));
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
