// faltung/simd/spreading.hpp -- the inner loops between scattered points and a grid: spread, interpolate
#pragma once

#include "kernel_values.hpp"
#include "transpose_lanes.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Between the strengths c[id], complex numbers, and the grid, two planes of real and imaginary parts.
template <class T>
struct spreading_arguments {
    point_run<T> points;
    T const* values;  // of kernel_values
    index_t step;
    int window, padded, strip, vectors;
    int rows, slices;    // nodes along the middle and the outer axis; 1 along an axis that the grid does not have
    index_t row, slice;  // from one to the next
    T *re, *im;
    T* strengths;
    T sign;  // of the imaginary part of a strength
};

/// How many rows on from that of point p the window of the next one begins, if they share their columns, and rows;
/// `most_rows_down` where they do not.
inline constexpr int most_rows_down = 3;
template <class T>
FALTUNG_ALWAYS_INLINE int rows_down(spreading_arguments<T> const& a, index_t p) {
    if (a.points.axes != 2 || p + 1 >= a.points.count) return most_rows_down;
    const index_t of_strip = ~static_cast<index_t>(a.strip - 1),
                  beyond = (a.points.at[p + 1].place & of_strip) - (a.points.at[p].place & of_strip);
    int down = 0;
    while (down < most_rows_down && beyond != down * a.row) ++down;
    return down;
}

/// A loop that is compiled for every number of vectors that a window may have: Loop::run<Bytes>(arguments, 0, 1, ...).
template <class Loop, class T>
struct by_window_size {
    template <int Bytes, int... Size>
    static FALTUNG_ALWAYS_INLINE void choose(spreading_arguments<T> const& a, std::integer_sequence<int, Size...>) {
        ((a.vectors == Size ? Loop::template run<Bytes>(a, std::make_integer_sequence<int, Size>{}) : void()), ...);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(spreading_arguments<T> const& a) {
        choose<Bytes>(a, window_sizes<lanes<T, Bytes>::count>{});
    }
};

/// grid[node] += c times the kernel's values along all axes.
template <class T>
struct spread_points : by_window_size<spread_points<T>, T> {
    using arguments = spreading_arguments<T>;

    template <int Bytes, int... V>
    static FALTUNG_ALWAYS_INLINE void add(T* row, T y, typename lanes<T, Bytes>::vector const* x,
                                          std::integer_sequence<int, V...>) {
        using L = lanes<T, Bytes>;
        typename L::vector sum[sizeof...(V)];
        (L::load(sum[V], row + V * L::count), ...);
        ((sum[V] += y * x[V]), ...);
        (L::store(row + V * L::count, sum[V]), ...);
    }

    // Of two points whose windows share their columns, the second one `down` rows on: every number of the grid is read
    // and written once for both.
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void scale(T const* y, int padded, T by, T* to) {
        using L = lanes<T, Bytes>;
        typename L::vector v;
        for (int r = 0; r < padded; r += L::count) {
            L::load(v, y + r);
            v *= by;
            L::store(to + r, v);
        }
    }
    template <int Bytes, int... V>
    static FALTUNG_ALWAYS_INLINE void add_two(T* row, T y, T z, typename lanes<T, Bytes>::vector const* x,
                                              typename lanes<T, Bytes>::vector const* w,
                                              std::integer_sequence<int, V...>) {
        using L = lanes<T, Bytes>;
        typename L::vector sum;
        ((L::load(sum, row + V * L::count), sum += y * x[V], sum += z * w[V], L::store(row + V * L::count, sum)), ...);
    }
    template <int Bytes, int... V>
    static FALTUNG_ALWAYS_INLINE void pair(arguments const& a, index_t p, int down, index_t at,
                                           std::integer_sequence<int, V...> each) {
        using L = lanes<T, Bytes>;
        constexpr int room = 32;  // 16 values filled up to vectors, and some rows
        alignas(64) T y[4][room];
        T const *const first = a.values + p * a.step, *const second = first + a.step;
        typename L::vector x[sizeof...(V)], w[sizeof...(V)];
        (L::load(x[V], first + V * L::count), ...);
        (L::load(w[V], second + V * L::count), ...);
        T const *const c = a.strengths + 2 * static_cast<index_t>(a.points.at[p].id),
                       *const d = a.strengths + 2 * static_cast<index_t>(a.points.at[p + 1].id);
        for (int r = 0; r < most_rows_down; ++r) {
            y[0][a.rows + r] = y[1][a.rows + r] = T{};
            y[2][r] = y[3][r] = T{};
        }
        scale<Bytes>(first + a.window, a.padded, c[0], y[0]);
        scale<Bytes>(first + a.window, a.padded, a.sign * c[1], y[1]);
        scale<Bytes>(second + a.window, a.padded, d[0], y[2] + down);
        scale<Bytes>(second + a.window, a.padded, a.sign * d[1], y[3] + down);
        T *re = a.re + at, *im = a.im + at;
        for (int r = 0; r < a.rows + down; ++r, re += a.row, im += a.row) {
            add_two<Bytes>(re, y[0][r], y[2][r], x, w, each);
            add_two<Bytes>(im, y[1][r], y[3][r], x, w, each);
        }
    }

