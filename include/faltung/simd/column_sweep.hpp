// faltung/simd/column_sweep.hpp -- the inner loop across lines: weighted sums of whole lines, four rows at a time
#pragma once

#include <algorithm>

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// out[r][i] = sum over taps t of weights[t] * lines[r * line_step + t][i], for the four rows r and i in [first, last),
/// both multiples of `unit`; added to what `out` holds where `continued`. The sum runs in the order of the taps for
/// every row and every i, so the bits depend on nothing else. Rows whose lines overlap share what they load.
template <class W, class Acc>
struct column_sweep {
    static constexpr int rows = 4;
    /// The lanes of the widest vector: no part of one is left over, and no code for it is needed.
    static constexpr index_t unit = 16;

    struct arguments {
        Acc const* const* lines;
        index_t line_step;
        W const* weights;
        index_t taps;
        Acc* const* out;
        index_t first, last;
        bool continued;
    };

    template <int Bytes>
    using sums = lanes<Acc, Bytes, std::is_same_v<W, Acc> && has_vectors<Acc>>;

    // of a row at a time: two, so that eight sums are under way and sixteen registers hold them; one of 16 lanes
    template <int Bytes>
    static constexpr int blocks = std::min<int>(2, static_cast<int>(unit) / sums<Bytes>::count);

    template <int Bytes>
    struct tile {
        typename sums<Bytes>::vector at[std::size_t{rows}][static_cast<std::size_t>(blocks<Bytes>)];
    };

    // line u, times weights[t - r], to the rows r in [From, To)
    template <int Bytes, int From, int To>
    static FALTUNG_ALWAYS_INLINE void add(arguments const& a, Acc const* line, index_t t, tile<Bytes>& acc) {
        typename sums<Bytes>::vector v[static_cast<std::size_t>(blocks<Bytes>)];
#pragma GCC unroll 8
        for (int b = 0; b < blocks<Bytes>; ++b) sums<Bytes>::load(v[b], line + b * sums<Bytes>::count);
#pragma GCC unroll 8
        for (int r = From; r < To; ++r)
#pragma GCC unroll 8
            for (int b = 0; b < blocks<Bytes>; ++b) sums<Bytes>::accumulate(acc.at[r][b], a.weights[t - r], v[b]);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void add_shared(arguments const& a, index_t i, tile<Bytes>& acc) {
        add<Bytes, 0, 1>(a, a.lines[0] + i, 0, acc);
        add<Bytes, 0, 2>(a, a.lines[1] + i, 1, acc);
        add<Bytes, 0, 3>(a, a.lines[2] + i, 2, acc);
        for (index_t u = 3; u < a.taps; ++u) add<Bytes, 0, 4>(a, a.lines[u] + i, u, acc);
        add<Bytes, 1, 4>(a, a.lines[a.taps] + i, a.taps, acc);
        add<Bytes, 2, 4>(a, a.lines[a.taps + 1] + i, a.taps + 1, acc);
        add<Bytes, 3, 4>(a, a.lines[a.taps + 2] + i, a.taps + 2, acc);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void add_each(arguments const& a, index_t i, tile<Bytes>& acc) {
        for (index_t t = 0; t < a.taps; ++t) {
            add<Bytes, 0, 1>(a, a.lines[t] + i, t, acc);
            add<Bytes, 1, 2>(a, a.lines[a.line_step + t] + i, t + 1, acc);
            add<Bytes, 2, 3>(a, a.lines[2 * a.line_step + t] + i, t + 2, acc);
            add<Bytes, 3, 4>(a, a.lines[3 * a.line_step + t] + i, t + 3, acc);
        }
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = sums<Bytes>;
        const bool shared = a.line_step == 1 && a.taps >= 3;
        Acc* const out[] = {a.out[0], a.out[1], a.out[2], a.out[3]};
        for (index_t i = a.first; i < a.last; i += blocks<Bytes> * L::count) {
            tile<Bytes> acc{};
            if (a.continued)
#pragma GCC unroll 8
                for (int r = 0; r < rows; ++r)
#pragma GCC unroll 8
                    for (int b = 0; b < blocks<Bytes>; ++b) L::load(acc.at[r][b], out[r] + i + b * L::count);
            if (shared)
                add_shared(a, i, acc);
            else
                add_each(a, i, acc);
#pragma GCC unroll 8
            for (int r = 0; r < rows; ++r)
#pragma GCC unroll 8
                for (int b = 0; b < blocks<Bytes>; ++b) L::store(out[r] + i + b * L::count, acc.at[r][b]);
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
