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

/// Of one byte of the spectra of many channels' kernels that no second-level cache holds (an Intel Xeon, 2026-11-28: 67
/// MB for 64 to 64 channels of 56 x 56 took 6 ms).
inline constexpr double far_spectrum = 9e-11;

/// What share of direct's multiply_add one takes in a tile of output channels, which loads less: by instruction set.
inline constexpr double in_tile[3] = {0.75, 0.75, 0.5};

/// Of the methods that transform: seconds on one thread.
struct spectral_times {
    double pass;        // of one real number, there
    double far;         // more, for every factor of 4 that a tile is larger than `near_by`
    double near_by;     // bytes: half of the second-level cache, which a tile shares with the kernel's spectrum
    double sample;      // one real number that is loaded or stored
    double far_sample;  // more, of a larger tile than `near_by`
    double line;        // one line of a tile that is loaded or stored, besides its samples
    double tile;        // one tile, besides
    double twiddle;     // one sample along an axis when a transform is planned
    double plan;        // making the plan, besides
};

/// Which measurement stands for an accumulator: float and double have vectors, everything else is like int64.
enum class kind : unsigned char { single_precision, double_precision, other };

constexpr kind kind_of(element accumulator) {
    if (accumulator == element::float32) return kind::single_precision;
    return accumulator == element::float64 ? kind::double_precision : kind::other;
}

// Tables of a row for each instruction set, measured on a machine that has no wider one: `./dev bench calibrate` writes
// that of its machine. Columns float, double, other; those of spectral float, double.
// clang-format off
// baseline: 2026-11-27, AMD EPYC
// avx2: 2026-11-27, AMD EPYC
// avx512: 2026-11-28, Intel(R) Xeon(R) Processor @ 2.50GHz
inline constexpr times direct[3][3] = {
    /* baseline */ {{6.8e-11, 1e-10, 8.3e-11, 2.1e-08, 6.8e-07}, {1.3e-10, 3.6e-10, 1.4e-10, 2.4e-08, 6.5e-07}, {4e-10, 3.5e-10, 9.3e-11, 2.3e-08, 6.4e-07}},
    /* avx2 */ {{3.8e-11, 9.6e-11, 9e-11, 2.1e-08, 6.6e-07}, {7.3e-11, 3.2e-10, 1.7e-10, 2.2e-08, 1e-06}, {2e-10, 3.5e-10, 8.6e-11, 2.1e-08, 6.8e-07}},
    /* avx512 */ {{3.6e-11, 4.5e-11, 1.5e-10, 4.5e-08, 1.5e-06}, {6.7e-11, 5.2e-10, 3.6e-10, 4.4e-08, 1.5e-06}, {1.3e-10, 4.4e-10, 3e-10, 4.9e-08, 1.5e-06}}};
inline constexpr times im2col[3][3] = {
    /* baseline */ {{1.4e-10, 2.7e-11, 5.3e-10, 7.4e-08, 2.7e-07}, {2.8e-10, 2.2e-10, 6.4e-10, 4e-09, 2.6e-07}, {5.5e-10, 2.1e-10, 5.9e-10, 4e-09, 2.6e-07}},
    /* avx2 */ {{1.2e-10, 2.8e-11, 4.5e-10, 4.4e-08, 2.7e-07}, {2.4e-10, 2.2e-10, 5.3e-10, 4.4e-08, 2.6e-07}, {3.4e-10, 2.2e-10, 5.2e-10, 5.4e-08, 2.6e-07}},
    /* avx512 */ {{1.5e-10, 9e-11, 6.3e-10, 2.8e-07, 5.1e-07}, {3e-10, 4.5e-10, 8.4e-10, 2.9e-07, 5.1e-07}, {3.5e-10, 4.4e-10, 8.2e-10, 3.3e-07, 5.1e-07}}};
inline constexpr times separable[3][3] = {
    /* baseline */ {{6e-11, 0, 1.5e-10, 4.1e-08, 1.7e-06}, {1.2e-10, 3.1e-10, 3.8e-10, 4.3e-08, 1.6e-06}, {3.8e-10, 2e-10, 7e-10, 4e-08, 1.2e-06}},
    /* avx2 */ {{2.2e-11, 2.1e-11, 1.5e-10, 4e-08, 1.6e-06}, {4.4e-11, 2.6e-10, 2.8e-10, 4.1e-08, 1.6e-06}, {1.9e-10, 2.3e-11, 3.2e-10, 3.9e-08, 1.3e-06}},
    /* avx512 */ {{2.1e-11, 0, 3.1e-10, 8.4e-08, 2.9e-06}, {3.6e-11, 1.8e-10, 6.8e-10, 9.6e-08, 2.9e-06}, {1.2e-10, 0, 3.4e-10, 9.5e-08, 2.4e-06}}};
inline constexpr spectral_times spectral[3][2] = {
    /* baseline */ {{2.1e-10, 1.4e-11, 262144, 3.3e-10, 0, 1.2e-08, 3.4e-07, 1.3e-08, 5.5e-06}, {4e-10, 0, 262144, 5.5e-10, 0, 1.3e-08, 3.2e-07, 1.2e-08, 5.6e-06}},
    /* avx2 */ {{9.9e-11, 1.5e-12, 262144, 1.9e-10, 0, 1.3e-08, 3.8e-07, 1.6e-08, 6.1e-06}, {1.8e-10, 6.7e-12, 262144, 3.8e-10, 0, 1.2e-08, 3.2e-07, 1.3e-08, 5.6e-06}},
    /* avx512 */ {{7e-11, 3.2e-11, 524288, 2e-10, 4.6e-10, 4e-08, 6.5e-07, 3e-08, 7.7e-06}, {1.5e-10, 5.6e-11, 524288, 3.9e-10, 9.5e-10, 2.7e-08, 7e-07, 2.8e-08, 7.9e-06}}};
// clang-format on

constexpr times const& of(times const (&table)[3][3], element accumulator, instruction_set i) {
    return table[static_cast<int>(i)][static_cast<int>(kind_of(accumulator))];
}
constexpr spectral_times const& of(spectral_times const (&table)[3][2], element accumulator, instruction_set i) {
    return table[static_cast<int>(i)][accumulator == element::float32 || accumulator == element::complex32 ? 0 : 1];
}

}  // namespace faltung::detail::cost_constants