    template <int Bytes, int... V>
    static FALTUNG_ALWAYS_INLINE void run(arguments const& a, std::integer_sequence<int, V...> each) {
        using L = lanes<T, Bytes>;
        using vector = typename L::vector;
        for (index_t p = 0; p < a.points.count; ++p) {
            const index_t at = a.points.at[p].place & ~static_cast<index_t>(a.strip - 1);
            if (const int down = rows_down(a, p); down < most_rows_down) {
                pair<Bytes>(a, p, down, at, each);
                ++p;
                continue;
            }
            T const* const values = a.values + p * a.step;
            T const *const y = values + a.window, *const z = y + a.padded;
            T const* const c = a.strengths + 2 * static_cast<index_t>(a.points.at[p].id);
            vector x[sizeof...(V)], xr[sizeof...(V)], xi[sizeof...(V)];
            (L::load(x[V], values + V * L::count), ...);
            for (int s = 0; s < a.slices; ++s) {
                const T of_slice = a.points.axes == 3 ? z[s] : T{1};
                const T cr = c[0] * of_slice, ci = a.sign * c[1] * of_slice;
                ((xr[V] = cr * x[V]), ...);
                ((xi[V] = ci * x[V]), ...);
                T *re = a.re + at + s * a.slice, *im = a.im + at + s * a.slice;
                if (a.points.axes == 1) {
                    add<Bytes>(re, T{1}, xr, each);
                    add<Bytes>(im, T{1}, xi, each);
                    continue;
                }
                for (int r = 0; r < a.rows; ++r, re += a.row, im += a.row) {
                    add<Bytes>(re, y[r], xr, each);
                    add<Bytes>(im, y[r], xi, each);
                }
            }
        }
    }
};

/// c[id] = the sum over the nodes of grid[node] times the kernel's values along all axes.
template <class T>
struct interpolate_points : by_window_size<interpolate_points<T>, T> {
    using arguments = spreading_arguments<T>;

    // the sum of all lanes, in halves
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE T sum_of(typename lanes<T, Bytes>::vector const& v) {
        if constexpr (Bytes == 16) {
            if constexpr (sizeof(T) == 8)
                return v[0] + v[1];
            else
                return (v[0] + v[2]) + (v[1] + v[3]);
        } else {
            typename lanes<T, Bytes / 2>::vector half[2];
            std::memcpy(half, &v, sizeof v);
            half[0] += half[1];
            return sum_of<Bytes / 2>(half[0]);
        }
    }

    template <int Bytes, int... V>
    static FALTUNG_ALWAYS_INLINE void add(typename lanes<T, Bytes>::vector* sum, T y, T const* row,
                                          std::integer_sequence<int, V...>) {
        using L = lanes<T, Bytes>;
        typename L::vector grid[sizeof...(V)];
        (L::load(grid[V], row + V * L::count), ...);
        ((sum[V] += y * grid[V]), ...);
    }

    // The sums of all lanes of four vectors.
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void sums_of_four(typename lanes<T, Bytes>::vector* v, T* to) {
        constexpr int count = lanes<T, Bytes>::count;
        exchange_lanes<1, T, Bytes>(v[0], v[1]);
        exchange_lanes<1, T, Bytes>(v[2], v[3]);
        v[0] += v[1];
        v[2] += v[3];
        if constexpr (count == 2) {
            std::memcpy(to, v, sizeof v[0]);
            std::memcpy(to + 2, v + 2, sizeof v[0]);
        } else {
            exchange_lanes<2, T, Bytes>(v[0], v[2]);
            v[0] += v[2];
            quarters<Bytes>(v[0], to);
        }
    }
    // four sums of every fourth lane
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void quarters(typename lanes<T, Bytes>::vector const& v, T* to) {
        if constexpr (lanes<T, Bytes>::count == 4) {
            std::memcpy(to, &v, sizeof v);
        } else {
            typename lanes<T, Bytes / 2>::vector half[2];
            std::memcpy(half, &v, sizeof v);
            half[0] += half[1];
            quarters<Bytes / 2>(half[0], to);
        }
    }

