// faltung/fft.hpp -- the door to the Fourier transforms: lengths they like, and what an engine is
#pragma once

#include "fft/engine.hpp"
#include "fft/length.hpp"
#include "fft/natural_order.hpp"
#include "fft/own_engine.hpp"
