// faltung/simd/kernel_values.hpp -- the inner loops that find the values of a kernel around scattered points
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

    // Of two points: the values of the middle axis have the same polynomials.
    template <int Bytes, int... V, int... W>
    static FALTUNG_ALWAYS_INLINE void horner_of_two(T const* const (&of_x)[2], point_record<T> const* point,
                                                    T const* of_y, int coefficients, T* to, index_t step,
                                                    std::integer_sequence<int, V...>,
                                                    std::integer_sequence<int, W...>) {
        using L = lanes<T, Bytes>;
        constexpr index_t window = index_t{L::count} * sizeof...(V), padded = index_t{L::count} * sizeof...(W);
        typename L::vector p[sizeof...(V)], r[sizeof...(V)], q[sizeof...(W)], s[sizeof...(W)], c;
        T const *first = of_x[0], *second = of_x[1];
        const T x = point[0].t[2], z = point[1].t[2], y = point[0].t[1], w = point[1].t[1];
        (L::load(p[V], first + V * L::count), ...);
        (L::load(r[V], second + V * L::count), ...);
        ((L::load(q[W], of_y + W * L::count), s[W] = q[W]), ...);
        for (int k = 1; k < coefficients; ++k) {
            first += window;
            second += window;
            of_y += padded;
            ((L::load(c, first + V * L::count), p[V] = p[V] * x + c), ...);
            ((L::load(c, second + V * L::count), r[V] = r[V] * z + c), ...);
            ((L::load(c, of_y + W * L::count), q[W] = q[W] * y + c, s[W] = s[W] * w + c), ...);
        }
        (L::store(to + V * L::count, p[V]), ...);
        (L::store(to + window + W * L::count, q[W]), ...);
        to += step;
        (L::store(to + V * L::count, r[V]), ...);
        (L::store(to + window + W * L::count, s[W]), ...);
    }

    template <int Bytes, class Window, class Padded>
    static FALTUNG_ALWAYS_INLINE void all(arguments const& a, Window window, Padded padded) {
        using none = std::integer_sequence<int>;
        T* to = a.values;
        const index_t table = index_t{a.coefficients} * a.window;
        for (index_t p = 0; p < a.points.count; ++p, to += a.step) {
            point_record<T> const* point = a.points.at + p;
            T const* shifted[2] = {a.shifted + (point->place & (a.strip - 1)) * table, nullptr};
            __builtin_prefetch(a.strengths + 2 * static_cast<index_t>(point->id));
            if (a.points.axes == 2 && p + 1 < a.points.count) {
                shifted[1] = a.shifted + (point[1].place & (a.strip - 1)) * table;
                __builtin_prefetch(a.strengths + 2 * static_cast<index_t>(point[1].id));
                horner_of_two<Bytes>(shifted, point, a.plain, a.coefficients, to, a.step, window, padded);
                ++p;
                to += a.step;
                continue;
            }
            if (a.points.axes == 1)
                horner<Bytes>(shifted[0], point->t[2], a.plain, T{}, a.coefficients, to, window, none{});
            else
                horner<Bytes>(shifted[0], point->t[2], a.plain, point->t[1], a.coefficients, to, window, padded);
            if (a.points.axes == 3)
                horner<Bytes>(a.plain, point->t[0], a.plain, T{}, a.coefficients, to + a.window + a.padded, padded,
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

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
