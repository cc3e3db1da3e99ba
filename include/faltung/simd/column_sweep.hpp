// faltung/simd/column_sweep.hpp -- the inner loop across lines: weighted sums of whole lines, four rows at a time
#pragma once

#include <algorithm>
#include <cstdint>

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// out[r][i] = sum over taps t of weights[t] * lines[r * line_step + t][i], for the four rows r and i in [first, last),
/// both multiples of `unit`; added to what `out` holds where `continued`. The sum runs in the order of the taps for
/// every row and every i, so the bits depend on nothing else. Rows whose lines overlap share what they load.
/// Lines of D are converted on the way: bytes to 16 bits.
template <class W, class Acc, class D = Acc>
struct column_sweep {
    static_assert(std::is_same_v<D, Acc> || (std::is_same_v<D, std::uint8_t> && std::is_same_v<Acc, std::uint16_t>));

    static constexpr int rows = 4;
    /// The lanes of the widest vector, at least 16: no part of one is left over, and no code for it is needed.
    static constexpr index_t unit = sizeof(Acc) < 4 ? 64 / static_cast<index_t>(sizeof(Acc)) : 16;

    struct arguments {
        D const* const* lines;
        index_t line_step;
        W const* weights;
        index_t taps;
        Acc* const* out;
        index_t first, last;
        bool continued;
    };

    template <int Bytes>
    using sums = lanes<Acc, Bytes, std::is_same_v<W, Acc> && has_vectors<Acc>>;

    // Vectors of a row at a time that make up a unit: two, so that eight sums are under way and sixteen registers hold
    // them; one of 64 bytes, of which four units are taken at a time where there are as many: 32 registers hold those.
    template <int Bytes>
    static constexpr int blocks = std::min<int>(2, static_cast<int>(unit) / sums<Bytes>::count);
    template <int Bytes>
    static constexpr int most_blocks = Bytes == 64 ? 4 : blocks<Bytes>;

    template <int Bytes, int Blocks>
    struct tile {
        typename sums<Bytes>::vector at[std::size_t{rows}][static_cast<std::size_t>(Blocks)];
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void load(typename sums<Bytes>::vector& v, D const* from) {
        if constexpr (std::is_same_v<D, Acc>)
            sums<Bytes>::load(v, from);
        else
            load_bytes(v, from);
    }

    // a line, times weights[-r], to the rows r in [From, To)
    template <int Bytes, int From, int To, int Blocks>
    static FALTUNG_ALWAYS_INLINE void add(W const* weights, D const* line, tile<Bytes, Blocks>& acc) {
        typename sums<Bytes>::vector v[static_cast<std::size_t>(Blocks)];
#pragma GCC unroll 8
        for (int b = 0; b < Blocks; ++b) load<Bytes>(v[b], line + b * sums<Bytes>::count);
#pragma GCC unroll 8
        for (int r = From; r < To; ++r)
#pragma GCC unroll 8
            for (int b = 0; b < Blocks; ++b) sums<Bytes>::accumulate(acc.at[r][b], weights[-r], v[b]);
    }

    template <int Bytes, int Blocks>
    static FALTUNG_ALWAYS_INLINE void add_shared(arguments const& a, index_t i, tile<Bytes, Blocks>& acc) {
        W const* weights = a.weights;
        add<Bytes, 0, 1>(weights, a.lines[0] + i, acc);
        add<Bytes, 0, 2>(weights + 1, a.lines[1] + i, acc);
        add<Bytes, 0, 3>(weights + 2, a.lines[2] + i, acc);
        for (index_t u = 3; u < a.taps; ++u) {
            FALTUNG_FORGET(weights);
            add<Bytes, 0, 4>(weights + u, a.lines[u] + i, acc);
        }
        add<Bytes, 1, 4>(weights + a.taps, a.lines[a.taps] + i, acc);
        add<Bytes, 2, 4>(weights + a.taps + 1, a.lines[a.taps + 1] + i, acc);
        add<Bytes, 3, 4>(weights + a.taps + 2, a.lines[a.taps + 2] + i, acc);
    }

    template <int Bytes, int Blocks>
    static FALTUNG_ALWAYS_INLINE void add_each(arguments const& a, index_t i, tile<Bytes, Blocks>& acc) {
        for (index_t t = 0; t < a.taps; ++t) {
            W const* const weights = a.weights + t;
            add<Bytes, 0, 1>(weights, a.lines[t] + i, acc);
            add<Bytes, 1, 2>(weights + 1, a.lines[a.line_step + t] + i, acc);
            add<Bytes, 2, 3>(weights + 2, a.lines[2 * a.line_step + t] + i, acc);
            add<Bytes, 3, 4>(weights + 3, a.lines[3 * a.line_step + t] + i, acc);
        }
    }

    // Blocks vectors of each row, from i on.
    template <int Bytes, int Blocks>
    static FALTUNG_ALWAYS_INLINE void block(arguments const& a, index_t i, Acc* const* out) {
        using L = sums<Bytes>;
        tile<Bytes, Blocks> acc{};
        if (a.continued)
#pragma GCC unroll 8
            for (int r = 0; r < rows; ++r)
#pragma GCC unroll 8
                for (int b = 0; b < Blocks; ++b) L::load(acc.at[r][b], out[r] + i + b * L::count);
        if (a.line_step == 1 && a.taps >= 3)
            add_shared(a, i, acc);
        else
            add_each(a, i, acc);
#pragma GCC unroll 8
        for (int r = 0; r < rows; ++r)
#pragma GCC unroll 8
            for (int b = 0; b < Blocks; ++b) L::store(out[r] + i + b * L::count, acc.at[r][b]);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        constexpr index_t one = blocks<Bytes> * sums<Bytes>::count, most = most_blocks<Bytes> * sums<Bytes>::count;
        Acc* const out[] = {a.out[0], a.out[1], a.out[2], a.out[3]};
        index_t i = a.first;
        if constexpr (most > one)
            for (; i + most <= a.last; i += most) block<Bytes, most_blocks<Bytes>>(a, i, out);
        for (; i < a.last; i += one) block<Bytes, blocks<Bytes>>(a, i, out);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
