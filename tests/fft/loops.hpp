// tests/fft/loops.hpp -- the inner loops of a transform in every width, also in those that this CPU has no vectors for
#pragma once

#include <faltung/fft/transform.hpp>

#include <string>
#include <vector>

namespace faltung::testing {

struct named_loops {
    std::string name;
    detail::transform_loops loops;
};

/// The loops of every instruction set that is compiled in and runs here, and those of 16, 32 and 64 bytes in plain
/// functions, which arrange lanes as the instruction set of that width does. T = float or double.
template <class T>
std::vector<named_loops> all_loops();

}  // namespace faltung::testing
