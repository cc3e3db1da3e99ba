// faltung/nufft/point_pairs.hpp -- a convolution of few points as a matrix: the kernel at the difference of every pair
#pragma once

#include <optional>

#include "mode_coefficients.hpp"
#include "wave_sums.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Real coefficients that are products of one number for each axis.
struct coefficient_factors {
    std::vector<double> of_axis[3];
};

/// The factors of a kernel, if it has them to 16 roundings of each coefficient.
inline std::optional<coefficient_factors> factors_of(mode_coefficients const& k, instruction_set i) {
    const int rank = k.n.rank(), last = rank - 1;
    double const* const at = reinterpret_cast<double const*>(k.at.data());
    index_t step[3] = {1, 1, 1}, middle = 0;
    for (int a = last - 1; a >= 0; --a) step[a] = step[a + 1] * k.n[a + 1];
    for (int a = 0; a < rank; ++a) middle += k.n[a] / 2 * step[a];
    const double pivot = at[2 * middle];
    if (pivot == 0) return {};
    coefficient_factors f;
    for (int a = 0; a < rank; ++a) {
        const index_t first = middle - k.n[a] / 2 * step[a];
        f.of_axis[a].reserve(static_cast<std::size_t>(k.n[a]));
        for (index_t m = 0; m < k.n[a]; ++m)
            f.of_axis[a].push_back(at[2 * (first + m * step[a])] / (a == last ? 1 : pivot));
    }
    const index_t columns = k.n[last];
    std::vector<double> row(static_cast<std::size_t>(2 * columns));
    for (std::size_t m = 0; m < f.of_axis[last].size(); ++m) row[2 * m] = f.of_axis[last][m];
    double beyond = 0;  // by how much a coefficient differs more than it may
    const auto differences = versions<multiple_of_row>::of(i);
    const index_t rows = static_cast<index_t>(k.at.size()) / columns;
    for (index_t r = 0; r < rows; ++r) {
        double by = 1;
        for (int a = 0; a < last; ++a) by *= f.of_axis[a][static_cast<std::size_t>(r * columns / step[a] % k.n[a])];
        differences({at + 2 * r * columns, row.data(), by, 16 * 0x1p-52, 2 * columns, &beyond});
        if (!(beyond <= 1e-20 * std::abs(pivot))) return {};
    }
    return f;
}

/// u[k] = the sum over j of K(y[k] - x[j]) c[j] for a kernel of factors: K at a difference is a product of one sum for
/// each axis, and a plan has them all. Cost: a matrix of targets times sources, and for each of its numbers as many
/// multiply-adds as all axes have modes; a convolution is one product with it.
template <class R>
class point_pairs {
    index_t sources_, targets_, padded_;
    buffer<R> re_, im_;  // of K, for each target a row

public:
    /// Nanoseconds that a plan and a convolution are expected to take on a core with AVX2.
    static double expected(shape const& n, index_t sources, index_t targets) {
        double modes = 0;
        for (index_t extent : n) modes += static_cast<double>(extent + 2);
        const double s = static_cast<double>(sources), t = static_cast<double>(targets);
        return s * t * (0.15 * modes + 4) + 2 * (s + t) * modes + 2000;
    }

