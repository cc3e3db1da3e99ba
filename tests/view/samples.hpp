// tests/view/samples.hpp -- what a view shows, as a list in row-major order
#pragma once

#include <faltung/core/for_each.hpp>
#include <faltung/view/viewable.hpp>

#include <numeric>
#include <vector>

namespace faltung::testing {

template <class X>
std::vector<element_t<X>> samples(X const& x) {
    const auto v = as_view(x);
    std::vector<element_t<X>> list;
    for_each_index(v.shape(), [&](index_list const& i) { list.push_back(v(i)); });
    return list;
}

/// 0, 1, 2, ... in row-major order.
template <std::size_t Rank>
tensor<int, Rank> counting(shape const& n) {
    tensor<int, Rank> t(n);
    std::iota(t.begin(), t.end(), 0);
    return t;
}

}  // namespace faltung::testing
