// faltung/deconvolve/layer_inverse.hpp -- the pseudo-inverses of all matrices of a periodic layer
#pragma once

#include <algorithm>

#include "../linalg/block_inverter.hpp"
#include "../linalg/pinv.hpp"
#include "../simd/matrix_products.hpp"
#include "periodic_layer.hpp"

namespace faltung {

/// A frequency with singular values that count as 0, or that are kept though they are less than a rounding of the
/// largest one of all frequencies: what they carried is gone, or drowned in errors.
struct lost_frequency {
    wave_numbers at;
    index_t lost, drowned;  // of min(O, C) singular values
    index_t copies;         // 2 where the same holds for the conjugate frequency of real data
};

namespace detail {
inline namespace FALTUNG_COMPILED {

/// The matrix of frequency k, in double.
template <class T>
dense_matrix<std::complex<double>> matrix_of(periodic_layer<T> const& l, real_t<T> const* matrices, index_t k) {
    const index_t rows = l.outputs(), columns = l.inputs();
    dense_matrix<std::complex<double>> m(rows, columns);
    real_t<T> const* at = matrices + k / l.lanes() * rows * columns * l.unit() + k % l.lanes();
    for (index_t i = 0; i < rows; ++i)
        for (index_t j = 0; j < columns; ++j, at += l.unit())
            m(i, j) = {static_cast<double>(at[0]), static_cast<double>(at[l.lanes()])};
    return m;
}

/// Their inverses C x O, conjugated, in groups as the layer's matrices; each makes |A x - y|^2 + w |x|^2 least.
template <class T>
class layer_inverse {
    using R = real_t<T>;
    using complex = std::complex<R>;
    using dense = dense_matrix<std::complex<double>>;

    periodic_layer<T> const& layer_;
    deconvolve_options const& options_;
    index_t rows_, columns_;  // of A
    buffer<R> matrices_;      // while the inverses are made

public:
    buffer<R> inverses;
    std::vector<lost_frequency> lost;
    double threshold = 0;  // what a singular value must be above; 0 where none is near it
    double largest = 0;    // singular value of all frequencies; 0 where it was not needed

    layer_inverse(periodic_layer<T> const& layer, deconvolve_options const& o)
        : layer_(layer),
          options_(o),
          rows_(layer.outputs()),
          columns_(layer.inputs()),
          matrices_(layer.matrices()),
          inverses(checked::multiply(rows_ * columns_, layer.transform().spectrum(), "numbers of all inverses")) {
        const std::vector<index_t> left =
            columns_of_block() <= most_columns && rows_of_block() <= most_rows ? by_lanes() : every_frequency();
        if (!left.empty()) find_threshold();
        for (index_t k : left) by_values(k);
        matrices_ = {};
    }

    /// The gradients of the matrices, in groups as the layer's own, of a function of the inverses' products with the
    /// spectra of y, given the spectra of its gradient with respect to x; both in groups of images x channels.
    buffer<R> gradient(R const* y, R const* x_gradient, index_t images) const {
        const index_t unit = layer_.unit(), lanes = layer_.lanes();
        buffer<R> to(rows_ * columns_ * layer_.transform().spectrum());
        std::fill_n(to.data(), to.count(), R{});
        const buffer<R> matrices = layer_.matrices();
        const auto number = [&](R const* groups, index_t k, index_t at, index_t each) {
            R const* const v = groups + (k / lanes * each + at) * unit + k % lanes;
            return std::complex<double>(static_cast<double>(v[0]), static_cast<double>(v[lanes]));
        };
        for (index_t k : every_frequency()) {
            const index_t sum = rows_ + columns_;
            const double root = is_weighted() ? root_of_weight(k) : 0;
            dense a =
                dense::Zero(is_weighted() && !is_wide() ? sum : rows_, is_weighted() && is_wide() ? sum : columns_);
            a.topLeftCorner(rows_, columns_) = matrix_of(layer_, matrices.data(), k);
            for (index_t i = 0; is_weighted() && i < std::min(rows_, columns_); ++i)
                is_wide() ? a(i, columns_ + i) = root : a(rows_ + i, i) = root;
            dense g = dense::Zero(a.cols(), a.rows());  // of the inverse
            for (index_t b = 0; b < images; ++b)
                for (index_t c = 0; c < columns_; ++c)
                    for (index_t o = 0; o < rows_; ++o)
                        g(c, o) += number(x_gradient, k, b * columns_ + c, images * columns_) *
                                   std::conj(number(y, k, b * rows_ + o, images * rows_)) /
                                   static_cast<double>(layer_.samples());
            const auto found = decomposition<dense>::of(a);
            Eigen::VectorXd inverse(found.values);
            for (double& s : inverse) s = s > threshold ? 1 / s : 0;
            const dense p = found.composed(inverse), of_a = pinv_adjoint_of(a, p, g);
            R* at = to.data() + k / lanes * rows_ * columns_ * unit + k % lanes;
            for (index_t i = 0; i < rows_; ++i)
                for (index_t j = 0; j < columns_; ++j, at += unit) {
                    at[0] = static_cast<R>(of_a(i, j).real());
                    at[lanes] = static_cast<R>(of_a(i, j).imag());
                }
        }
        return to;
    }

private:
    bool is_wide() const { return rows_ < columns_; }
    bool is_weighted() const { return !options_.regularization.is_none(); }
    index_t columns_of_block() const { return std::min(rows_, columns_); }
    index_t rows_of_block() const { return std::max(rows_, columns_) + (is_weighted() ? columns_of_block() : 0); }

    double relative() const { return options_.relative.value_or(layer_.rounding()); }

    R const* group(index_t g) const { return matrices_.data() + g * rows_ * columns_ * layer_.unit(); }

    double root_of_weight(index_t k) const {
        const wave_numbers f = layer_.frequency(k);
        const double w = options_.regularization(f);
        if (!(w >= 0 && std::isfinite(w)))
            fail<option_error>("deconvolver: a regularization of ", w, " at frequency ", f.m,
                               ": a number from 0 on is needed");
        return std::sqrt(w);
    }

    std::vector<index_t> every_frequency() const {
        std::vector<index_t> all;
        for (index_t k = 0; k < layer_.transform().count(); ++k)
            if (layer_.transform().copies(k) > 0) all.push_back(k);
        return all;
    }

    // A tall matrix with the roots of the weights below it; of a wide one, its conjugate transpose. What is inverted
    // has full rank for certain, or its number is returned.
    std::vector<index_t> by_lanes() {
        const block_inverter<complex> block(layer_.vectors(), rows_of_block(), columns_of_block());
        const index_t lanes = layer_.lanes(), unit = layer_.unit(), tall = std::max(rows_, columns_);
        const double bound = upper_threshold();
        const double trusted =
            static_cast<double>(block.rows()) * static_cast<double>(std::numeric_limits<R>::epsilon());
        std::vector<index_t> left;
        for (index_t g = 0; g < layer_.groups(); ++g) {
            for (index_t i = 0; i < rows_; ++i)
                for (index_t j = 0; j < columns_; ++j) {
                    R const* const from = group(g) + (i * columns_ + j) * unit;
                    R* const to = is_wide() ? block.sample(0, j, i) : block.sample(0, i, j);
                    std::memcpy(to, from, static_cast<std::size_t>(unit) * sizeof(R));
                    for (index_t l = lanes; is_wide() && l < unit; ++l) to[l] = -to[l];
                }
            if (is_weighted()) put_weights(block, g, tall);
            block.run(1);
            R* const to = inverses.data() + g * rows_ * columns_ * unit;
            for (index_t c = 0; c < columns_; ++c)
                for (index_t o = 0; o < rows_; ++o) {
                    R* const at = to + (c * rows_ + o) * unit;
                    R const* const from = is_wide() ? block.inverse(0, o, c) : block.inverse(0, c, o);
                    std::memcpy(at, from, static_cast<std::size_t>(unit) * sizeof(R));
                    for (index_t l = lanes; is_wide() && l < unit; ++l) at[l] = -at[l];
                }
            for (index_t l = 0; l < lanes; ++l) {
                const index_t k = g * lanes + l;
                if (layer_.transform().copies(k) == 0) continue;
                if (!block.is_full_rank(0, l, trusted, bound)) left.push_back(k);
            }
        }
        return left;
    }

    void put_weights(block_inverter<complex> const& block, index_t g, index_t tall) const {
        const index_t lanes = layer_.lanes(), unit = layer_.unit();
        for (index_t j = 0; j < block.columns(); ++j)
            for (index_t i = 0; i < block.columns(); ++i) std::fill_n(block.sample(0, tall + i, j), unit, R{});
        for (index_t l = 0; l < lanes; ++l) {
            const index_t k = g * lanes + l;
            if (layer_.transform().copies(k) == 0) continue;
            const R root = static_cast<R>(root_of_weight(k));
            for (index_t j = 0; j < block.columns(); ++j) block.sample(0, tall + j, j)[l] = root;
        }
    }

    dense matrix(index_t k) const { return matrix_of(layer_, matrices_.data(), k); }

    // With the largest norm in place of the largest singular value.
    double upper_threshold() const {
        double most = 0;
        std::vector<double> squares(static_cast<std::size_t>(layer_.lanes()));
        for (index_t g = 0; g < layer_.groups(); ++g) {
            std::fill(squares.begin(), squares.end(), 0);
            R const* at = group(g);
            for (index_t i = 0; i < 2 * rows_ * columns_; ++i)
                for (double& sum : squares) {
                    sum += static_cast<double>(*at) * static_cast<double>(*at);
                    ++at;
                }
            most = std::max(most, *std::max_element(squares.begin(), squares.end()));
        }
        return std::max(std::max(relative(), layer_.rounding()) * std::sqrt(most), options_.absolute);
    }

    void find_threshold() {
        largest_singular_value<dense> found;
        for (index_t k : every_frequency()) found.look_at(matrix(k));
        largest = found.value();
        threshold = std::max(relative() * largest, options_.absolute);
    }

    void by_values(index_t k) {
        const auto found = decomposition<dense>::of(matrix(k));
        const double root = is_weighted() ? root_of_weight(k) : 0;
        Eigen::VectorXd inverse(found.values);
        lost_frequency gone{layer_.frequency(k), 0, 0, layer_.transform().copies(k)};
        for (double& s : inverse) {
            const bool counts = s > threshold || (root > 0 && s > 0);
            gone.lost += counts || root > 0 ? 0 : 1;
            gone.drowned += counts && root == 0 && s <= layer_.rounding() * largest ? 1 : 0;
            const double length = std::hypot(s, root);  // s / (s^2 + w), without a square
            s = counts ? s / length / length : 0;
        }
        if (gone.lost + gone.drowned > 0) lost.push_back(gone);
        const dense p = found.composed(inverse);
        R* const to = inverses.data() + k / layer_.lanes() * rows_ * columns_ * layer_.unit() + k % layer_.lanes();
        for (index_t c = 0; c < columns_; ++c)
            for (index_t o = 0; o < rows_; ++o) {
                R* const at = to + (c * rows_ + o) * layer_.unit();
                at[0] = static_cast<R>(p(c, o).real());
                at[layer_.lanes()] = static_cast<R>(-p(c, o).imag());
            }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace detail
}  // namespace faltung
