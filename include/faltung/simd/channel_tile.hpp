// faltung/simd/channel_tile.hpp -- sums of many output channels over a few vectors of outputs, driven by a table of
// taps
#pragma once

#include <algorithm>
#include <cstdint>

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// A sample of 8 bits of one channel beside that of the next one, as 16 bits each; and a weight of each.
constexpr std::int32_t halves(std::int32_t low, std::int32_t high) {
    return static_cast<std::int32_t>((static_cast<std::uint32_t>(low) & 0xffffu) | static_cast<std::uint32_t>(high)
                                                                                       << 16);
}

/// Sums of 32 bits, of two channels at a time (E is std::int32_t.)
template <class E, int Bytes>
struct half_lanes {
    using element = E;
    static constexpr int count = Bytes / 4;
    typedef element vector __attribute__((vector_size(Bytes)));

    static FALTUNG_ALWAYS_INLINE void load(vector& v, element const* p) { std::memcpy(&v, p, sizeof v); }
    static FALTUNG_ALWAYS_INLINE void store(element* p, vector const& v) { std::memcpy(p, &v, sizeof v); }
    static FALTUNG_ALWAYS_INLINE void accumulate(vector& acc, element w, vector const& x) {
        const vector weights = vector{} + w;
        vector sum;
        FALTUNG_MULTIPLY_HALVES(Bytes, sum, x, weights);
        typedef std::make_unsigned_t<E> wrapping __attribute__((vector_size(Bytes)));
        acc = reinterpret_cast<vector>(reinterpret_cast<wrapping>(acc) + reinterpret_cast<wrapping>(sum));
    }
};

/// Channels that share a sample: sums of 32 bits are those of two channels of 8 bits.
template <class T, int Bytes>
using tile_lanes = std::conditional_t<std::is_same_v<T, std::int32_t>, half_lanes<T, Bytes>, lanes<T, Bytes>>;

/// to[i] = halves(to[i], high[i]) for i in [0, count), rounded up to whole vectors; high[i] = 0 where there is none.
struct join_halves {
    struct arguments {
        std::int32_t* to;
        std::int32_t const* high;
        index_t count;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = half_lanes<std::int32_t, Bytes>;
        for (index_t i = 0; i < a.count; i += L::count) {
            typename L::vector low, high{};
            L::load(low, a.to + i);
            if (a.high) L::load(high, a.high + i);
            L::store(a.to + i, (low & 0xffff) | (high << 16));
        }
    }
};

/// Vectors of outputs that a tile has at most, and the output channels whose sums stay in registers beside them: 12
/// sums of 16 registers, 24 of 32.
inline constexpr int tile_vectors = 3;
/// Sums of two channels at a time need a register more for every product.
template <class T>
inline constexpr int vectors_of = std::is_same_v<T, std::int32_t> ? 2 : tile_vectors;
constexpr int tile_rows(int bytes) { return bytes == 64 ? 8 : 4; }
/// The same for groups of so many output channels: three or four by themselves leave no sum of a tile empty.
constexpr int tile_rows(int bytes, index_t kernels) {
    return kernels == 3 || kernels == 4 ? static_cast<int>(kernels) : tile_rows(bytes);
}

/// For output channels k in [0, kernels) and vectors v in [0, vectors):
///
///     sum[k][v] = start[k] + sum over t in [0, taps) of weights[k / rows][t][k % rows] * data[v][offset[t] + lane]
///
/// in the order of t, or on top of what `sums` holds where `start` is null. `sums` has a line of vectors * lanes for
/// every output channel, `kernels` rounded up to rows; where `out[0]` is not null, the sums of the real channels go to
/// out[v][k * out_step + lane] instead. Every lane of every vector is read, and stored.
///
/// Where `ahead` is not 0, each tap's samples lie far from those of the others: the first output channels copy them to
/// `panel`, a vector group for each tap, for the others; and what lies `ahead` bytes behind them is asked for
/// meanwhile.
template <class T>
struct channel_tile_arguments {
    T const* data[tile_vectors];
    index_t vectors;
    std::int32_t const* offset;
    index_t taps;
    T const* weights;
    index_t kernels;
    T const* start;
    T* sums;
    T* out[tile_vectors];
    index_t out_step, ahead;
    T* panel;
};

/// Rows = 0: as tile_rows has them.
template <class T, int Rows = 0>
struct channel_tile {
    using arguments = channel_tile_arguments<T>;

    // Where a pack of output channels finds its samples: in place; in place, to be copied to the panel; there.
    enum class source { near_by, far, panel };

