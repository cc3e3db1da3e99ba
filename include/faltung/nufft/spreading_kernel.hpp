// faltung/nufft/spreading_kernel.hpp -- the kernel that takes points to a grid: its width, its polynomials, its
// transform
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "../simd/spreading.hpp"

namespace faltung::detail {

inline constexpr int most_nodes = 16;  // of a kernel

/// The relative error to expect of a Kaiser-Bessel kernel of `width` nodes on a grid with `oversampling` times as many
/// nodes as modes. The exponent is that of the best kernels (Barnett, Magland, af Klinteberg, SIAM J. Sci. Comput. 41,
/// 2019); the factor was measured, at widths 7, 10 and 13.
inline double expected_error(int width, double oversampling) {
    return 4.4 * std::exp(-3.14159265358979324 * width * std::sqrt(1 - 1 / oversampling));
}

/// The least width whose error is at most 1.6 tolerance; 0 if there is none.
inline int width_for(double tolerance, double oversampling) {
    for (int width = 2; width <= most_nodes; ++width)
        if (expected_error(width, oversampling) <= 1.6 * tolerance) return width;
    return 0;
}

/// phi(x) = I0(beta sqrt(1 - (2 x / w)^2)) / I0(beta) for |x| <= w / 2, x in nodes of the grid, w the width. Of a point
/// between nodes, node i is one of w pieces of phi; on each of them phi is a polynomial of t in [-1, 1] to a part of
/// the tolerance. Source: Kaiser and Schafer, IEEE Trans. ASSP 28 (1980), with 0.98 of their beta.
class spreading_kernel {
    int width_;
    long double beta_, of_0_;
    std::vector<std::array<long double, most_nodes>> powers_;  // of t, the highest first: one number for each piece

    static long double bessel(long double x) {
        long double term = 1, sum = 1;
        for (int k = 1; term > sum * 1e-22L; ++k) {
            term *= x * x / (4.0L * static_cast<long double>(k) * static_cast<long double>(k));
            sum += term;
        }
        return sum;
    }

public:
    spreading_kernel(int width, double tolerance, double oversampling) : width_(width) {
        constexpr long double pi = 3.14159265358979323846264338327950288L;
        beta_ = 0.98L * pi * width * (1 - 1 / (2 * static_cast<long double>(oversampling)));
        of_0_ = bessel(beta_);
        // what is left out is multiplied, at the last mode, by transform(0) / transform(pi / oversampling)
        const long double edge = transform(pi / static_cast<long double>(oversampling)) / transform(0);
        fit(std::max(0.02L * static_cast<long double>(tolerance) * edge, 1e-18L));
    }

    int width() const { return width_; }
    int coefficients() const { return static_cast<int>(powers_.size()); }

    long double operator()(long double x) const {
        const long double z = 2 * x / width_, root = 1 - z * z;
        return root < 0 ? 0 : bessel(beta_ * std::sqrt(root)) / of_0_;
    }

    /// The integral of phi(x) e^(i xi x).
    long double transform(long double xi) const {
        const long double half = static_cast<long double>(width_) * xi / 2, square = beta_ * beta_ - half * half,
                          s = std::sqrt(std::abs(square));
        const long double ratio = s < 1e-9L ? 1 : square > 0 ? std::sinh(s) / s : std::sin(s) / s;
        return width_ * ratio / of_0_;
    }

    /// The polynomials as the loops want them, `reals` numbers for each power: piece i at `shift` + i.
    template <class R>
    void fill(R* to, int reals, int shift) const {
        for (auto const& power : powers_) {
            std::fill_n(to, reals, R{});
            for (int i = 0; i < width_; ++i) to[shift + i] = static_cast<R>(power[static_cast<std::size_t>(i)]);
            to += reals;
        }
    }

private:
    // Chebyshev series of every piece, as long as the longest one needs, and then powers.
    void fit(long double allowed) {
        constexpr std::size_t terms = 32;
        constexpr long double pi = 3.14159265358979323846264338327950288L;
        std::array<long double, 4 * terms> wave{};  // cos(pi j / (2 terms))
        for (std::size_t j = 0; j < wave.size(); ++j)
            wave[j] = std::cos(pi * static_cast<long double>(j) / (2 * static_cast<long double>(terms)));
        std::array<std::array<long double, terms>, most_nodes> series{};
        std::size_t needed = 2;
        for (int i = 0; i < width_; ++i) {
            auto& of_piece = series[static_cast<std::size_t>(i)];
            for (std::size_t r = 0; r < terms; ++r) {
                const long double t = wave[2 * r + 1];
                // the point lies (t + 1) / 2 - w / 2 + i from node i
                const long double value = (*this)(i + (t + 1) / 2 - width_ / 2.0L);
                for (std::size_t c = 0; c < terms; ++c)
                    of_piece[c] += value * wave[c * (2 * r + 1) % wave.size()] * (c == 0 ? 1 : 2) / terms;
            }
            long double left_out = 0;
            std::size_t last = terms;
            while (last > needed && left_out + std::abs(of_piece[last - 1]) <= allowed)
                left_out += std::abs(of_piece[--last]);
            needed = last;
        }
        std::array<long double, terms> earlier{}, chebyshev{};  // T[c - 1] and T[c] in powers of t, the lowest first
        chebyshev[0] = 1;
        powers_.assign(needed, {});
        for (std::size_t c = 0; c < needed; ++c) {
            for (std::size_t i = 0; i < static_cast<std::size_t>(width_); ++i)
                for (std::size_t k = 0; k <= c; ++k) powers_[needed - 1 - k][i] += series[i][c] * chebyshev[k];
            std::array<long double, terms> next{};
            for (std::size_t k = 0; k < terms; ++k)
                next[k] = (k > 0 ? (c == 0 ? 1 : 2) * chebyshev[k - 1] : 0) - (c == 0 ? 0 : earlier[k]);
            earlier = chebyshev;
            chebyshev = next;
        }
    }
};

}  // namespace faltung::detail
