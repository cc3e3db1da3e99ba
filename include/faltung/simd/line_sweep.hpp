// faltung/simd/line_sweep.hpp -- the inner loop along a line of sums: its taps in an order in which vectors are shared
#pragma once

#include <algorithm>
#include <cstdint>

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// out[o] = sum over taps t of weights[t] * line[o + t * step] for o in [0, count), added to what `out` holds where
/// `continued`. Taps one sample apart run, 4 L of them at a time, in the order of their residues by the L lanes of the
/// widest vector: 0, L, 2 L, 3 L, 1, 1 + L, ...: a vector that is loaded for one of them is the next one's, and few
/// loads split a line of the cache. All others run from first to last. The order is the same for every o, and so are
/// the bits. `past_caches`: what is written is not needed soon; then nothing is continued, and the caller finishes such
/// stores.
template <class T>
struct line_sweep {
    static_assert(has_vectors<T>);

    struct arguments {
        T const* line;
        index_t step;
        T const* weights;
        index_t taps;
        T* out;
        index_t count;
        bool continued, past_caches;
    };

    template <int Bytes>
    using vector = typename lanes<T, Bytes>::vector;
    template <int Bytes>
    static constexpr int width = lanes<T, Bytes>::count;

    // Taps 0, L, ..., (Taps - 1) * L of Blocks vectors of outputs, whose first sample is at x.
    template <int Bytes, int Blocks, int Taps>
    static FALTUNG_ALWAYS_INLINE void add(T const* x, T const* w, vector<Bytes>* acc) {
        vector<Bytes> v;
#pragma GCC unroll 16
        for (int j = 0; j < Blocks + Taps - 1; ++j) {
            lanes<T, Bytes>::load(v, x + j * width<Bytes>);
#pragma GCC unroll 4
            for (int t = 0; t < Taps; ++t)
                if (j >= t && j - t < Blocks) lanes<T, Bytes>::accumulate(acc[j - t], w[t * width<Bytes>], v);
        }
    }

    // One by one: the only way to sum up to L taps, and those that are further apart.
    template <int Bytes>
    struct in_turn {
        template <int Blocks>
        static FALTUNG_ALWAYS_INLINE void add_all(arguments const& a, T const* x, vector<Bytes>* acc) {
            for (index_t t = 0; t < a.taps; ++t) add<Bytes, Blocks, 1>(x + t * a.step, a.weights + t, acc);
        }
    };

    // By residues, of which those of Period taps share vectors of that many samples.
    template <int Bytes, index_t Period>
    struct by_residues {
        template <int Blocks>
        static FALTUNG_ALWAYS_INLINE void add_all(arguments const& a, T const* x, vector<Bytes>* acc) {
            T const* w = a.weights;
            for (index_t left = a.taps; left > 0; left -= 4 * Period, x += 4 * Period, w += 4 * Period) {
                index_t r = 0;
                if constexpr (Period == width<Bytes>) {
                    for (; r < Period && r < left - 3 * Period; ++r) add<Bytes, Blocks, 4>(x + r, w + r, acc);
                    for (; r < Period && r < left - 2 * Period; ++r) add<Bytes, Blocks, 3>(x + r, w + r, acc);
                    for (; r < Period && r < left - Period; ++r) add<Bytes, Blocks, 2>(x + r, w + r, acc);
                    for (; r < Period && r < left; ++r) add<Bytes, Blocks, 1>(x + r, w + r, acc);
                } else {
                    for (; r < Period; ++r)
                        for (index_t t = r; t < std::min<index_t>(left, 4 * Period); t += Period)
                            add<Bytes, Blocks, 1>(x + t, w + t, acc);
                }
            }
        }
    };

    // the sums of Blocks vectors of outputs from o on
    template <class Order, int Bytes, int Blocks>
    static FALTUNG_ALWAYS_INLINE void compute(arguments const& a, index_t o, vector<Bytes>* acc) {
#pragma GCC unroll 8
        for (int b = 0; b < Blocks; ++b) {
            if (a.continued)
                lanes<T, Bytes>::load(acc[b], a.out + o + b * width<Bytes>);
            else
                lanes<T, Bytes>::clear(acc[b]);
        }
        Order::template add_all<Blocks>(a, a.line + o, acc);
    }

