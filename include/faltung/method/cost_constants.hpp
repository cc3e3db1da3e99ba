// faltung/method/cost_constants.hpp -- measured times behind the prediction of every method
#pragma once

#include "../core/instruction_set.hpp"
#include "../core/scalar.hpp"

namespace faltung::detail::cost_constants {

/// Seconds on one thread.
struct times {
    double multiply_add;  // one tap of one output
    double packed;        // one sample that is copied or converted before it is used
    double output;        // one output, besides its taps
    double row;           // one row tile, besides its outputs
    double plan;          // making the plan
};

/// Of one row of a panel of im2col, besides its samples.
inline constexpr double panel_row = 9e-9;

/// Of the methods that transform: seconds on one thread.
struct spectral_times {
    double pass;     // of one real number, there
    double far;      // more, for every factor of 4 that a tile is larger than the second-level cache
    double sample;   // one real number that is loaded or stored
    double line;     // one line of a tile that is loaded or stored, besides its samples
    double tile;     // one tile, besides
    double twiddle;  // one sample along an axis when a transform is planned
    double plan;     // making the plan, besides
};

/// Which measurement stands for an accumulator: float and double have vectors, everything else is like int64.
enum class kind : unsigned char { single_precision, double_precision, other };

constexpr kind kind_of(element accumulator) {
    if (accumulator == element::float32) return kind::single_precision;
    return accumulator == element::float64 ? kind::double_precision : kind::other;
}

// The table is written by `./dev bench calibrate`: rows baseline, avx2, avx512; columns float, double, other.
// clang-format off
// calibrated: 2026-11-27, AMD EPYC
inline constexpr times direct[3][3] = {
    {{6.8e-11, 1e-10, 8.3e-11, 2.1e-08, 6.8e-07}, {1.3e-10, 3.6e-10, 1.4e-10, 2.4e-08, 6.5e-07}, {4e-10, 3.5e-10, 9.3e-11, 2.3e-08, 6.4e-07}},
    {{3.8e-11, 9.6e-11, 9e-11, 2.1e-08, 6.6e-07}, {7.3e-11, 3.2e-10, 1.7e-10, 2.2e-08, 1e-06}, {2e-10, 3.5e-10, 8.6e-11, 2.1e-08, 6.8e-07}},
    {{3.8e-11, 9.1e-11, 8.9e-11, 2.1e-08, 6.6e-07}, {7.3e-11, 3.2e-10, 1.7e-10, 2.2e-08, 7e-07}, {2e-10, 3.4e-10, 8e-11, 2.1e-08, 6.5e-07}}};
inline constexpr times im2col[3][3] = {
    {{1.4e-10, 2.7e-11, 5.3e-10, 7.4e-08, 2.7e-07}, {2.8e-10, 2.2e-10, 6.4e-10, 4e-09, 2.6e-07}, {5.5e-10, 2.1e-10, 5.9e-10, 4e-09, 2.6e-07}},
    {{1.2e-10, 2.8e-11, 4.5e-10, 4.4e-08, 2.7e-07}, {2.4e-10, 2.2e-10, 5.3e-10, 4.4e-08, 2.6e-07}, {3.4e-10, 2.2e-10, 5.2e-10, 5.4e-08, 2.6e-07}},
    {{1.2e-10, 2.8e-11, 4.6e-10, 4.4e-08, 2.6e-07}, {2.4e-10, 2.2e-10, 5.3e-10, 4.4e-08, 2.6e-07}, {3.4e-10, 2.2e-10, 5.2e-10, 5.4e-08, 2.6e-07}}};
inline constexpr times separable[3][3] = {
    {{6e-11, 0, 1.5e-10, 4.1e-08, 1.7e-06}, {1.2e-10, 3.1e-10, 3.8e-10, 4.3e-08, 1.6e-06}, {3.8e-10, 2e-10, 7e-10, 4e-08, 1.2e-06}},
    {{2.2e-11, 2.1e-11, 1.5e-10, 4e-08, 1.6e-06}, {4.4e-11, 2.6e-10, 2.8e-10, 4.1e-08, 1.6e-06}, {1.9e-10, 2.3e-11, 3.2e-10, 3.9e-08, 1.3e-06}},
    {{2.3e-11, 2e-11, 1.5e-10, 4.1e-08, 1.6e-06}, {4.4e-11, 2.6e-10, 2.8e-10, 4.2e-08, 1.5e-06}, {1.9e-10, 9.3e-12, 3e-10, 3.9e-08, 1.2e-06}}};
// rows as above; columns float, double
inline constexpr spectral_times spectral[3][2] = {
    {{2.1e-10, 1.4e-11, 3.3e-10, 1.2e-08, 3.4e-07, 1.3e-08, 5.5e-06}, {4e-10, 0, 5.5e-10, 1.3e-08, 3.2e-07, 1.2e-08, 5.6e-06}},
    {{9.9e-11, 1.5e-12, 1.9e-10, 1.3e-08, 3.8e-07, 1.6e-08, 6.1e-06}, {1.8e-10, 6.7e-12, 3.8e-10, 1.2e-08, 3.2e-07, 1.3e-08, 5.6e-06}},
    {{9.9e-11, 1.5e-12, 1.9e-10, 1.3e-08, 3.8e-07, 1.6e-08, 6.1e-06}, {1.8e-10, 4.4e-12, 3.6e-10, 1.2e-08, 3.3e-07, 1.3e-08, 5.6e-06}}};
// clang-format on

constexpr times const& of(times const (&table)[3][3], element accumulator, instruction_set i) {
    return table[static_cast<int>(i)][static_cast<int>(kind_of(accumulator))];
}
constexpr spectral_times const& of(spectral_times const (&table)[3][2], element accumulator, instruction_set i) {
    return table[static_cast<int>(i)][accumulator == element::float32 || accumulator == element::complex32 ? 0 : 1];
}

}  // namespace faltung::detail::cost_constants
