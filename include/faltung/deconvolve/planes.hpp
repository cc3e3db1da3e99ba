// faltung/deconvolve/planes.hpp -- the images and channels of an array, and their samples as planes of a torus
#pragma once

#include "../core/checked.hpp"
#include "../core/for_each.hpp"
#include "../core/scalar.hpp"
#include "../core/strided.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// An array whose last axes are a torus or a part of it: image b of the axes before, row-major.
template <class Sample>
strided<Sample> plane_of(strided<Sample> const& y, int axes, index_t b) {
    const int lead = y.n.rank() - axes;
    strided<Sample> to{y.data, {}, {}};
    index_t from_data = 0;
    for (int a = lead; a-- > 0; b /= y.n[a]) from_data += b % y.n[a] * y.stride[a];
    to.data += from_data;
    for (int a = lead; a < y.n.rank(); ++a) {
        to.n.push_back(y.n[a]);
        to.stride.push_back(y.stride[a]);
    }
    return to;
}

/// A part of a torus: `first` is where it begins.
struct torus_part {
    shape torus;
    index_list first;

    index_t samples() const { return checked::product(torus, "samples of a torus"); }
    /// Where the line of a part with index i begins.
    index_t line(index_list const& i) const {
        index_t at = 0;
        for (int a = 0; a < torus.rank(); ++a) at = at * torus[a] + first[a] + i[a];
        return at;
    }
};

/// A plane into its part of a torus that is one array of reals, or two: the real and the imaginary parts. False, and
/// nothing said about the rest, where a sample is not finite.
template <class T>
bool put_plane(strided<T const> const& plane, torus_part const& part, real_t<T>* data) {
    using R = real_t<T>;
    const int last = plane.n.rank() - 1;
    const index_t samples = part.samples(), step = plane.stride[last];
    bool finite = true;
    for_each_line(plane.n, [&](index_list const& i) {
        T const* from = plane.data + offset(i, plane.stride);
        R* to = data + part.line(i);
        for (index_t j = 0; j < plane.n[last]; ++j, ++to, from += step) {
            finite &= is_finite(*from);
            if constexpr (is_complex<T>) {
                to[0] = from->real();
                to[samples] = from->imag();
            } else {
                *to = *from;
            }
        }
    });
    return finite;
}

/// And back, times `scale`.
template <class T>
void take_plane(real_t<T> const* data, torus_part const& part, strided<T> const& plane, real_t<T> scale) {
    using R = real_t<T>;
    const int last = plane.n.rank() - 1;
    const index_t samples = part.samples(), step = plane.stride[last];
    for_each_line(plane.n, [&](index_list const& i) {
        T* to = plane.data + offset(i, plane.stride);
        R const* from = data + part.line(i);
        for (index_t j = 0; j < plane.n[last]; ++j, ++from, to += step)
            if constexpr (is_complex<T>)
                *to = T(from[0] * scale, from[samples] * scale);
            else
                *to = *from * scale;
    });
}

/// The error for the first sample of image b that is not finite.
template <class T>
[[noreturn]] void fail_for_sample(char const* name, strided<T const> const& plane, index_t b) {
    index_list found;
    for_each_index(plane.n, [&](index_list const& i) {
        if (found.rank() == 0 && !is_finite(plane.data[offset(i, plane.stride)])) found = i;
    });
    fail<option_error>(name, ": the sample at ", found, " of plane ", b, " is not finite");
}

/// Channels and extents of an array with or without channels, behind any batch axes.
struct array_kind {
    char const* name;
    bool has_channels;
    shape n;

    /// The number of batch axes. Errors: shape_error.
    int batch_axes(shape const& y, index_t channels, char const* what) const {
        const int lead = y.rank() - n.rank() - (has_channels ? 1 : 0);
        bool fits = lead >= 0 && (!has_channels || y[lead] == channels);
        for (int a = 0; fits && a < n.rank(); ++a) fits = y[y.rank() - n.rank() + a] == n[a];
        if (fits) return lead;
        shape wanted;
        if (has_channels) wanted.push_back(channels);
        for (index_t extent : n) wanted.push_back(extent);
        fail<shape_error>(name, ": ", what, " of shape ", y, "; its last axes must be ", wanted);
    }
};

/// A kernel (taps along each axis) as one of shape (1, 1, taps along each axis); one with channels as it is.
template <class T>
strided<T const> with_channels(strided<T const> const& h, int axes) {
    if (h.n.rank() != axes) return h;
    strided<T const> to{h.data, {1, 1}, {0, 0}};
    for (int a = 0; a < axes; ++a) {
        to.n.push_back(h.n[a]);
        to.stride.push_back(h.stride[a]);
    }
    return to;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
