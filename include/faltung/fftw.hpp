// faltung/fftw.hpp -- the door to FFTW as a Fourier engine: opt-in, because FFTW is under the GPL
#pragma once

#include "fftw/planner.hpp"
#include "fftw/tables.hpp"
#include "fftw/wisdom.hpp"
