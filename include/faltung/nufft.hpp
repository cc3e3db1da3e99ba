// faltung/nufft.hpp -- the door to Fourier sums and convolutions over points that lie anywhere
#pragma once

#include "nufft/adamw.hpp"
#include "nufft/kernel_learning.hpp"
#include "nufft/mode_coefficients.hpp"
#include "nufft/nufft.hpp"
#include "nufft/nufft_options.hpp"
#include "nufft/point_convolver.hpp"
#include "nufft/point_gradients.hpp"
#include "nufft/point_transform.hpp"
#include "nufft/toeplitz_normal.hpp"
