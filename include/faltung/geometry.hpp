// faltung/geometry.hpp -- the door to the geometry: sizes, padding, boundaries and lags, in integers alone
#pragma once

#include "geometry/axis.hpp"
#include "geometry/boundary.hpp"
#include "geometry/dialect.hpp"
#include "geometry/interior.hpp"
#include "geometry/lags.hpp"
#include "geometry/padding.hpp"
#include "geometry/problem.hpp"
#include "geometry/solve.hpp"
#include "geometry/transposed.hpp"
