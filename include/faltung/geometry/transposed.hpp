// faltung/geometry/transposed.hpp -- transposed convolution: the output-size formula read backwards
#pragma once

#include <algorithm>

#include "axis.hpp"

namespace faltung {

/// Extents first, ..., last; none where last < first.
struct extent_range {
    index_t first = 0, last = -1;
    constexpr bool contains(index_t n) const { return first <= n && n <= last; }
    friend constexpr bool operator==(extent_range const&, extent_range const&) = default;
};

/// "11 to 12", or "11" where there is one.
inline void append(std::string& s, extent_range const& r) {
    append(s, r.first);
    if (r.first != r.last) s += text(" to ", r.last);
}

/// (outputs - 1) * window_stride + span - low - high: the extent that `outputs` >= 1 windows use up with no sample left
/// over, 0 or negative where the padding alone is more. The axis' own n is not looked at. Errors: overflow_error.
constexpr index_t exact_extent(axis const& k, index_t outputs) {
    const index_t steps = checked::multiply(outputs - 1, k.window_stride, "the extent that windows use up");
    return checked::add(steps, k.span() - k.low - k.high, "the extent that windows use up");
}

/// All extents n with which the axis (its own n is not looked at) has exactly `outputs` outputs:
///
///     exact_extent + {0, ..., window_stride - 1} where that is at least 1;
///     for 0 outputs 0, ..., span - low - high - 1
///
/// Errors: overflow_error.
constexpr extent_range extents_with(axis const& k, index_t outputs) {
    if (outputs < 0) return {};
    if (outputs == 0) return {0, std::max<index_t>(k.span() - k.low - k.high - 1, 0)};
    const index_t exact = exact_extent(k, outputs);
    return {std::max<index_t>(exact, 1), checked::add(exact, k.window_stride - 1, "the extent that windows use up")};
}

/// The forward axis whose adjoint_x is the transposed convolution of `inputs` samples, where `k` holds the window and
/// the padding of the forward direction (its n is not looked at). Its n is what the transposed convolution puts out:
///
///     (inputs - 1) * window_stride - low - high + dilation * (taps - 1) + output_padding + 1,   0 for 0 inputs
///
/// and its outputs() are `inputs`. As in PyTorch, 0 <= output_padding < max(window_stride, dilation): with a dilation
/// above the window stride more windows might fit than there are inputs, so `high` gives way.
/// Errors: option_error, shape_error where no sample is put out, overflow_error.
constexpr axis transposed_axis(axis k, index_t inputs, index_t output_padding, char const* operation, int a) {
    k.n = inputs;
    require_valid(k, operation, a);
    const extent_range allowed{0, std::max(k.window_stride, k.dilation) - 1};
    if (!allowed.contains(output_padding)) {
        const index_t least = inputs == 0 ? 0 : exact_extent(k, inputs);
        const index_t most = inputs == 0 ? 0 : checked::add(least, allowed.last, "the extent of a transposed axis");
        detail::fail<option_error>(operation, ": axis ", a, ": an output padding of ", output_padding,
                                   ": a window stride of ", k.window_stride, " and a dilation of ", k.dilation,
                                   " allow ", allowed, ", so that ", inputs, " samples become ",
                                   extent_range{least, most});
    }
    k.n = 0;
    if (inputs == 0) return k;
    k.n = checked::add(exact_extent(k, inputs), output_padding, "the extent of a transposed axis");
    if (k.n < 1)
        detail::fail<shape_error>(operation, ": axis ", a, ": the padding of {", k.low, ", ", k.high,
                                  "} leaves no output: (", inputs, " - 1) * ", k.window_stride, " + ", k.span(), " - ",
                                  k.low, " - ", k.high, " + ", output_padding, " = ", k.n);
    k.high -= output_padding / k.window_stride * k.window_stride;
    require_valid(k, operation, a);
    return k;
}

/// The same where not an output padding but the extent itself is asked for: it must be one of extents_with(k, inputs).
/// Errors: shape_error that lists them; option_error, overflow_error.
constexpr axis transposed_axis_to(axis k, index_t inputs, index_t extent, char const* operation, int a) {
    k.n = inputs;
    require_valid(k, operation, a);
    const extent_range possible = extents_with(k, inputs);
    if (!possible.contains(extent))
        detail::fail<shape_error>(
            possible.last < possible.first
                ? text(operation, ": axis ", a, ": ", inputs, " samples cannot become any: the padding of {", k.low,
                       ", ", k.high, "} is more than their windows reach")
                : text(operation, ": axis ", a, ": ", inputs, " samples cannot become ", extent, ": ", possible,
                       possible.first == possible.last ? " is" : " are", " possible with a window stride of ",
                       k.window_stride, ", a span of ", k.span(), " and a padding of {", k.low, ", ", k.high, "}"));
    k.n = extent;
    require_valid(k, operation, a);
    return k;
}

}  // namespace faltung
