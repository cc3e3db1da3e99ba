// faltung/fft/passes.hpp -- the inner loops of a transform: one radix pass, the tail inside of vectors, the product
#pragma once

#include "../core/index.hpp"
#include "../simd/target.hpp"
#include "../simd/transpose_lanes.hpp"
#include "butterfly.hpp"
#include "engine.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

enum class way : unsigned char { forward, backward };

/// One pass over `blocks` consecutive blocks of radix * stride complex numbers: every block is reduced to `radix`
/// blocks of `stride`, the first `count` of each, in place, or put together again. The block's twiddles stand in the
/// table at its index modulo `period`. stride is a multiple of the vector's lanes.
///
/// With `next` > 1 the pass of that radix over the `radix` blocks that come of each one is done in the same registers:
/// stride is then that pass's, and its twiddles repeat after radix * period blocks.
struct pass_arguments {
    void *re, *im;
    index_t stride, count, blocks;
    void const* twiddles;
    index_t first, period;
    int radix;
    faltung::detail::way way;
    int next = 1;
    void const* next_twiddles = nullptr;
};

/// Whether there is a loop for two passes in the same registers: it takes as many as vectors of 64 bytes come with.
constexpr bool makes_pair(int bytes, int radix, int next) {
    return bytes == 64 && ((radix == 2 && next == 4) || (radix == 3 && (next == 3 || next == 4)));
}

template <class T>
struct level_pass {
    using arguments = pass_arguments;

    // `Radix` of `Radix * Step` planes, from number `First` on
    template <int Bytes, int Radix, int First, int Step, way Way, class W, std::size_t... Leg>
    static FALTUNG_ALWAYS_INLINE void some(typename butterfly<T, Bytes>::complex* x, W const* w,
                                           std::index_sequence<Leg...>) {
        using B = butterfly<T, Bytes>;
        typename B::complex y[] = {x[First + static_cast<int>(Leg) * Step]...};
        if constexpr (Way == way::forward)
            B::template forward<Radix>(y, w);
        else
            B::template backward<Radix>(y, w);
        ((x[First + static_cast<int>(Leg) * Step] = y[Leg]), ...);
    }

    template <int Bytes, int Radix, int Next, way Way, class W, std::size_t... Block>
    static FALTUNG_ALWAYS_INLINE void radix_pass(typename butterfly<T, Bytes>::complex* x, W const* w,
                                                 std::index_sequence<Block...>) {
        constexpr std::make_index_sequence<std::size_t{Radix}> legs;
        (some<Bytes, Radix, static_cast<int>(Block), Next, Way>(x, w, legs), ...);
    }
    template <int Bytes, int Next, way Way, class W, std::size_t... Block>
    static FALTUNG_ALWAYS_INLINE void next_pass(typename butterfly<T, Bytes>::complex* x, W const* w,
                                                std::index_sequence<Block...>) {
        constexpr std::make_index_sequence<std::size_t{Next}> legs;
        (some<Bytes, Next, static_cast<int>(Block) * Next, 1, Way>(x, w + Block * (Next - 1), legs), ...);
    }

    template <int Bytes, int Radix, int Next, way Way, std::size_t... Leg>
    static FALTUNG_ALWAYS_INLINE void run(arguments const& a, std::index_sequence<Leg...>) {
        using B = butterfly<T, Bytes>;
        using twiddle = typename B::template twiddle<T>;
        constexpr std::make_index_sequence<std::size_t{Radix}> blocks;
        constexpr std::make_index_sequence<std::size_t{Next}> next_blocks;
        constexpr std::size_t twiddles = Radix - 1, next_twiddles = Next > 1 ? std::size_t{Radix} * (Next - 1) : 1;
        T *re = static_cast<T*>(a.re), *im = static_cast<T*>(a.im);
        index_t at = a.first;
        const index_t whole = index_t{Radix} * Next * a.stride;
        for (index_t b = 0; b < a.blocks; ++b, re += whole, im += whole) {
            twiddle w[twiddles], v[next_twiddles];
            std::memcpy(w, static_cast<twiddle const*>(a.twiddles) + at * (Radix - 1), sizeof w);
            if constexpr (Next > 1)
                std::memcpy(v, static_cast<twiddle const*>(a.next_twiddles) + at * Radix * (Next - 1), sizeof v);
            if (++at == a.period) at = 0;
            for (index_t j = 0; j < a.count; j += B::L::count) {
                typename B::complex x[sizeof...(Leg)];
                (B::load(x[Leg], re + j + static_cast<index_t>(Leg) * a.stride,
                         im + j + static_cast<index_t>(Leg) * a.stride),
                 ...);
                if constexpr (Way == way::forward) radix_pass<Bytes, Radix, Next, Way>(x, w, next_blocks);
                if constexpr (Next > 1) next_pass<Bytes, Next, Way>(x, v, blocks);
                if constexpr (Way == way::backward) radix_pass<Bytes, Radix, Next, Way>(x, w, next_blocks);
                (B::store(re + j + static_cast<index_t>(Leg) * a.stride, im + j + static_cast<index_t>(Leg) * a.stride,
                          x[Leg]),
                 ...);
            }
        }
    }

