// faltung/simd/slab_modes.hpp -- the inner loops between modes and slabs of transformed columns
#pragma once

#include "../core/index.hpp"
#include "target.hpp"
#include "transpose_lanes.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Row m of `columns` modes, complex numbers, `stride` reals from one row to the next, belongs to row place[m] of a
/// slab, planes of real and imaginary parts with `width` columns; on the way it is multiplied by factor[m], and its
/// imaginary part by `sign` too.
template <class T>
struct slab_arguments {
    T *re, *im, *modes;
    index_t stride, rows, columns, width;
    index_t const* place;
    T const* factor;
    T sign;
};

/// Loop::vectors<Bytes>(re, im, modes, of_re, of_im) for a vector of columns, Loop::one(...) for those that are left.
/// Rows of modes lie far apart: they are asked for ahead.
template <class Loop, class T>
struct by_slab_row {
    using arguments = slab_arguments<T>;

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        constexpr index_t count = lanes<T, Bytes>::count, ahead = 8, line = 64;
        const index_t bytes = 2 * a.columns * index_t{sizeof(T)};
        for (index_t m = 0; m < a.rows; ++m) {
            T *const re = a.re + a.place[m] * a.width, *const im = a.im + a.place[m] * a.width,
                     *const modes = a.modes + m * a.stride;
            for (index_t b = 0; b < bytes; b += line)
                fetch_ahead(modes, static_cast<std::uintptr_t>(ahead * a.stride * index_t{sizeof(T)} + b));
            const T of_re = a.factor[m], of_im = a.sign * of_re;
            index_t q = 0;
            for (; q + count <= a.columns; q += count)
                Loop::template vectors<Bytes>(re + q, im + q, modes + 2 * q, of_re, of_im);
            for (; q < a.columns; ++q) Loop::one(re[q], im[q], modes + 2 * q, of_re, of_im);
        }
    }
};

template <class T, int Bytes>
using every_lane = std::make_index_sequence<static_cast<std::size_t>(lanes<T, Bytes>::count)>;

/// modes = slab
template <class T>
struct modes_of_slab : by_slab_row<modes_of_slab<T>, T> {
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void vectors(T const* re, T const* im, T* modes, T of_re, T of_im) {
        using L = lanes<T, Bytes>;
        typename L::vector x, y;
        L::load(x, re);
        L::load(y, im);
        x *= of_re;
        y *= of_im;
        mix_lanes<T, Bytes>(x, y, x, y, every_lane<T, Bytes>());
        L::store(modes, x);
        L::store(modes + L::count, y);
    }
    static FALTUNG_ALWAYS_INLINE void one(T re, T im, T* modes, T of_re, T of_im) {
        modes[0] = of_re * re;
        modes[1] = of_im * im;
    }
};

/// The real and the imaginary parts of a vector of modes, multiplied.
template <class T, int Bytes>
FALTUNG_ALWAYS_INLINE void load_modes(typename lanes<T, Bytes>::vector& re, typename lanes<T, Bytes>::vector& im,
                                      T const* modes, T of_re, T of_im) {
    using L = lanes<T, Bytes>;
    L::load(re, modes);
    L::load(im, modes + L::count);
    split_lanes<T, Bytes>(re, im, re, im, every_lane<T, Bytes>());
    re *= of_re;
    im *= of_im;
}

/// slab = modes
template <class T>
struct slab_of_modes : by_slab_row<slab_of_modes<T>, T> {
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void vectors(T* re, T* im, T const* modes, T of_re, T of_im) {
        using L = lanes<T, Bytes>;
        typename L::vector x, y;
        load_modes<T, Bytes>(x, y, modes, of_re, of_im);
        L::store(re, x);
        L::store(im, y);
    }
    static FALTUNG_ALWAYS_INLINE void one(T& re, T& im, T const* modes, T of_re, T of_im) {
        re = of_re * modes[0];
        im = of_im * modes[1];
    }
};

/// slab = slab times modes
template <class T>
struct slab_times_modes : by_slab_row<slab_times_modes<T>, T> {
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void vectors(T* re, T* im, T const* modes, T of_re, T of_im) {
        using L = lanes<T, Bytes>;
        typename L::vector x, y, r, i;
        load_modes<T, Bytes>(x, y, modes, of_re, of_im);
        L::load(r, re);
        L::load(i, im);
        L::store(re, r * x - i * y);
        L::store(im, r * y + i * x);
    }
    static FALTUNG_ALWAYS_INLINE void one(T& re, T& im, T const* modes, T of_re, T of_im) {
        const T x = of_re * modes[0], y = of_im * modes[1], r = re;
        re = r * x - im * y;
        im = r * y + im * x;
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