    /// Angles of sources and targets.
    point_pairs(coefficient_factors const& f, shape const& n, strided<double const> const& x,
                strided<double const> const& y, instruction_set i)
        : sources_(x.n[0]), targets_(y.n[0]) {
        const index_t lanes = window_of<double>(i, 2).lanes;
        padded_ = checked::ceil_divide(sources_, lanes) * lanes;
        const index_t numbers = checked::multiply(targets_, padded_, "pairs of points");
        re_ = buffer<R>(numbers);
        im_ = buffer<R>(numbers);
        std::vector<double> ones(static_cast<std::size_t>(2 * padded_)), sums(ones);
        std::fill_n(ones.begin(), padded_, 1.0);
        buffer<double> product(checked::multiply(2, numbers, "pairs of points"));
        const auto add = versions<points_of_modes<double>>::of(i);
        for (int a = 0; a < n.rank(); ++a) {
            const index_t waves = n[a] / 2 + 1;
            const std::vector<double> of_x = columns_of(x, a, waves, padded_),
                                      other =
                                          x.data == y.data ? std::vector<double>() : columns_of(y, a, waves, targets_);
            std::vector<double> const& of_y = x.data == y.data ? of_x : other;
            const index_t stride = x.data == y.data ? padded_ : targets_;
            std::vector<double> even, odd, re(static_cast<std::size_t>(2 * waves)), im(re);
            even.reserve(static_cast<std::size_t>(waves));
            odd.reserve(static_cast<std::size_t>(waves));
            for (index_t m = 0; m < waves; ++m) {
                // of the modes m and -m: their sum goes with the cosine of a difference, i times what they differ by
                // with its sine
                const double lower = f.of_axis[a][static_cast<std::size_t>(n[a] / 2 - m)],
                             upper = n[a] / 2 + m < n[a] ? f.of_axis[a][static_cast<std::size_t>(n[a] / 2 + m)] : 0;
                even.push_back(m == 0 ? upper : upper + lower);
                odd.push_back(upper - lower);
            }
            for (index_t k = 0; k < targets_; ++k) {
                double const* cosine = of_y.data() + k;
                double const* sine = cosine + waves * stride;
                for (std::size_t m = 0; m < even.size(); ++m, cosine += stride, sine += stride) {
                    re[m] = even[m] * *cosine;
                    re[even.size() + m] = even[m] * *sine;
                    im[m] = odd[m] * *sine;
                    im[even.size() + m] = -odd[m] * *cosine;
                }
                std::fill(sums.begin(), sums.end(), 0.0);
                add({ones.data(), nullptr, of_x.data(), padded_, 2 * waves, 0, re.data(), im.data(), sums.data(),
                     sums.data() + padded_});
                double *const of_re = product.data() + 2 * k * padded_, *const of_im = of_re + padded_;
                for (index_t j = 0; j < padded_; ++j) {
                    const double p = sums[static_cast<std::size_t>(j)], q = sums[static_cast<std::size_t>(padded_ + j)],
                                 r = a == 0 ? 1 : of_re[j], s = a == 0 ? 0 : of_im[j];
                    of_re[j] = p * r - q * s;
                    of_im[j] = p * s + q * r;
                }
            }
        }
        for (index_t k = 0; k < targets_; ++k)
            for (index_t j = 0; j < padded_; ++j) {
                re_.data()[k * padded_ + j] = static_cast<R>(product.data()[2 * k * padded_ + j]);
                im_.data()[k * padded_ + j] = static_cast<R>(product.data()[(2 * k + 1) * padded_ + j]);
            }
    }

    /// Complex numbers. The adjoint is the product with the conjugates of the columns.
    void convolve(R const* c, R* u) const noexcept {
        for (index_t k = 0; k < targets_; ++k) {
            R const *const re = re_.data() + k * padded_, *const im = im_.data() + k * padded_;
            R p{}, q{};
            for (index_t j = 0; j < sources_; ++j) {
                p += re[j] * c[2 * j] - im[j] * c[2 * j + 1];
                q += re[j] * c[2 * j + 1] + im[j] * c[2 * j];
            }
            u[2 * k] = p;
            u[2 * k + 1] = q;
        }
    }
    void adjoint(R const* u, R* c) const noexcept {
        std::fill_n(c, 2 * sources_, R{});
        for (index_t k = 0; k < targets_; ++k) {
            R const *const re = re_.data() + k * padded_, *const im = im_.data() + k * padded_;
            const R p = u[2 * k], q = u[2 * k + 1];
            for (index_t j = 0; j < sources_; ++j) {
                c[2 * j] += re[j] * p + im[j] * q;
                c[2 * j + 1] += re[j] * q - im[j] * p;
            }
        }
    }

private:
    // Of all points the cosines of each wave, and then the sines, `stride` numbers from one wave to the next.
    static std::vector<double> columns_of(strided<double const> const& x, int a, index_t waves, index_t stride) {
        std::vector<double> found(static_cast<std::size_t>(checked::multiply(2 * waves, stride, "waves of points")));
        std::vector<std::complex<double>> w(static_cast<std::size_t>(waves));
        for (index_t j = 0; j < x.n[0]; ++j) {
            fill_waves(turns_of(x.data[j * x.stride[0] + a * x.stride[1]]), 1, w);
            double* to = found.data() + j;
            for (auto const& v : w) {
                *to = v.real();
                to[waves * stride] = -v.imag();
                to += stride;
            }
        }
        return found;
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