    // Of two points whose windows share their columns, the second one `down` rows on: every number of the grid is read
    // once for both.
    template <int Bytes, int... V>
    static FALTUNG_ALWAYS_INLINE void pair(arguments const& a, index_t p, int down, index_t at,
                                           std::integer_sequence<int, V...> each) {
        using L = lanes<T, Bytes>;
        using vector = typename L::vector;
        T const *const first = a.values + p * a.step, *const second = first + a.step;
        T const *const y = first + a.window, *const z = second + a.window - down;
        vector r[sizeof...(V)], i[sizeof...(V)], s[sizeof...(V)], j[sizeof...(V)], grid, x;
        ((L::clear(r[V]), L::clear(i[V]), L::clear(s[V]), L::clear(j[V])), ...);
        T const *re = a.re + at, *im = a.im + at;
        int k = 0;
        for (; k < down; ++k, re += a.row, im += a.row) {
            add<Bytes>(r, y[k], re, each);
            add<Bytes>(i, y[k], im, each);
        }
        for (; k < a.rows; ++k, re += a.row, im += a.row) {
            ((L::load(grid, re + V * L::count), r[V] += y[k] * grid, s[V] += z[k] * grid), ...);
            ((L::load(grid, im + V * L::count), i[V] += y[k] * grid, j[V] += z[k] * grid), ...);
        }
        for (; k < a.rows + down; ++k, re += a.row, im += a.row) {
            add<Bytes>(s, z[k], re, each);
            add<Bytes>(j, z[k], im, each);
        }
        vector both[4];
        for (vector& v : both) L::clear(v);
        ((L::load(x, first + V * L::count), both[0] += r[V] * x, both[1] += i[V] * x), ...);
        ((L::load(x, second + V * L::count), both[2] += s[V] * x, both[3] += j[V] * x), ...);
        T found[4];
        sums_of_four<Bytes>(both, found);
        T *const c = a.strengths + 2 * static_cast<index_t>(a.points.at[p].id), *const d =
                                                                                    a.strengths +
                                                                                    2 * static_cast<index_t>(
                                                                                            a.points.at[p + 1].id);
        c[0] = found[0];
        c[1] = a.sign * found[1];
        d[0] = found[2];
        d[1] = a.sign * found[3];
    }

    template <int Bytes, int... V>
    static FALTUNG_ALWAYS_INLINE void run(arguments const& a, std::integer_sequence<int, V...> each) {
        using L = lanes<T, Bytes>;
        using vector = typename L::vector;
        constexpr bool has_room = Bytes == 64 || sizeof...(V) <= 3;  // of registers, for the sums of two points
        for (index_t p = 0; p < a.points.count; ++p) {
            const index_t at = a.points.at[p].place & ~static_cast<index_t>(a.strip - 1);
            if constexpr (has_room) {
                if (const int down = rows_down(a, p); down < most_rows_down) {
                    pair<Bytes>(a, p, down, at, each);
                    ++p;
                    continue;
                }
            }
            T const* const values = a.values + p * a.step;
            T const *const y = values + a.window, *const z = y + a.padded;
            vector sr[sizeof...(V)], si[sizeof...(V)], x[sizeof...(V)];
            (L::clear(sr[V]), ...);
            (L::clear(si[V]), ...);
            for (int s = 0; s < a.slices; ++s) {
                const T of_slice = a.points.axes == 3 ? z[s] : T{1};
                T const *re = a.re + at + s * a.slice, *im = a.im + at + s * a.slice;
                if (a.points.axes == 1) {
                    add<Bytes>(sr, of_slice, re, each);
                    add<Bytes>(si, of_slice, im, each);
                    continue;
                }
                for (int r = 0; r < a.rows; ++r, re += a.row, im += a.row) {
                    const T weight = of_slice * y[r];
                    add<Bytes>(sr, weight, re, each);
                    add<Bytes>(si, weight, im, each);
                }
            }
            (L::load(x[V], values + V * L::count), ...);
            vector both_r, both_i;
            L::clear(both_r);
            L::clear(both_i);
            ((both_r += sr[V] * x[V]), ...);
            ((both_i += si[V] * x[V]), ...);
            T* const c = a.strengths + 2 * static_cast<index_t>(a.points.at[p].id);
            c[0] = sum_of<Bytes>(both_r);
            c[1] = a.sign * sum_of<Bytes>(both_i);
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
