// faltung/convolve.hpp -- convolution and correlation of any views, as functions and as a plan
#pragma once

#include "convolve/apply.hpp"
#include "convolve/apply_in.hpp"
#include "convolve/convolver.hpp"
#include "view.hpp"
