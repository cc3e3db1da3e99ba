// faltung/convolve/adjoint_phase.hpp -- the adjoint along an axis: one forward axis per window-stride phase, and what
// it covers
#pragma once

#include <algorithm>
#include <numeric>

#include "../core/checked.hpp"
#include "../geometry/problem.hpp"

namespace faltung::detail {

/// One axis of one phase. With g = gcd(s, d), taps t0 + (s/g) u meet the padded positions q s + r, r = t0 d mod s, and
///
///     z[q s + r] = sum over u of conj(h[t0 + (s/g) u]) * y[q + (r - t0 d) / s - (d/g) u]
///
/// which, taps reversed, is a forward axis over y.
struct adjoint_phase {
    axis forward;
    index_t first_tap, tap_step;  // of the taps in h, before they are reversed
    index_t position;             // of its output 0 in z
};

/// The part of the padded axis that z covers, [begin, end): all that windows reach where the rim is folded back, only
/// the data where the boundary is a constant, whose rim has no source.
struct adjoint_range {
    index_t begin, end;
    constexpr index_t count() const { return end - begin; }
};

constexpr bool folds(axis const& k) { return k.edge.map != boundary::rule::constant && (k.low > 0 || k.high > 0); }

constexpr adjoint_range adjoint_extent(axis const& k) {
    const index_t outputs = k.outputs();
    const index_t reach = outputs == 0 ? 0 : (outputs - 1) * k.window_stride + k.span();
    if (folds(k)) return {0, reach};
    const index_t begin = std::min(std::max<index_t>(k.low, 0), reach);
    return {begin, std::max(begin, std::min(k.low + k.n, reach))};
}

/// How many phases of an axis have taps at all.
constexpr index_t phase_count(axis const& k) {
    return std::min(k.taps, k.window_stride / std::gcd(k.window_stride, k.dilation));
}

constexpr adjoint_phase phase(axis const& k, index_t first_tap) {
    const index_t g = std::gcd(k.window_stride, k.dilation);
    const adjoint_range z = adjoint_extent(k);
    adjoint_phase p{{}, first_tap, k.window_stride / g, 0};
    const index_t r = first_tap * k.dilation % k.window_stride;
    const index_t first = checked::ceil_divide(z.begin - r, k.window_stride),
                  last = checked::ceil_divide(z.end - r, k.window_stride);
    p.position = first * k.window_stride + r - z.begin;
    axis& f = p.forward;
    f.n = k.outputs();
    f.taps = (k.taps - 1 - first_tap) / p.tap_step + 1;
    f.dilation = k.dilation / g;
    f.low = f.span() - 1 - (r - first_tap * k.dilation) / k.window_stride - first;
    f.high = (last - first) - 1 + f.span() - f.n - f.low;
    return p;
}

/// Whether every sample of z belongs to a phase that has taps, and z is all of x (where it is not folded back).
constexpr bool covers(axis const& k) {
    const adjoint_range z = adjoint_extent(k);
    return phase_count(k) == k.window_stride && (folds(k) || (z.begin == k.low && z.count() == k.n));
}

/// The axis along which the taps' derivatives are the outputs: the same sum with the outputs of `k`, at least one, as
/// taps. Its outputs are the taps of `k`.
constexpr axis derivative_axis(axis const& k) {
    axis d = k;
    d.taps = k.outputs();
    d.window_stride = k.dilation;
    d.dilation = k.window_stride;
    d.high = (k.taps - 1) * d.window_stride + d.span() - d.n - d.low;
    return d;
}

/// A forward axis whose `count` outputs read nothing but padding: what they put out is where sums begin.
constexpr axis axis_of_padding(index_t n, index_t count) {
    axis k;
    k.n = n;
    k.low = count;
    k.high = -n;
    return k;
}

}  // namespace faltung::detail
