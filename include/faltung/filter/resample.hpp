// faltung/filter/resample.hpp -- another sampling rate: zeros between the samples, a kernel, and every so many kept
#pragma once

#include <numeric>

#include "../view/axes.hpp"
#include "../view/slice.hpp"
#include "along_axes.hpp"
#include "fir.hpp"

namespace faltung {

struct resample_options {
    int axis = -1;                                         // -1: the last one
    faltung::boundary boundary = faltung::boundary::zero;  // of x, before zeros are put between its samples
    int threads = 1;
};

namespace detail {
inline namespace FALTUNG_COMPILED {

inline int resampled_axis(char const* name, int axis, std::size_t rank) {
    const int chosen = axis == -1 ? static_cast<int>(rank) - 1 : axis;
    require_axis(chosen, static_cast<int>(rank), name);
    return chosen;
}

inline void require_rates(char const* name, index_t up, index_t down) {
    if (up < 1 || down < 1)
        fail<option_error>(name, ": rates ", up, " up and ", down, " down; both have to be 1 or more");
}

/// y[m] = sum over k of h[offset + m down - k up] x[k] along one axis. Outputs whose offset + m down leaves the same
/// remainder r by up meet the same taps h[r], h[r + up], ...: each remainder is one convolution with a window stride,
/// and neither a zero between samples nor an output that is not kept is ever touched.
template <class Output, viewable X, viewable H>
void convolve_phases(char const* name, Output& y, X const& x, H const& h, index_t up, index_t down, index_t offset,
                     shape const& outputs, int axis, resample_options const& how) {
    require_given(name, y, x, outputs);
    const tensor_view<element_t<X> const, rank_of<X>> from = as_view(x);
    const tensor_view<element_t<H> const, 1> kernel = as_view(h);
    const index_t n = from.extent(axis), taps = kernel.extent(0), count = outputs[axis], common = std::gcd(up, down),
                  phases = std::min(up / common, count), step = down / common;
    for (index_t first = 0; first < phases; ++first) {
        const auto phase = slice_axis(as_view(y), axis, range{first, count, phases});
        const index_t at = offset + first * down, r = at % up, q = at / up;
        if (r >= taps) {
            for_each_index(phase.shape(), [&](index_list const& i) { phase(i) = element_t<Output>{}; });
            continue;
        }
        const index_t own = (taps - 1 - r) / up + 1, kept = (count - 1 - first) / phases + 1, low = own - 1 - q;
        const per_axis<low_high> amounts{low_high{low, (kept - 1) * step + own - n - low}};
        filter_into<by_rule>(name, phase, from, slice(kernel, range{r, taps, up}),
                             {.padding = padding(amounts),
                              .boundary = how.boundary,
                              .stride = step,
                              .axes = {axis},
                              .threads = how.threads});
    }
}

/// The shape of x with so many samples along one axis.
template <viewable X>
shape resampled_shape(X const& x, int axis, index_t count) {
    shape n = as_view(x).shape();
    n[axis] = count;
    return n;
}

/// The kernel of resample_poly: an ideal low pass at the lower of both rates, 10 of its periods to each side, under a
/// Kaiser window with beta = 5, and a gain of up.
template <class T>
tensor<T, 1> resampling_taps(index_t up, index_t down) {
    const index_t rate = std::max(up, down);
    const index_t taps =
        checked::add(checked::multiply(20, rate, "taps of a resampling kernel"), 1, "taps of a resampling kernel");
    require_taps("resample_poly", taps, 1);
    if (rate == 1) return tensor<T, 1>{{1}, {T{1}}};
    tensor<T, 1> h = fir::low_pass<T>(taps, 1 / static_cast<double>(rate), windows::kaiser(taps, 5));
    for (T& tap : h) tap *= static_cast<T>(up);
    return h;
}

/// Errors: option_error, shape_error, overflow_error.
template <viewable H, viewable X>
shape shape_of_upfirdn(H const& h, X const& x, index_t up, index_t down, int axis) {
    require_rates("upfirdn", up, down);
    const index_t n = as_view(x).extent(axis), taps = as_view(h).extent(0);
    require_taps("upfirdn", taps, 1);
    const index_t full = checked::add(checked::multiply(n - 1, up, "samples of upfirdn"), taps, "samples of upfirdn");
    return resampled_shape(x, axis, n == 0 ? 0 : (full - 1) / down + 1);
}
template <viewable X>
shape shape_of_resample_poly(X const& x, index_t up, index_t down, int axis) {
    require_rates("resample_poly", up, down);
    const index_t common = std::gcd(up, down),
                  stuffed = checked::multiply(as_view(x).extent(axis), up / common, "samples of resample_poly");
    return resampled_shape(x, axis, checked::ceil_divide(stuffed, down / common));
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// x with up - 1 zeros between neighbours, convolved with h (full), every down-th sample kept; scipy.signal.upfirdn.
/// Shapes: h has one axis; x any rank, resampled along `.axis`; ((n - 1) up + taps - 1) / down + 1 samples, rounded
/// down; none of none.
/// Types: upfirdn<Result> or that of y, else those of convolve.
/// Errors: option_error unless up and down are 1 or more; shape_error for an axis that x has not and a kernel without
/// taps; overflow_error; those of convolve_into where y is given. Cost: taps / up multiplications for each sample that
/// is kept.
template <class Output, viewable H, viewable X>
    requires(rank_of<H> == 1 && viewable<std::remove_cvref_t<Output>>)
void upfirdn_into(Output&& y, H const& h, X const& x, index_t up, index_t down, resample_options const& options = {}) {
    const int axis = detail::resampled_axis("upfirdn", options.axis, rank_of<X>);
    detail::convolve_phases("upfirdn", y, x, h, up, down, 0, detail::shape_of_upfirdn(h, x, up, down, axis), axis,
                            options);
}
template <class Result = by_rule, viewable H, viewable X>
    requires(rank_of<H> == 1)
auto upfirdn(H const& h, X const& x, index_t up, index_t down, resample_options const& options = {}) {
    const int axis = detail::resampled_axis("upfirdn", options.axis, rank_of<X>);
    using Y = typename detail::call_types<Result, by_rule, X, H>::type::Y;
    auto y = tensor<Y, rank_of<X>>::uninitialized(detail::shape_of_upfirdn(h, x, up, down, axis));
    upfirdn_into(y, h, x, up, down, options);
    return y;
}

/// x at up / down times its sampling rate, ceil(n up / down) samples that begin with the first one of x;
/// scipy.signal.resample_poly. The kernel is symmetric, so nothing is delayed: fir::low_pass of 20 max(up, down) + 1
/// taps at the lower of both rates under a Kaiser window with beta = 5, times up.
/// Types: floating and integer samples; sums are float or double as gaussian_filter's.
/// Errors: as upfirdn.
template <class Output, real_viewable X>
    requires viewable<std::remove_cvref_t<Output>>
void resample_poly_into(Output&& y, X const& x, index_t up, index_t down, resample_options const& options = {}) {
    const int axis = detail::resampled_axis("resample_poly", options.axis, rank_of<X>);
    const shape outputs = detail::shape_of_resample_poly(x, up, down, axis);
    const index_t common = std::gcd(up, down), u = up / common, d = down / common;
    const auto h = detail::resampling_taps<detail::smoothing_t<element_t<X>>>(u, d);
    detail::convolve_phases("resample_poly", y, x, h, u, d, h.count() / 2, outputs, axis, options);
}
template <class Result = by_rule, real_viewable X>
auto resample_poly(X const& x, index_t up, index_t down, resample_options const& options = {}) {
    const int axis = detail::resampled_axis("resample_poly", options.axis, rank_of<X>);
    using Taps = tensor<detail::smoothing_t<element_t<X>>, 1>;
    using Y = typename detail::call_types<Result, by_rule, X, Taps>::type::Y;
    auto y = tensor<Y, rank_of<X>>::uninitialized(detail::shape_of_resample_poly(x, up, down, axis));
    resample_poly_into(y, x, up, down, options);
    return y;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
