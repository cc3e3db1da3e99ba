// faltung/filter/gradient.hpp -- differences of an array of any rank: Sobel, Prewitt, Laplace, length and direction
#pragma once

#include "../view/axes.hpp"
#include "along_axes.hpp"
#include "derivatives.hpp"

namespace faltung {
namespace detail {
inline namespace FALTUNG_COMPILED {

/// The taps of each axis of a difference x[o + 1] - x[o - 1] along one axis, under the weights side, middle, side along
/// all others. Errors: shape_error.
template <viewable X>
auto smoothed_difference(char const* name, int axis, int side, int middle) {
    require_axis(axis, static_cast<int>(rank_of<X>), name);
    using T = difference_t<element_t<X>>;
    const tensor<T, 1> difference{{3}, centred_difference<T>()},
        smooth{{3}, {static_cast<T>(side), static_cast<T>(middle), static_cast<T>(side)}};
    std::vector<tensor<T, 1>> factors;
    for (int a = 0; a < static_cast<int>(rank_of<X>); ++a) factors.push_back(a == axis ? difference : smooth);
    return factors;
}

/// y = the difference along one axis by Sobel's weights.
template <class Output, viewable X>
void sobel_into(char const* name, Output& y, X const& x, int axis, filter_options const& how) {
    convolve_along_axes_into(name, y, x, smoothed_difference<X>(name, axis, 1, 2), how);
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// The difference along `axis` under the weights 1 2 1 along every other axis, positive where x grows: for images
/// convolve(x, sobel(towards::right)) with axis 1. scipy.ndimage.sobel.
/// Types: real samples. Integers are summed exactly, in int64, which is the result unless sobel_filter<Result> names
/// one; floating samples in their own type. Of sobel_filter_into it is that of y, as in all that follow.
/// Errors: shape_error for an axis that x has not; those of convolve, of convolve_into where y is given.
/// Cost: 3 taps an axis.
template <class Result = by_rule, real_viewable X>
auto sobel_filter(X const& x, int axis, filter_options const& options = {}) {
    return detail::convolve_along_axes<Result>("sobel_filter", x,
                                               detail::smoothed_difference<X>("sobel_filter", axis, 1, 2), options);
}
template <class Output, real_viewable X>
    requires viewable<std::remove_cvref_t<Output>>
void sobel_filter_into(Output&& y, X const& x, int axis, filter_options const& options = {}) {
    detail::sobel_into("sobel_filter", y, x, axis, options);
}

/// Likewise under the weights 1 1 1: scipy.ndimage.prewitt.
template <class Result = by_rule, real_viewable X>
auto prewitt_filter(X const& x, int axis, filter_options const& options = {}) {
    return detail::convolve_along_axes<Result>("prewitt_filter", x,
                                               detail::smoothed_difference<X>("prewitt_filter", axis, 1, 1), options);
}
template <class Output, real_viewable X>
    requires viewable<std::remove_cvref_t<Output>>
void prewitt_filter_into(Output&& y, X const& x, int axis, filter_options const& options = {}) {
    detail::convolve_along_axes_into("prewitt_filter", y, x,
                                     detail::smoothed_difference<X>("prewitt_filter", axis, 1, 1), options);
}

/// The sum over the axes of x[o + 1] - 2 x[o] + x[o - 1]: scipy.ndimage.laplace. Types and errors: sobel_filter.
template <class Output, real_viewable X>
    requires viewable<std::remove_cvref_t<Output>>
void laplace_into(Output&& y, X const& x, filter_options const& options = {}) {
    using T = detail::difference_t<element_t<X>>;
    using Sum = detail::signed_sum_t<by_rule, X, tensor<T, 1>>;
    constexpr int rank = static_cast<int>(rank_of<X>);
    options.boundary.require_axes(rank, "boundary", "laplace");
    detail::fill_given<Sum>("laplace", y, x, options, [&](auto& sums) {
        const auto of_axis_into = [&](auto& of_axis, int a) {
            shape taps = shape::repeated(rank, 1);
            taps[a] = 3;
            // all axes with their boundaries: what is refused is refused for the first one, before y is written
            detail::filter_into<Sum>("laplace", of_axis, x, tensor<T, rank_of<X>>{taps, {1, -2, 1}},
                                     detail::options_of(options));
        };
        detail::over_axes(sums, of_axis_into, std::plus<>{});
    });
}
template <class Result = by_rule, real_viewable X>
auto laplace(X const& x, filter_options const& options = {}) {
    using Sum = detail::signed_sum_t<by_rule, X, tensor<detail::difference_t<element_t<X>>, 1>>;
    return detail::new_filled<detail::type_or<Result, Sum>>(x, [&](auto& y) { laplace_into(y, x, options); });
}

/// The length of the gradient by Sobel's differences, sqrt of the sum over the axes of sobel_filter squared: 8 times
/// the slope of a plane in an image. Types: float for float and integers of up to 16 bits, double for others, unless
/// gradient_magnitude<Result> names it. Errors: sobel_filter.
template <class Output, real_viewable X>
    requires viewable<std::remove_cvref_t<Output>>
void gradient_magnitude_into(Output&& y, X const& x, filter_options const& options = {}) {
    detail::fill_given<detail::smoothing_t<element_t<X>>>("gradient_magnitude", y, x, options, [&](auto& lengths) {
        detail::length_over_axes(
            lengths, [&](auto& slopes, int a) { detail::sobel_into("gradient_magnitude", slopes, x, a, options); });
    });
}
template <class Result = by_rule, real_viewable X>
auto gradient_magnitude(X const& x, filter_options const& options = {}) {
    return detail::new_filled<detail::type_or<Result, detail::smoothing_t<element_t<X>>>>(
        x, [&](auto& y) { gradient_magnitude_into(y, x, options); });
}

/// The direction in which an image becomes brighter, by Sobel's differences: atan2(down, right), radians from the right
/// towards the bottom, in [-pi, pi]; 0 where there is no slope. Types and errors: gradient_magnitude.
template <class Output, real_viewable X>
    requires(rank_of<X> == 2 && viewable<std::remove_cvref_t<Output>>)
void gradient_direction_into(Output&& y, X const& x, filter_options const& options = {}) {
    detail::fill_given<detail::smoothing_t<element_t<X>>>("gradient_direction", y, x, options, [&](auto& angles) {
        detail::over_axes(
            angles, [&](auto& slopes, int a) { detail::sobel_into("gradient_direction", slopes, x, a, options); },
            [](auto down, auto right) {
                return std::atan2(down + 0, right + 0);  // -0 + 0 is 0
            });
    });
}
template <real_viewable X>
    requires(rank_of<X> == 2)
auto gradient_direction(X const& x, filter_options const& options = {}) {
    return detail::new_filled<detail::smoothing_t<element_t<X>>>(
        x, [&](auto& y) { gradient_direction_into(y, x, options); });
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
