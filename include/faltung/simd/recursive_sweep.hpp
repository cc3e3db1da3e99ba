// faltung/simd/recursive_sweep.hpp -- the inner loop of recursive filters: exponentials that run along many lines at
// once
#pragma once

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Of `unit` lines at a time, one beside the other, out[row] (+)= centre * in[row] + the sum over j in [0, Pairs) of
/// Re(weight_j s_j), and then s_j = pole_j s_j + in[row], for the rows in the order that is given: before the row at
/// hand s_j is the sum over k >= 1 of pole_j^(k - 1) times the sample k rows before it. The first `warm` rows of the
/// order only bring the sums on, which are then multiplied by `closing_j`.
template <class T, int Pairs>
struct recursive_sweep {
    static constexpr index_t unit = 16;

    struct complex {
        T re, im;
    };
    struct arguments {
        T const* in;
        index_t const* order;
        index_t warm, count;
        T centre;
        complex pole[std::size_t{Pairs}], weight[std::size_t{Pairs}], closing[std::size_t{Pairs}];
        T const*
            start;  // s_j before the first row: for every pair the real parts of all lines, then the imaginary ones
        T* out;
        bool continued;  // added to what `out` holds
    };

    template <int Bytes>
    using row = lanes<T, Bytes>;

    // of a row at a time: two, so that none waits for the other, or one of 16 lanes
    template <int Bytes>
    static constexpr int blocks = row<Bytes>::count == unit ? 1 : 2;

    template <int Bytes>
    struct sums {
        typename row<Bytes>::vector re[std::size_t{Pairs}][std::size_t{blocks<Bytes>}],
            im[std::size_t{Pairs}][std::size_t{blocks<Bytes>}];
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void advance(arguments const& a, sums<Bytes>& s,
                                              typename row<Bytes>::vector const* sample) {
#pragma GCC unroll 4
        for (int j = 0; j < Pairs; ++j)
#pragma GCC unroll 2
            for (int b = 0; b < blocks<Bytes>; ++b) {
                typename row<Bytes>::vector re = sample[b], im = a.pole[j].im * s.re[j][b];
                row<Bytes>::accumulate(re, a.pole[j].re, s.re[j][b]);
                row<Bytes>::accumulate(re, -a.pole[j].im, s.im[j][b]);
                row<Bytes>::accumulate(im, a.pole[j].re, s.im[j][b]);
                s.re[j][b] = re;
                s.im[j][b] = im;
            }
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void load_row(T const* from, typename row<Bytes>::vector* to) {
#pragma GCC unroll 2
        for (int b = 0; b < blocks<Bytes>; ++b) row<Bytes>::load(to[b], from + b * row<Bytes>::count);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void lines(arguments const& a, index_t first) {
        typename row<Bytes>::vector sample[std::size_t{blocks<Bytes>}];
        sums<Bytes> s;
#pragma GCC unroll 4
        for (index_t j = 0; j < Pairs; ++j) {
            load_row<Bytes>(a.start + 2 * j * unit + first, s.re[j]);
            load_row<Bytes>(a.start + (2 * j + 1) * unit + first, s.im[j]);
        }
        for (index_t i = 0; i < a.warm; ++i) {
            load_row<Bytes>(a.in + a.order[i] * unit + first, sample);
            advance<Bytes>(a, s, sample);
        }
#pragma GCC unroll 4
        for (int j = 0; j < Pairs; ++j)
#pragma GCC unroll 2
            for (int b = 0; b < blocks<Bytes>; ++b) {
                const typename row<Bytes>::vector re = s.re[j][b], im = s.im[j][b];
                s.re[j][b] = a.closing[j].re * re - a.closing[j].im * im;
                s.im[j][b] = a.closing[j].re * im + a.closing[j].im * re;
            }
        for (index_t i = a.warm; i < a.warm + a.count; ++i) {
            const index_t at = a.order[i] * unit + first;
            typename row<Bytes>::vector sum[std::size_t{blocks<Bytes>}];
            load_row<Bytes>(a.in + at, sample);
#pragma GCC unroll 2
            for (int b = 0; b < blocks<Bytes>; ++b) {
                if (a.continued)
                    row<Bytes>::load(sum[b], a.out + at + b * row<Bytes>::count);
                else
                    sum[b] = a.centre * sample[b];
#pragma GCC unroll 4
                for (int j = 0; j < Pairs; ++j) {
                    row<Bytes>::accumulate(sum[b], a.weight[j].re, s.re[j][b]);
                    row<Bytes>::accumulate(sum[b], -a.weight[j].im, s.im[j][b]);
                }
                row<Bytes>::store(a.out + at + b * row<Bytes>::count, sum[b]);
            }
            advance<Bytes>(a, s, sample);
        }
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        for (index_t first = 0; first < unit; first += blocks<Bytes> * row<Bytes>::count) lines<Bytes>(a, first);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
