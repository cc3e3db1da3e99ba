// faltung/simd/mode_sums.hpp -- the inner loops of Fourier sums over few points, without a grid
#pragma once

#include <utility>

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// A row of waves. A wave of a point is a complex number for the row times a real one, a cosine or a sine, for each
/// column: half of the multiplications that complex numbers need. `outer` has the real parts of all points and then the
/// imaginary ones, `inner` for each point `stride` columns, `turned` for each column all points; so do the strengths
/// and the sums. `points` is a multiple of the lanes, `columns` of 16.
template <class T>
struct mode_sum_arguments {
    T const *outer, *inner, *turned;
    index_t points, columns, stride;
    T *re, *im;                // of the row
    T *points_re, *points_im;  // of the points
};

/// A vector that stays in a register for more than one product: compilers would read it again for each.
template <class L, class T>
FALTUNG_ALWAYS_INLINE void load_once(typename L::vector& v, T const*& from, int vectors) {
    L::load(v, from + vectors * L::count);
    FALTUNG_FORGET(from);
}

/// row = the sum over points of c outer inner
template <class T>
struct modes_of_points {
    using arguments = mode_sum_arguments<T>;
    static constexpr index_t chunk = 64;  // points

    template <int Bytes, int... V>
    static FALTUNG_ALWAYS_INLINE void add(T const* p, T const* inner, index_t stride, index_t count, T* to_re, T* to_im,
                                          std::integer_sequence<int, V...>) {
        using L = lanes<T, Bytes>;
        typename L::vector re[sizeof...(V)], im[sizeof...(V)], v;
        (L::load(re[V], to_re + V * L::count), ...);
        (L::load(im[V], to_im + V * L::count), ...);
        for (index_t j = 0; j < count; ++j, inner += stride)
            ((load_once<L>(v, inner, V), re[V] += p[j] * v, im[V] += p[chunk + j] * v), ...);
        (L::store(to_re + V * L::count, re[V]), ...);
        (L::store(to_im + V * L::count, im[V]), ...);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<T, Bytes>;
        alignas(64) T p[2 * chunk];
        typename L::vector x, y, c, d, v;
        L::clear(v);
        for (index_t k = 0; k < a.columns; k += L::count) {
            L::store(a.re + k, v);
            L::store(a.im + k, v);
        }
        for (index_t first = 0; first < a.points; first += chunk) {
            const index_t count = a.points - first < chunk ? a.points - first : chunk;
            for (index_t j = 0; j < count; j += L::count) {
                L::load(x, a.outer + first + j);
                L::load(y, a.outer + a.points + first + j);
                L::load(c, a.points_re + first + j);
                L::load(d, a.points_im + first + j);
                v = x * c - y * d;
                L::store(p + j, v);
                v = x * d + y * c;
                L::store(p + chunk + j, v);
            }
            T const* const inner = a.inner + first * a.stride;
            index_t k = 0;
            for (; k + 4 * L::count <= a.columns; k += 4 * L::count)
                add<Bytes>(p, inner + k, a.stride, count, a.re + k, a.im + k, std::make_integer_sequence<int, 4>{});
            for (; k < a.columns; k += L::count)
                add<Bytes>(p, inner + k, a.stride, count, a.re + k, a.im + k, std::make_integer_sequence<int, 1>{});
        }
    }
};

/// sums += the sum over columns of conj(outer) inner row
template <class T>
struct points_of_modes {
    using arguments = mode_sum_arguments<T>;
    static constexpr int most = 6;  // vectors of points at a time

    template <int Bytes, int... V>
    static FALTUNG_ALWAYS_INLINE void add(arguments const& a, index_t first, std::integer_sequence<int, V...>) {
        using L = lanes<T, Bytes>;
        typename L::vector re[sizeof...(V)], im[sizeof...(V)], v, x, y;
        (L::clear(re[V]), ...);
        (L::clear(im[V]), ...);
        T const* from = a.turned + first;
        for (index_t k = 0; k < a.columns; ++k, from += a.points)
            ((load_once<L>(v, from, V), re[V] += a.re[k] * v, im[V] += a.im[k] * v), ...);
        T const* const outer = a.outer + first;
        T *const to_re = a.points_re + first, *const to_im = a.points_im + first;
        ((L::load(x, outer + V * L::count), L::load(y, outer + a.points + V * L::count),
          L::load(v, to_re + V * L::count), v += x * re[V], v += y * im[V], L::store(to_re + V * L::count, v),
          L::load(v, to_im + V * L::count), v += x * im[V], v -= y * re[V], L::store(to_im + V * L::count, v)),
         ...);
    }

