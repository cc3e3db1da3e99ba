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

    template <int Bytes, int... V>
    static FALTUNG_ALWAYS_INLINE void load([[maybe_unused]] typename lanes<T, Bytes>::vector* p,
                                           [[maybe_unused]] T const* from, std::integer_sequence<int, V...>) {
        (lanes<T, Bytes>::load(p[V], from + V * lanes<T, Bytes>::count), ...);
    }
    template <int Bytes, int... V>
    static FALTUNG_ALWAYS_INLINE void store([[maybe_unused]] T* to,
                                            [[maybe_unused]] typename lanes<T, Bytes>::vector const* p,
                                            std::integer_sequence<int, V...>) {
        (lanes<T, Bytes>::store(to + V * lanes<T, Bytes>::count, p[V]), ...);
    }
    template <int Bytes, int... V>
    static FALTUNG_ALWAYS_INLINE void next_power([[maybe_unused]] typename lanes<T, Bytes>::vector* p,
                                                 [[maybe_unused]] T t, [[maybe_unused]] T const* from,
                                                 std::integer_sequence<int, V...>) {
        [[maybe_unused]] typename lanes<T, Bytes>::vector c;
        ((lanes<T, Bytes>::load(c, from + V * lanes<T, Bytes>::count), p[V] = p[V] * t + c), ...);
    }

    // The inner axis and the middle one, if there are values for it, of as many points as P, at once: each polynomial
    // is a chain of multiply-adds that wait for one another.
    template <int Bytes, int... P, int... V, int... W>
    static FALTUNG_ALWAYS_INLINE void horner(arguments const& a, point_record<T> const* point, T* to,
                                             std::integer_sequence<int, P...>, std::integer_sequence<int, V...> window,
                                             std::integer_sequence<int, W...> padded) {
        using vector = typename lanes<T, Bytes>::vector;
        constexpr index_t count = lanes<T, Bytes>::count, of_x = count * sizeof...(V), of_y = count * sizeof...(W);
        vector p[sizeof...(P)][sizeof...(V)], q[sizeof...(P)][sizeof...(W) + 1];
        const index_t table = a.coefficients * of_x;
        T const* const shifted[] = {a.shifted + (point[P].place & (a.strip - 1)) * table...};
        const T x[] = {point[P].t[2]...}, y[] = {point[P].t[1]...};
        T const* plain = a.plain;
        (__builtin_prefetch(a.strengths + 2 * static_cast<index_t>(point[P].id)), ...);
        (load<Bytes>(p[P], shifted[P], window), ...);
        (load<Bytes>(q[P], plain, padded), ...);
        for (index_t at = of_x; at < table; at += of_x) {
            plain += of_y;
            (next_power<Bytes>(p[P], x[P], shifted[P] + at, window), ...);
            (next_power<Bytes>(q[P], y[P], plain, padded), ...);
        }
        (store<Bytes>(to + P * a.step, p[P], window), ...);
        (store<Bytes>(to + P * a.step + of_x, q[P], padded), ...);
    }
    // The outer axis.
    template <int Bytes, int... W>
    static FALTUNG_ALWAYS_INLINE void outer(arguments const& a, T t, T* to, std::integer_sequence<int, W...> padded) {
        typename lanes<T, Bytes>::vector p[sizeof...(W) + 1];
        load<Bytes>(p, a.plain, padded);
        for (int k = 1; k < a.coefficients; ++k) next_power<Bytes>(p, t, a.plain + k * a.padded, padded);
        store<Bytes>(to, p, padded);
    }

    template <int Bytes, class Window, class Padded>
    static FALTUNG_ALWAYS_INLINE void all(arguments const& a, Window window, Padded padded) {
        // as many points as registers have room for, next to a coordinate along each axis
        constexpr int registers = Bytes == 64 ? 30 : 14,
                      most = registers / (static_cast<int>(Window::size() + Padded::size()) + 2),
                      together = most >= 4   ? 4
                                 : most >= 2 ? 2
                                             : 1;
        using one = std::integer_sequence<int, 0>;
        T* to = a.values;
        index_t p = 0;
        if (a.points.axes == 2)
            for (; p + together <= a.points.count; p += together, to += together * a.step)
                horner<Bytes>(a, a.points.at + p, to, std::make_integer_sequence<int, together>{}, window, padded);
        for (; p < a.points.count; ++p, to += a.step) {
            point_record<T> const* const point = a.points.at + p;
            if (a.points.axes == 1)
                horner<Bytes>(a, point, to, one{}, window, std::integer_sequence<int>{});
            else
                horner<Bytes>(a, point, to, one{}, window, padded);
            if (a.points.axes == 3) outer<Bytes>(a, point->t[0], to + a.window + a.padded, padded);
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
