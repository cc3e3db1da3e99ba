// faltung/view/copy.hpp -- copy samples from view to view, or into a new tensor
#pragma once

#include <cstring>

#include "overlap.hpp"

namespace faltung {
namespace detail {
inline namespace FALTUNG_COMPILED {

// One row of n samples. Rows without gaps are left to memcpy.
template <class T>
void copy_row(T* y, index_t y_stride, T const* x, index_t x_stride, index_t n) {
    if (y_stride == 1 && x_stride == 1)
        std::memcpy(static_cast<void*>(y), x, static_cast<std::size_t>(n) * sizeof(T));
    else
        for (index_t i = 0; i < n; ++i) y[i * y_stride] = x[i * x_stride];
}

/// y = x for views of one shape that do not overlap.
template <class T, std::size_t Rank>
void copy_samples(tensor_view<T, Rank> const& y, tensor_view<T const, Rank> const& x) {
    if (y.count() == 0) return;
    merged_axes m = merge_axes(y.shape(), y.strides(), x.strides());
    const int last = m.n.rank() - 1;
    if (last < 0) return copy_row(y.data(), 1, x.data(), 1, 1);
    const index_t row = m.n[last];
    m.n[last] = 1;
    for_each_index(m.n, [&](index_list const& i) {
        copy_row(y.data() + offset(i, m.y), m.y[last], x.data() + offset(i, m.x), m.x[last], row);
    });
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// y = x, sample by sample. Shapes: equal. Types: equal but for const.
/// Errors: shape_error for different shapes; overlap_error when y overlaps x or itself; y is untouched then.
/// Cost: count reads and writes; runs of samples that lie densely in both are copied as a whole.
template <viewable Y, viewable X>
void copy_into(Y&& y, X const& x) {
    static_assert(std::same_as<element_t<Y>, element_t<X>>, "copy_into copies samples of one type");
    static_assert(!std::is_const_v<typename view_of<Y>::element_type>,
                  "copy_into writes its first argument, which is const here");
    static_assert(rank_of<Y> == rank_of<X>, "copy_into copies between views of one rank");
    const auto to = as_view(std::forward<Y>(y));
    const tensor_view<element_t<X> const, rank_of<X>> from = as_view(x);
    detail::require_same_shape(to.shape(), from.shape(), "copy_into");
    if (overlaps_itself(to))
        detail::fail<overlap_error>("copy_into: the output of shape ", to.shape(), " and strides ", to.strides(),
                                    " overlaps itself");
    if (overlap(to, from))
        detail::fail<overlap_error>("copy_into: the output of shape ", to.shape(), " overlaps the input");
    detail::copy_samples(to, from);
}

/// A new tensor with the samples of x, dense and row-major. Errors: overflow_error, std::bad_alloc.
template <viewable X>
[[nodiscard]] tensor<element_t<X>, rank_of<X>> copy(X const& x) {
    const tensor_view<element_t<X> const, rank_of<X>> from = as_view(x);
    auto y = tensor<element_t<X>, rank_of<X>>::uninitialized(from.shape());
    detail::copy_samples(y.view(), from);
    return y;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
