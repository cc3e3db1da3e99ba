// faltung/deconvolve.hpp -- the door to undoing a convolution; needs Eigen
#pragma once

#include "deconvolve/bordered_deconvolver.hpp"
#include "deconvolve/certificate.hpp"
#include "deconvolve/deconvolver.hpp"
#include "deconvolve/deconvolve_options.hpp"
#include "deconvolve/regularization.hpp"