    template <int Bytes, int Blocks>
    static FALTUNG_ALWAYS_INLINE void store(arguments const& a, index_t o, vector<Bytes> const* acc) {
#pragma GCC unroll 8
        for (int b = 0; b < Blocks; ++b) lanes<T, Bytes>::store(a.out + o + b * width<Bytes>, acc[b]);
    }

    template <class Order, int Bytes, int Blocks>
    static FALTUNG_ALWAYS_INLINE void block(arguments const& a, index_t o) {
        vector<Bytes> acc[static_cast<std::size_t>(Blocks)];
        compute<Order, Bytes, Blocks>(a, o, acc);
        store<Bytes, Blocks>(a, o, acc);
    }

    // All outputs, at least Blocks vectors of them. The last block may reach back over finished outputs: it is computed
    // first, from the same start, and stored last.
    template <class Order, int Bytes, int Blocks>
    static FALTUNG_ALWAYS_INLINE void cover(arguments const& a) {
        constexpr index_t step = Blocks * width<Bytes>;
        vector<Bytes> last[static_cast<std::size_t>(Blocks)];
        compute<Order, Bytes, Blocks>(a, a.count - step, last);
        index_t o = 0;
        for (; o + step < a.count; o += step) block<Order, Bytes, Blocks>(a, o);
        store<Bytes, Blocks>(a, a.count - step, last);
    }

    // At least 64 bytes of outputs. Whole lines of the cache are written past it, but for those at the ends: a line
    // that is written both ways is fetched once more.
    template <class Order, int Bytes, int Blocks>
    static FALTUNG_ALWAYS_INLINE void cover_past_caches(arguments const& a) {
        typedef typename lanes<T, Bytes>::element place __attribute__((vector_size(Bytes), may_alias));
        constexpr index_t step = Blocks * width<Bytes>, line = 64 / static_cast<index_t>(sizeof(T));
        const index_t before = static_cast<index_t>(reinterpret_cast<std::uintptr_t>(a.out) / sizeof(T)) % line;
        index_t o = (line - before) % line;
        part<Order, Bytes>(a, 0, 0, o);
        for (; o + step <= a.count; o += step) {
            vector<Bytes> acc[static_cast<std::size_t>(Blocks)];
            compute<Order, Bytes, Blocks>(a, o, acc);
#pragma GCC unroll 8
            for (int b = 0; b < Blocks; ++b)
                FALTUNG_STORE_PAST_CACHES(*reinterpret_cast<place*>(a.out + o + b * width<Bytes>), acc[b]);
        }
        for (; o + width<Bytes> <= a.count; o += width<Bytes>) block<Order, Bytes, 1>(a, o);
        part<Order, Bytes>(a, a.count - line, o, a.count);
    }

    // Of the 64 bytes of outputs from o on those in [first, last).
    template <class Order, int Bytes>
    static FALTUNG_ALWAYS_INLINE void part(arguments const& a, index_t o, index_t first, index_t last) {
        if (first >= last) return;
        constexpr int blocks = 64 / Bytes;
        vector<Bytes> acc[static_cast<std::size_t>(blocks)];
        T sums[64 / sizeof(T)];
        compute<Order, Bytes, blocks>(a, o, acc);
        std::memcpy(sums, acc, sizeof sums);
        for (index_t i = first; i < last; ++i) a.out[i] = sums[i - o];
    }

    template <class Order, int Bytes>
    static FALTUNG_ALWAYS_INLINE void cover_all(arguments const& a) {
        constexpr index_t many = 8 * width<Bytes>;
        if (a.count >= many && a.past_caches) return cover_past_caches<Order, Bytes, 8>(a);
        if (a.count >= many) return cover<Order, Bytes, 8>(a);
        cover<Order, Bytes, 2>(a);
    }

    template <int Bytes, index_t Period>
    static FALTUNG_ALWAYS_INLINE void narrow(arguments const& a) {
        constexpr int lane_count = width<Bytes>;
        if (a.count >= lane_count) {
            if (a.step == 1) return cover<by_residues<Bytes, Period>, Bytes, 1>(a);
            return cover<in_turn<Bytes>, Bytes, 1>(a);
        }
        if constexpr (lane_count > 1) narrow<Bytes / 2, Period>(a);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        constexpr int lane_count = width<Bytes>;
        if (a.count < 2 * lane_count) return narrow<Bytes, lane_count>(a);
        if (a.taps <= lane_count || a.step != 1) return cover_all<in_turn<Bytes>, Bytes>(a);
        cover_all<by_residues<Bytes, lane_count>, Bytes>(a);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
