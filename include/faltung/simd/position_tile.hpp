// faltung/simd/position_tile.hpp -- sums of many output channels, one in each lane, at a few positions beside one
// another
#pragma once

#include <algorithm>
#include "channel_tile.hpp"

#include "transpose_lanes.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Positions that a tile has at most. Beside the sums of two vectors of output channels at each of them there is room
/// for the weights of both, a sample, and a product.
constexpr int tile_positions(int bytes) { return bytes == 64 ? 14 : 6; }

/// Sums of 32 bits, of four channels at a time: accumulate takes samples of unsigned bytes and weights of signed ones.
template <class E, int Bytes>
struct quad_lanes : half_lanes<E, Bytes> {
    using typename half_lanes<E, Bytes>::vector;
    static FALTUNG_ALWAYS_INLINE void accumulate(vector& acc, E x, vector const& w) {
        const vector samples = vector{} + x;
        FALTUNG_ADD_BYTE_PRODUCTS(Bytes, acc, samples, w);
    }
};

/// to[i] = to[i] & mask | (next[i] & 255) << shift, then ^ flip, for i in [0, count), rounded up to whole vectors;
/// next[i] = 0 where there is none.
struct join_bytes {
    struct arguments {
        std::int32_t* to;
        std::int32_t const* next;
        index_t count;
        int shift;
        std::int32_t mask, flip;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = half_lanes<std::int32_t, Bytes>;
        for (index_t i = 0; i < a.count; i += L::count) {
            typename L::vector v, next{};
            L::load(v, a.to + i);
            if (a.next) L::load(next, a.next + i);
            L::store(a.to + i, ((v & a.mask) | (next & 255) << a.shift) ^ a.flip);
        }
    }
};

/// What position_tile is given.
template <class T>
struct position_arguments {
    T const* data;
    index_t positions;
    std::int32_t const* offset;
    index_t taps;
    T const* weights;
    index_t packs;
    T const* start;
    T* sums;
    index_t pack_step;
};

/// For vectors k of output channels in [0, packs), positions i in [0, positions), and every lane:
///
///     sums[k * pack_step + i * lanes + lane] =
///         start[k * lanes + lane] + sum over t in [0, taps) of weights[k][t][lane] * data[offset[t] + i]
///
/// in the order of t (a product by `Lanes`), or on top of what `sums` holds where `start` is null. `positions` is
/// rounded up to an even number, whose samples are read and whose sums are stored. A sample is read by itself: it
/// splits no line of the cache, wherever it lies.
template <class T, template <class, int> class Lanes = tile_lanes>
struct position_tile {
    using arguments = position_arguments<T>;

    template <int Bytes, int Positions, int Packs>
    static FALTUNG_ALWAYS_INLINE void pack(arguments const& a, index_t k) {
        using L = Lanes<T, Bytes>;
        constexpr index_t width = L::count;
        typename L::vector acc[static_cast<std::size_t>(Positions)][static_cast<std::size_t>(Packs)];
        T* const sums = a.sums + k * a.pack_step;
#pragma GCC unroll 2
        for (int v = 0; v < Packs; ++v) {
            if (a.start) {
                typename L::vector start;
                L::load(start, a.start + (k + v) * width);
#pragma GCC unroll 14
                for (int i = 0; i < Positions; ++i) acc[i][v] = start;
            } else {
#pragma GCC unroll 14
                for (int i = 0; i < Positions; ++i) L::load(acc[i][v], sums + v * a.pack_step + i * width);
            }
        }
        T const* w = a.weights + k * a.taps * width;
        const index_t weights_step = a.taps * width;
#pragma GCC unroll 2
        for (index_t t = 0; t < a.taps; ++t) {
            T const* const x = a.data + a.offset[t];
            typename L::vector weights[static_cast<std::size_t>(Packs)];
#pragma GCC unroll 2
            for (int v = 0; v < Packs; ++v) L::load(weights[v], w + v * weights_step);
#pragma GCC unroll 14
            for (int i = 0; i < Positions; ++i)
#pragma GCC unroll 2
                for (int v = 0; v < Packs; ++v) L::accumulate(acc[i][v], x[i], weights[v]);
            w += width;
        }
#pragma GCC unroll 2
        for (int v = 0; v < Packs; ++v)
#pragma GCC unroll 14
            for (int i = 0; i < Positions; ++i) L::store(sums + v * a.pack_step + i * width, acc[i][v]);
    }

    template <int Bytes, int Positions>
    static FALTUNG_ALWAYS_INLINE void packs(arguments const& a) {
        if constexpr (Positions > 2)
            if (a.positions <= Positions - 2) return packs<Bytes, Positions - 2>(a);
        index_t k = 0;
        for (; k + 2 <= a.packs; k += 2) pack<Bytes, Positions, 2>(a, k);
        if (k < a.packs) pack<Bytes, Positions, 1>(a, k);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        packs<Bytes, tile_positions(Bytes)>(a);
    }
};

/// to[k * to_step + i] = sums[k / lanes * pack_step + i * lanes + k % lanes] for output channels k in [0, kernels) and
/// i in [0, count). Sums are read to the end of a group of as many positions as a vector has lanes.
template <class T>
struct position_rows {
    struct arguments {
        T const* sums;
        index_t pack_step, kernels, count;
        T* to;
        index_t to_step;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<T, Bytes>;
        constexpr index_t width = L::count;
        for (index_t k = 0; k < a.kernels; k += width)
            for (index_t done = 0; done < a.count; done += width) {
                // the last one reaches back over the same sums, where there are as many
                const index_t i = std::max<index_t>(std::min(done, a.count - width), 0);
                T const* const from = a.sums + k / width * a.pack_step + i * width;
                T* const to = a.to + k * a.to_step + i;
                typename L::vector v[static_cast<std::size_t>(width)];
#pragma GCC unroll 16
                for (index_t j = 0; j < width; ++j) L::load(v[j], from + j * width);
                transpose_lanes<T, Bytes>(v);
                if (k + width <= a.kernels && a.count >= width) {
#pragma GCC unroll 16
                    for (index_t j = 0; j < width; ++j) L::store(to + j * a.to_step, v[j]);
                    continue;
                }
                T rest[static_cast<std::size_t>(width * width)];
#pragma GCC unroll 16
                for (index_t j = 0; j < width; ++j) L::store(rest + j * width, v[j]);
                for (index_t j = 0; j < width && k + j < a.kernels; ++j)
                    for (index_t l = 0; l < width && i + l < a.count; ++l) to[j * a.to_step + l] = rest[j * width + l];
            }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
