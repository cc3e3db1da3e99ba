// faltung/linalg.hpp -- the door to pseudo-inverses and least squares; needs Eigen
#pragma once

#include "linalg/conjugate_gradients.hpp"
#include "linalg/linear_operator.hpp"
#include "linalg/lsmr.hpp"
#include "linalg/lsqr.hpp"
#include "linalg/operator_norm.hpp"
#include "linalg/pinv.hpp"
