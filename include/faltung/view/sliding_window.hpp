// faltung/view/sliding_window.hpp -- every window of x at once: a view of twice the rank
#pragma once

#include "../core/per_axis.hpp"
#include "slice.hpp"

namespace faltung {

/// From one window to the next, and from one sample of a window to the next.
struct sliding_options {
    per_axis<index_t> stride = 1;
    per_axis<index_t> dilation = 1;
};

/// y[o..., t...] = x[o * stride + t * dilation]: the matrix of im2col, uncopied.
///
/// Shapes: positions (those whose window lies inside x), then window; x of rank R gives rank 2R. With stride 1 and
/// dilation 1 it is NumPy's sliding_window_view.
/// Errors: shape_error where a window is empty or spans more than x, option_error for a stride or dilation < 1.
/// Cost: none; no sample is copied, and neighbouring windows show the same samples.
template <viewable X>
[[nodiscard]] constexpr auto sliding_window(X&& x, per_axis<index_t> const& window,
                                            sliding_options const& options = {}) {
    static_assert(2 * rank_of<X> <= std::size_t{max_rank},
                  "the windows of x have twice its rank: more than faltung::max_rank axes");
    const auto v = as_view(std::forward<X>(x));
    constexpr int axes = static_cast<int>(rank_of<X>);
    window.require_axes(axes, "sliding_window: window");
    options.stride.require_axes(axes, "sliding_window: stride");
    options.dilation.require_axes(axes, "sliding_window: dilation");
    detail::choice positions, inside;
    for (int a = 0; a < axes; ++a) {
        const index_t n = v.extent(a), taps = window[a], stride = options.stride[a], dilation = options.dilation[a];
        if (taps < 1)
            detail::fail<shape_error>("sliding_window: axis ", a, ": a window of ", taps, "; at least 1 is needed");
        if (stride < 1)
            detail::fail<option_error>("sliding_window: axis ", a, ": a stride of ", stride, "; at least 1 is needed");
        if (dilation < 1)
            detail::fail<option_error>("sliding_window: axis ", a, ": a dilation of ", dilation,
                                       "; at least 1 is needed");
        const index_t span =
            checked::add(checked::multiply(dilation, taps - 1, "span of a window"), 1, "span of a window");
        if (span > n)
            detail::fail<shape_error>("sliding_window: axis ", a, ": a window of ", taps, " with dilation ", dilation,
                                      " spans ", span, ", but the extent is ", n);
        positions.keep(a, n, v.strides()[a], range{0, n - span + 1, stride});
        inside.keep(a, n, v.strides()[a], range{0, span, dilation});
    }
    for (int a = 0; a < axes; ++a) {
        positions.n.push_back(inside.n[a]);
        positions.stride.push_back(inside.stride[a]);
    }
    return detail::view_from<2 * rank_of<X>>(v.data(), 0, positions.n, positions.stride);
}

}  // namespace faltung
