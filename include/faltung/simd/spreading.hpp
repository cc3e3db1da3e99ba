// faltung/simd/spreading.hpp -- the inner loops between scattered points and a grid: kernel values, spread, interpolate
#pragma once

#include <cstdint>
#include <utility>

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// How a kernel of `width` nodes lies on a row of the grid: in a window of `vectors` vectors that begins at a multiple
/// of `strip` nodes, so that no load or store of the grid crosses a cache line.
struct node_window {
    int lanes = 1, strip = 1, vectors = 1;

    int reals() const { return vectors * lanes; }
};

/// The numbers of vectors that loops are compiled for, with vectors of so many lanes; kernels have 2 to 16 nodes.
template <int Lanes>
using window_sizes =
    std::conditional_t<Lanes == 16, std::integer_sequence<int, 1, 2>,
                       std::conditional_t<Lanes == 8, std::integer_sequence<int, 2, 3>,
                                          std::conditional_t<Lanes == 4, std::integer_sequence<int, 3, 4, 5>,
                                                             std::integer_sequence<int, 5, 9>>>>;

template <int... Size>
constexpr int window_size(int least, std::integer_sequence<int, Size...>) {
    int chosen = 0;
    ((chosen = chosen == 0 && Size >= least ? Size : chosen), ...);
    return chosen;
}

template <class T>
node_window window_of(instruction_set i, int width) {
    const int bytes = bytes_of_vector(i);
    node_window w;
    w.lanes = bytes / static_cast<int>(sizeof(T));
    w.strip = w.lanes < 8 ? w.lanes : 8;
    const int least = (width + w.strip - 1 + w.lanes - 1) / w.lanes;
    w.vectors = w.lanes == 16  ? window_size(least, window_sizes<16>{})
                : w.lanes == 8 ? window_size(least, window_sizes<8>{})
                : w.lanes == 4 ? window_size(least, window_sizes<4>{})
                               : window_size(least, window_sizes<2>{});
    return w;
}

/// A point: along the axes of the loops, the outer, the middle and the inner one, t in [-1, 1], where its polynomials
/// are evaluated; where its numbers are; and where its first node stands in the memory of a band.
template <class T>
struct point_record {
    T t[3];
    std::uint32_t id;
    std::int64_t place;
};

/// Points, sorted. A grid of one axis has the inner one alone, one of two the middle and the inner one.
template <class T>
struct point_run {
    point_record<T> const* at = nullptr;
    index_t count = 0;
    int axes = 1;
};

/// The values of the kernel at the nodes around each point: of the inner axis a whole window, zeros around the kernel,
/// then `padded` values of the middle axis and as many of the outer one. `step` numbers for each point.
template <class T>
struct kernel_values {
    struct arguments {
        point_run<T> points;
        T const* shifted;  // for each place in a strip: `coefficients` windows, the highest power first
        T const* plain;    // `coefficients` times `padded` numbers
        int coefficients, window, padded, strip;
        T* values;
        index_t step;
        T const* strengths;  // are fetched on the way: they lie in another order
    };

    // V vectors of one axis and W of another one, at once: each is a chain of multiply-adds that wait for one another.
    template <int Bytes, int... V, int... W>
    static FALTUNG_ALWAYS_INLINE void horner(T const* of_x, T x, [[maybe_unused]] T const* of_y, [[maybe_unused]] T y,
                                             int coefficients, T* to, std::integer_sequence<int, V...>,
                                             std::integer_sequence<int, W...>) {
        using L = lanes<T, Bytes>;
        constexpr index_t window = index_t{L::count} * sizeof...(V), padded = index_t{L::count} * sizeof...(W);
        typename L::vector p[sizeof...(V)], c;
        [[maybe_unused]] typename L::vector q[sizeof...(W) + 1];
        (L::load(p[V], of_x + V * L::count), ...);
        (L::load(q[W], of_y + W * L::count), ...);
        for (int k = 1; k < coefficients; ++k) {
            of_x += window;
            of_y += padded;
            ((L::load(c, of_x + V * L::count), p[V] = p[V] * x + c), ...);
            ((L::load(c, of_y + W * L::count), q[W] = q[W] * y + c), ...);
        }
        (L::store(to + V * L::count, p[V]), ...);
        (L::store(to + window + W * L::count, q[W]), ...);
    }

    template <int Bytes, class Window, class Padded>
    static FALTUNG_ALWAYS_INLINE void all(arguments const& a, Window window, Padded padded) {
        using none = std::integer_sequence<int>;
        T* to = a.values;
        const index_t table = index_t{a.coefficients} * a.window;
        for (index_t p = 0; p < a.points.count; ++p, to += a.step) {
            point_record<T> const& point = a.points.at[p];
            __builtin_prefetch(a.strengths + 2 * static_cast<index_t>(point.id));
            T const* const shifted = a.shifted + (point.place & (a.strip - 1)) * table;
            if (a.points.axes == 1)
                horner<Bytes>(shifted, point.t[2], a.plain, T{}, a.coefficients, to, window, none{});
            else
                horner<Bytes>(shifted, point.t[2], a.plain, point.t[1], a.coefficients, to, window, padded);
            if (a.points.axes == 3)
                horner<Bytes>(a.plain, point.t[0], a.plain, T{}, a.coefficients, to + a.window + a.padded, padded,
                              none{});
        }
    }

    template <int Bytes, int Window>
    static FALTUNG_ALWAYS_INLINE void choose(arguments const& a) {
        using window = std::make_integer_sequence<int, Window>;
        using L = lanes<T, Bytes>;
        if (a.window != Window * L::count) return;
        if (a.padded == a.window) return all<Bytes>(a, window{}, window{});
        if constexpr (Window > 1) all<Bytes>(a, window{}, std::make_integer_sequence<int, Window - 1>{});
    }
    template <int Bytes, int... Window>
    static FALTUNG_ALWAYS_INLINE void choose_of(arguments const& a, std::integer_sequence<int, Window...>) {
        (choose<Bytes, Window>(a), ...);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        choose_of<Bytes>(a, window_sizes<lanes<T, Bytes>::count>{});
    }
};

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
    static constexpr int most_down = 3;

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
        for (int r = 0; r < most_down; ++r) {
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
            if (a.points.axes == 2 && p + 1 < a.points.count) {
                const index_t of_strip = ~static_cast<index_t>(a.strip - 1), at = a.points.at[p].place & of_strip,
                              beyond = (a.points.at[p + 1].place & of_strip) - at;
                int down = 0;
                while (down < most_down && beyond != down * a.row) ++down;
                if (down < most_down) {
                    pair<Bytes>(a, p, down, at, each);
                    ++p;
                    continue;
                }
            }
            T const* const values = a.values + p * a.step;
            T const *const y = values + a.window, *const z = y + a.padded;
            T const* const c = a.strengths + 2 * static_cast<index_t>(a.points.at[p].id);
            const index_t at = a.points.at[p].place & ~static_cast<index_t>(a.strip - 1);
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

    template <int Bytes, int... V>
    static FALTUNG_ALWAYS_INLINE void run(arguments const& a, std::integer_sequence<int, V...> each) {
        using L = lanes<T, Bytes>;
        using vector = typename L::vector;
        for (index_t p = 0; p < a.points.count; ++p) {
            T const* const values = a.values + p * a.step;
            T const *const y = values + a.window, *const z = y + a.padded;
            const index_t at = a.points.at[p].place & ~static_cast<index_t>(a.strip - 1);
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
