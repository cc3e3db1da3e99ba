// faltung/nn/layer_options.hpp -- what a layer is told
#pragma once

#include "../convolve/options.hpp"
#include "../convolve/zero_points.hpp"
#include "layer_epilogue.hpp"

namespace faltung::nn {

using faltung::zero_points;

/// Options of nn::conv, nn::convolver and the gradients. A plain aggregate, set by name in this order:
///
///     nn::conv(x, w, {.padding = 1, .stride = 2, .groups = 4, .bias = b, .epilogue = nn::relu})
///
/// One value holds for every spatial axis; a list has one value per spatial axis. Those of convolve_options that are
/// here mean the same.
struct nn_options {
    faltung::padding padding = 0;
    per_axis<faltung::boundary> boundary = faltung::boundary::zero;
    per_axis<index_t> stride = 1, dilation = 1;
    index_t groups = 1;        // input and output channels are split into so many, each with its own kernels
    channel_values bias = {};  // one value per output channel: the sums begin at it
    layer_epilogue epilogue = {};
    faltung::method method = faltung::method::automatic;
    faltung::engine engine = {};
    double tolerance = std::numeric_limits<double>::infinity();
    index_t memory = std::numeric_limits<index_t>::max();
    int threads = 1;
    faltung::overflow overflow = faltung::overflow::wrap;
    faltung::rounding rounding = faltung::rounding::nearest_even;
    nn::zero_points zero_points = {};
};

/// Options of nn::conv_transpose. `padding` is that of the forward direction: amounts that are cut off.
struct transposed_options {
    faltung::padding padding = 0;
    per_axis<index_t> output_padding = 0, stride = 1, dilation = 1;
    index_t groups = 1;
    channel_values bias = {};
    layer_epilogue epilogue = {};
    faltung::method method = faltung::method::automatic;
    faltung::engine engine = {};
    double tolerance = std::numeric_limits<double>::infinity();
    index_t memory = std::numeric_limits<index_t>::max();
    int threads = 1;
    faltung::overflow overflow = faltung::overflow::wrap;
    faltung::rounding rounding = faltung::rounding::nearest_even;
    nn::zero_points zero_points = {};
};

}  // namespace faltung::nn
