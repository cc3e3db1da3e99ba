// faltung/filter.hpp -- the door to the filters: kernels as data, and filters that apply them
#pragma once

#include "filter/band_pass.hpp"
#include "filter/derivatives.hpp"
#include "filter/fir.hpp"
#include "filter/gaussian.hpp"
#include "filter/kernel.hpp"
#include "filter/savitzky_golay.hpp"
#include "filter/sharpen.hpp"
#include "filter/windows.hpp"
