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
    std::vector<double> row(static_cast<std::size_t>(2 * columns)), share(row);
    for (std::size_t m = 0; m < f.of_axis[last].size(); ++m) {
        row[2 * m] = f.of_axis[last][m];
        share[2 * m] = 16 * 0x1p-52 * std::abs(row[2 * m]);
    }
    double beyond = 0;  // by how much a coefficient differs more than it may
    const auto differences = versions<multiple_of_row>::of(i);
    const index_t rows = static_cast<index_t>(k.at.size()) / columns;
    for (index_t r = 0; r < rows; ++r) {
        double by = 1;
        for (int a = 0; a < last; ++a) by *= f.of_axis[a][static_cast<std::size_t>(r * columns / step[a] % k.n[a])];
        differences({at + 2 * r * columns, row.data(), share.data(), by, 2 * columns, &beyond});
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
    /// Nanoseconds that a plan and a convolution are expected to take, measured as transform_cost.
    static double expected(shape const& n, index_t sources, index_t targets) {
        double waves = 0, modes = 1;
        for (index_t extent : n) {
            waves += static_cast<double>(extent + 2);
            modes *= static_cast<double>(extent);
        }
        const double s = static_cast<double>(sources), t = static_cast<double>(targets);
        return 1.45 * modes + s * t * (0.1 * waves + 3) + (s + t) * (0.1 * waves + 100) + 1000;
    }

    /// Angles of sources and targets.
    point_pairs(coefficient_factors const& f, shape const& n, strided<double const> const& x,
                strided<double const> const& y, instruction_set i)
        : sources_(x.n[0]), targets_(y.n[0]) {
        const index_t lanes = window_of<double>(i, 2).lanes;
        padded_ = padded_of(sources_, lanes);
        const index_t numbers = checked::multiply(targets_, padded_, "pairs of points"), row = padded_;
        re_ = buffer<R>(numbers);
        im_ = buffer<R>(numbers);
        std::vector<double> products(static_cast<std::size_t>(checked::multiply(2, numbers, "pairs of points"))),
            sums(static_cast<std::size_t>(checked::multiply(2, numbers + row, "pairs of points")));
        double *const re = products.data(), *const im = re + numbers;
        std::fill_n(re, numbers, 1.0);
        for (int a = 0; a < n.rank(); ++a) {
            const index_t waves = n[a] / 2 + 1;
            const std::vector<double> of_x = columns_of(x, a, waves, padded_, i),
                                      other = x.data == y.data ? std::vector<double>()
                                                               : columns_of(y, a, waves, padded_of(targets_, lanes), i);
            // of the modes m and -m: their sum goes with the cosine of a difference, i times what they differ by with
            // its sine
            std::vector<double> even(static_cast<std::size_t>(waves)), odd(even);
            index_t first_odd = waves;  // of a kernel that is real, only the last one, if that has no twin
            for (index_t m = waves; m-- > 0;) {
                const double lower = f.of_axis[a][static_cast<std::size_t>(n[a] / 2 - m)],
                             upper = n[a] / 2 + m < n[a] ? f.of_axis[a][static_cast<std::size_t>(n[a] / 2 + m)] : 0;
                even[static_cast<std::size_t>(m)] = m == 0 ? upper : upper + lower;
                odd[static_cast<std::size_t>(m)] = upper - lower;
                if (upper != lower) first_odd = m;
            }
            double *const of_even = sums.data(), *const of_odd = of_even + numbers + row;
            std::fill(sums.begin(), sums.end(), 0.0);
            const columns both{of_x, other.empty() ? of_x : other, waves,
                               other.empty() ? padded_ : padded_of(targets_, lanes)};
            add_waves(both, even, 0, way::even, of_even, i);
            add_waves(both, odd, first_odd, way::odd, of_odd, i);
            for (index_t p = 0; p < numbers; ++p) {
                const double r = re[p], s = im[p];
                re[p] = r * of_even[p] - s * of_odd[p];
                im[p] = r * of_odd[p] + s * of_even[p];
            }
        }
        for (index_t p = 0; p < numbers; ++p) {
            re_.data()[p] = static_cast<R>(re[p]);
            im_.data()[p] = static_cast<R>(im[p]);
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
    enum class way : unsigned char { even, odd };

    // Waves of the sources, and of the targets with their stride.
    struct columns {
        std::vector<double> const &of_x, &of_y;
        index_t waves, stride;
    };

    static index_t padded_of(index_t count, index_t lanes) { return checked::ceil_divide(count, lanes) * lanes; }

    // The cosine and the sine of wave m of all points are columns 2 m and 2 m + 1, of `stride` numbers.
    static std::vector<double> columns_of(strided<double const> const& x, int a, index_t waves, index_t stride,
                                          instruction_set i) {
        std::vector<double> found(static_cast<std::size_t>(checked::multiply(2 * waves, stride, "waves of points")));
        for (index_t j = 0; j < x.n[0]; ++j) {
            const long double turns = precise_turns_of(x.data[j * x.stride[0] + a * x.stride[1]]);
            found[static_cast<std::size_t>(j)] = 1;
            for (index_t unit = 1; unit < waves; unit *= 16) {
                const std::complex<double> w = wave_of(turns, unit);
                found[static_cast<std::size_t>(2 * unit * stride + j)] = w.real();
                found[static_cast<std::size_t>((2 * unit + 1) * stride + j)] = -w.imag();
            }
        }
        versions<wave_columns>::of(i)({found.data(), waves, stride});
        return found;
    }

    // to += the sum over the waves from `first` on, of all pairs: the loop takes two targets at a time, as the real and
    // the imaginary part of a row; a last row of `to` is there for the one after the last target.
    void add_waves(columns const& w, std::vector<double> const& coefficients, index_t first, way parity, double* to,
                   instruction_set i) const {
        const index_t count = 2 * (w.waves - first);
        if (count == 0) return;
        const auto add = versions<points_of_modes<double>>::of(i);
        std::vector<double> ones(static_cast<std::size_t>(2 * padded_)), row(static_cast<std::size_t>(2 * count));
        std::fill_n(ones.begin(), padded_, 1.0);
        for (index_t k = 0; k < targets_; k += 2) {
            for (index_t t = k; t < std::min(k + 2, targets_); ++t) {
                double const* from = w.of_y.data() + 2 * first * w.stride + t;
                double* at = row.data() + (t - k) * count;
                for (index_t m = first; m < w.waves; ++m, from += 2 * w.stride, at += 2) {
                    const double c = coefficients[static_cast<std::size_t>(m)];
                    at[0] = c * (parity == way::even ? from[0] : from[w.stride]);
                    at[1] = c * (parity == way::even ? from[w.stride] : -from[0]);
                }
            }
            add({ones.data(), nullptr, w.of_x.data() + 2 * first * padded_, padded_, count, 0, row.data(),
                 row.data() + count, to + k * padded_, to + (k + 1) * padded_});
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
