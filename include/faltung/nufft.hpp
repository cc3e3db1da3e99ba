// faltung/nufft.hpp -- the door to Fourier sums over points that lie anywhere
#pragma once

#include "nufft/nufft.hpp"
#include "nufft/nufft_options.hpp"
#include "nufft/point_transform.hpp"
