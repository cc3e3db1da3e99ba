// faltung/fft/butterfly.hpp -- transforms of 2 to 5 complex numbers, for a vector of them at once
#pragma once

#include "../simd/lanes.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// `radix` planes of complex numbers, transformed in registers. Forward, with a twiddle w (|w| = 1; w[q - 1] = w^q, for
/// radix r the q of 1 to r - 1) and e = e^(2 pi i / r):
///
///     x[q] = sum over j of  w^j e^(j q) x[j]
///
/// Backward it is the adjoint, so that backward(forward(x)) = r x. A twiddle S is one number for all lanes or a vector.
/// A sum and a difference are s = a + w c and 2 a - s: six fused operations where four products and six sums were.
template <class T, int Bytes>
struct butterfly {
    using L = lanes<T, Bytes>;
    using V = typename L::vector;

    struct complex {
        V r, i;
    };
    template <class S>
    struct twiddle {
        S r, i;
    };

    static FALTUNG_ALWAYS_INLINE void load(complex& x, T const* re, T const* im) {
        L::load(x.r, re);
        L::load(x.i, im);
    }
    static FALTUNG_ALWAYS_INLINE void store(T* re, T* im, complex const& x) {
        L::store(re, x.r);
        L::store(im, x.i);
    }

    // x *= w, x *= conj(w)
    template <class S>
    static FALTUNG_ALWAYS_INLINE void turn(complex& x, S const& w) {
        const V r = x.r * w.r - x.i * w.i;
        x.i = x.r * w.i + x.i * w.r;
        x.r = r;
    }
    template <class S>
    static FALTUNG_ALWAYS_INLINE void turn_back(complex& x, S const& w) {
        const V r = x.r * w.r + x.i * w.i;
        x.i = x.i * w.r - x.r * w.i;
        x.r = r;
    }

    // (a, c) -> (a + c, a - c)
    static FALTUNG_ALWAYS_INLINE void add_subtract(complex& a, complex& c) {
        const V r = a.r - c.r, i = a.i - c.i;
        a.r += c.r;
        a.i += c.i;
        c.r = r;
        c.i = i;
    }
    // (a, c) -> (a + w c, a - w c)
    template <class S>
    static FALTUNG_ALWAYS_INLINE void add_subtract(complex& a, complex& c, S const& w) {
        const V r = (a.r + w.r * c.r) - w.i * c.i, i = (a.i + w.r * c.i) + w.i * c.r;
        c.r = T(2) * a.r - r;
        c.i = T(2) * a.i - i;
        a.r = r;
        a.i = i;
    }
    // (a, c) -> (a + i w c, a - i w c)
    template <class S>
    static FALTUNG_ALWAYS_INLINE void add_subtract_quarter(complex& a, complex& c, S const& w) {
        const V r = (a.r - w.r * c.i) - w.i * c.r, i = (a.i + w.r * c.r) - w.i * c.i;
        c.r = T(2) * a.r - r;
        c.i = T(2) * a.i - i;
        a.r = r;
        a.i = i;
    }

    // sign +1 forward, -1 backward; without twiddles
    template <int Sign>
    static FALTUNG_ALWAYS_INLINE void three(complex* x) {
        constexpr T c = T(-0.5L), s = T(Sign * 0.866025403784438646763723170752936183L);
        const V sr = x[1].r + x[2].r, si = x[1].i + x[2].i, dr = x[1].r - x[2].r, di = x[1].i - x[2].i;
        const V mr = x[0].r + c * sr, mi = x[0].i + c * si;
        x[0].r += sr;
        x[0].i += si;
        x[1].r = mr - s * di;
        x[1].i = mi + s * dr;
        x[2].r = mr + s * di;
        x[2].i = mi - s * dr;
    }
    template <int Sign>
    static FALTUNG_ALWAYS_INLINE void five(complex* x) {
        constexpr T c1 = T(0.309016994374947424102293417182819059L), c2 = T(-0.809016994374947424102293417182819059L),
                    s1 = T(Sign * 0.951056516295153572116439333379382143L),
                    s2 = T(Sign * 0.587785252292473129168705954639072769L);
        const V ar = x[1].r + x[4].r, ai = x[1].i + x[4].i, br = x[2].r + x[3].r, bi = x[2].i + x[3].i;
        const V cr = x[1].r - x[4].r, ci = x[1].i - x[4].i, dr = x[2].r - x[3].r, di = x[2].i - x[3].i;
        const V mr = (x[0].r + c1 * ar) + c2 * br, mi = (x[0].i + c1 * ai) + c2 * bi;
        const V nr = (x[0].r + c2 * ar) + c1 * br, ni = (x[0].i + c2 * ai) + c1 * bi;
        const V ur = s1 * cr + s2 * dr, ui = s1 * ci + s2 * di, vr = s2 * cr - s1 * dr, vi = s2 * ci - s1 * di;
        x[0].r += ar + br;
        x[0].i += ai + bi;
        x[1].r = mr - ui;
        x[1].i = mi + ur;
        x[4].r = mr + ui;
        x[4].i = mi - ur;
        x[2].r = nr - vi;
        x[2].i = ni + vr;
        x[3].r = nr + vi;
        x[3].i = ni - vr;
    }

    template <int Radix, class S>
    static FALTUNG_ALWAYS_INLINE void forward(complex* x, S const* w) {
        if constexpr (Radix == 2) add_subtract(x[0], x[1], w[0]);
        if constexpr (Radix == 3) {
            turn(x[1], w[0]);
            turn(x[2], w[1]);
            three<1>(x);
        }
        if constexpr (Radix == 4) {
            add_subtract(x[0], x[2], w[1]);
            add_subtract(x[1], x[3], w[1]);
            add_subtract(x[0], x[1], w[0]);
            add_subtract_quarter(x[2], x[3], w[0]);
            const complex second = x[1];
            x[1] = x[2];
            x[2] = second;
        }
        if constexpr (Radix == 5) {
            turn(x[1], w[0]);
            turn(x[2], w[1]);
            turn(x[3], w[2]);
            turn(x[4], w[3]);
            five<1>(x);
        }
    }

    template <int Radix, class S>
    static FALTUNG_ALWAYS_INLINE void backward(complex* x, S const* w) {
        if constexpr (Radix == 2) add_subtract(x[0], x[1]);
        if constexpr (Radix == 3) three<-1>(x);
        if constexpr (Radix == 4) {
            add_subtract(x[0], x[2]);
            add_subtract(x[1], x[3]);
            add_subtract(x[0], x[1]);
            const complex a = x[2], c = x[3];
            const complex second = x[1];
            x[1] = {a.r + c.i, a.i - c.r};
            x[2] = second;
            x[3] = {a.r - c.i, a.i + c.r};
        }
        if constexpr (Radix == 5) five<-1>(x);
        if constexpr (Radix >= 2) turn_back(x[1], w[0]);
        if constexpr (Radix >= 3) turn_back(x[2], w[1]);
        if constexpr (Radix >= 4) turn_back(x[3], w[2]);
        if constexpr (Radix >= 5) turn_back(x[4], w[3]);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
