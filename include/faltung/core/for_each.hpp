// faltung/core/for_each.hpp -- walk an N-D grid, last axis fastest
#pragma once

#include "index.hpp"

namespace faltung {

/// Advance `i` to the next index of a grid, last axis fastest. False (and all zero again) after the last one.
constexpr bool next_index(index_list& i, shape const& n) {
    for (int a = n.rank(); a-- > 0; i[a] = 0)
        if (++i[a] < n[a]) return true;
    return false;
}

/// Index `number` of that walk. No extent is 0.
constexpr index_list index_at(shape const& n, index_t number) {
    index_list i = index_list::repeated(n.rank(), 0);
    for (int a = n.rank(); a-- > 0; number /= n[a]) i[a] = number % n[a];
    return i;
}

/// True when some extent is 0: the grid has no index at all.
constexpr bool is_empty(shape const& n) {
    for (index_t extent : n)
        if (extent == 0) return true;
    return false;
}

/// sum over the axes of i * stride: where a sample lies, in elements from index 0.
constexpr index_t offset(index_list const& i, strides const& stride) {
    index_t sum = 0;
    for (int a = 0; a < i.rank(); ++a) sum += i[a] * stride[a];
    return sum;
}

/// Call `visit(i)` for every index of the grid, last axis fastest.
template <class Visit>
constexpr void for_each_index(shape const& n, Visit&& visit) {
    if (is_empty(n)) return;
    index_list i = index_list::repeated(n.rank(), 0);
    do visit(static_cast<index_list const&>(i));
    while (next_index(i, n));
}

/// Call `visit(i)` for every line of the grid along its last axis, with i[last] = 0.
template <class Visit>
constexpr void for_each_line(shape const& n, Visit&& visit) {
    if (is_empty(n)) return;
    shape lines = n;
    lines[n.rank() - 1] = 1;
    for_each_index(lines, visit);
}

}  // namespace faltung
