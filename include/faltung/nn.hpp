// faltung/nn.hpp -- the door to layers of many channels: forward, transposed, their gradients, and their windows
#pragma once

#include "nn/conv.hpp"
#include "nn/conv_transpose.hpp"
#include "nn/input_gradient.hpp"
#include "nn/layer_convolver.hpp"
#include "nn/layer_epilogue.hpp"
#include "nn/layer_gradients.hpp"
#include "nn/layer_kernel_gradient.hpp"
#include "nn/layer_options.hpp"
#include "nn/transposed_convolver.hpp"
#include "nn/unfold.hpp"
