// faltung/filter/gaussian_filter.hpp -- Gaussian smoothing of an array, its derivatives, and what is made of them
#pragma once

#include "along_axes.hpp"
#include "gaussian.hpp"

namespace faltung {

struct gaussian_filter_options {
    per_axis<int> order = 0;  // of the derivative along each axis; gaussian_filter alone takes it
    double truncate = 4;
    per_axis<faltung::boundary> boundary = faltung::boundary::symmetric;
    int threads = 1;
    faltung::overflow overflow = faltung::overflow::wrap;
    faltung::rounding rounding = faltung::rounding::nearest_even;
};

namespace detail {
inline namespace FALTUNG_COMPILED {

inline filter_options storage_of(gaussian_filter_options const& o) {
    return {.boundary = o.boundary, .threads = o.threads, .overflow = o.overflow, .rounding = o.rounding};
}

template <class T>
std::vector<tensor<T, 1>> gaussian_factors(std::size_t rank, per_axis<double> const& sigma, per_axis<int> const& order,
                                           double truncate) {
    sigma.require_axes(static_cast<int>(rank), "sigma");
    order.require_axes(static_cast<int>(rank), "order");
    std::vector<tensor<T, 1>> factors;
    for (int a = 0; a < static_cast<int>(rank); ++a)
        factors.push_back(gaussian_taps<T>(sigma[a], {.order = order[a], .truncate = truncate}));
    return factors;
}

/// The sums of a filter with derivatives of this order along one axis and none along the others.
template <viewable X>
auto gaussian_along(X const& x, int axis, int order, per_axis<double> const& sigma, gaussian_filter_options const& o) {
    per_axis<int> orders;
    for (int a = 0; a < static_cast<int>(rank_of<X>); ++a) orders.push_back(a == axis ? order : 0);
    using T = smoothing_t<element_t<X>>;
    return convolve_along_axes<by_rule>(x, gaussian_factors<T>(rank_of<X>, sigma, orders, o.truncate), storage_of(o));
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// x convolved with gaussian_taps(sigma, order) along every axis, as many samples as x has: as
/// scipy.ndimage.gaussian_filter, in floating sums. gaussian_filter(image, {2, 0.5}, {.order = {1, 0}}).
/// Shapes: any rank; sigma, order and boundary are one value or one per axis.
/// Types: real samples. The sums, and the result unless gaussian_filter<Result> names it, are float for float and for
/// integers of up to 16 bits, double for others. There is one rounding to an integer, at the end.
/// A constant boundary continues x, not what the axes before have made of it (which ndimage does, with cval not 0).
/// Errors: those of gaussian_taps and convolve. Cost: the taps of all axes, multiplied with the samples.
template <class Result = by_rule, real_viewable X>
auto gaussian_filter(X const& x, per_axis<double> const& sigma, gaussian_filter_options const& options = {}) {
    using T = detail::smoothing_t<element_t<X>>;
    return detail::convolve_along_axes<Result>(
        x, detail::gaussian_factors<T>(rank_of<X>, sigma, options.order, options.truncate),
        detail::storage_of(options));
}

/// The same into memory that the caller has: a new array of some megabytes costs as much as the sums. The result type
/// is that of y. Errors: also shape_error when y has another shape than x, overlap_error when they overlap.
template <class Output, real_viewable X>
    requires viewable<std::remove_cvref_t<Output>>
void gaussian_filter_into(Output&& y, X const& x, per_axis<double> const& sigma,
                          gaussian_filter_options const& options = {}) {
    using T = detail::smoothing_t<element_t<X>>;
    detail::convolve_along_axes_into(y, x,
                                     detail::gaussian_factors<T>(rank_of<X>, sigma, options.order, options.truncate),
                                     detail::storage_of(options));
}

/// The sum over the axes of the second derivative of the smoothed x: scipy.ndimage.gaussian_laplace.
template <class Result = by_rule, real_viewable X>
auto gaussian_laplace(X const& x, per_axis<double> const& sigma, gaussian_filter_options const& options = {}) {
    return detail::stored<Result>(
        detail::over_axes<rank_of<X>>([&](int a) { return detail::gaussian_along(x, a, 2, sigma, options); },
                                      std::plus<>{}),
        detail::storage_of(options));
}

/// The length of the gradient of the smoothed x: scipy.ndimage.gaussian_gradient_magnitude.
template <class Result = by_rule, real_viewable X>
auto gaussian_gradient_magnitude(X const& x, per_axis<double> const& sigma,
                                 gaussian_filter_options const& options = {}) {
    return detail::stored<Result>(
        detail::length_over_axes<rank_of<X>>([&](int a) { return detail::gaussian_along(x, a, 1, sigma, options); }),
        detail::storage_of(options));
}

/// x + amount (x - smoothed x): edges overshoot by a share of their height. skimage.filters.unsharp_mask, MATLAB's
/// imsharpen. Types and errors: gaussian_filter; option_error unless amount is finite.
template <class Result = by_rule, real_viewable X>
auto unsharp_mask(X const& x, per_axis<double> const& sigma, double amount,
                  gaussian_filter_options const& options = {}) {
    detail::require_finite("unsharp_mask", "amount", amount);
    auto y = detail::gaussian_along(x, 0, 0, sigma, options);
    using T = typename decltype(y)::value_type;
    const T a = static_cast<T>(amount);
    const auto from = as_view(x);
    T* smooth = y.data();
    for_each_index(from.shape(), [&](index_list const& i) {
        const T v = static_cast<T>(from(i));
        *smooth = v + a * (v - *smooth);
        ++smooth;
    });
    return detail::stored<Result>(std::move(y), detail::storage_of(options));
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
