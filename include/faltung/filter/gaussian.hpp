// faltung/filter/gaussian.hpp -- the taps of a Gaussian and its derivatives, by the rules of several systems
#pragma once

#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include "kernel.hpp"

namespace faltung {

struct gaussian_options {
    int order = 0;                         // of the derivative
    double truncate = 4;                   // the taps end this many sigma from the middle
    std::optional<index_t> radius = {};    // or this many taps
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
    if (options.radius) {
        if (*options.radius < 0) fail<option_error>(name, ": radius ", *options.radius, "; 0 or more is needed");
        if (*options.radius < index_t{1} << 31) require_taps(name, 2 * *options.radius + 1, 1);
        if (*options.radius < index_t{1} << 31) return *options.radius;
    }
    if (!options.radius && !(options.truncate >= 0))
        fail<option_error>(name, ": truncate ", options.truncate, "; 0 or more is needed");
    const double radius = options.radius ? static_cast<double>(*options.radius) : options.truncate * sigma + 0.5;
    if (!(radius < 0x1p30))
        fail<shape_error>(name, ": a radius of ", radius, " taps; less than 2^30 are possible");
    return static_cast<index_t>(radius);
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail
