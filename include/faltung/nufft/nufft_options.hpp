// faltung/nufft/nufft_options.hpp -- what a non-uniform transform is told
#pragma once

#include "../core/index.hpp"

namespace faltung {

/// Which way a non-uniform transform goes: type 1 and type 2 of the literature.
enum class nufft_type : unsigned char { points_to_modes, modes_to_points };

/// How the modes of an axis are stored. Of n modes: natural from -floor(n / 2) up, fft from 0 up and then the negative
/// ones, as a discrete Fourier transform has its frequencies.
enum class mode_order : unsigned char { natural, fft };

struct nufft_options {
    double tolerance = 1e-6;  // of the relative L2 error: 1e-1 to 1e-14 in double, to 1e-6 in float
    int sign = 0;             // of the exponent, -1 or 1; 0: -1 from points to modes, 1 from modes to points
    mode_order order = mode_order::natural;
    double oversampling = 0;  // of the grid, 1.25 to 4; 0: chosen by the numbers of points and modes
    int threads = 1;
};

/// The mode that is stored at m of n: an integer from -floor(n / 2) to ceil(n / 2) - 1.
constexpr index_t mode_at(index_t m, index_t n, mode_order order) {
    if (order == mode_order::natural) return m - n / 2;
    return m < n - n / 2 ? m : m - n;
}

}  // namespace faltung
