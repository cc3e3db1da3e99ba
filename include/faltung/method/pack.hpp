// faltung/method/pack.hpp -- the kernel in the order of the sum, for as long as a method needs it
#pragma once

#include <memory>

#include "../core/buffer.hpp"
#include "../core/for_each.hpp"
#include "../core/strided.hpp"
#include "../simd/loops.hpp"
#include "method.hpp"

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

/// The same without a copy where the kernel is so already, and has an owner.
template <class W>
std::shared_ptr<void const> pack_weights(kernel_taps<W> const& h) {
    if (h.owner) return {h.owner, h.data};
    return pack_weights(static_cast<strided<W const> const&>(h));
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
