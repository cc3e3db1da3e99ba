// tests/fftw/defining_sums.hpp -- the discrete Fourier transform and the cyclic product, as they are defined
#pragma once

#include <cmath>
#include <complex>
#include <vector>

#include <faltung/core/index.hpp>

#include "support/tolerance.hpp"

namespace faltung::testing {

/// A complex number in the arithmetic of reference sums; std::complex is for the standard's types alone.
struct wide_complex {
    widest re = 0, im = 0;
    friend wide_complex operator*(wide_complex x, wide_complex y) {
        return {x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};
    }
    wide_complex& operator+=(wide_complex x) {
        re += x.re;
        im += x.im;
        return *this;
    }
};

/// e^(2 pi i k / n) for 0 <= k < n: sine and cosine of less than a quarter of a turn, so that no angle is large.
inline wide_complex root(index_t k, index_t n) {
    const index_t quarter = 4 * k / n;
    const long double angle = 1.57079632679489661923132169163975144L * static_cast<long double>(4 * k - quarter * n) /
                              static_cast<long double>(n);
    const long double c = std::cos(angle), s = std::sin(angle);
    return quarter == 0   ? wide_complex{c, s}
           : quarter == 1 ? wide_complex{-s, c}
           : quarter == 2 ? wide_complex{-c, -s}
                          : wide_complex{s, -c};
}

inline index_t count_of(shape const& n) {
    index_t count = 1;
    for (index_t extent : n) count *= extent;
    return count;
}

/// The multi-index of each position in a row-major array of extents n.
inline std::vector<index_list> indices_of(shape const& n) {
    std::vector<index_list> all;
    for (index_t position = 0; position < count_of(n); ++position) {
        index_list i = n;
        index_t at = position;
        for (int a = n.rank(); a-- > 0; at /= n[a]) i[a] = at % n[a];
        all.push_back(i);
    }
    return all;
}

/// X[k] = sum over i of  x[i] e^(-2 pi i (k[0] i[0] / n[0] + k[1] i[1] / n[1] + ...)), for every k.
inline std::vector<wide_complex> spectrum_of(std::vector<wide_complex> const& x, shape const& n) {
    std::vector<std::vector<wide_complex>> roots;
    for (index_t extent : n) {
        roots.emplace_back();
        for (index_t k = 0; k < extent; ++k) roots.back().push_back(root((extent - k) % extent, extent));
    }
    const auto index = indices_of(n);
    std::vector<wide_complex> spectrum(x.size());
    for (std::size_t k = 0; k < x.size(); ++k)
        for (std::size_t i = 0; i < x.size(); ++i) {
            wide_complex term = x[i];
            for (int a = 0; a < n.rank(); ++a)
                term = term *
                       roots[static_cast<std::size_t>(a)][static_cast<std::size_t>(index[k][a] * index[i][a] % n[a])];
            spectrum[k] += term;
        }
    return spectrum;
}

/// y[o] = sum over t of  h[t] x[o - t], every index modulo its extent.
inline std::vector<wide_complex> cyclic_product(std::vector<wide_complex> const& x, std::vector<wide_complex> const& h,
                                                shape const& n) {
    const auto index = indices_of(n);
    std::vector<wide_complex> y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i)
        for (std::size_t t = 0; t < x.size(); ++t) {
            index_t o = 0;
            for (int a = 0; a < n.rank(); ++a) o = o * n[a] + (index[i][a] + index[t][a]) % n[a];
            y[static_cast<std::size_t>(o)] += x[i] * h[t];
        }
    return y;
}

inline long double norm(std::vector<wide_complex> const& x) {
    widest sum = 0;
    for (wide_complex v : x) sum += v.re * v.re + v.im * v.im;
    return std::sqrt(static_cast<long double>(sum));
}

/// |x - y| / |y|, in the Euclidean norm.
inline long double relative_distance(std::vector<wide_complex> x, std::vector<wide_complex> const& y) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += {-y[i].re, -y[i].im};
    return norm(x) / norm(y);
}

/// What a transform of n may add to the relative error: each of its log2(n) passes at most u + gamma_4 (sqrt(2) + u),
/// below 7 u (Higham, Accuracy and Stability of Numerical Algorithms, theorem 24.2). A prime length may be taken as a
/// product of transforms of up to four times the length: hence three times log2(4 n). (The reference rounds its roots
/// to long double, which adds 1 u at most, where log2 is rounded up by more.)
template <class R>
long double transform_bound(shape const& n) {
    return 7 * 3 * std::log2(4 * static_cast<long double>(count_of(n))) * unit_roundoff<R>;
}

}  // namespace faltung::testing
