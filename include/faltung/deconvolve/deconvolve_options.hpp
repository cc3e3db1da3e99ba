// faltung/deconvolve/deconvolve_options.hpp -- what a caller may ask of a deconvolution
#pragma once

#include <limits>
#include <optional>

#include "../core/per_axis.hpp"
#include "../geometry/padding.hpp"
#include "regularization.hpp"

namespace faltung {

/// What is undone: y = the sum over input channels of convolve(x, h, {.padding = mode::same, .boundary =
/// boundary::circular, .dilation, .centre}), or of correlate. And how: singular values that are not above both
/// thresholds count as 0.
struct deconvolve_options {
    faltung::regularization regularization = {};
    std::optional<double> relative = {};  // to the largest of all frequencies; max(O, C) + 8 + 4 log2 N units of 1
    double absolute = 0;
    faltung::sense sense = sense::convolution;
    per_axis<index_t> dilation = 1;
    per_axis<index_t> centre = -1;
    index_t memory = std::numeric_limits<index_t>::max();  // bytes of a plan, at most
};

}  // namespace faltung