    // What a pack asks for: lines of the next tile, that of tap t >> shift in step t.
    struct requests {
        std::uintptr_t bytes;  // behind the samples at hand
        std::int32_t const* offset;
        int shift;
    };

    template <int Bytes, int Vectors, source Source>
    static FALTUNG_ALWAYS_INLINE void pack(arguments const& a, index_t k, T const* w, requests const& next) {
        using L = tile_lanes<T, Bytes>;
        constexpr int rows = Rows > 0 ? Rows : tile_rows(Bytes);
        constexpr index_t width = L::count;
        T* const sums = a.sums + k * Vectors * width;
        typename L::vector acc[static_cast<std::size_t>(rows)][static_cast<std::size_t>(Vectors)];
        if (a.start) {
            const typename L::vector zero{};
#pragma GCC unroll 8
            for (int i = 0; i < rows; ++i)
#pragma GCC unroll 3
                for (int v = 0; v < Vectors; ++v) acc[i][v] = zero + static_cast<typename L::element>(a.start[k + i]);
        } else {
#pragma GCC unroll 8
            for (int i = 0; i < rows; ++i)
#pragma GCC unroll 3
                for (int v = 0; v < Vectors; ++v) L::load(acc[i][v], sums + (i * Vectors + v) * width);
        }
        T* panel = a.panel;
        for (index_t t = 0; t < a.taps; ++t) {
            typename L::vector x[static_cast<std::size_t>(Vectors)];
            const index_t at = Source == source::panel ? 0 : a.offset[t];
#pragma GCC unroll 3
            for (int v = 0; v < Vectors; ++v)
                L::load(x[v], Source == source::panel ? panel + v * width : a.data[v] + at);
            if constexpr (Source != source::near_by) fetch_nearer(a.data[0] + next.offset[t >> next.shift], next.bytes);
            if constexpr (Source == source::far)
#pragma GCC unroll 3
                for (int v = 0; v < Vectors; ++v) L::store(panel + v * width, x[v]);
            if constexpr (Source != source::near_by) panel += Vectors * width;
#pragma GCC unroll 8
            for (int i = 0; i < rows; ++i)
#pragma GCC unroll 3
                for (int v = 0; v < Vectors; ++v) L::accumulate(acc[i][v], w[i], x[v]);
            w += rows;
        }
        if (!a.out[0]) {
#pragma GCC unroll 8
            for (int i = 0; i < rows; ++i)
#pragma GCC unroll 3
                for (int v = 0; v < Vectors; ++v) L::store(sums + (i * Vectors + v) * width, acc[i][v]);
            return;
        }
#pragma GCC unroll 8
        for (int i = 0; i < rows; ++i)
            if (k + i < a.kernels)
#pragma GCC unroll 3
                for (int v = 0; v < Vectors; ++v) L::store(a.out[v] + (k + i) * a.out_step, acc[i][v]);
    }

    template <int Bytes, int Vectors>
    static FALTUNG_ALWAYS_INLINE void packs(arguments const& a) {
        constexpr int rows = Rows > 0 ? Rows : tile_rows(Bytes);
        T const* w = a.weights;
        index_t k = 0;
        if constexpr (has_panels)
            if (a.ahead != 0) return packs_of_panel<Bytes, Vectors>(a);
        for (; k < a.kernels; k += rows, w += a.taps * rows) pack<Bytes, Vectors, source::near_by>(a, k, w, {});
    }

    // The lines of the next tile come evenly over all packs: of each tap the first, second, ... one.
    template <int Bytes, int Vectors>
    static FALTUNG_ALWAYS_INLINE void packs_of_panel(arguments const& a) {
        constexpr int rows = Rows > 0 ? Rows : tile_rows(Bytes);
        constexpr index_t lines = (Vectors * Bytes + 63) / 64;
        const index_t packs_of_line = (a.kernels + rows - 1) / rows / lines;
        requests next{0, a.offset, 0};
        while (index_t{2} << next.shift <= packs_of_line) ++next.shift;
        const index_t pieces = index_t{1} << next.shift, piece = a.taps >> next.shift;
        T const* w = a.weights;
        for (index_t k = 0, number = 0; k < a.kernels; k += rows, w += a.taps * rows, ++number) {
            const index_t of = std::min(number / pieces, lines - 1);
            next.offset = a.offset + number % pieces * piece;
            next.bytes = static_cast<std::uintptr_t>(a.ahead + of * 64);
            if (k == 0)
                pack<Bytes, Vectors, source::far>(a, k, w, next);
            else
                pack<Bytes, Vectors, source::panel>(a, k, w, next);
        }
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        if constexpr (vectors_of<T> == 3)
            if (a.vectors == 3) return packs<Bytes, 3>(a);
        if (a.vectors == 2) return packs<Bytes, 2>(a);
        packs<Bytes, 1>(a);
    }

private:
    static constexpr bool has_panels = is_floating<T> && Rows == 0;
};

