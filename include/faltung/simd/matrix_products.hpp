// faltung/simd/matrix_products.hpp -- small complex matrices times vectors, one matrix in each lane
#pragma once

#include "numbers.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// to[b][r] = sum over s of conj(matrix[r][s]) from[b][s], all row-major without gaps, for several vectors b.
template <class R>
struct matrix_products {
    struct arguments {
        R const *matrix, *from;
        R* to;
        index_t rows, columns, vectors;
    };

    template <int Bytes, std::size_t Lines>
    static FALTUNG_ALWAYS_INLINE void multiply(arguments const& a, index_t first) {
        using N = numbers<R, true, Bytes>;
        const index_t line = a.columns * N::unit;
        for (index_t r = 0; r < a.rows; ++r) {
            typename N::number w[Lines];
            N::template products<Lines>(w, a.matrix + r * line, a.from + first * line, line, a.columns);
#pragma GCC unroll 4
            for (std::size_t c = 0; c < Lines; ++c)
                N::store(a.to + ((first + static_cast<index_t>(c)) * a.rows + r) * N::unit, w[c]);
        }
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        index_t b = 0;
        for (; b + 4 <= a.vectors; b += 4) multiply<Bytes, 4>(a, b);
        for (; b < a.vectors; ++b) multiply<Bytes, 1>(a, b);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
