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

/// The taps along each axis of samples X. Errors: those of gaussian_taps, shape_error.
template <viewable X>
auto gaussian_factors(char const* name, per_axis<double> const& sigma, per_axis<int> const& order, double truncate) {
    constexpr int rank = static_cast<int>(rank_of<X>);
    sigma.require_axes(rank, "sigma", name);
    order.require_axes(rank, "order", name);
    using T = smoothing_t<element_t<X>>;
    std::vector<tensor<T, 1>> factors;
    for (int a = 0; a < rank; ++a) {
        const gaussian_options how{.order = order[a], .truncate = truncate};
        gaussian_radius(name, sigma[a], how);  // so that an error has this name
        factors.push_back(gaussian_taps<T>(sigma[a], how));
    }
    return factors;
}

/// y = a filter with derivatives of this order along one axis and none along the others.
template <class Output, viewable X>
void gaussian_along(char const* name, Output& y, X const& x, int axis, int order, per_axis<double> const& sigma,
                    gaussian_filter_options const& o) {
    per_axis<int> orders;
    for (int a = 0; a < static_cast<int>(rank_of<X>); ++a) orders.push_back(a == axis ? order : 0);
    convolve_along_axes_into(name, y, x, gaussian_factors<X>(name, sigma, orders, o.truncate), storage_of(o));
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
    constexpr char const* name = "gaussian_filter";
    return detail::convolve_along_axes<Result>(
        name, x, detail::gaussian_factors<X>(name, sigma, options.order, options.truncate),
        detail::storage_of(options));
}

/// The same into memory that the caller has: a new array of some megabytes costs as much as the sums. The result type
/// is that of y, as in all that follow. Errors: also shape_error when y has another shape than x, overlap_error when
/// they overlap.
template <class Output, real_viewable X>
    requires viewable<std::remove_cvref_t<Output>>
void gaussian_filter_into(Output&& y, X const& x, per_axis<double> const& sigma,
                          gaussian_filter_options const& options = {}) {
    constexpr char const* name = "gaussian_filter";
    detail::convolve_along_axes_into(name, y, x,
                                     detail::gaussian_factors<X>(name, sigma, options.order, options.truncate),
                                     detail::storage_of(options));
}

/// The sum over the axes of the second derivative of the smoothed x: scipy.ndimage.gaussian_laplace.
template <class Output, real_viewable X>
    requires viewable<std::remove_cvref_t<Output>>
void gaussian_laplace_into(Output&& y, X const& x, per_axis<double> const& sigma,
                           gaussian_filter_options const& options = {}) {
    constexpr char const* name = "gaussian_laplace";
    detail::fill_given<detail::smoothing_t<element_t<X>>>(name, y, x, detail::storage_of(options), [&](auto& sums) {
        detail::over_axes(
            sums, [&](auto& of_axis, int a) { detail::gaussian_along(name, of_axis, x, a, 2, sigma, options); },
            std::plus<>{});
    });
}
template <class Result = by_rule, real_viewable X>
auto gaussian_laplace(X const& x, per_axis<double> const& sigma, gaussian_filter_options const& options = {}) {
    return detail::new_filled<detail::type_or<Result, detail::smoothing_t<element_t<X>>>>(
        x, [&](auto& y) { gaussian_laplace_into(y, x, sigma, options); });
}

/// The length of the gradient of the smoothed x: scipy.ndimage.gaussian_gradient_magnitude.
template <class Output, real_viewable X>
    requires viewable<std::remove_cvref_t<Output>>
void gaussian_gradient_magnitude_into(Output&& y, X const& x, per_axis<double> const& sigma,
                                      gaussian_filter_options const& options = {}) {
    constexpr char const* name = "gaussian_gradient_magnitude";
    detail::fill_given<detail::smoothing_t<element_t<X>>>(name, y, x, detail::storage_of(options), [&](auto& lengths) {
        detail::length_over_axes(
            lengths, [&](auto& slopes, int a) { detail::gaussian_along(name, slopes, x, a, 1, sigma, options); });
    });
}
template <class Result = by_rule, real_viewable X>
auto gaussian_gradient_magnitude(X const& x, per_axis<double> const& sigma,
                                 gaussian_filter_options const& options = {}) {
    return detail::new_filled<detail::type_or<Result, detail::smoothing_t<element_t<X>>>>(
        x, [&](auto& y) { gaussian_gradient_magnitude_into(y, x, sigma, options); });
}

/// x + amount (x - smoothed x): edges overshoot by a share of their height. skimage.filters.unsharp_mask, MATLAB's
/// imsharpen. Types and errors: gaussian_filter; option_error unless amount is finite.
template <class Output, real_viewable X>
    requires viewable<std::remove_cvref_t<Output>>
void unsharp_mask_into(Output&& y, X const& x, per_axis<double> const& sigma, double amount,
                       gaussian_filter_options const& options = {}) {
    constexpr char const* name = "unsharp_mask";
    detail::require_finite(name, "amount", amount);
    using T = detail::smoothing_t<element_t<X>>;
    detail::fill_given<T>(name, y, x, detail::storage_of(options), [&](auto& sharp) {
        detail::gaussian_along(name, sharp, x, 0, 0, sigma, options);
        const T a = static_cast<T>(amount);
        const auto from = as_view(x);
        const auto to = as_view(sharp);
        for_each_index(from.shape(), [&](index_list const& i) {
            const T v = static_cast<T>(from(i));
            to(i) = v + a * (v - to(i));
        });
    });
}
template <class Result = by_rule, real_viewable X>
auto unsharp_mask(X const& x, per_axis<double> const& sigma, double amount,
                  gaussian_filter_options const& options = {}) {
    return detail::new_filled<detail::type_or<Result, detail::smoothing_t<element_t<X>>>>(
        x, [&](auto& y) { unsharp_mask_into(y, x, sigma, amount, options); });
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
