// faltung/simd/loops.hpp -- the inner loops: row sweep, micro-product, and rows on their way in and out
#pragma once

#include <algorithm>
#include <bit>
#include <cstring>

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

/// out[o] = sum over lines, then taps, of weights[line.first_weight + t] * line.data[o + tap_offset[t]], added to what
/// `out` holds where `continued`. The order of the sum is that of the lines and taps for every o, whatever o's place in
/// a block: so are the bits.
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
        bool continued;
    };

    using value = typename sum_traits<Acc>::value;
    static constexpr bool vectorised = std::is_same_v<D, value> && std::is_same_v<W, value> && has_vectors<Acc>;

    template <int Bytes>
    using sums = lanes<Acc, Bytes, vectorised && has_vectors<Acc>>;
    template <int Bytes>
    using data = lanes<D, Bytes, vectorised && has_vectors<D>>;

    // the sums of Blocks vectors of outputs from o on
    template <int Bytes, int Blocks>
    static FALTUNG_ALWAYS_INLINE void compute(arguments const& a, index_t o, typename sums<Bytes>::vector* acc) {
        constexpr index_t width = sums<Bytes>::count;
#pragma GCC unroll 8
        for (int b = 0; b < Blocks; ++b) {
            if (a.continued)
                sums<Bytes>::load(acc[b], a.out + o + b * width);
            else
                sums<Bytes>::clear(acc[b]);
        }
        for (index_t j = 0; j < a.line_count; ++j) {
            D const* x = a.lines[j].data + o;
            W const* w = a.weights + a.lines[j].first_weight;
            for (index_t t = 0; t < a.taps; ++t) {
                D const* at = x + a.tap_offset[t];
#pragma GCC unroll 8
                for (int b = 0; b < Blocks; ++b) {
                    typename data<Bytes>::vector v;
                    data<Bytes>::load(v, at + b * width);
                    sums<Bytes>::accumulate(acc[b], w[t], v);
                }
            }
        }
    }

    template <int Bytes, int Blocks>
    static FALTUNG_ALWAYS_INLINE void store(arguments const& a, index_t o, typename sums<Bytes>::vector const* acc) {
#pragma GCC unroll 8
        for (int b = 0; b < Blocks; ++b) sums<Bytes>::store(a.out + o + b * sums<Bytes>::count, acc[b]);
    }

    template <int Bytes, int Blocks>
    static FALTUNG_ALWAYS_INLINE void block(arguments const& a, index_t o) {
        typename sums<Bytes>::vector acc[static_cast<std::size_t>(Blocks)];
        compute<Bytes, Blocks>(a, o, acc);
        store<Bytes, Blocks>(a, o, acc);
    }

    // All outputs, at least Blocks vectors of them. The last block may reach back over finished outputs: it is computed
    // first, from the same start, and stored last.
    template <int Bytes, int Blocks>
    static FALTUNG_ALWAYS_INLINE void cover(arguments const& a) {
        constexpr index_t width = Blocks * sums<Bytes>::count;
        typename sums<Bytes>::vector last[static_cast<std::size_t>(Blocks)];
        compute<Bytes, Blocks>(a, a.count - width, last);
        index_t o = 0;
        if constexpr (Blocks == 4)
            for (; o + 2 * width < a.count; o += 2 * width) block<Bytes, 2 * Blocks>(a, o);
        for (; o + width < a.count; o += width) block<Bytes, Blocks>(a, o);
        store<Bytes, Blocks>(a, a.count - width, last);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void narrow(arguments const& a) {
        if (a.count >= sums<Bytes>::count) return cover<Bytes, 1>(a);
        if constexpr (sums<Bytes>::count > 1) narrow<Bytes / 2>(a);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        if (a.count >= 4 * sums<Bytes>::count) return cover<Bytes, 4>(a);
        if (a.count >= 2 * sums<Bytes>::count) return cover<Bytes, 2>(a);
        narrow<Bytes>(a);
    }
};

