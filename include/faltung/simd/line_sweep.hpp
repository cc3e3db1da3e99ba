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
/// the bits. Nothing is continued past the caches.
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
        bool continued;
        destination where;
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
            if constexpr (Bytes == 64) FALTUNG_LOAD_ONCE(v);
#pragma GCC unroll 4
            for (int t = 0; t < Taps; ++t)
                if (j >= t && j - t < Blocks) lanes<T, Bytes>::accumulate(acc[j - t], w[t * width<Bytes>], v);
        }
    }

    // Every order: one after the other where Period is 1, as up to L taps and those that are further apart are summed.
    struct one_by_one {
        template <int Bytes, int Blocks>
        static FALTUNG_ALWAYS_INLINE void add_all(arguments const& a, index_t period, T const* x, vector<Bytes>* acc) {
            for (index_t first = 0; first < a.taps; first += 4 * period)
                for (index_t r = first; r < first + period; ++r)
                    for (index_t t = r; t < first + 4 * period && t < a.taps; t += period)
                        add<Bytes, Blocks, 1>(x + t * a.step, a.weights + t, acc);
        }
    };

    struct in_turn {
        template <int Bytes, int Blocks>
        static FALTUNG_ALWAYS_INLINE void add_all(arguments const& a, index_t, T const* x, vector<Bytes>* acc) {
            for (index_t t = 0; t < a.taps; ++t) add<Bytes, Blocks, 1>(x + t * a.step, a.weights + t, acc);
        }
    };

    // By residues, where the period is a vector.
    struct by_residues {
        template <int Bytes, int Blocks>
        static FALTUNG_ALWAYS_INLINE void add_all(arguments const& a, index_t, T const* x, vector<Bytes>* acc) {
            constexpr index_t period = width<Bytes>;
            T const* w = a.weights;
            for (index_t left = a.taps; left > 0; left -= 4 * period, x += 4 * period, w += 4 * period) {
                index_t r = 0;
                for (; r < period && r < left - 3 * period; ++r) add<Bytes, Blocks, 4>(x + r, w + r, acc);
                for (; r < period && r < left - 2 * period; ++r) add<Bytes, Blocks, 3>(x + r, w + r, acc);
                for (; r < period && r < left - period; ++r) add<Bytes, Blocks, 2>(x + r, w + r, acc);
                for (; r < period && r < left; ++r) add<Bytes, Blocks, 1>(x + r, w + r, acc);
            }
        }
    };

    // the sums of Blocks vectors of outputs from o on
    template <class Order, int Bytes, int Blocks>
    static FALTUNG_ALWAYS_INLINE void compute(arguments const& a, index_t period, index_t o, vector<Bytes>* acc) {
#pragma GCC unroll 8
        for (int b = 0; b < Blocks; ++b) {
            if (a.continued)
                lanes<T, Bytes>::load(acc[b], a.out + o + b * width<Bytes>);
            else
                lanes<T, Bytes>::clear(acc[b]);
        }
        Order::template add_all<Bytes, Blocks>(a, period, a.line + o, acc);
    }

    // Fewer outputs than a line of the cache holds. The last vector may reach back over finished ones: it is computed
    // first, from the same start, and stored last.
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void few(arguments const& a, index_t period) {
        constexpr int lane_count = width<Bytes>;
        if (a.count >= lane_count) {
            vector<Bytes> last, v;
            compute<one_by_one, Bytes, 1>(a, period, a.count - lane_count, &last);
            for (index_t o = 0; o + lane_count < a.count; o += lane_count) {
                compute<one_by_one, Bytes, 1>(a, period, o, &v);
                lanes<T, Bytes>::store(a.out + o, v);
            }
            lanes<T, Bytes>::store(a.out + a.count - lane_count, last);
        } else if constexpr (lane_count > 1) {
            few<Bytes / 2>(a, period);
        }
    }

    // Outputs [first, last), where all outputs are at least Blocks vectors: none beyond them is stored. The taps of one
    // vector wait for one another, so that four take no longer.
    template <int Bytes, int Blocks>
    static FALTUNG_ALWAYS_INLINE void part(arguments const& a, index_t period, index_t first, index_t last) {
        constexpr index_t all = Blocks * width<Bytes>;
        while (first < last) {
            const index_t o = std::min(first, a.count - all), end = std::min(o + all, last);
            vector<Bytes> v[static_cast<std::size_t>(Blocks)];
            T sums[static_cast<std::size_t>(all)];
            compute<one_by_one, Bytes, Blocks>(a, period, o, v);
            std::memcpy(sums, v, sizeof sums);
            std::memcpy(a.out + first, sums + (first - o), static_cast<std::size_t>(end - first) * sizeof(T));
            first = end;
        }
    }
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void part(arguments const& a, index_t period, index_t first, index_t last) {
        if (a.count >= 4 * width<Bytes>)
            part<Bytes, 4>(a, period, first, last);
        else
            part<Bytes, 1>(a, period, first, last);
    }

    // Whole lines of the cache may be written past it, but not those at the ends: one that is written both ways is
    // fetched once more.
    template <class Order, int Bytes>
    static FALTUNG_ALWAYS_INLINE void many(arguments const& a, index_t period) {
        typedef typename lanes<T, Bytes>::element place __attribute__((vector_size(Bytes), may_alias));
        constexpr index_t line = 64 / static_cast<index_t>(sizeof(T)), step = 8 * width<Bytes>;
        const index_t in_line = static_cast<index_t>(reinterpret_cast<std::uintptr_t>(a.out) / sizeof(T)) % line,
                      first = a.where == destination::past_caches ? (line - in_line) % line : 0,
                      last = first + (a.count - first) / step * step;
        part<Bytes>(a, period, 0, first);
        for (index_t o = first; o < last; o += step) {
            vector<Bytes> acc[8];
            if (a.where == destination::caches_from_afar)
#pragma GCC unroll 8
                for (int b = 0; b < 8; b += std::max(64 / Bytes, 1))
                    fetch_to_write(a.out + o + b * width<Bytes>, bytes_to_write_ahead);
            compute<Order, Bytes, 8>(a, period, o, acc);
#pragma GCC unroll 8
            for (int b = 0; b < 8; ++b) {
                T* const to = a.out + o + b * width<Bytes>;
                if (a.where == destination::past_caches)
                    FALTUNG_STORE_PAST_CACHES(*reinterpret_cast<place*>(to), acc[b]);
                else
                    lanes<T, Bytes>::store(to, acc[b]);
            }
        }
        part<Bytes>(a, period, last, a.count);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        constexpr index_t lane_count = width<Bytes>;
        const index_t period = a.taps <= lane_count || a.step != 1 ? 1 : lane_count;
        if (a.count < 64 / static_cast<index_t>(sizeof(T))) return few<std::min(Bytes, 32)>(a, period);
        if (period == 1) return many<in_turn, Bytes>(a, period);
        many<by_residues, Bytes>(a, period);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
