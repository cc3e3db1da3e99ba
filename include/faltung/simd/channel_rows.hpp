// faltung/simd/channel_rows.hpp -- sums of one output channel over rows of outputs, driven by a table of taps
#pragma once

#include <cstdint>

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// out[r * out_step + o] = start + sum over t of weights[t] * data[r * data_step + offset[t] + o] for r in [0, rows)
/// and o in [0, count), in the order of t; `count` is at least the lanes of a vector. For channels that are summed
/// alone. Where taps come in planes of `plane_lines` lines of 3, side by side, one data_step apart within a plane,
/// three rows share what they read; plane_lines = 0: not so. (3 is what layers have; more taps to a line gain less.)
template <class T>
struct channel_rows {
    struct arguments {
        T const* data;
        index_t data_step;
        std::int32_t const* offset;
        index_t taps, plane_lines;
        T const* weights;
        T start;
        T* out;
        index_t out_step, rows, count;
    };

    static constexpr index_t line_taps = 3;

    template <int Bytes, int Rows, int Vectors>
    struct sums {
        using L = lanes<T, Bytes>;
        typename L::vector acc[static_cast<std::size_t>(Rows)][static_cast<std::size_t>(Vectors)];

        FALTUNG_ALWAYS_INLINE void begin(arguments const& a) {
            const typename L::vector start = typename L::vector{} + static_cast<typename L::element>(a.start);
#pragma GCC unroll 4
            for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 4
                for (int v = 0; v < Vectors; ++v) acc[i][v] = start;
        }

        FALTUNG_ALWAYS_INLINE void store(arguments const& a, index_t r, index_t o) const {
#pragma GCC unroll 4
            for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 4
                for (int v = 0; v < Vectors; ++v) L::store(a.out + (r + i) * a.out_step + o + v * L::count, acc[i][v]);
        }

        // a line that is line `line` of the window of row 0, and so line - i of row i, for rows First to Last
        template <int First, int Last>
        FALTUNG_ALWAYS_INLINE void add_line(arguments const& a, T const* data, index_t plane, index_t line) {
            T const* from = data + a.offset[plane * a.plane_lines * line_taps] + line * a.data_step;
            T const* w = a.weights + (plane * a.plane_lines + line - Last) * line_taps;
            FALTUNG_FORGET(from);  // or addresses and weights of all lines are kept, and the sums are not
            FALTUNG_FORGET(w);
#pragma GCC unroll 3
            for (index_t t = 0; t < line_taps; ++t)
#pragma GCC unroll 4
                for (int v = 0; v < Vectors; ++v) {
                    typename L::vector x;
                    L::load(x, from + t + v * L::count);
#pragma GCC unroll 4
                    for (int i = First; i <= Last; ++i) L::accumulate(acc[i][v], w[(Last - i) * line_taps + t], x);
                }
        }
    };

    template <int Bytes, int Rows, int Vectors>
    static FALTUNG_ALWAYS_INLINE void block(arguments const& a, index_t r, index_t o) {
        using L = lanes<T, Bytes>;
        T const* data[static_cast<std::size_t>(Rows)];
        sums<Bytes, Rows, Vectors> s;
        s.begin(a);
#pragma GCC unroll 4
        for (int i = 0; i < Rows; ++i) data[i] = a.data + (r + i) * a.data_step + o;
        for (index_t t = 0; t < a.taps; ++t) {
            const index_t at = a.offset[t];
#pragma GCC unroll 4
            for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 4
                for (int v = 0; v < Vectors; ++v) {
                    typename L::vector x;
                    L::load(x, data[i] + at + v * L::count);
                    L::accumulate(s.acc[i][v], a.weights[t], x);
                }
        }
        s.store(a, r, o);
    }

    template <int Bytes, int Vectors>
    static FALTUNG_ALWAYS_INLINE void shared_block(arguments const& a, index_t r, index_t o) {
        T const* const data = a.data + r * a.data_step + o;
        const index_t lines = a.plane_lines;
        sums<Bytes, 3, Vectors> s;
        s.begin(a);
        for (index_t plane = 0; plane * lines * line_taps < a.taps; ++plane) {
            s.template add_line<0, 0>(a, data, plane, 0);
            s.template add_line<0, 1>(a, data, plane, 1);
            for (index_t line = 2; line < lines; ++line) s.template add_line<0, 2>(a, data, plane, line);
            s.template add_line<1, 2>(a, data, plane, lines);
            s.template add_line<2, 2>(a, data, plane, lines + 1);
        }
        s.store(a, r, o);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void shared_rows(arguments const& a, index_t r) {
        constexpr index_t width = lanes<T, Bytes>::count;
        index_t o = 0;
        for (; o + 3 * width <= a.count && o + 4 * width != a.count; o += 3 * width) shared_block<Bytes, 3>(a, r, o);
        for (; o + 2 * width <= a.count; o += 2 * width) shared_block<Bytes, 2>(a, r, o);
        for (; o + width <= a.count; o += width) shared_block<Bytes, 1>(a, r, o);
        if (o < a.count) shared_block<Bytes, 1>(a, r, a.count - width);
    }

    template <int Bytes, int Rows>
    static FALTUNG_ALWAYS_INLINE void rows(arguments const& a, index_t r) {
        constexpr index_t width = lanes<T, Bytes>::count;
        index_t o = 0;
        for (; o + 2 * width <= a.count; o += 2 * width) block<Bytes, Rows, 2>(a, r, o);
        for (; o + width <= a.count; o += width) block<Bytes, Rows, 1>(a, r, o);
        // the last one reaches back over finished outputs, with the same sums
        if (o < a.count) block<Bytes, Rows, 1>(a, r, a.count - width);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        index_t r = 0;
        if (a.plane_lines > 1)
            for (; r + 3 <= a.rows; r += 3) shared_rows<Bytes>(a, r);
        for (; r + 4 <= a.rows; r += 4) rows<Bytes, 4>(a, r);
        for (; r < a.rows; ++r) rows<Bytes, 1>(a, r);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
