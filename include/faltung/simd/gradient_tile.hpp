// faltung/simd/gradient_tile.hpp -- the derivatives of a layer's sums by its taps: products of samples and gradients,
// summed over a block of outputs
#pragma once

#include <cstdint>

#include "../core/index.hpp"
#include "target.hpp"
#include "transpose_lanes.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Taps whose sums stay in registers, beside so many vectors of output channels at most: 12 sums of 16 registers, 24 of
/// 32.
inline constexpr index_t tile_taps = 6;
constexpr index_t gradient_vectors(int bytes) { return bytes == 64 ? 4 : 2; }

/// For taps t in [0, taps), of any input channels, and output channels k in [0, vectors * lanes):
///
///     sums[t * width + k] = sum over r in [0, rows) and i in [0, count) of
///                           panel[(r * count + i) * width + k] * data[offset[t] + r * row_step + i]
///
/// with width = vectors * lanes, in the order of r and i, added to what `sums` holds where `continued`. `sums` has
/// lines for a multiple of tile_taps; what becomes of those beyond `taps` is not said.
template <class T>
struct gradient_tile {
    struct arguments {
        T const* data;
        index_t row_step;
        std::int32_t const* offset;
        index_t taps;
        T const* panel;
        index_t rows, count, vectors;
        T* sums;
        bool continued;
    };

    template <int Bytes, int Vectors>
    static FALTUNG_ALWAYS_INLINE void tile(arguments const& a, index_t first) {
        using L = lanes<T, Bytes>;
        constexpr index_t width = Vectors * L::count;
        T* const sums = a.sums + first * width;
        typename L::vector acc[static_cast<std::size_t>(tile_taps)][static_cast<std::size_t>(Vectors)];
        T const* from[static_cast<std::size_t>(tile_taps)];
#pragma GCC unroll 6
        for (index_t t = 0; t < tile_taps; ++t) {
            from[t] = a.data + a.offset[first + t < a.taps ? first + t : a.taps - 1];
#pragma GCC unroll 4
            for (int v = 0; v < Vectors; ++v)
                if (a.continued)
                    L::load(acc[t][v], sums + t * width + v * L::count);
                else
                    L::clear(acc[t][v]);
        }
        T const* by = a.panel;
        for (index_t r = 0; r < a.rows; ++r) {
            for (index_t i = 0; i < a.count; ++i, by += width) {
                typename L::vector g[static_cast<std::size_t>(Vectors)];
#pragma GCC unroll 4
                for (int v = 0; v < Vectors; ++v) L::load(g[v], by + v * L::count);
#pragma GCC unroll 6
                for (index_t t = 0; t < tile_taps; ++t)
#pragma GCC unroll 4
                    for (int v = 0; v < Vectors; ++v) L::accumulate(acc[t][v], from[t][i], g[v]);
            }
#pragma GCC unroll 6
            for (index_t t = 0; t < tile_taps; ++t) from[t] += a.row_step;
        }
#pragma GCC unroll 6
        for (index_t t = 0; t < tile_taps; ++t)
#pragma GCC unroll 4
            for (int v = 0; v < Vectors; ++v) L::store(sums + t * width + v * L::count, acc[t][v]);
    }

    template <int Bytes, int Vectors>
    static FALTUNG_ALWAYS_INLINE void tiles(arguments const& a) {
        for (index_t t = 0; t < a.taps; t += tile_taps) tile<Bytes, Vectors>(a, t);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        if constexpr (gradient_vectors(Bytes) == 4) {
            if (a.vectors == 4) return tiles<Bytes, 4>(a);
            if (a.vectors == 3) return tiles<Bytes, 3>(a);
        }
        if (a.vectors == 2) return tiles<Bytes, 2>(a);
        tiles<Bytes, 1>(a);
    }
};

/// Taps of one output channel whose sums stay in registers.
inline constexpr index_t lane_taps = 9;

