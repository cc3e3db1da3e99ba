// faltung/filter/gaussian.hpp -- the taps of a Gaussian and its derivatives, by the rules of several systems
#pragma once

#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include "kernel_data.hpp"

namespace faltung {

struct gaussian_options {
    int order = 0;                       // of the derivative
    double truncate = 4;                 // the taps end this many sigma from the middle
    std::optional<index_t> radius = {};  // or this many taps
};

/// What a sampled Gaussian is scaled to: a sum of 1, a middle of 1, or the normal density 1 / (sqrt(2 pi) sigma).
enum class gaussian_scale : unsigned char { unit_sum, unit_peak, density };

struct gaussian_sample_options {
    double spacing = 1;  // the distance between two taps, in the unit of sigma
    gaussian_scale scale = gaussian_scale::unit_sum;
};

namespace detail {
inline namespace FALTUNG_COMPILED {

/// exp(-(t spacing / sigma)^2 / 2) at `taps` places t about 0: halves where the number is even.
inline std::vector<long double> bell(index_t taps, long double sigma, long double spacing) {
    std::vector<long double> values(static_cast<std::size_t>(taps));
    for (index_t i = 0; i < taps; ++i) {
        const long double z = static_cast<long double>(2 * i - (taps - 1)) / 2 * spacing / sigma;
        values[static_cast<std::size_t>(i)] = std::exp(-z * z / 2);
    }
    return values;
}

/// The sum from the ends to the middle: small taps first.
inline long double sum_of_symmetric(std::vector<long double> const& values) {
    long double sum = 0;
    const std::size_t half = values.size() / 2;
    for (std::size_t i = 0; i < half; ++i) sum += values[i] + values[values.size() - 1 - i];
    return values.size() % 2 == 0 ? sum : sum + values[half];
}

/// He(z), the polynomial of degree n that the n-th derivative of exp(-z^2 / 2) has before it, up to its sign.
inline long double hermite(int n, long double z) {
    long double before = 0, value = 1;
    for (int k = 0; k < n; ++k) {
        const long double next = z * value - static_cast<long double>(k) * before;
        before = value;
        value = next;
    }
    return value;
}

inline index_t gaussian_radius(char const* name, double sigma, gaussian_options const& options) {
    require_positive(name, "sigma", sigma);
    if (options.order < 0) fail<option_error>(name, ": order ", options.order, "; 0 or more is needed");
    if (!(options.truncate >= 0)) fail<option_error>(name, ": truncate ", options.truncate, "; 0 or more is needed");
    const double radius = options.radius ? static_cast<double>(*options.radius) : options.truncate * sigma + 0.5;
    if (!(radius >= 0 && radius < 0x1p30))
        fail<shape_error>(name, ": a radius of ", radius, " taps; 0 to less than 2^30 are possible");
    return static_cast<index_t>(radius);
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// The n-th derivative of a Gaussian at the integers t, |t| <= radius = floor(truncate sigma + 1/2): for n = 0 the taps
/// exp(-t^2 / (2 sigma^2)) divided by their sum, for others those times the polynomial that the derivative brings,
/// (-1 / sigma)^n He_n(t / sigma). Convolved with x, an approximation of the n-th derivative of the smoothed x; as
/// scipy.ndimage.gaussian_filter1d has it.
/// Types: a floating T, double unless named. Taps are rounded once, from long double.
/// Errors: option_error unless sigma is finite and above 0, order >= 0 and truncate >= 0, and where a tap does not fit
/// T; shape_error unless 0 <= radius < 2^30.
template <std::floating_point T = double>
tensor<T, 1> gaussian_taps(double sigma, gaussian_options const& options = {}) {
    constexpr char const* name = "gaussian_taps";
    const index_t radius = detail::gaussian_radius(name, sigma, options), taps = 2 * radius + 1;
    const std::vector<long double> bell = detail::bell(taps, sigma, 1);
    const long double sum = detail::sum_of_symmetric(bell), s = sigma;
    const long double scale = std::pow(-1 / s, static_cast<long double>(options.order)) / sum;
    auto h = tensor<T, 1>::uninitialized({taps});
    for (index_t i = 0; i < taps; ++i) {
        const long double polynomial = detail::hermite(options.order, static_cast<long double>(i - radius) / s);
        h(i) = static_cast<T>(scale * polynomial * bell[static_cast<std::size_t>(i)]);
        if (!std::isfinite(h(i)))
            detail::fail<option_error>(name, ": order ", options.order, " of sigma ", sigma, ": tap ", i - radius,
                                       " does not fit the element type");
    }
    return h;
}

/// A Gaussian at `taps` places about 0, in the middle or beside it: exp(-(t spacing)^2 / (2 sigma^2)), scaled.
/// Types: a floating T, double unless named.
/// Errors: shape_error unless 1 <= taps <= 2^31; option_error unless sigma and spacing are finite and above 0.
template <std::floating_point T = double>
tensor<T, 1> gaussian_samples(index_t taps, double sigma, gaussian_sample_options const& options = {}) {
    constexpr char const* name = "gaussian_samples";
    detail::require_taps(name, taps, 1);
    detail::require_positive(name, "sigma", sigma);
    detail::require_positive(name, "spacing", options.spacing);
    const std::vector<long double> bell = detail::bell(taps, sigma, options.spacing);
    const long double divisor = options.scale == gaussian_scale::unit_sum ? detail::sum_of_symmetric(bell)
                                : options.scale == gaussian_scale::unit_peak
                                    ? 1
                                    : std::sqrt(2 * std::numbers::pi_v<long double>) * static_cast<long double>(sigma);
    auto h = tensor<T, 1>::uninitialized({taps});
    for (index_t i = 0; i < taps; ++i) h(i) = static_cast<T>(bell[static_cast<std::size_t>(i)] / divisor);
    return h;
}

/// OpenCV's sigma for a Gaussian of so many taps: 0.3 ((taps - 1) / 2 - 1) + 0.8.
constexpr double gaussian_sigma_of(index_t taps) { return 0.3 * (static_cast<double>(taps - 1) * 0.5 - 1) + 0.8; }

/// How many taps cv::GaussianBlur gives a sigma: 6 sigma + 1 for bytes, 8 sigma + 1 for other samples X, rounded (half
/// to even) and made odd. Errors: option_error, shape_error as gaussian_samples.
template <scalar X>
index_t gaussian_size_of(double sigma) {
    constexpr char const* name = "gaussian_size_of";
    detail::require_positive(name, "sigma", sigma);
    const double size = sigma * (std::is_same_v<X, std::uint8_t> ? 3 : 4) * 2 + 1;
    if (!(size <= 0x1p31))
        detail::fail<shape_error>(name, ": ", size, " taps; 1 to ", index_t{1} << 31, " are possible");
    return static_cast<index_t>(std::nearbyint(size)) | 1;
}

/// The Gaussian that OpenCV takes when it knows the size alone, as cv::getGaussianKernel(taps, 0): 1, 3, 5, 7 and 9
/// taps are fixed numbers over a power of two, others those of gaussian_sigma_of. Types and errors: gaussian_samples.
template <std::floating_point T = double>
tensor<T, 1> gaussian_taps_of_size(index_t taps) {
    detail::require_taps("gaussian_taps_of_size", taps, 1);
    // Half of each, up to the middle, in 1/256.
    constexpr std::array<std::array<int, 5>, 5> fixed{
        {{256}, {64, 128}, {16, 64, 96}, {8, 28, 56, 72}, {4, 13, 30, 51, 60}}};
    if (taps > 9 || taps % 2 == 0) return gaussian_samples<T>(taps, gaussian_sigma_of(taps));
    auto h = tensor<T, 1>::uninitialized({taps});
    for (index_t i = 0; i < taps; ++i)
        h(i) = static_cast<T>(
                   fixed[static_cast<std::size_t>(taps / 2)][static_cast<std::size_t>(std::min(i, taps - 1 - i))]) /
               256;
    return h;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
