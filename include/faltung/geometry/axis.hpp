// faltung/geometry/axis.hpp -- one axis of the canonical sum, and THE output-size formula
#pragma once

#include "boundary.hpp"

namespace faltung {

/// Extents, amounts, strides and spans beyond this are refused, so that every sum of three of them fits 64 bits.
inline constexpr index_t index_limit = index_t{1} << 61;

/// One axis of the canonical problem, a correlation:
///
///     y[o] = sum over t in [0, taps) of h[t] * x~[o * window_stride + t * dilation - low],   o in [0, outputs())
///
/// where x~ is x, of extent n, continued by the boundary. Everything else (convolution, modes, dialects, transposed
/// sizes) is brought into this form first; no other file computes an output size.
struct axis {
    index_t n = 1, taps = 1;
    index_t window_stride = 1, dilation = 1;
    index_t low = 0, high = 0;  // padding before and after; negative amounts crop
    boundary edge{};

    /// dilation * (taps - 1) + 1: how far a window reaches.
    constexpr index_t span() const { return dilation * (taps - 1) + 1; }

    /// floor((n + low + high - span) / window_stride) + 1, or 0 where the span does not fit or n is 0.
    constexpr index_t outputs() const {
        const index_t room = n + low + high - span();
        return n == 0 || room < 0 ? 0 : room / window_stride + 1;
    }

    /// Where tap t of output o lies in x~.
    constexpr index_t position(index_t o, index_t t) const { return o * window_stride + t * dilation - low; }
};

/// Refuse what the formulas above could not carry: taps < 1, n < 0, a window stride or dilation < 1, or anything
/// beyond 2^61. `operation` and the number `a` of the axis start the sentence.
constexpr void require_valid(axis const& k, char const* operation, int a) {
    const auto refuse = [&](auto const&... parts) {
        detail::fail<option_error>(operation, ": axis ", a, ": ", parts...);
    };
    if (k.n < 0) refuse("an extent of ", k.n);
    if (k.taps < 1) refuse("an empty kernel (", k.taps, " taps): a kernel has at least 1 tap");
    if (k.window_stride < 1) refuse("a window stride of ", k.window_stride, ": at least 1 is needed");
    if (k.dilation < 1) refuse("a dilation of ", k.dilation, ": at least 1 is needed (1 = dense)");
    const auto limit = [&](index_t value, char const* name) {
        if (value > index_limit || value < -index_limit)
            detail::fail<overflow_error>(operation, ": axis ", a, ": ", name, " ", value, " is beyond 2^61");
    };
    limit(k.n, "an extent of");
    limit(k.taps, "a number of taps of");
    limit(k.window_stride, "a window stride of");
    limit(k.low, "a low padding of");
    limit(k.high, "a high padding of");
    if (k.taps > 1 && k.dilation > (index_limit - 1) / (k.taps - 1))
        detail::fail<overflow_error>(operation, ": axis ", a, ": the span ", k.dilation, " * (", k.taps,
                                     " - 1) + 1 is beyond 2^61");
    limit(k.dilation, "a dilation of");
}

}  // namespace faltung
