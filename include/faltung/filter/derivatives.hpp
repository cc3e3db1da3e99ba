// faltung/filter/derivatives.hpp -- kernels of first and second differences
#pragma once

#include "gaussian.hpp"

namespace faltung {

/// The way in which an image has to become brighter for a first difference to be positive. Rows count downwards, so
/// top_right is fewer rows and more columns.
enum class towards : unsigned char { right, bottom, bottom_right, top_right };

namespace detail {

/// The difference along one axis and a smoothing along the other; on a diagonal the sum, or the difference, of both.
template <class T>
constexpr fixed_kernel<T, 3, 3> smoothed_difference(towards way, T side, T middle) {
    const std::array<T, 3> smooth{side, middle, side}, difference{1, 0, -1};
    fixed_kernel<T, 3, 3> h{};
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j) {
            const T right = static_cast<T>(smooth[i] * difference[j]),
                    bottom = static_cast<T>(difference[i] * smooth[j]);
            h[i][j] = way == towards::right          ? right
                      : way == towards::bottom       ? bottom
                      : way == towards::bottom_right ? static_cast<T>(right + bottom)
                                                     : static_cast<T>(right - bottom);
        }
    return h;
}

}  // namespace detail

// What is fixed has no arithmetic at run time and is the same in every file.

/// x[o + 1] - x[o - 1] as a kernel: twice the slope of a line. Types of all fixed kernels: a signed scalar T, double
/// unless named.
template <scalar T = double>
constexpr std::array<T, 3> centred_difference() {
    return {1, 0, -1};
}

/// A centred difference under the weights 1 1 1: 6 times the slope of a plane.
template <scalar T = double>
constexpr fixed_kernel<T, 3, 3> prewitt(towards way) {
    return detail::smoothed_difference<T>(way, 1, 1);
}

/// Under the weights 1 2 1: 8 times the slope.
template <scalar T = double>
constexpr fixed_kernel<T, 3, 3> sobel(towards way) {
    return detail::smoothed_difference<T>(way, 1, 2);
}

/// Under the weights 3 10 3, which depend least on the direction: 32 times the slope.
template <scalar T = double>
constexpr fixed_kernel<T, 3, 3> scharr(towards way) {
    return detail::smoothed_difference<T>(way, 3, 10);
}

/// The difference of two samples that touch at their corners. Errors: option_error for right and bottom.
template <scalar T = double>
constexpr fixed_kernel<T, 2, 2> roberts(towards way) {
    if (way == towards::right || way == towards::bottom)
        detail::fail<option_error>(
            "roberts: 2 x 2 taps have differences along diagonals alone: bottom_right, top_right");
    if (way == towards::bottom_right) return {{{1, 0}, {0, -1}}};
    return {{{0, -1}, {1, 0}}};
}

/// The sum of the second differences along both axes: the 4 neighbours less 4 times the sample.
template <scalar T = double>
constexpr fixed_kernel<T, 3, 3> laplacian_4() {
    return {{{0, 1, 0}, {1, -4, 1}, {0, 1, 0}}};
}

/// Along the diagonals, too: the 8 neighbours less 8 times the sample; 3 times the Laplacian.
template <scalar T = double>
constexpr fixed_kernel<T, 3, 3> laplacian_8() {
    return {{{1, 1, 1}, {1, -8, 1}, {1, 1, 1}}};
}

inline namespace FALTUNG_COMPILED {

/// The `order`-th difference, smoothed to so many taps: (1 + z)^(taps - 1 - order) (1 - z)^order. Order 1 of 3 taps is
/// 1 0 -1, order 0 is 1 2 1. OpenCV's cv::getDerivKernels, which are for correlations, reversed.
/// outer_product of two of them is the kernel of cv::Sobel; divided by 2^(taps - 1 - order) each, it has gain 1.
/// Types: a scalar T that holds the taps, double unless named; all are integers.
/// Errors: shape_error unless taps is odd and 1 to 31; option_error unless 0 <= order < taps.
template <scalar T = double>
tensor<T, 1> derivative_taps(index_t order, index_t taps) {
    constexpr char const* name = "derivative_taps";
    detail::require_middle(name, taps);
    if (taps > 31) detail::fail<shape_error>(name, ": ", taps, " taps; 1 to 31 are possible");
    if (order < 0 || order >= taps)
        detail::fail<option_error>(name, ": order ", order, " of ", taps, taps == 1 ? " tap" : " taps", "; 0 to ",
                                   taps - 1, " are possible");
    std::array<std::int64_t, 31> h{1};
    for (index_t factor = 1; factor < taps; ++factor) {
        const std::int64_t sign = factor <= order ? -1 : 1;
        for (index_t i = factor; i > 0; --i)
            h[static_cast<std::size_t>(i)] += sign * h[static_cast<std::size_t>(i - 1)];
    }
    auto kernel = tensor<T, 1>::uninitialized({taps});
    for (index_t i = 0; i < taps; ++i) kernel(i) = static_cast<T>(h[static_cast<std::size_t>(i)]);
    return kernel;
}

/// The derivative of a Gaussian in a direction, `angle` radians from the right towards the bottom: the sum over k of
/// binomial(n, k) cos^(n - k) sin^k times the derivative n - k times along the last axis and k times along the first.
/// Types: a floating T, double unless named. Errors: as gaussian_taps; option_error unless the angle is finite.
/// Source: Freeman and Adelson, The design and use of steerable filters, IEEE PAMI 13 (1991).
template <std::floating_point T = double>
tensor<T, 2> steered_gaussian(double sigma, double angle, gaussian_options options = {.order = 1}) {
    detail::require_finite("steered_gaussian", "angle", angle);
    const int order = options.order;
    const index_t taps = 2 * detail::gaussian_radius("steered_gaussian", sigma, options) + 1;
    tensor<long double, 2> sum{{taps, taps}};
    const long double across = std::cos(static_cast<long double>(angle)),
                      down = std::sin(static_cast<long double>(angle));
    long double binomial = 1;
    for (int k = 0; k <= order; ++k) {
        const auto taps_of = [&](int n) {
            options.order = n;
            return gaussian_taps<long double>(sigma, options);
        };
        const long double weight = binomial * std::pow(across, static_cast<long double>(order - k)) *
                                   std::pow(down, static_cast<long double>(k));
        sum = weighted_sum(1.0L, sum, weight, outer_product(taps_of(k), taps_of(order - k)));
        binomial *= static_cast<long double>(order - k) / static_cast<long double>(k + 1);
    }
    auto h = tensor<T, 2>::uninitialized(sum.shape());
    for (index_t i = 0; i < h.count(); ++i) h.data()[i] = static_cast<T>(sum.data()[i]);
    return h;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
