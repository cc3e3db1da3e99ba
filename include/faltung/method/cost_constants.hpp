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

/// Which measurement stands for an accumulator: float and double have vectors, everything else is like int64.
enum class kind : unsigned char { single_precision, double_precision, other };

constexpr kind kind_of(element accumulator) {
    if (accumulator == element::float32) return kind::single_precision;
    return accumulator == element::float64 ? kind::double_precision : kind::other;
}

// The table is written by `./dev bench calibrate`: rows baseline, avx2, avx512; columns float, double, other.
// clang-format off
// calibrated: 2026-11-25, x86-64 with avx512, g++ 12.2 -O2
inline constexpr times direct[3][3] = {
    {{1.2e-10, 2.0e-10, 2.0e-10, 1.0e-7, 1.0e-6}, {2.4e-10, 4.0e-10, 4.0e-10, 1.0e-7, 1.0e-6}, {5.0e-10, 4.0e-10, 4.0e-10, 1.0e-7, 1.0e-6}},
    {{4.0e-11, 2.0e-10, 2.0e-10, 1.0e-7, 1.0e-6}, {8.0e-11, 4.0e-10, 4.0e-10, 1.0e-7, 1.0e-6}, {3.0e-10, 4.0e-10, 4.0e-10, 1.0e-7, 1.0e-6}},
    {{3.0e-11, 2.0e-10, 2.0e-10, 1.0e-7, 1.0e-6}, {6.0e-11, 4.0e-10, 4.0e-10, 1.0e-7, 1.0e-6}, {2.0e-10, 4.0e-10, 4.0e-10, 1.0e-7, 1.0e-6}}};
inline constexpr times im2col[3][3] = {
    {{1.2e-10, 1.0e-10, 2.0e-10, 1.0e-7, 1.0e-6}, {2.4e-10, 2.0e-10, 4.0e-10, 1.0e-7, 1.0e-6}, {5.0e-10, 4.0e-10, 4.0e-10, 1.0e-7, 1.0e-6}},
    {{4.0e-11, 1.0e-10, 2.0e-10, 1.0e-7, 1.0e-6}, {8.0e-11, 2.0e-10, 4.0e-10, 1.0e-7, 1.0e-6}, {3.0e-10, 4.0e-10, 4.0e-10, 1.0e-7, 1.0e-6}},
    {{3.0e-11, 1.0e-10, 2.0e-10, 1.0e-7, 1.0e-6}, {6.0e-11, 2.0e-10, 4.0e-10, 1.0e-7, 1.0e-6}, {2.0e-10, 4.0e-10, 4.0e-10, 1.0e-7, 1.0e-6}}};
// clang-format on

constexpr times const& of(times const (&table)[3][3], element accumulator, instruction_set i) {
    return table[static_cast<int>(i)][static_cast<int>(kind_of(accumulator))];
}

}  // namespace faltung::detail::cost_constants
