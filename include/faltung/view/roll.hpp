// faltung/view/roll.hpp -- shift samples along the axes; what leaves at one end comes in at the other
#pragma once

#include "copy.hpp"
#include "slice.hpp"

namespace faltung {
namespace detail {
inline namespace FALTUNG_COMPILED {

// Each axis from `a` on falls into two blocks that change places.
template <class T, std::size_t Rank>
void roll_blocks(tensor_view<T, Rank> const& y, tensor_view<T const, Rank> const& x, index_list const& shifts, int a) {
    if (a == static_cast<int>(Rank)) return copy_samples(y, x);
    const index_t n = x.extent(a), low = n > 0 ? checked::floor_modulo(shifts[a], n) : 0, high = n - low;
    roll_blocks(slice_axis(y, a, range{low, n}), slice_axis(x, a, range{0, high}), shifts, a + 1);
    if (low > 0) roll_blocks(slice_axis(y, a, range{0, low}), slice_axis(x, a, range{high, n}), shifts, a + 1);
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// A new tensor with y[(i + shift) mod n] = x[i] along each axis, as numpy.roll. A shift may be negative or longer than
/// the axis. Errors: shape_error unless there is one shift per axis. Cost: one copy.
template <viewable X>
[[nodiscard]] tensor<element_t<X>, rank_of<X>> roll(X const& x, index_list const& shifts) {
    const tensor_view<element_t<X> const, rank_of<X>> from = as_view(x);
    detail::require_one_per_axis(shifts, static_cast<int>(from.rank), "roll", "shifts");
    auto y = tensor<element_t<X>, rank_of<X>>::uninitialized(from.shape());
    detail::roll_blocks(y.view(), from, shifts, 0);
    return y;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