/// A line to be copied: samples in memory, or, where there are none, one value.
template <class T>
struct copied_line {
    T const* data;
    T instead;
};

/// For lines l: to[l * to_step + i] = edge for i in [0, before), then `count` samples lines[l].data[shift + i * step],
/// then edge again, `after` times. Nothing is read that is not copied; up to a vector is written beyond a line.
template <class T>
struct line_copy {
    struct arguments {
        copied_line<T> const* lines;
        index_t line_count, shift, step;
        index_t before, count, after;
        T edge;
        T* to;
        index_t to_step;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void fill(T value, T* to, index_t count) {
        using L = tile_lanes<T, Bytes>;
        const typename L::vector v = typename L::vector{} + static_cast<typename L::element>(value);
        for (index_t i = 0; i < count; i += L::count) L::store(to + i, v);
    }

    // every other sample of two vectors
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void even(T const* from, T* to) {
        using L = tile_lanes<T, Bytes>;
        typename L::vector low, high;
        L::load(low, from);
        L::load(high, from + L::count);
        if constexpr (L::count == 2)
            low = __builtin_shufflevector(low, high, 0, 2);
        else if constexpr (L::count == 4)
            low = __builtin_shufflevector(low, high, 0, 2, 4, 6);
        else if constexpr (L::count == 8)
            low = __builtin_shufflevector(low, high, 0, 2, 4, 6, 8, 10, 12, 14);
        else
            low = __builtin_shufflevector(low, high, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
        L::store(to, low);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void copy(T const* from, index_t step, T* to, index_t count) {
        using L = tile_lanes<T, Bytes>;
        index_t i = 0;
        if constexpr (Bytes > 16)
            if (step == 1 && count < L::count) return copy<Bytes / 2>(from, step, to, count);
        if (step == 1 && count >= L::count) {
            typename L::vector v;
            for (; i + L::count < count; i += L::count) {
                L::load(v, from + i);
                L::store(to + i, v);
            }
            L::load(v, from + count - L::count);
            L::store(to + count - L::count, v);
            return;
        }
        if (step == 2)
            for (; i + L::count < count; i += L::count) even<Bytes>(from + 2 * i, to + i);
        for (; i < count; ++i) to[i] = from[i * step];
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        T* to = a.to;
        for (index_t l = 0; l < a.line_count; ++l, to += a.to_step) {
            T const* from = a.lines[l].data;
            fill<Bytes>(a.edge, to, a.before);
            if (from)
                copy<Bytes>(from + a.shift, a.step, to + a.before, a.count);
            else
                fill<Bytes>(a.lines[l].instead, to + a.before, a.count);
            fill<Bytes>(a.edge, to + a.before + a.count, a.after);
        }
    }
};

/// Outputs that lie side by side, in memory and in a tile.
struct tile_piece {
    index_t from;   // of the first one's samples, from the first of all
    index_t at;     // place in the tile
    index_t count;  // outputs
    index_t row, column;
};

/// panel[t * step + piece.at + i] = data[offset[t] + piece.from + i] for every tap t, piece, and i in [0, count). Up to
/// a vector is read beyond a piece, and written beyond the tile.
template <class T>
struct panel_copy {
    struct arguments {
        T const* data;
        std::int32_t const* offset;
        index_t taps;
        tile_piece const* pieces;
        index_t piece_count;
        T* panel;
        index_t step;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = tile_lanes<T, Bytes>;
        T* to = a.panel;
        for (index_t t = 0; t < a.taps; ++t, to += a.step)
            for (index_t s = 0; s < a.piece_count; ++s) {
                T const* from = a.data + a.offset[t] + a.pieces[s].from;
                for (index_t i = 0; i < a.pieces[s].count; i += L::count) {
                    typename L::vector v;
                    L::load(v, from + i);
                    L::store(to + a.pieces[s].at + i, v);
                }
            }
    }
};

/// The tile of so many output channels, where there is one of its own.
template <class T>
typename versions<channel_tile<T>>::function tile_of_rows(instruction_set i, index_t rows) noexcept {
    if constexpr (is_floating<T>) {
        if (rows == 3) return versions<channel_tile<T, 3>>::of(i);
        if (rows == 4) return versions<channel_tile<T, 4>>::of(i);
    }
    return versions<channel_tile<T>>::of(i);
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
