// faltung/simd/numbers.hpp -- real or complex numbers of several problems at once, one problem in each lane
#pragma once

#include "../core/index.hpp"
#include "lanes.hpp"
#include "square_roots.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// A number of each problem lies in memory as a vector of real parts, followed by one of imaginary parts if they are
/// complex: `unit` reals. A line is numbers side by side.
template <class R, bool Complex, int Bytes>
struct numbers {
    using part = lanes<R, Bytes>;
    using vector = typename part::vector;
    static constexpr index_t unit = index_t{Complex ? 2 : 1} * part::count;

    struct number {
        vector re, im;
    };

    static FALTUNG_ALWAYS_INLINE void load(number& z, R const* p) {
        part::load(z.re, p);
        if constexpr (Complex) part::load(z.im, p + part::count);
    }
    static FALTUNG_ALWAYS_INLINE void store(R* p, number const& z) {
        part::store(p, z.re);
        if constexpr (Complex) part::store(p + part::count, z.im);
    }
    static FALTUNG_ALWAYS_INLINE void clear(number& z) {
        part::clear(z.re);
        if constexpr (Complex) part::clear(z.im);
    }
    // sum += conj(v) x
    static FALTUNG_ALWAYS_INLINE void add_product(number& sum, number const& v, number const& x) {
        sum.re += v.re * x.re;
        if constexpr (Complex) {
            sum.im += v.re * x.im;
            sum.re += v.im * x.im;
            sum.im -= v.im * x.re;
        }
    }
    // x -= v w
    static FALTUNG_ALWAYS_INLINE void subtract_product(number& x, number const& v, number const& w) {
        x.re -= v.re * w.re;
        if constexpr (Complex) {
            x.im -= v.re * w.im;
            x.re += v.im * w.im;
            x.im -= v.im * w.re;
        }
    }
    static FALTUNG_ALWAYS_INLINE void scale(number& z, vector const& by) {
        z.re *= by;
        if constexpr (Complex) z.im *= by;
    }
    static FALTUNG_ALWAYS_INLINE void add_square(vector& sum, number const& z) {
        sum += z.re * z.re;
        if constexpr (Complex) sum += z.im * z.im;
    }
    static FALTUNG_ALWAYS_INLINE void root(vector& v) {
        using roots = square_roots<R>;
        if constexpr (roots::has_instruction) {
            typename roots::template samples<Bytes> s;
            std::memcpy(&s, &v, sizeof s);
            roots::template roots_of<Bytes>(s, s);
            std::memcpy(&v, &s, sizeof s);
        } else {
            for (int l = 0; l < part::count; ++l) v[l] = std::sqrt(v[l]);
        }
    }

    // w[c] = sum over i < count of conj(v[i]) x[c][i], of lines that are `line` reals apart
    template <std::size_t Lines>
    static FALTUNG_ALWAYS_INLINE void products(number (&w)[Lines], R const* v, R const* x, index_t line,
                                               index_t count) {
#pragma GCC unroll 4
        for (std::size_t c = 0; c < Lines; ++c) clear(w[c]);
        for (index_t at = 0; at < count * unit; at += unit) {
            number of_v, of_x;
            load(of_v, v + at);
#pragma GCC unroll 4
            for (std::size_t c = 0; c < Lines; ++c) {
                load(of_x, x + static_cast<index_t>(c) * line + at);
                add_product(w[c], of_v, of_x);
            }
        }
    }

    // Each line x minus tau v (v^H x): a reflection.
    template <std::size_t Lines>
    static FALTUNG_ALWAYS_INLINE void reflect(R const* v, R* x, index_t line, index_t count, vector const& tau) {
        number w[Lines];
        products<Lines>(w, v, x, line, count);
#pragma GCC unroll 4
        for (std::size_t c = 0; c < Lines; ++c) scale(w[c], tau);
        for (index_t at = 0; at < count * unit; at += unit) {
            number of_v, of_x;
            load(of_v, v + at);
#pragma GCC unroll 4
            for (std::size_t c = 0; c < Lines; ++c) {
                load(of_x, x + static_cast<index_t>(c) * line + at);
                subtract_product(of_x, of_v, w[c]);
                store(x + static_cast<index_t>(c) * line + at, of_x);
            }
        }
    }
    static FALTUNG_ALWAYS_INLINE void reflect_lines(R const* v, R* x, index_t line, index_t lines, index_t count,
                                                    vector const& tau) {
        index_t c = 0;
        for (; c + 4 <= lines; c += 4) reflect<4>(v, x + c * line, line, count, tau);
        for (; c < lines; ++c) reflect<1>(v, x + c * line, line, count, tau);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
