// faltung/geometry/lags.hpp -- which lag every output belongs to
#pragma once

#include <optional>

#include "padding.hpp"

namespace faltung {

/// The lag of output o, for a correlation and for a convolution (of a kernel h as the caller has it, unreversed):
///
///     correlation   y[o] = sum over t of h[t] * x~[lag + t * dilation],   lag = o * window_stride - low
///     convolution   y[o] = sum over t of h[t] * x~[lag - t * dilation],   lag = o * window_stride + span - 1 - low
///
/// So the lag of a correlation is how far the kernel was moved to the right, and the lag of a convolution is the
/// output's index in the full one. Lags are evenly spaced; first() and last() belong to outputs where count() > 0.
class lags {
    index_t first_, step_, count_;

public:
    constexpr lags(axis const& k, sense s)
        : first_(k.position(0, s == sense::correlation ? 0 : k.taps - 1)),
          step_(k.window_stride),
          count_(k.outputs()) {}

    constexpr index_t count() const { return count_; }
    constexpr index_t first() const { return first_; }
    constexpr index_t last() const { return (*this)[count_ - 1]; }
    constexpr index_t step() const { return step_; }

    /// The lag of output o. Errors: overflow_error, never for o in [0, count()).
    constexpr index_t operator[](index_t o) const {
        return checked::add(first_, checked::multiply(o, step_, "a lag"), "a lag");
    }

    /// The output of a lag, or nothing: it lies outside, or between the steps of a window stride.
    constexpr std::optional<index_t> output_of(index_t lag) const {
        if (lag < first_ || lag > last() || (lag - first_) % step_ != 0) return {};
        return (lag - first_) / step_;
    }
};

}  // namespace faltung
