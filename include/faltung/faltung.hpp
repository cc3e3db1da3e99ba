// faltung/faltung.hpp -- every door in one include; the adapters in adapt/ are asked for by name
#pragma once

#include "convolve.hpp"
#include "fft.hpp"
#include "filter.hpp"
#include "geometry.hpp"
#include "nn.hpp"
#include "stream.hpp"
#include "view.hpp"
