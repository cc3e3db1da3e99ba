// faltung/simd/band_sweep.hpp -- the inner loop of a dense kernel: four output rows at a time, which share what they
// load
#pragma once

#include <algorithm>
#include <cstdint>

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// For the four rows r and o in [first, last), at least `unit` outputs:
///
///     out[r][o - first] = sum over g, then u, then t of
///                 weights[(g * across + u) * along + t] * lines[g * line_step + r + u][o + tap_offset[t]]
///
/// with g in [0, groups), u in [0, across), t in [0, along) and at least 3 taps across. The order of the sum is that of
/// row_sweep, for every row and every o: so are the bits. Rows that go past the caches begin at the same place of a
/// line of them.
template <class T>
struct band_sweep {
    static_assert(has_vectors<T>);

    static constexpr int rows = 4;
    static constexpr index_t least_across = 3;
    static constexpr index_t unit = 64 / static_cast<index_t>(sizeof(T));

    struct arguments {
        T const* const* lines;
        index_t line_step, groups, across;
        index_t const* tap_offset;
        index_t along;
        T const* weights;
        T* const* out;
        index_t first, last;
        destination where;
    };

    template <int Bytes>
    using L = lanes<T, Bytes>;

    // Vectors of a row at a time, where there are enough outputs. Of 16 registers 12 hold sums, three samples and one a
    // weight: 12 products wait for 7 loads. Of 32, 16 hold sums.
    template <int Bytes>
    static constexpr int most_blocks = Bytes == 64 ? 4 : 3;
    template <int Bytes>
    static constexpr int least_blocks = Bytes == 64 ? 1 : 2;

    template <int Bytes, int Blocks>
    struct tile {
        typename L<Bytes>::vector at[std::size_t{rows}][static_cast<std::size_t>(Blocks)];
    };

    // The taps of a block: any number at any places, any number side by side, or a square of them whose size the
    // compiler knows, of one group.
    static constexpr int any_taps = 0, taps_side_by_side = -1;

    // A tap of a line to the rows r in [From, To), whose weights lie `along` apart.
    template <int Bytes, int Blocks, int From, int To>
    static FALTUNG_ALWAYS_INLINE void add_tap(T const* w, index_t along, T const* from, tile<Bytes, Blocks>& acc) {
        typename L<Bytes>::vector v[static_cast<std::size_t>(Blocks)];
#pragma GCC unroll 8
        for (int b = 0; b < Blocks; ++b) {
            L<Bytes>::load(v[b], from + b * L<Bytes>::count);
            if constexpr (Bytes == 64) FALTUNG_LOAD_ONCE(v[b]);
        }
#pragma GCC unroll 8
        for (int r = From; r < To; ++r)
#pragma GCC unroll 8
            for (int b = 0; b < Blocks; ++b) L<Bytes>::accumulate(acc.at[r][b], w[-r * along], v[b]);
    }

    // A line, times weights[-r * along], to the rows r in [From, To).
    template <int Bytes, int Blocks, int Along, int From, int To>
    static FALTUNG_ALWAYS_INLINE void add(arguments const& a, T const* weights, T const* line,
                                          tile<Bytes, Blocks>& acc) {
        if constexpr (Along > 0) {
            // more weights than registers hold are read again for every line
            if constexpr (Along * Along > 9) FALTUNG_FORGET(weights);
#pragma GCC unroll 8
            for (int t = 0; t < Along; ++t) add_tap<Bytes, Blocks, From, To>(weights + t, Along, line + t, acc);
        } else if constexpr (Along == taps_side_by_side) {
            for (T const* const end = weights + a.along; weights < end; ++weights, ++line)
                add_tap<Bytes, Blocks, From, To>(weights, a.along, line, acc);
        } else {
            for (index_t t = 0; t < a.along; ++t)
                add_tap<Bytes, Blocks, From, To>(weights + t, a.along, line + a.tap_offset[t], acc);
        }
    }

    template <int Bytes, int Blocks, int Along>
    static FALTUNG_ALWAYS_INLINE void compute(arguments const& a, index_t o, tile<Bytes, Blocks>& acc) {
#pragma GCC unroll 8
        for (int r = 0; r < rows; ++r)
#pragma GCC unroll 8
            for (int b = 0; b < Blocks; ++b) L<Bytes>::clear(acc.at[r][b]);
        T const* w = a.weights;
        T const* const* x = a.lines;
        const index_t along = Along > 0 ? Along : a.along;
        const index_t across = Along > 0 ? Along : a.across, groups = Along > 0 ? 1 : a.groups;
        for (index_t g = 0; g < groups; ++g, x += a.line_step, w += across * along) {
            add<Bytes, Blocks, Along, 0, 1>(a, w, x[0] + o, acc);
            add<Bytes, Blocks, Along, 0, 2>(a, w + along, x[1] + o, acc);
            add<Bytes, Blocks, Along, 0, 3>(a, w + 2 * along, x[2] + o, acc);
#pragma GCC unroll 2
            for (index_t u = 3; u < across; ++u) add<Bytes, Blocks, Along, 0, 4>(a, w + u * along, x[u] + o, acc);
            add<Bytes, Blocks, Along, 1, 4>(a, w + across * along, x[across] + o, acc);
            add<Bytes, Blocks, Along, 2, 4>(a, w + (across + 1) * along, x[across + 1] + o, acc);
            add<Bytes, Blocks, Along, 3, 4>(a, w + (across + 2) * along, x[across + 2] + o, acc);
        }
    }

