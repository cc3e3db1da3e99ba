// faltung/nufft.hpp -- the door to Fourier sums over points that lie anywhere
#pragma once

#include "nufft/mode_coefficients.hpp"
#include "nufft/nufft.hpp"
#include "nufft/nufft_options.hpp"
#include "nufft/point_convolver.hpp"
#include "nufft/point_transform.hpp"
