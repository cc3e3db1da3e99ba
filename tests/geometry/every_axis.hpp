// tests/geometry/every_axis.hpp -- axes to try: every small one, and random ones as far out as an axis may reach
#pragma once

#include <random>
#include <string>

#include <faltung/geometry/axis.hpp>

#include "support/reference.hpp"

namespace faltung::testing {

__extension__ using wide = __int128;

/// What the reference needs to know of an axis.
inline reference::line line_of(axis const& k) { return {k.n, k.taps, k.window_stride, k.dilation, k.low, k.high, 'z'}; }

inline std::string words_of(axis const& k) {
    return text("n ", k.n, " taps ", k.taps, " window stride ", k.window_stride, " dilation ", k.dilation, " low ",
                k.low, " high ", k.high);
}

/// n 0 to 12, taps 1 to 12, window strides 1 to 4, dilations 1 to 3, padding 0.
template <class Visit>
void for_every_window(Visit visit) {
    for (index_t n = 0; n <= 12; ++n)
        for (index_t taps = 1; taps <= 12; ++taps)
            for (index_t stride = 1; stride <= 4; ++stride)
                for (index_t dilation = 1; dilation <= 3; ++dilation) visit(axis{n, taps, stride, dilation});
}

/// The same with every padding of -3 to 12 at either end: 479,232 axes.
template <class Visit>
void for_every_axis(Visit visit) {
    for_every_window([&](axis k) {
        for (k.low = -3; k.low <= 12; ++k.low)
            for (k.high = -3; k.high <= 12; ++k.high) visit(static_cast<axis const&>(k));
    });
}

/// A number of any magnitude in [least, 2^61].
inline index_t any_magnitude(std::mt19937_64& random, index_t least) {
    const index_t magnitude = static_cast<index_t>(random() >> 3) >> (random() % 62);
    const index_t value = random() % 8 == 0 ? index_limit - magnitude % 4 : magnitude;
    if (least < 0 && random() % 2 == 0) return -value;
    return value < least ? least : value;
}

/// An axis whose numbers have any magnitude; its span is at most 2^61.
inline axis any_axis(std::mt19937_64& random) {
    axis k;
    k.n = any_magnitude(random, 0);
    k.taps = any_magnitude(random, 1);
    k.window_stride = any_magnitude(random, 1);
    k.dilation = any_magnitude(random, 1);
    if (k.taps > 1 && wide{k.dilation} * (k.taps - 1) >= index_limit) k.dilation = (index_limit - 1) / (k.taps - 1);
    k.low = any_magnitude(random, -index_limit);
    k.high = any_magnitude(random, -index_limit);
    return k;
}

}  // namespace faltung::testing
