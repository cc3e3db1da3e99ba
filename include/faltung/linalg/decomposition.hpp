// faltung/linalg/decomposition.hpp -- singular values and vectors of several matrices at once, and the largest value of
// many
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "../core/buffer.hpp"
#include "../core/checked.hpp"
#include "../core/scalar.hpp"
#include "../simd/gram_products.hpp"
#include "../simd/jacobi_rotations.hpp"
#include "block_inverter.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// What a decomposition of a T is made in: in a double a float is exact.
template <class T>
using decomposed = with_complexity<double, is_complex<T>>;

/// As many matrices of one shape as a vector has lanes: clear, set, decompose, and read. Of a wide matrix the conjugate
/// transpose is decomposed. Each is scaled by a power of 2, so that its squares neither overflow nor vanish.
template <class Z>
class decomposition {
    static constexpr bool is_of_complex = is_complex<Z>;
    using rotations = jacobi_rotations<is_of_complex>;
    using grams = gram_products<is_of_complex>;
    using composition = weighted_outer_products<is_of_complex>;

    instruction_set set_;
    bool is_wide_;
    index_t lanes_, rows_, columns_;  // of the tall matrices
    buffer<double> memory_;
    double *v_, *inverse_, *values_, *weights_;
    std::vector<int> exponents_;
    std::vector<index_t> order_;  // lane by lane: the columns, that of the largest value first

public:
    decomposition(instruction_set i, index_t rows, index_t columns)
        : set_(i),
          is_wide_(rows < columns),
          lanes_(bytes_of_vector(i) / index_t{sizeof(double)}),
          rows_(std::max(rows, columns)),
          columns_(std::min(rows, columns)),
          memory_(
              checked::multiply(columns_, lanes_ * (parts() * (2 * rows_ + columns_) + 2), "numbers of some matrices")),
          v_(memory_.data() + rows_ * columns_ * unit()),
          inverse_(v_ + columns_ * columns_ * unit()),
          values_(inverse_ + rows_ * columns_ * unit()),
          weights_(values_ + columns_ * lanes_),
          exponents_(static_cast<std::size_t>(lanes_)),
          order_(static_cast<std::size_t>(lanes_ * columns_)) {
        clear();
    }

    index_t lanes() const { return lanes_; }
    index_t count() const { return columns_; }  // of the singular values

    void clear() {
        std::fill_n(memory_.data(), rows_ * columns_ * unit(), 0.0);
        std::fill(exponents_.begin(), exponents_.end(), 0);
    }

    void set(index_t lane, index_t i, index_t j, Z const& z) {
        double* const at = memory_.data() + (is_wide_ ? i * rows_ + j : j * rows_ + i) * unit() + lane;
        if constexpr (is_of_complex) {
            *at = z.real();
            at[lanes_] = is_wide_ ? -z.imag() : z.imag();
        } else {
            *at = z;
        }
    }

    /// Whether every lane's largest singular value is at most `most`, as far as (sum of s^p)^(1/p), p = 4, 8, 16 and
    /// 32, can say.
    bool is_at_most(double most) {
        scale();
        double const* from = memory_.data();
        double *to = v_, *other = inverse_;
        index_t rows = rows_;
        for (double p = 4; p <= 32; p *= 2) {
            versions<grams>::of(set_)({from, to, values_, rows, columns_});
            bool is_bounded = true;
            for (index_t l = 0; l < lanes_; ++l)
                is_bounded = is_bounded &&
                             std::ldexp(std::pow(values_[l], 1 / p), exponents_[static_cast<std::size_t>(l)]) <= most;
            if (is_bounded) return true;
            from = to;
            rows = columns_;
            std::swap(to, other);
        }
        return false;
    }

    /// Finds the singular values; the matrices are lost.
    void find_values() { rotate(nullptr); }

    /// And the vectors.
    void decompose() {
        std::fill_n(v_, columns_ * columns_ * unit(), 0.0);
        for (index_t c = 0; c < columns_; ++c) std::fill_n(v_ + c * (columns_ + 1) * unit(), lanes_, 1.0);
        rotate(v_);
    }

    /// The singular values of a lane's matrix, the largest first.
    double value(index_t lane, index_t k) const {
        return std::ldexp(values_[column(lane, k) * lanes_ + lane], exponents_[static_cast<std::size_t>(lane)]);
    }

    /// Puts `weight`, a value in place of 1 / s, for the singular value k of a lane's matrix.
    void set_weight(index_t lane, index_t k, double weight) {
        const index_t at = column(lane, k) * lanes_ + lane;
        weights_[at] = values_[at] > 0 ? weight / values_[at] : 0;
    }

    /// V diag(weights) U^H, to be read by inverse().
    void compose() { versions<composition>::of(set_)({memory_.data(), v_, weights_, inverse_, rows_, columns_}); }

    /// Sample (i, j) of what was composed, columns x rows of the given matrices.
    Z inverse(index_t lane, index_t i, index_t j) const {
        double const* const at = inverse_ + (is_wide_ ? j * rows_ + i : i * rows_ + j) * unit() + lane;
        if constexpr (is_of_complex)
            return {*at, is_wide_ ? at[lanes_] : -at[lanes_]};
        else
            return *at;
    }

private:
    static constexpr index_t parts() { return is_of_complex ? 2 : 1; }
    index_t unit() const { return lanes_ * parts(); }
    index_t column(index_t lane, index_t k) const { return order_[static_cast<std::size_t>(lane * columns_ + k)]; }

    void scale() {
        double* const a = memory_.data();
        const index_t numbers = rows_ * columns_ * parts();
        for (index_t l = 0; l < lanes_; ++l) {
            double largest = 0;
            for (index_t e = 0; e < numbers; ++e) largest = std::max(largest, std::abs(a[e * lanes_ + l]));
            if (!(largest > 0)) continue;
            const int exponent = std::max(std::ilogb(largest), std::numeric_limits<double>::min_exponent);
            const double factor = std::ldexp(1.0, -exponent);
            exponents_[static_cast<std::size_t>(l)] += exponent;
            for (index_t e = 0; e < numbers; ++e) a[e * lanes_ + l] *= factor;
        }
    }

    void rotate(double* v) {
        scale();
        versions<rotations>::of(set_)({memory_.data(), v, values_, rows_, columns_});
        for (index_t l = 0; l < lanes_; ++l) {
            index_t* const first = order_.data() + l * columns_;
            for (index_t c = 0; c < columns_; ++c) first[c] = c;
            std::stable_sort(first, first + columns_,
                             [&](index_t a, index_t b) { return values_[a * lanes_ + l] > values_[b * lanes_ + l]; });
        }
    }
};

/// The largest singular value of many matrices, without rotating those of which a bound says that it is not theirs.
class largest_singular_value {
    double largest_ = 0;

public:
    double value() const { return largest_; }

    /// The matrices are lost.
    template <class Z>
    void look_at(decomposition<Z>& group) {
        if (group.is_at_most(largest_)) return;
        group.find_values();
        for (index_t l = 0; l < group.lanes(); ++l) largest_ = std::max(largest_, group.value(l, 0));
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
