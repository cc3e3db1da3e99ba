// faltung/filter.hpp -- the door to the filters: kernels as data, and filters that apply them
#pragma once

#include "filter/along_axes.hpp"
#include "filter/band_pass.hpp"
#include "filter/derivatives.hpp"
#include "filter/fir.hpp"
#include "filter/gaussian.hpp"
#include "filter/gaussian_filter.hpp"
#include "filter/gradient.hpp"
#include "filter/kernel_data.hpp"
#include "filter/recursive_gaussian.hpp"
#include "filter/resample.hpp"
#include "filter/savitzky_golay.hpp"
#include "filter/separate.hpp"
#include "filter/sharpen.hpp"
#include "filter/windows.hpp"