/// For taps t in [0, taps) and lanes l: sums[t * lanes + l] += sum over r in [0, rows) and i = l, l + lanes, ... below
/// `count` of by[r * by_step + i] * data[offset[t] + r * row_step + i]. What lies beyond a row is read, up to a vector,
/// and not summed; `by` is 0 there. `sums` has lines for a multiple of lane_taps.
template <class T>
struct gradient_lanes {
    struct arguments {
        T const* data;
        index_t row_step;
        std::int32_t const* offset;
        index_t taps;
        T const* by;
        index_t by_step, rows, count;
        T* sums;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void tile(arguments const& a, index_t first) {
        using L = lanes<T, Bytes>;
        constexpr index_t width = L::count;
        T* const sums = a.sums + first * width;
        typename L::vector acc[static_cast<std::size_t>(lane_taps)], number, x, g;
        for (int l = 0; l < L::count; ++l) number[l] = static_cast<T>(l);
        T const* from[static_cast<std::size_t>(lane_taps)];
#pragma GCC unroll 9
        for (index_t t = 0; t < lane_taps; ++t) {
            from[t] = a.data + a.offset[first + t < a.taps ? first + t : a.taps - 1];
            L::load(acc[t], sums + t * width);
        }
        T const* by = a.by;
        for (index_t r = 0; r < a.rows; ++r, by += a.by_step) {
            index_t i = 0;
            for (; i + width <= a.count; i += width) {
                L::load(g, by + i);
#pragma GCC unroll 9
                for (index_t t = 0; t < lane_taps; ++t) {
                    L::load(x, from[t] + i);
                    acc[t] += g * x;
                }
            }
            if (i < a.count) {
                const typename L::vector nothing{}, end = nothing + static_cast<T>(a.count - i);
                L::load(g, by + i);
#pragma GCC unroll 9
                for (index_t t = 0; t < lane_taps; ++t) {
                    L::load(x, from[t] + i);
                    x = number < end ? x : nothing;
                    acc[t] += g * x;
                }
            }
#pragma GCC unroll 9
            for (index_t t = 0; t < lane_taps; ++t) from[t] += a.row_step;
        }
#pragma GCC unroll 9
        for (index_t t = 0; t < lane_taps; ++t) L::store(sums + t * width, acc[t]);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        for (index_t t = 0; t < a.taps; t += lane_taps) tile<Bytes>(a, t);
    }
};

/// to[j * to_step + i] = from[i * from_step + j] for i in [0, rows) and j in [0, columns).
template <class T>
struct transposed_copy {
    struct arguments {
        T const* from;
        index_t from_step, rows, columns;
        T* to;
        index_t to_step;
    };

    // so many rows of columns from j on, blocks of as many columns; the columns that are done
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE index_t blocks(arguments const& a, index_t i, index_t j) {
        using L = lanes<T, Bytes>;
        typename L::vector v[static_cast<std::size_t>(L::count)];
        for (; j + L::count <= a.columns; j += L::count) {
#pragma GCC unroll 16
            for (index_t k = 0; k < L::count; ++k) L::load(v[k], a.from + (i + k) * a.from_step + j);
            transpose_lanes<T, Bytes>(v);
#pragma GCC unroll 16
            for (index_t k = 0; k < L::count; ++k) L::store(a.to + (j + k) * a.to_step + i, v[k]);
        }
        return j;
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void strip(arguments const& a, index_t i, index_t j) {
        j = blocks<Bytes>(a, i, j);
        if constexpr (Bytes > 16) {
            if (j == a.columns) return;
            constexpr index_t half = lanes<T, Bytes / 2>::count;
            strip<Bytes / 2>(a, i, j);
            strip<Bytes / 2>(a, i + half, j);
        } else {
            for (; j < a.columns; ++j)
                for (index_t k = i; k < i + lanes<T, Bytes>::count; ++k)
                    a.to[j * a.to_step + k] = a.from[k * a.from_step + j];
        }
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void strips(arguments const& a, index_t i) {
        for (; i + lanes<T, Bytes>::count <= a.rows; i += lanes<T, Bytes>::count) strip<Bytes>(a, i, 0);
        if constexpr (Bytes > 16) {
            strips<Bytes / 2>(a, i);
        } else {
            for (; i < a.rows; ++i)
                for (index_t j = 0; j < a.columns; ++j) a.to[j * a.to_step + i] = a.from[i * a.from_step + j];
        }
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        strips<Bytes>(a, 0);
    }
};

/// to[i] += from[i] for i in [0, count), a multiple of the lanes of a vector.
template <class T>
struct added_line {
    struct arguments {
        T const* from;
        T* to;
        index_t count;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<T, Bytes>;
        typename L::vector x, sum;
        for (index_t i = 0; i < a.count; i += L::count) {
            L::load(x, a.from + i);
            L::load(sum, a.to + i);
            sum += x;
            L::store(a.to + i, sum);
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
