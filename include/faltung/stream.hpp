// faltung/stream.hpp -- the door to streams: a signal without an end, convolved as it arrives
#pragma once

#include "fft.hpp"
#include "stream/stream_convolver.hpp"
#include "view.hpp"
