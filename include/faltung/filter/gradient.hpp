// faltung/filter/gradient.hpp -- differences of an array of any rank: Sobel, Prewitt, Laplace, length and direction
#pragma once

#include "../view/axes.hpp"
#include "along_axes.hpp"
#include "derivatives.hpp"

namespace faltung {
namespace detail {
inline namespace FALTUNG_COMPILED {

/// The difference x[o + 1] - x[o - 1] along one axis, under the weights side, middle, side along all others.
template <class Result, viewable X>
auto smoothed_difference_along(char const* name, X const& x, int axis, int side, int middle,
                               filter_options const& how) {
    require_axis(axis, static_cast<int>(rank_of<X>), name);
    using T = difference_t<element_t<X>>;
    const tensor<T, 1> difference{{3}, centred_difference<T>()},
        smooth{{3}, {static_cast<T>(side), static_cast<T>(middle), static_cast<T>(side)}};
    std::vector<tensor<T, 1>> factors;
    for (int a = 0; a < static_cast<int>(rank_of<X>); ++a) factors.push_back(a == axis ? difference : smooth);
    return convolve_along_axes<Result>(x, factors, how);
}

/// The difference along one axis by Sobel's weights, in floating samples.
template <viewable X>
auto floating_sobel(X const& x, int axis, filter_options const& how) {
    return smoothed_difference_along<smoothing_t<element_t<X>>>("gradient", x, axis, 1, 2, how);
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// The difference along `axis` under the weights 1 2 1 along every other axis, positive where x grows: for images
/// convolve(x, sobel(towards::right)) with axis 1. scipy.ndimage.sobel.
/// Types: real samples. Integers are summed exactly, in int64, which is the result unless sobel_filter<Result> names
/// one; floating samples in their own type.
/// Errors: shape_error for an axis that x has not; those of convolve. Cost: 3 taps an axis.
template <class Result = by_rule, real_viewable X>
auto sobel_filter(X const& x, int axis, filter_options const& options = {}) {
    return detail::smoothed_difference_along<Result>("sobel_filter", x, axis, 1, 2, options);
}

/// Likewise under the weights 1 1 1: scipy.ndimage.prewitt.
template <class Result = by_rule, real_viewable X>
auto prewitt_filter(X const& x, int axis, filter_options const& options = {}) {
    return detail::smoothed_difference_along<Result>("prewitt_filter", x, axis, 1, 1, options);
}

/// The sum over the axes of x[o + 1] - 2 x[o] + x[o - 1]: scipy.ndimage.laplace. Types and errors: sobel_filter.
template <class Result = by_rule, real_viewable X>
auto laplace(X const& x, filter_options const& options = {}) {
    using T = detail::difference_t<element_t<X>>;
    options.boundary.require_axes(static_cast<int>(rank_of<X>), "boundary");
    auto sum = detail::over_axes<rank_of<X>>(
        [&](int a) {
            return convolve(x, std::array<T, 3>{1, -2, 1}, detail::axis_options(a, options.boundary[a], options));
        },
        std::plus<>{});
    return detail::stored<Result>(std::move(sum), options);
}

/// The length of the gradient by Sobel's differences, sqrt of the sum over the axes of sobel_filter squared: 8 times
/// the slope of a plane in an image. Types: float for float and integers of up to 16 bits, double for others, unless
/// gradient_magnitude<Result> names it. Errors: those of convolve.
template <class Result = by_rule, real_viewable X>
auto gradient_magnitude(X const& x, filter_options const& options = {}) {
    return detail::stored<Result>(
        detail::length_over_axes<rank_of<X>>([&](int a) { return detail::floating_sobel(x, a, options); }), options);
}

/// The direction in which an image becomes brighter, by Sobel's differences: atan2(down, right), radians from the right
/// towards the bottom, in [-pi, pi]; 0 where there is no slope. Types and errors: gradient_magnitude.
template <real_viewable X>
    requires(rank_of<X> == 2)
auto gradient_direction(X const& x, filter_options const& options = {}) {
    return detail::over_axes<2>([&](int a) { return detail::floating_sobel(x, a, options); },
                                [](auto down, auto right) {
                                    return std::atan2(down + 0, right + 0);  // -0 + 0 is 0
                                });
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
