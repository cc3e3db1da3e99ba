// faltung/filter/box_shares.hpp -- the outputs of a box in shares, each a box of its own with the same bits
#pragma once

#include <vector>

#include "box_call.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// The outputs [first, last) along one axis, as a box of its own: its axes, and the arrays that they are seen in.
template <class X, class Y>
struct box_share {
    std::vector<axis> axes;
    strided<X const> x;
    strided<Y> y;

    box_share(std::vector<axis> const& of_all, strided<X const> const& from, strided<Y> const& to, int a, index_t first,
              index_t last)
        : axes(of_all), x(from), y(to) {
        axis& k = axes[static_cast<std::size_t>(a)];
        if (is_idle(k)) {
            k.n = last - first;
            x.data += first * x.stride[a];
        } else {
            k.low -= first;
            k.high = last - first - 1 + k.taps - k.n - k.low;
        }
        y.data += first * y.stride[a];
        y.n[a] = last - first;
    }
};

/// At most `workers` of them. They share the outputs of the outermost axis that has enough, of those without a window
/// and the first with one: behind that an output needs sums that its neighbours need, too. A share begins at a multiple
/// of the taps, where floating sums begin anew in a box that is not shared.
template <class X, class Y>
std::vector<box_share<X, Y>> shares_of_box(std::vector<axis> const& axes, strided<X const> const& x,
                                           strided<Y> const& y, int workers) {
    int chosen = 0;
    index_t most = 0;
    for (std::size_t a = 0; a < axes.size() && most < workers; ++a) {
        const index_t grains = checked::ceil_divide(axes[a].outputs(), axes[a].taps);
        if (grains > most) {
            most = grains;
            chosen = static_cast<int>(a);
        }
        if (!is_idle(axes[a])) break;
    }
    axis const& k = axes[static_cast<std::size_t>(chosen)];
    const index_t shares = std::min<index_t>(workers, most), each = most / shares, rest = most % shares;
    const auto begin = [&](index_t s) { return std::min((each * s + std::min(s, rest)) * k.taps, k.outputs()); };
    std::vector<box_share<X, Y>> all;
    all.reserve(static_cast<std::size_t>(shares));
    for (index_t s = 0; s < shares; ++s) all.emplace_back(axes, x, y, chosen, begin(s), begin(s + 1));
    return all;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
