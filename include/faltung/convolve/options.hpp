// faltung/convolve/options.hpp -- what a caller may ask for
#pragma once

#include <limits>

#include "../fft/engine.hpp"
#include "../geometry/padding.hpp"
#include "../geometry/problem.hpp"
#include "../method/method.hpp"

namespace faltung {

/// Asks a convolver or explain for correlation: `convolver{as_correlation{}, image.shape(), h}`.
struct as_correlation {};

/// Options of convolve, correlate and convolver. A plain aggregate, set by name in this order:
///
///     convolve(x, h, {.padding = mode::same, .boundary = boundary::reflect, .stride = {2, 1}})
///
/// One value holds for every axis of the kernel; a list has one value per axis of the kernel.
struct convolve_options {
    faltung::padding padding = mode::full;
    per_axis<faltung::boundary> boundary = faltung::boundary::zero;
    per_axis<index_t> stride = 1;    // of the window: keep every stride-th output
    per_axis<index_t> dilation = 1;  // distance between taps; 1 = dense

    /// Which tap lies on the output's own sample, counted in the kernel as given; only with mode::same. -1: the middle
    /// of the span.
    per_axis<index_t> centre = -1;

    /// The axes of x that the kernel's axes lie along; all others are a batch. Empty: all axes of x, in order.
    index_list axes = {};

    faltung::method method = faltung::method::automatic;

    /// Who transforms for fft and overlap_save: the library's own engine, or fftw::engine().
    faltung::engine engine = {};

    /// A method is refused when its certified error, relative to |x~|_2 |h|_2, is larger.
    double tolerance = std::numeric_limits<double>::infinity();

    /// A method is refused when a plan of it holds more memory than this beyond the kernel, in bytes, with the scratch
    /// of one thread; there are no more threads than fit. overlap_save takes smaller tiles.
    index_t memory = std::numeric_limits<index_t>::max();

    /// Workers of a call; 0 = as many as the machine has processors. There are never more than the problem has grains
    /// of work. The bits of the result do not depend on it.
    int threads = 1;

    /// How sums become integers: what a narrower one cannot hold, and which one a floating sum becomes. Sums of 64-bit
    /// integers have wrapped before they are stored; floating results are always rounded to nearest.
    faltung::overflow overflow = faltung::overflow::wrap;
    faltung::rounding rounding = faltung::rounding::nearest_even;
};

}  // namespace faltung
