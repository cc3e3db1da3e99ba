// faltung/method/pack.hpp -- a method's own copy of the kernel, in the order of the sum
#pragma once

#include <memory>

#include "../core/buffer.hpp"
#include "../core/for_each.hpp"
#include "../core/strided.hpp"
#include "../simd/loops.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// h in row-major order: output channels, input channels of a group, taps. The order in which every spatial method
/// sums.
template <class W>
std::shared_ptr<void const> pack_weights(strided<W const> const& h) {
    auto packed = std::make_shared<buffer<W>>(checked::product(h.n, "taps of the kernel"));
    W* to = packed->data();
    const int last = h.n.rank() - 1;
    for_each_line(h.n, [&](index_list const& i) {
        load_row(h.data + offset(i, h.stride), h.stride[last], to, h.n[last]);
        to += h.n[last];
    });
    return {packed, packed->data()};
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