    template <int Bytes, int Radix, int Next = 1>
    static FALTUNG_ALWAYS_INLINE void either_way(arguments const& a) {
        constexpr std::make_index_sequence<std::size_t{Radix} * std::size_t{Next}> legs;
        if (a.way == way::forward)
            run<Bytes, Radix, Next, way::forward>(a, legs);
        else
            run<Bytes, Radix, Next, way::backward>(a, legs);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        if constexpr (Bytes == 64) {
            if (a.next == 4) return a.radix == 2 ? either_way<Bytes, 2, 4>(a) : either_way<Bytes, 3, 4>(a);
            if (a.next == 3) return either_way<Bytes, 3, 3>(a);
        }
        if (a.radix == 4) return either_way<Bytes, 4>(a);
        if (a.radix == 2) return either_way<Bytes, 2>(a);
        if (a.radix == 3) return either_way<Bytes, 3>(a);
        either_way<Bytes, 5>(a);
    }
};

/// Four quarters of real numbers that are split twice: (a, b, c, d) -> (a + c + b + d, a + c - b - d, a - c, b - d),
/// and backward its adjoint. A quarter is a multiple of the vector's lanes.
struct split_arguments {
    void* x;
    index_t quarter;
    faltung::detail::way way;
};

template <class T>
struct double_split {
    using arguments = split_arguments;

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<T, Bytes>;
        const index_t n = a.quarter;
        T* x = static_cast<T*>(a.x);
        for (T* const end = x + n; x < end; x += L::count) {
            typename L::vector v[4], low, high;
            for (index_t k = 0; k < 4; ++k) L::load(v[k], x + k * n);
            if (a.way == way::forward) {
                low = v[0] + v[2];
                high = v[1] + v[3];
                L::store(x, low + high);
                L::store(x + n, low - high);
                L::store(x + 2 * n, v[0] - v[2]);
                L::store(x + 3 * n, v[1] - v[3]);
            } else {
                low = v[0] + v[1];
                high = v[0] - v[1];
                L::store(x, low + v[2]);
                L::store(x + n, high + v[3]);
                L::store(x + 2 * n, low - v[2]);
                L::store(x + 3 * n, high - v[3]);
            }
        }
    }
};

/// How the lanes of a vector are transformed: four vectors at a time, in one or two stages, the first one along the
/// digit of weight `weight` of the lane's number. Before a stage that digit and the vector's number change places.
struct tail_stage {
    int radix, weight;
};
template <int Lanes>
inline constexpr tail_stage tail_stages[2] = {{4, Lanes / 4}, {1, 1}};
template <>
inline constexpr tail_stage tail_stages<2>[2] = {{2, 1}, {1, 1}};
template <>
inline constexpr tail_stage tail_stages<8>[2] = {{2, 4}, {4, 1}};
template <>
inline constexpr tail_stage tail_stages<16>[2] = {{4, 4}, {4, 1}};

constexpr tail_stage const* tail_stages_of(int lanes) {
    return lanes == 16 ? tail_stages<16> : lanes == 8 ? tail_stages<8> : lanes == 4 ? tail_stages<4> : tail_stages<2>;
}

/// Vectors of twiddles that a stage needs for four vectors of data: complex ones.
constexpr int tail_twiddles(tail_stage s) { return s.radix == 4 ? 3 : s.radix == 2 ? 2 : 0; }

enum class tail : unsigned char { to_spectrum, from_spectrum, product };

/// The last step, on groups of four vectors: forward into the spectrum, back out of it, or both with the product of the
/// data's spectrum and the given one in between, which then never reaches memory. A group's spectrum is four pairs of a
/// real and an imaginary vector; which frequency stands where only the twiddles know.
struct tail_arguments {
    void *re, *im;
    void* spectrum;
    index_t groups;
    void const* twiddles;
    index_t first, period;
    tail what;
    void const* radix_4 = nullptr;  // twiddles of one more pass, over the four vectors of a group, or nothing
};

