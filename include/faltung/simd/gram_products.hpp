// faltung/simd/gram_products.hpp -- products of small matrices that lie in the lanes of vectors
#pragma once

#include "../core/index.hpp"
#include "numbers.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// to = A^H A, columns x columns, of rows x columns in each lane, and its squared Frobenius norm. Layout: as
/// jacobi_rotations. Cost: rows columns^2 / 2 products of numbers.
template <bool Complex>
struct gram_products {
    struct arguments {
        double const* a;
        double *to, *norm;
        index_t rows, columns;
    };

    // Samples (i, j), (i, j + 1), ..., and those across the diagonal.
    template <int Bytes, std::size_t Count>
    static FALTUNG_ALWAYS_INLINE void take(arguments const& a, index_t i, index_t j,
                                           typename numbers<double, Complex, Bytes>::vector& norm) {
        using B = numbers<double, Complex, Bytes>;
        const index_t line = a.rows * B::unit;
        typename B::number w[Count];
        B::template products<Count>(w, a.a + i * line, a.a + j * line, line, a.rows);
        for (std::size_t c = 0; c < Count; ++c) {
            const index_t at = j + static_cast<index_t>(c);
            B::add_square(norm, w[c]);
            if (i != at) B::add_square(norm, w[c]);
            B::store(a.to + (at * a.columns + i) * B::unit, w[c]);
            if constexpr (Complex) w[c].im = -w[c].im;
            B::store(a.to + (i * a.columns + at) * B::unit, w[c]);
        }
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using B = numbers<double, Complex, Bytes>;
        typename B::vector norm = typename B::vector{};
        for (index_t i = 0; i < a.columns; ++i) {
            index_t j = i;
            for (; j + 4 <= a.columns; j += 4) take<Bytes, 4>(a, i, j, norm);
            for (; j < a.columns; ++j) take<Bytes, 1>(a, i, j, norm);
        }
        B::part::store(a.norm, norm);
    }
};

/// to = conj(V diag(w) A^H), columns x rows, of V columns x columns and A rows x columns; element (i, j) lies at
/// i rows + j. Cost: rows columns^2 products of numbers.
template <bool Complex>
struct weighted_outer_products {
    struct arguments {
        double const *a, *v, *weights;  // a vector of weights for each column
        double* to;
        index_t rows, columns;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using B = numbers<double, Complex, Bytes>;
        constexpr index_t unit = B::unit;
        for (index_t i = 0; i < a.columns; ++i)
            for (index_t j = 0; j < a.rows; ++j) {
                typename B::number sum, of_v, of_a;
                typename B::vector weight;
                B::clear(sum);
                for (index_t c = 0; c < a.columns; ++c) {
                    B::load(of_v, a.v + (c * a.columns + i) * unit);
                    B::load(of_a, a.a + (c * a.rows + j) * unit);
                    B::part::load(weight, a.weights + c * B::part::count);
                    B::scale(of_a, weight);
                    B::add_product(sum, of_v, of_a);
                }
                B::store(a.to + (i * a.rows + j) * unit, sum);
            }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
