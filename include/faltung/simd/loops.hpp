// faltung/simd/loops.hpp -- the inner loops: row sweep, micro-product, and rows on their way in and out
#pragma once

#include <algorithm>
#include <cmath>

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// A line of samples and the place of its weights: one line of a window, all taps along the last axis.
template <class D>
struct tap_line {
    D const* data;         // sample of tap 0 of the first output
    index_t first_weight;  // of tap 0
};

/// out[o] += sum over lines, then taps, of weights[line.first_weight + t] * line.data[o + tap_offset[t]].
/// The order of the sum is that of the lines and taps for every o, whatever o's place in a block: so are the bits.
template <class D, class W, class Acc>
struct row_sweep {
    struct arguments {
        tap_line<D> const* lines;
        index_t line_count;
        index_t const* tap_offset;
        index_t taps;
        W const* weights;
        Acc* out;
        index_t count;
    };

    static constexpr bool vectorised = std::is_same_v<D, Acc> && std::is_same_v<W, Acc>;

    template <int Bytes, int Blocks>
    static FALTUNG_ALWAYS_INLINE void block(arguments const& a, index_t o) {
        using L = lanes<Acc, Bytes, vectorised && has_vectors<Acc>>;
        typename L::vector acc[static_cast<std::size_t>(Blocks)];
#pragma GCC unroll 8
        for (int b = 0; b < Blocks; ++b) L::load(acc[b], a.out + o + b * L::count);
        for (index_t j = 0; j < a.line_count; ++j) {
            D const* x = a.lines[j].data + o;
            W const* w = a.weights + a.lines[j].first_weight;
            for (index_t t = 0; t < a.taps; ++t) {
                D const* at = x + a.tap_offset[t];
#pragma GCC unroll 8
                for (int b = 0; b < Blocks; ++b) {
                    typename lanes<D, Bytes, vectorised && has_vectors<D>>::vector v;
                    lanes<D, Bytes, vectorised && has_vectors<D>>::load(v, at + b * L::count);
                    L::accumulate(acc[b], w[t], v);
                }
            }
        }
#pragma GCC unroll 8
        for (int b = 0; b < Blocks; ++b) L::store(a.out + o + b * L::count, acc[b]);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        constexpr index_t width = lanes<Acc, Bytes, vectorised && has_vectors<Acc>>::count;
        index_t o = 0;
        for (; o + 8 * width <= a.count; o += 8 * width) block<Bytes, 8>(a, o);
        for (; o + width <= a.count; o += width) block<Bytes, 1>(a, o);
        if constexpr (width > 1)
            for (; o < a.count; ++o) block<sizeof(Acc), 1>(a, o);
    }
};

/// out[k * out_step + o] += sum over j in [0, depth) of weights[k * weight_step + j] * panel[j * panel_step + o], for
/// kernels k in [0, kernels) and o in [0, count): a small matrix product whose sums run in the order of j.
template <class D, class W, class Acc>
struct micro_product {
    struct arguments {
        D const* panel;
        index_t panel_step, depth;
        W const* weights;
        index_t weight_step, kernels;
        Acc* out;
        index_t out_step, count;
    };

    static constexpr bool vectorised = std::is_same_v<D, Acc> && std::is_same_v<W, Acc>;

    template <int Bytes, int Kernels, int Blocks>
    static FALTUNG_ALWAYS_INLINE void block(arguments const& a, index_t k, index_t o) {
        using L = lanes<Acc, Bytes, vectorised && has_vectors<Acc>>;
        using M = lanes<D, Bytes, vectorised && has_vectors<D>>;
        typename L::vector acc[static_cast<std::size_t>(Kernels)][static_cast<std::size_t>(Blocks)];
#pragma GCC unroll 8
        for (int i = 0; i < Kernels; ++i)
#pragma GCC unroll 8
            for (int b = 0; b < Blocks; ++b) L::load(acc[i][b], a.out + (k + i) * a.out_step + o + b * L::count);
        for (index_t j = 0; j < a.depth; ++j) {
            typename M::vector v[static_cast<std::size_t>(Blocks)];
#pragma GCC unroll 8
            for (int b = 0; b < Blocks; ++b) M::load(v[b], a.panel + j * a.panel_step + o + b * L::count);
#pragma GCC unroll 8
            for (int i = 0; i < Kernels; ++i)
#pragma GCC unroll 8
                for (int b = 0; b < Blocks; ++b) L::accumulate(acc[i][b], a.weights[(k + i) * a.weight_step + j], v[b]);
        }
#pragma GCC unroll 8
        for (int i = 0; i < Kernels; ++i)
#pragma GCC unroll 8
            for (int b = 0; b < Blocks; ++b) L::store(a.out + (k + i) * a.out_step + o + b * L::count, acc[i][b]);
    }

    template <int Bytes, int Kernels>
    static FALTUNG_ALWAYS_INLINE void rows(arguments const& a, index_t k) {
        constexpr index_t width = lanes<Acc, Bytes, vectorised && has_vectors<Acc>>::count;
        constexpr int blocks = 8 / Kernels;
        index_t o = 0;
        for (; o + blocks * width <= a.count; o += blocks * width) block<Bytes, Kernels, blocks>(a, k, o);
        for (; o + width <= a.count; o += width) block<Bytes, Kernels, 1>(a, k, o);
        if constexpr (width > 1)
            for (; o < a.count; ++o) block<sizeof(Acc), Kernels, 1>(a, k, o);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        index_t k = 0;
        for (; k + 4 <= a.kernels; k += 4) rows<Bytes, 4>(a, k);
        for (; k < a.kernels; ++k) rows<Bytes, 1>(a, k);
    }
};

/// to[i] = from[i * step], converted.
template <class From, class To>
struct row_load {
    struct arguments {
        From const* from;
        index_t step;
        To* to;
        index_t count;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        index_t i = 0;
        if (a.step == 1) {
            for (; i + 16 <= a.count; i += 16)  // a constant trip count: vectorised at -O2 too
                for (index_t j = 0; j < 16; ++j) a.to[i + j] = convert<To>(a.from[i + j]);
        }
        for (; i < a.count; ++i) a.to[i] = convert<To>(a.from[i * a.step]);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
