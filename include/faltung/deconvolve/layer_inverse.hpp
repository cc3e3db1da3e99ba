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

/// Sample (i, j) of the matrix of frequency k, in double.
template <class T>
std::complex<double> sample_of(periodic_layer<T> const& l, real_t<T> const* matrices, index_t k, index_t i, index_t j) {
    const index_t rows = l.outputs(), columns = l.inputs();
    real_t<T> const* const at = matrices + ((k / l.lanes() * rows + i) * columns + j) * l.unit() + k % l.lanes();
    return {static_cast<double>(at[0]), static_cast<double>(at[l.lanes()])};
}

using layer_decomposition = decomposition<std::complex<double>>;

/// As many frequencies as `group` has lanes, of those from `first` to `last`, into it: their number.
template <class T>
index_t set_group(layer_decomposition& group, periodic_layer<T> const& l, real_t<T> const* matrices,
                  index_t const* first, index_t const* last) {
    const index_t count = std::min<index_t>(group.lanes(), last - first);
    group.clear();
    for (index_t lane = 0; lane < count; ++lane)
        for (index_t i = 0; i < l.outputs(); ++i)
            for (index_t j = 0; j < l.inputs(); ++j) group.set(lane, i, j, sample_of(l, matrices, first[lane], i, j));
    return count;
}

/// The frequencies whose matrices are not the conjugates of others.
template <class T>
std::vector<index_t> every_frequency(periodic_layer<T> const& l) {
    std::vector<index_t> found;
    found.reserve(static_cast<std::size_t>(l.transform().count()));
    for (index_t k = 0; k < l.transform().count(); ++k)
        if (l.transform().copies(k) > 0) found.push_back(k);
    return found;
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
          matrices_(allowed(layer, o).matrices()),
          inverses(checked::multiply(rows_ * columns_, layer.transform().spectrum(), "numbers of all inverses")) {
        const std::vector<index_t> left =
            columns_of_block() <= most_columns && rows_of_block() <= most_rows ? by_lanes() : every_frequency(layer_);
        if (!left.empty()) by_values(left);
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
        const index_t sum = rows_ + columns_;
        layer_decomposition group(layer_.vectors(), is_weighted() && !is_wide() ? sum : rows_,
                                  is_weighted() && is_wide() ? sum : columns_);
        for (index_t k : every_frequency(layer_)) {
            const double root = is_weighted() ? root_of_weight(k) : 0;
            dense a =
                dense::Zero(is_weighted() && !is_wide() ? sum : rows_, is_weighted() && is_wide() ? sum : columns_);
            for (index_t i = 0; i < rows_; ++i)
                for (index_t j = 0; j < columns_; ++j) a(i, j) = sample_of(layer_, matrices.data(), k, i, j);
            for (index_t i = 0; is_weighted() && i < std::min(rows_, columns_); ++i)
                is_wide() ? a(i, columns_ + i) = root : a(rows_ + i, i) = root;
            dense g = dense::Zero(a.cols(), a.rows());  // of the inverse
            for (index_t b = 0; b < images; ++b)
                for (index_t c = 0; c < columns_; ++c)
                    for (index_t o = 0; o < rows_; ++o)
                        g(c, o) += number(x_gradient, k, b * columns_ + c, images * columns_) *
                                   std::conj(number(y, k, b * rows_ + o, images * rows_)) /
                                   static_cast<double>(layer_.samples());
            const dense of_a = pinv_adjoint_of(a, inverse_of(a, group), g);
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
    // Refuses more than `.memory` before anything is allocated.
    static periodic_layer<T> const& allowed(periodic_layer<T> const& layer, deconvolve_options const& o) {
        const index_t numbers = checked::multiply(layer.outputs() * layer.inputs(), layer.transform().spectrum(),
                                                  "numbers of all inverses");
        const index_t bytes = checked::multiply(numbers, index_t{2 * sizeof(R)}, "bytes of all inverses");
        if (bytes > o.memory)
            fail<unsupported_error>("deconvolver: matrices of ", layer.outputs(), " x ", layer.inputs(),
                                    " numbers at the frequencies of ", layer.extents(), " take ", bytes,
                                    " bytes with their inverses, .memory allows ", o.memory);
        return layer;
    }

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

    // By one lane of the group.
    dense inverse_of(dense const& a, layer_decomposition& group) const {
        group.clear();
        for (index_t i = 0; i < a.rows(); ++i)
            for (index_t j = 0; j < a.cols(); ++j) group.set(0, i, j, a(i, j));
        group.decompose();
        for (index_t v = 0; v < group.count(); ++v)
            group.set_weight(0, v, group.value(0, v) > threshold ? 1 / group.value(0, v) : 0);
        group.compose();
        dense p(a.cols(), a.rows());
        for (index_t i = 0; i < p.rows(); ++i)
            for (index_t j = 0; j < p.cols(); ++j) p(i, j) = group.inverse(0, i, j);
        return p;
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
                if (!block.is_full_rank(0, l, {trusted, bound})) left.push_back(k);
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

    void find_threshold(layer_decomposition& group) {
        largest_singular_value found;
        const std::vector<index_t> every = every_frequency(layer_);
        index_t const* const last = every.data() + every.size();
        for (index_t const* first = every.data(); first < last;) {
            first += set_group(group, layer_, static_cast<R const*>(matrices_.data()), first, last);
            found.look_at(group);
        }
        largest = found.value();
        threshold = std::max(relative() * largest, options_.absolute);
    }

    void by_values(std::vector<index_t> const& frequencies) {
        layer_decomposition group(layer_.vectors(), rows_, columns_);
        find_threshold(group);
        index_t const* const last = frequencies.data() + frequencies.size();
        for (index_t const* first = frequencies.data(); first < last;) {
            const index_t count = set_group(group, layer_, static_cast<R const*>(matrices_.data()), first, last);
            group.decompose();
            for (index_t lane = 0; lane < count; ++lane) weigh(group, lane, first[lane]);
            group.compose();
            for (index_t lane = 0; lane < count; ++lane) store(group, lane, first[lane]);
            first += count;
        }
    }

    void weigh(layer_decomposition& group, index_t lane, index_t k) {
        const double root = is_weighted() ? root_of_weight(k) : 0;
        lost_frequency gone{layer_.frequency(k), 0, 0, layer_.transform().copies(k)};
        for (index_t v = 0; v < group.count(); ++v) {
            const double s = group.value(lane, v), length = std::hypot(s, root);
            const bool counts = s > threshold || (root > 0 && s > 0);
            gone.lost += counts || root > 0 ? 0 : 1;
            gone.drowned += counts && root == 0 && s <= layer_.rounding() * largest ? 1 : 0;
            group.set_weight(lane, v, counts ? s / length / length : 0);  // s / (s^2 + w), without a square
        }
        if (gone.lost + gone.drowned > 0) lost.push_back(gone);
    }

    void store(layer_decomposition const& group, index_t lane, index_t k) {
        R* const to = inverses.data() + k / layer_.lanes() * rows_ * columns_ * layer_.unit() + k % layer_.lanes();
        for (index_t c = 0; c < columns_; ++c)
            for (index_t o = 0; o < rows_; ++o) {
                R* const at = to + (c * rows_ + o) * layer_.unit();
                const std::complex<double> p = group.inverse(lane, c, o);
                at[0] = static_cast<R>(p.real());
                at[layer_.lanes()] = static_cast<R>(-p.imag());
            }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace detail
}  // namespace faltung
