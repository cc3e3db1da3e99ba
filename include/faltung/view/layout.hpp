// faltung/view/layout.hpp -- what extents and strides say about memory: row-major order, and how far a view reaches
#pragma once

#include "../core/checked.hpp"
#include "../core/for_each.hpp"

namespace faltung {

/// The strides of a dense array whose last axis is the fastest: stride[a] = n[a+1] * n[a+2] * ...
/// All are 0 where an extent is 0: there is no sample to step to, and nothing that could overflow.
/// Errors: overflow_error.
constexpr strides row_major(shape const& n) {
    strides stride = strides::repeated(n.rank(), 0);
    if (is_empty(n)) return stride;
    index_t inner = 1;
    for (int a = n.rank(); a-- > 0; inner = checked::multiply(inner, n[a], "row-major strides")) stride[a] = inner;
    return stride;
}

namespace detail {

/// True when stepping once along an outer axis is stepping past all of the inner one, so that both are one axis.
/// A division, since extent * stride may overflow where (extent - 1) * stride does not.
constexpr bool continues(index_t outer_stride, index_t inner_extent, index_t inner_stride) {
    return outer_stride % inner_extent == 0 && outer_stride / inner_extent == inner_stride;
}

/// One grid with two sets of strides, without axes of extent 1 and with neighbouring axes merged where they continue in
/// both. The order of the samples stays.
struct merged_axes {
    shape n;
    strides y, x;
};
constexpr merged_axes merge_axes(shape const& n, strides const& y, strides const& x) {
    merged_axes m;
    for (int a = 0; a < n.rank(); ++a) {
        const int outer = m.n.rank() - 1;
        if (n[a] == 1) continue;
        if (outer >= 0 && n[a] > 0 && continues(m.y[outer], n[a], y[a]) && continues(m.x[outer], n[a], x[a])) {
            m.n[outer] *= n[a];
            m.y[outer] = y[a];
            m.x[outer] = x[a];
        } else {
            m.n.push_back(n[a]);
            m.y.push_back(y[a]);
            m.x.push_back(x[a]);
        }
    }
    return m;
}

constexpr bool is_row_major(shape const& n, strides const& stride) {
    if (is_empty(n)) return true;
    index_t inner = 1;
    for (int a = n.rank(); a-- > 0;) {
        if (n[a] == 1) continue;
        if (stride[a] != inner) return false;
        inner *= n[a];
    }
    return true;
}

/// The lowest and the highest sample of a view, in elements from the sample with index 0 on every axis.
struct reach {
    index_t lowest = 0, highest = 0;
};

/// Errors: overflow_error. Whenever it returns, every offset, and every stride of an axis with more than one index,
/// can be added, subtracted and negated; so also where another axis is empty.
constexpr reach reach_of(shape const& n, strides const& stride) {
    reach r;
    for (int a = 0; a < n.rank(); ++a) {
        if (n[a] <= 1) continue;
        index_t& end = stride[a] < 0 ? r.lowest : r.highest;
        end = checked::add(end, checked::multiply(n[a] - 1, stride[a], "reach of a view"), "reach of a view");
    }
    checked::subtract(r.highest, r.lowest, "reach of a view");
    return r;
}

/// Errors: shape_error when `n` has not `rank` axes or a negative extent. `what` starts the sentence.
constexpr void require_shape(shape const& n, std::size_t rank, char const* what) {
    if (n.rank() != static_cast<int>(rank))
        detail::fail<shape_error>(what, ": shape ", n, " has ", n.rank(), n.rank() == 1 ? " axis" : " axes", ", but ",
                                  rank, rank == 1 ? " is needed" : " are needed");
    for (int a = 0; a < n.rank(); ++a)
        if (n[a] < 0) detail::fail<shape_error>(what, ": axis ", a, " of shape ", n, " has a negative extent");
}

/// Errors: shape_error when the shapes differ. `what` starts the sentence.
constexpr void require_same_shape(shape const& y, shape const& x, char const* what) {
    if (!(y == x)) detail::fail<shape_error>(what, ": the output has shape ", y, ", but the input ", x);
}

}  // namespace detail
}  // namespace faltung