    template <int Bytes, int... Size>
    static FALTUNG_ALWAYS_INLINE void choose(arguments const& a, index_t first, index_t size,
                                             std::integer_sequence<int, Size...>) {
        ((size == Size + 1 ? add<Bytes>(a, first, std::make_integer_sequence<int, Size + 1>{}) : void()), ...);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        constexpr index_t lanes_of = lanes<T, Bytes>::count;
        const index_t vectors = a.points / lanes_of, parts = (vectors + most - 1) / most;
        for (index_t part = 0, first = 0; part < parts; ++part) {
            const index_t size = (vectors - first + parts - part - 1) / (parts - part);
            choose<Bytes>(a, first * lanes_of, size, std::make_integer_sequence<int, most>{});
            first += size;
        }
    }
};

/// The waves of all points: columns 2 m and 2 m + 1, of `stride` numbers each, are the cosine and the sine of m x.
/// Those of 0 and of the powers of 16 are there; others become a product for each digit of m, so that few roundings add
/// up. `stride` is a multiple of the lanes.
struct wave_columns {
    struct arguments {
        double* columns;
        index_t waves, stride;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<double, Bytes>;
        typename L::vector c, s, d, t, v;
        index_t unit = 1;  // the highest power of 16 up to m
        for (index_t m = 2; m < a.waves; ++m) {
            if (m == 16 * unit) {
                unit = m;
                continue;
            }
            const index_t rest = m & (unit - 1), high = rest > 0 ? m - rest : m - unit, low = rest > 0 ? rest : unit;
            double const *p = a.columns + 2 * high * a.stride, *q = a.columns + 2 * low * a.stride;
            double* to = a.columns + 2 * m * a.stride;
            for (double const* const end = p + a.stride; p < end; p += L::count, q += L::count, to += L::count) {
                L::load(c, p);
                L::load(s, p + a.stride);
                L::load(d, q);
                L::load(t, q + a.stride);
                v = c * d - s * t;
                L::store(to, v);
                v = s * d + c * t;
                L::store(to + a.stride, v);
            }
        }
    }
};

/// beyond = the larger one of itself and |x - by row| - |by| share
struct multiple_of_row {
    struct arguments {
        double const *x, *row, *share;
        double by;
        index_t count;
        double* beyond;
    };

    template <class L>
    static FALTUNG_ALWAYS_INLINE void compare(arguments const& a, index_t first, index_t last,
                                              typename L::vector& most) {
        typename L::vector x, row, share, other;
        const double size = a.by < 0 ? -a.by : a.by;
        for (index_t i = first; i < last; i += L::count) {
            L::load(x, a.x + i);
            L::load(row, a.row + i);
            L::load(share, a.share + i);
            x = x - a.by * row;
            other = -x;
            x = x > other ? x : other;
            x = x - size * share;
            most = x > most ? x : most;
        }
    }
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<double, Bytes>;
        typename L::vector most;
        L::clear(most);
        const index_t whole = a.count - a.count % L::count;
        compare<L>(a, 0, whole, most);
        double of_all = *a.beyond;
        compare<lanes<double, 8, false>>(a, whole, a.count, of_all);
        for (int lane = 0; lane < L::count; ++lane) of_all = most[lane] > of_all ? most[lane] : of_all;
        *a.beyond = of_all;
    }
};

/// sum = that of all products with 0: 0 if all numbers are finite, else not a number
struct products_with_zero {
    struct arguments {
        double const* x;
        index_t count;
        double* sum;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<double, Bytes>;
        typename L::vector v[4], x;
        for (auto& sum : v) L::clear(sum);
        index_t i = 0;
        for (; i + 4 * L::count <= a.count; i += 4 * L::count) {
            L::load(x, a.x + i);
            v[0] += x * 0.0;
            L::load(x, a.x + i + L::count);
            v[1] += x * 0.0;
            L::load(x, a.x + i + 2 * L::count);
            v[2] += x * 0.0;
            L::load(x, a.x + i + 3 * L::count);
            v[3] += x * 0.0;
        }
        double sum = 0;
        for (; i < a.count; ++i) sum += a.x[i] * 0.0;
        for (auto const& part : v)
            for (int lane = 0; lane < L::count; ++lane) sum += part[lane];
        *a.sum = sum;
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
