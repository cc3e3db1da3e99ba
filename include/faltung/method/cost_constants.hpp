// faltung/method/cost_constants.hpp -- measured times behind the prediction of every method
#pragma once

#include "../core/instruction_set.hpp"
#include "../core/scalar.hpp"

namespace faltung::detail::cost_constants {

// Seconds, one thread. Measured 2026-11-25 on a 2-core AVX-512 machine (Sapphire Rapids class), g++ 12.2 -O2, by
// `./dev bench calibrate`.
struct times {
    double multiply_add;  // one tap of one output
    double output;        // one output, besides its taps
    double row;           // one row tile, besides its outputs
    double plan;          // making the plan and its workspace
};

struct spatial_times {
    times direct, im2col;
};

constexpr bool is_single(element e) { return e == element::float32; }
constexpr bool is_double(element e) { return e == element::float64; }

/// The constants for an accumulator on an instruction set.
constexpr spatial_times spatial(element accumulator, instruction_set i) {
    const double lanes = i == instruction_set::avx512 ? 1.0 : i == instruction_set::avx2 ? 1.7 : 5.0;
    if (is_single(accumulator)) return {{0.021e-9 * lanes, 0.25e-9, 60e-9, 1e-6}, {0.045e-9 * lanes, 0.3e-9, 80e-9, 1e-6}};
    if (is_double(accumulator)) return {{0.042e-9 * lanes, 0.5e-9, 60e-9, 1e-6}, {0.09e-9 * lanes, 0.6e-9, 80e-9, 1e-6}};
    return {{0.6e-9, 1e-9, 60e-9, 1e-6}, {0.7e-9, 1e-9, 80e-9, 1e-6}};
}

}  // namespace faltung::detail::cost_constants
