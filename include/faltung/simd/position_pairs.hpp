// faltung/simd/position_pairs.hpp -- rows of two sums of output channels in lanes, by turns in one row of outputs
#pragma once

#include "position_tile.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// For output channels k in [0, kernels), with sums as position_rows reads them:
///
///     to[k * to_step + 2 i] = even of i in [0, evens),  to[k * to_step + 2 i + 1] = odd of i in [0, odds)
///
/// `evens` = `odds` or one more. Nothing else is written.
template <class T>
struct position_pairs {
    struct arguments {
        T const *even, *odd;
        index_t pack_step, kernels, evens, odds;
        T* to;
        index_t to_step;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void transposed(typename lanes<T, Bytes>::vector* v, T const* from) {
        using L = lanes<T, Bytes>;
#pragma GCC unroll 16
        for (index_t j = 0; j < L::count; ++j) L::load(v[j], from + j * L::count);
        transpose_lanes<T, Bytes>(v);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<T, Bytes>;
        constexpr index_t width = L::count;
        for (index_t k = 0; k < a.kernels; k += width) {
            const index_t at = k / width * a.pack_step, there = std::min(width, a.kernels - k);
            for (index_t done = 0; done < a.odds; done += width) {
                // the last one reaches back over the same sums, where there are as many
                const index_t i = std::max<index_t>(std::min(done, a.odds - width), 0);
                typename L::vector even[static_cast<std::size_t>(width)], odd[static_cast<std::size_t>(width)];
                transposed<Bytes>(even, a.even + at + i * width);
                transposed<Bytes>(odd, a.odd + at + i * width);
                T* const to = a.to + k * a.to_step + 2 * i;
                T rest[static_cast<std::size_t>(2 * width)];
                const bool fits = a.odds >= width;
#pragma GCC unroll 16
                for (index_t j = 0; j < width; ++j) {
                    if (j >= there) break;
                    T* const line = fits ? to + j * a.to_step : rest;
                    mix_lanes<T, Bytes>(even[j], odd[j], even[j], odd[j],
                                        std::make_index_sequence<static_cast<std::size_t>(L::count)>());
                    L::store(line, even[j]);
                    L::store(line + width, odd[j]);
                    if (!fits) std::memcpy(to + j * a.to_step, rest, static_cast<std::size_t>(2 * a.odds) * sizeof(T));
                }
            }
            if (a.evens > a.odds)
                for (index_t j = 0; j < there; ++j)
                    a.to[(k + j) * a.to_step + 2 * a.odds] = a.even[at + a.odds * width + j];
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