/// out[k * out_step + o] += sum over j in [0, depth) of weights[k * weight_step + j] * panel[j * panel_step + o], for
/// kernels k in [0, kernels) and o in [0, count), a multiple of `unit`: a small matrix product whose sums run in the
/// order of j.
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

    /// The lanes of the widest vector: no part of one is left over, and no code for it is needed.
    static constexpr index_t unit = 16;
    static_assert(sizeof(real_t<Acc>) >= 4);

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
        constexpr int blocks = 8 / Kernels;
        constexpr index_t width = blocks * lanes < Acc, Bytes, vectorised && has_vectors < Acc >> ::count;
        index_t o = 0;
        for (; o + width <= a.count; o += width) block<Bytes, Kernels, blocks>(a, k, o);
        for (; o < a.count; o += width / blocks) block<Bytes, Kernels, 1>(a, k, o);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        index_t k = 0;
        for (; k + 4 <= a.kernels; k += 4) rows<Bytes, 4>(a, k);
        for (; k < a.kernels; ++k) rows<Bytes, 1>(a, k);
    }
};

/// 16 bytes as floats. Through arrays, as other types are converted, g++ 12 takes three times as long.
FALTUNG_ALWAYS_INLINE void bytes_to_floats(std::uint8_t const* from, float* to) noexcept {
    typedef std::uint8_t bytes __attribute__((vector_size(16)));
    typedef std::uint16_t halves __attribute__((vector_size(16)));
    typedef std::int32_t integers __attribute__((vector_size(16)));
    typedef float floats __attribute__((vector_size(16)));
    bytes v;
    std::memcpy(&v, from, sizeof v);
    const bytes low = __builtin_shufflevector(v, bytes{}, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23),
                high =
                    __builtin_shufflevector(v, bytes{}, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const halves half[] = {reinterpret_cast<halves>(low), reinterpret_cast<halves>(high)};
#pragma GCC unroll 2
    for (index_t i = 0; i < 2; ++i) {
        const halves first = __builtin_shufflevector(half[i], halves{}, 0, 8, 1, 9, 2, 10, 3, 11),
                     second = __builtin_shufflevector(half[i], halves{}, 4, 12, 5, 13, 6, 14, 7, 15);
        const floats f = __builtin_convertvector(reinterpret_cast<integers>(first), floats),
                     g = __builtin_convertvector(reinterpret_cast<integers>(second), floats);
        std::memcpy(to + 8 * i, &f, sizeof f);
        std::memcpy(to + 8 * i + 4, &g, sizeof g);
    }
}

/// 16 bytes as halves, likewise.
FALTUNG_ALWAYS_INLINE void bytes_to_halves(std::uint8_t const* from, std::uint16_t* to) noexcept {
    typedef std::uint8_t bytes __attribute__((vector_size(16)));
    bytes v;
    std::memcpy(&v, from, sizeof v);
    const bytes low = __builtin_shufflevector(v, bytes{}, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23),
                high =
                    __builtin_shufflevector(v, bytes{}, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    std::memcpy(to, &low, sizeof low);
    std::memcpy(to + 8, &high, sizeof high);
}

/// to[i] = from[i * step], converted. One version for all instruction sets: g++ 12 turns these conversions into scalar
/// code when it may use wider vectors (5 times slower for uint8 to float).
template <class From, class To>
void load_row(From const* from, index_t step, To* to, index_t count) noexcept {
    index_t i = 0;
    if (step == 1) {
        if constexpr (std::is_same_v<From, To>) {
            if (count > 0) std::memcpy(static_cast<void*>(to), from, static_cast<std::size_t>(count) * sizeof(To));
            return;
        }
        if constexpr (std::is_same_v<From, std::uint8_t> && std::is_same_v<To, float> &&
                      std::endian::native == std::endian::little)
            for (; i + 16 <= count; i += 16) bytes_to_floats(from + i, to + i);
        if constexpr (std::is_same_v<From, std::uint8_t> && std::is_same_v<To, std::uint16_t> &&
                      std::endian::native == std::endian::little)
            for (; i + 16 <= count; i += 16) bytes_to_halves(from + i, to + i);
        for (; i + 16 <= count; i += 16) {  // through locals of constant size: no aliasing, so vectorised at -O2 too
            From in[16];
            To out[16];
            std::memcpy(static_cast<void*>(in), from + i, sizeof in);
            for (int j = 0; j < 16; ++j) out[j] = convert<To>(in[j]);
            std::memcpy(static_cast<void*>(to + i), out, sizeof out);
        }
    }
    for (; i < count; ++i) to[i] = convert<To>(from[i * step]);
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
