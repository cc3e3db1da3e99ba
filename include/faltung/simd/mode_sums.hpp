// faltung/simd/mode_sums.hpp -- the inner loops of Fourier sums over few points, without a grid
#pragma once

#include <utility>

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// A wave e^(-i k x) of a point is a product of one number for a row of modes and one for a column. `outer` has for
/// each point `rows` complex numbers, `inner` for each point `columns` real parts and then as many imaginary parts; the
/// modes are two planes of rows times columns. `columns` is a multiple of `unit`.
template <class T>
struct mode_sum_arguments {
    T const *outer, *inner;
    index_t points, rows, columns;
    T *re, *im;
    T* strengths;  // a complex number for each point
};

inline constexpr int mode_sum_unit = 16;

/// (re, im) += (p, q) times the complex numbers at x and y. A vector at a time, so that none
/// but the sums stay in registers.
template <class T, int Bytes>
struct complex_multiply_add {
    using L = lanes<T, Bytes>;
    static FALTUNG_ALWAYS_INLINE void run(typename L::vector& re, typename L::vector& im, T p, T q, T const* x,
                                          T const* y) {
        typename L::vector v;
        L::load(v, x);
        re += p * v;
        im += q * v;
        L::load(v, y);
        re -= q * v;
        im += p * v;
    }
};

/// modes = the sum over points of c e^(-i k x)
template <class T>
struct modes_of_points {
    using arguments = mode_sum_arguments<T>;

    template <int Bytes, int... V>
    static FALTUNG_ALWAYS_INLINE void run(arguments const& a, std::integer_sequence<int, V...>) {
        using L = lanes<T, Bytes>;
        for (index_t row = 0; row < a.rows; ++row)
            for (index_t column = 0; column < a.columns; column += mode_sum_unit) {
                typename L::vector re[sizeof...(V)], im[sizeof...(V)];
                (L::clear(re[V]), ...);
                (L::clear(im[V]), ...);
                T const* of_point = a.inner + column;
                T const* of_row = a.outer + 2 * row;
                for (index_t j = 0; j < a.points; ++j, of_point += 2 * a.columns, of_row += 2 * a.rows) {
                    T const* const c = a.strengths + 2 * j;
                    const T p = of_row[0] * c[0] - of_row[1] * c[1], q = of_row[0] * c[1] + of_row[1] * c[0];
                    (complex_multiply_add<T, Bytes>::run(re[V], im[V], p, q, of_point + V * L::count,
                                                         of_point + a.columns + V * L::count),
                     ...);
                }
                T *const to_re = a.re + row * a.columns + column, *const to_im = a.im + row * a.columns + column;
                (L::store(to_re + V * L::count, re[V]), ...);
                (L::store(to_im + V * L::count, im[V]), ...);
            }
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        run<Bytes>(a, std::make_integer_sequence<int, mode_sum_unit / lanes<T, Bytes>::count>{});
    }
};

/// c = the sum over modes of f e^(i k x)
template <class T>
struct points_of_modes {
    using arguments = mode_sum_arguments<T>;

    template <int Bytes, int... V>
    static FALTUNG_ALWAYS_INLINE void run(arguments const& a, std::integer_sequence<int, V...>) {
        using L = lanes<T, Bytes>;
        using vector = typename L::vector;
        for (index_t j = 0; j < a.points; ++j) {
            T const* const of_point = a.inner + 2 * j * a.columns;
            vector sum_r, sum_i;
            L::clear(sum_r);
            L::clear(sum_i);
            for (index_t column = 0; column < a.columns; column += mode_sum_unit) {
                vector re[sizeof...(V)], im[sizeof...(V)], x[sizeof...(V)], y[sizeof...(V)];
                (L::clear(re[V]), ...);
                (L::clear(im[V]), ...);
                T const *f = a.re + column, *g = a.im + column, *of_row = a.outer + 2 * j * a.rows;
                for (index_t row = 0; row < a.rows; ++row, f += a.columns, g += a.columns, of_row += 2) {
                    (complex_multiply_add<T, Bytes>::run(re[V], im[V], of_row[0], -of_row[1], f + V * L::count,
                                                         g + V * L::count),
                     ...);
                }
                (L::load(x[V], of_point + column + V * L::count), ...);
                (L::load(y[V], of_point + a.columns + column + V * L::count), ...);
                ((sum_r += re[V] * x[V]), ...);
                ((sum_r += im[V] * y[V]), ...);
                ((sum_i += im[V] * x[V]), ...);
                ((sum_i -= re[V] * y[V]), ...);
            }
            T r = 0, i = 0;
            for (int lane = 0; lane < L::count; ++lane) {
                r += sum_r[lane];
                i += sum_i[lane];
            }
            a.strengths[2 * j] = r;
            a.strengths[2 * j + 1] = i;
        }
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        run<Bytes>(a, std::make_integer_sequence<int, mode_sum_unit / lanes<T, Bytes>::count>{});
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
