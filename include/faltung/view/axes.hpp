// faltung/view/axes.hpp -- the axes that a call names, checked against the rank
#pragma once

#include "../core/index.hpp"

namespace faltung::detail {

/// Errors: shape_error unless 0 <= axis < rank. `what` starts the sentence.
constexpr void require_axis(int axis, int rank, char const* what) {
    if (axis < 0 || axis >= rank)
        detail::fail<shape_error>(what, ": axis ", axis, ", but the axes are 0 to ", rank - 1);
}

/// Errors: shape_error when an axis is outside the rank or named twice.
constexpr void require_distinct_axes(index_list const& axes, int rank, char const* what) {
    for (int i = 0; i < axes.rank(); ++i) {
        if (axes[i] < 0 || axes[i] >= rank)
            detail::fail<shape_error>(what, ": axis ", axes[i], " in ", axes, ", but the axes are 0 to ", rank - 1);
        for (int j = 0; j < i; ++j)
            if (axes[i] == axes[j]) detail::fail<shape_error>(what, ": axis ", axes[i], " is named twice in ", axes);
    }
}

/// Errors: shape_error unless the list has one value per axis. `name` is what the values are.
constexpr void require_one_per_axis(index_list const& list, int rank, char const* what, char const* name) {
    if (list.rank() != rank)
        detail::fail<shape_error>(what, ": ", list.rank(), " ", name, " ", list, " for ", rank,
                                  rank == 1 ? " axis" : " axes");
}

}  // namespace faltung::detail