    template <int Bytes, int Blocks, int Along>
    static FALTUNG_ALWAYS_INLINE void block(arguments const& a, index_t o, destination where) {
        typedef typename lanes<T, Bytes>::element place __attribute__((vector_size(Bytes), may_alias));
        tile<Bytes, Blocks> acc;
        if (where == destination::caches_from_afar)
#pragma GCC unroll 8
            for (int r = 0; r < rows; ++r)
#pragma GCC unroll 8
                for (int b = 0; b < Blocks; b += std::max(64 / Bytes, 1))
                    fetch_to_write(a.out[r] + (o - a.first) + b * L<Bytes>::count, bytes_to_write_ahead);
        compute<Bytes, Blocks, Along>(a, o, acc);
#pragma GCC unroll 8
        for (int r = 0; r < rows; ++r) {
            T* const row = a.out[r] + (o - a.first);
#pragma GCC unroll 8
            for (int b = 0; b < Blocks; ++b) {
                T* const to = row + b * L<Bytes>::count;
                if (where == destination::past_caches)
                    FALTUNG_STORE_PAST_CACHES(*reinterpret_cast<place*>(to), acc.at[r][b]);
                else
                    L<Bytes>::store(to, acc.at[r][b]);
            }
        }
    }

    // Blocks from o on; the last one reaches back over finished outputs, and gives them the same bits.
    template <int Bytes, int Blocks, int Along = any_taps>
    static FALTUNG_ALWAYS_INLINE void cover(arguments const& a, index_t o, destination where) {
        constexpr index_t width = Blocks * L<Bytes>::count;
        for (; o + width <= a.last; o += width) block<Bytes, Blocks, Along>(a, o, where);
        if (o < a.last) block<Bytes, Blocks, any_taps>(a, a.last - width, destination::caches);
    }

    static FALTUNG_ALWAYS_INLINE bool are_side_by_side(arguments const& a) {
        for (index_t t = 0; t < a.along; ++t)
            if (a.tap_offset[t] != t) return false;
        return true;
    }

    /// Outputs of a row that are computed at a time.
    static constexpr index_t step(instruction_set i) {
        if (baseline_bytes == 64 || i == instruction_set::avx512) return most_blocks<64> * L<64>::count;
        if (baseline_bytes == 32 || i == instruction_set::avx2) return most_blocks<32> * L<32>::count;
        return most_blocks<16> * L<16>::count;
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        constexpr index_t width = most_blocks<Bytes> * L<Bytes>::count, line = 64 / static_cast<index_t>(sizeof(T));
        if (a.last - a.first < width) return cover<Bytes, least_blocks<Bytes>>(a, a.first, destination::caches);
        index_t o = a.first;
        destination where = a.where;
        if (where == destination::past_caches && a.last - a.first < width + line) where = destination::caches;
        if (where == destination::past_caches) {  // from where a line of the cache begins
            const auto place = static_cast<index_t>(reinterpret_cast<std::uintptr_t>(a.out[0]) / sizeof(T)) % line;
            const index_t begin = o + (line - place) % line;
            for (; o < begin; o += least_blocks<Bytes> * L<Bytes>::count)
                block<Bytes, least_blocks<Bytes>, any_taps>(a, o, destination::caches);
            o = begin;
        }
        if constexpr (Bytes == 64)
            if (are_side_by_side(a)) {
                if (a.along == 3 && a.across == 3 && a.groups == 1)
                    return cover<Bytes, most_blocks<Bytes>, 3>(a, o, where);
                if constexpr (std::is_floating_point_v<T>)  // a weight of 16 bits takes two instructions
                    if (a.along == 5 && a.across == 5 && a.groups == 1)
                        return cover<Bytes, most_blocks<Bytes>, 5>(a, o, where);
                return cover<Bytes, most_blocks<Bytes>, taps_side_by_side>(a, o, where);
            }
        cover<Bytes, most_blocks<Bytes>>(a, o, where);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