template <class T>
struct tail_pass {
    using arguments = tail_arguments;

    template <int Bytes, int Weight>
    static FALTUNG_ALWAYS_INLINE void exchange(typename butterfly<T, Bytes>::complex& a,
                                               typename butterfly<T, Bytes>::complex& b) {
        exchange_lanes<Weight, T, Bytes>(a.r, b.r);
        exchange_lanes<Weight, T, Bytes>(a.i, b.i);
    }

    template <int Bytes, tail_stage S>
    static FALTUNG_ALWAYS_INLINE void change_places(typename butterfly<T, Bytes>::complex* x) {
        constexpr int high = S.radix == 4 ? 2 * S.weight : S.weight;
        exchange<Bytes, high>(x[0], x[2]);
        exchange<Bytes, high>(x[1], x[3]);
        if constexpr (S.radix == 4) {
            exchange<Bytes, S.weight>(x[0], x[1]);
            exchange<Bytes, S.weight>(x[2], x[3]);
        }
    }

    template <int Bytes, tail_stage S, way Way, class W>
    static FALTUNG_ALWAYS_INLINE void stage(typename butterfly<T, Bytes>::complex* x, W const* w) {
        using B = butterfly<T, Bytes>;
        if constexpr (Way == way::forward) change_places<Bytes, S>(x);
        if constexpr (S.radix == 4) {
            if constexpr (Way == way::forward)
                B::template forward<4>(x, w);
            else
                B::template backward<4>(x, w);
        } else if constexpr (Way == way::forward) {
            B::add_subtract(x[0], x[2], w[0]);
            B::add_subtract(x[1], x[3], w[1]);
        } else {
            B::add_subtract(x[0], x[2]);
            B::add_subtract(x[1], x[3]);
            B::turn_back(x[2], w[0]);
            B::turn_back(x[3], w[1]);
        }
        if constexpr (Way == way::backward) change_places<Bytes, S>(x);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void load_spectrum(typename butterfly<T, Bytes>::complex* x, T const* s) {
        using B = butterfly<T, Bytes>;
        constexpr index_t n = B::L::count;
        B::load(x[0], s, s + n);
        B::load(x[1], s + 2 * n, s + 3 * n);
        B::load(x[2], s + 4 * n, s + 5 * n);
        B::load(x[3], s + 6 * n, s + 7 * n);
    }
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void store_spectrum(T* s, typename butterfly<T, Bytes>::complex const* x) {
        using B = butterfly<T, Bytes>;
        constexpr index_t n = B::L::count;
        B::store(s, s + n, x[0]);
        B::store(s + 2 * n, s + 3 * n, x[1]);
        B::store(s + 4 * n, s + 5 * n, x[2]);
        B::store(s + 6 * n, s + 7 * n, x[3]);
    }
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void load(typename butterfly<T, Bytes>::complex* x, T const* re, T const* im) {
        using B = butterfly<T, Bytes>;
        constexpr index_t n = B::L::count;
        B::load(x[0], re, im);
        B::load(x[1], re + n, im + n);
        B::load(x[2], re + 2 * n, im + 2 * n);
        B::load(x[3], re + 3 * n, im + 3 * n);
    }
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void store(T* re, T* im, typename butterfly<T, Bytes>::complex const* x) {
        using B = butterfly<T, Bytes>;
        constexpr index_t n = B::L::count;
        B::store(re, im, x[0]);
        B::store(re + n, im + n, x[1]);
        B::store(re + 2 * n, im + 2 * n, x[2]);
        B::store(re + 3 * n, im + 3 * n, x[3]);
    }
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void multiply(typename butterfly<T, Bytes>::complex* x, T const* s) {
        using B = butterfly<T, Bytes>;
        typename B::complex h[4];
        load_spectrum<Bytes>(h, s);
        B::turn(x[0], h[0]);
        B::turn(x[1], h[1]);
        B::turn(x[2], h[2]);
        B::turn(x[3], h[3]);
    }

    /// Groups that are computed side by side: a group's stages wait for one another, and with the two stages of wide
    /// vectors no processor looks far enough ahead to fill the time. It takes registers for two.
    template <int Bytes>
    static constexpr index_t together = Bytes == 64 ? 2 : 1;

    /// As many groups as `G`, whose twiddles are w, and those of the pass of radix 4, if there is one, u.
    template <int Bytes, class W, class U, std::size_t... G>
    static FALTUNG_ALWAYS_INLINE void run(tail what, T* re, T* im, T* s, W const* const* w, U const* const* u,
                                          std::index_sequence<G...>) {
        using B = butterfly<T, Bytes>;
        constexpr index_t n = B::L::count;
        constexpr tail_stage first = tail_stages<static_cast<int>(n)>[0], second = tail_stages<static_cast<int>(n)>[1];
        constexpr int some = tail_twiddles(first);
        typename B::complex x[sizeof...(G)][4];
        if (what == tail::from_spectrum) {
            (load_spectrum<Bytes>(x[G], s + 8 * n * static_cast<index_t>(G)), ...);
        } else {
            (load<Bytes>(x[G], re + 4 * n * static_cast<index_t>(G), im + 4 * n * static_cast<index_t>(G)), ...);
            if (u[0]) (B::template forward<4>(x[G], u[G]), ...);
            (stage<Bytes, first, way::forward>(x[G], w[G]), ...);
            if constexpr (second.radix > 1) (stage<Bytes, second, way::forward>(x[G], w[G] + some), ...);
            if (what == tail::to_spectrum)
                return (store_spectrum<Bytes>(s + 8 * n * static_cast<index_t>(G), x[G]), ...);
            (multiply<Bytes>(x[G], s + 8 * n * static_cast<index_t>(G)), ...);
        }
        if constexpr (second.radix > 1) (stage<Bytes, second, way::backward>(x[G], w[G] + some), ...);
        (stage<Bytes, first, way::backward>(x[G], w[G]), ...);
        if (u[0]) (B::template backward<4>(x[G], u[G]), ...);
        (store<Bytes>(re + 4 * n * static_cast<index_t>(G), im + 4 * n * static_cast<index_t>(G), x[G]), ...);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using B = butterfly<T, Bytes>;
        using twiddle = typename B::template twiddle<typename B::V>;
        constexpr index_t n = B::L::count, some = together<Bytes>;
        constexpr int all =
            tail_twiddles(tail_stages<static_cast<int>(n)>[0]) + tail_twiddles(tail_stages<static_cast<int>(n)>[1]);
        T *re = static_cast<T*>(a.re), *im = static_cast<T*>(a.im), *s = static_cast<T*>(a.spectrum);
        using number = typename B::template twiddle<T>;
        auto const* const table = static_cast<twiddle const*>(a.twiddles);
        auto const* const numbers = static_cast<number const*>(a.radix_4);
        index_t at = a.first, g = 0;
        for (; g + some <= a.groups; g += some, re += 4 * n * some, im += 4 * n * some, s += 8 * n * some) {
            twiddle const* w[std::size_t{some}];
            number const* u[std::size_t{some}];
            for (std::size_t k = 0; k < std::size_t{some}; ++k) {
                w[k] = table + at * all;
                u[k] = numbers ? numbers + at * 3 : nullptr;
                if (++at == a.period) at = 0;
            }
            run<Bytes>(a.what, re, im, s, w, u, std::make_index_sequence<std::size_t{some}>{});
        }
        if constexpr (some > 1) {
            twiddle const* const w = table + at * all;
            number const* const u = numbers ? numbers + at * 3 : nullptr;
            if (g < a.groups) run<Bytes>(a.what, re, im, s, &w, &u, std::index_sequence<0>{});
        }
    }
};

/// to = x h, or to += x h (spectrum_update::add), for `pairs` pairs of a real and an imaginary vector.
struct product_arguments {
    void const *x, *h;
    void* to;
    index_t pairs;
    spectrum_update how;
};

template <class T>
struct spectrum_product {
    using arguments = product_arguments;

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using B = butterfly<T, Bytes>;
        constexpr index_t n = B::L::count;
        T const *x = static_cast<T const*>(a.x), *h = static_cast<T const*>(a.h);
        T* to = static_cast<T*>(a.to);
        for (index_t j = 0; j < a.pairs; ++j, x += 2 * n, h += 2 * n, to += 2 * n) {
            typename B::complex v, w, sum;
            B::load(v, x, x + n);
            B::load(w, h, h + n);
            B::turn(v, w);
            if (a.how == spectrum_update::add) {
                B::load(sum, to, to + n);
                v.r += sum.r;
                v.i += sum.i;
            }
            B::store(to, to + n, v);
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
