// faltung/deconvolve.hpp -- the door to undoing a convolution; needs Eigen
#pragma once

#include "deconvolve/bordered_deconvolver.hpp"
#include "deconvolve/certificate.hpp"
#include "deconvolve/constraint.hpp"
#include "deconvolve/deconvolve_options.hpp"
#include "deconvolve/deconvolver.hpp"
#include "deconvolve/fista.hpp"
#include "deconvolve/landweber.hpp"
#include "deconvolve/operator_matrix.hpp"
#include "deconvolve/operator_of.hpp"
#include "deconvolve/parameter.hpp"
#include "deconvolve/polynomial_division.hpp"
#include "deconvolve/regularization.hpp"
#include "deconvolve/richardson_lucy.hpp"
#include "deconvolve/total_variation.hpp"
