// faltung/geometry/interior.hpp -- the outputs whose windows touch no padding
#pragma once

#include <algorithm>

#include "axis.hpp"

namespace faltung {

/// Outputs first, ..., last - 1.
struct output_range {
    index_t first = 0, last = 0;
    constexpr index_t count() const { return last - first; }
};

/// The outputs o with 0 <= position(o, 0) and position(o, taps - 1) < n: ceil(low / s) <= o <= floor((n + low - span) /
/// s), clipped to the outputs that exist. Empty where no window fits.
constexpr output_range interior(axis const& k) {
    const index_t outputs = k.outputs();
    const index_t first = std::clamp<index_t>(checked::ceil_divide(k.low, k.window_stride), 0, outputs);
    const index_t end = checked::floor_divide(k.n + k.low - k.span(), k.window_stride) + 1;
    return {first, std::clamp(end, first, outputs)};
}

}  // namespace faltung
