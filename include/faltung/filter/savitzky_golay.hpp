// faltung/filter/savitzky_golay.hpp -- the value or a derivative of the polynomial that fits a window best, as a kernel
#pragma once

#include <cmath>
#include <optional>
#include <vector>

#include "kernel_data.hpp"

namespace faltung {

struct savitzky_golay_options {
    index_t derivative = 0;
    double spacing = 1;  // the distance between two samples: a derivative is per unit of it

    /// Where in the window the polynomial is read, counted in samples of x from its first one. Nothing: the middle.
    std::optional<double> position = {};
};

namespace detail {
inline namespace FALTUNG_COMPILED {

/// The polynomials that are orthonormal on the n points j - (n - 1) / 2, by their three-term recurrence
/// b(k + 1) q[k + 1] = u q[k] - b(k) q[k - 1] with b(k)^2 = k^2 (n^2 - k^2) / (4 (4 k^2 - 1)) (Gram).
/// Writes the values of the `order`-th derivatives at u of all polynomials up to `degree`.
inline void orthonormal_polynomials(index_t n, index_t degree, index_t order, long double u,
                                    std::vector<long double>& lower, std::vector<long double>& value) {
    const auto b = [n](index_t k) {
        const long double i = static_cast<long double>(k), m = static_cast<long double>(n);
        return i / 2 * std::sqrt((m - i) * (m + i) / (4 * i * i - 1));
    };
    value.assign(static_cast<std::size_t>(degree + 1), 0.0L);
    for (index_t d = 0; d <= order; ++d) {
        lower = value;
        value[0] = d == 0 ? 1 / std::sqrt(static_cast<long double>(n)) : 0;
        for (index_t k = 0; k < degree; ++k) {
            const std::size_t at = static_cast<std::size_t>(k);
            const long double from_lower = d == 0 ? 0 : static_cast<long double>(d) * lower[at];
            const long double before = k == 0 ? 0 : b(k) * value[at - 1];
            value[at + 1] = (u * value[at] + from_lower - before) / b(k + 1);
        }
    }
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// The kernel whose convolution with x is, at each window of `taps` samples, a derivative at one position of the
/// polynomial of that degree with the least squared distance from them; as scipy.signal.savgol_coeffs. A derivative
/// above the degree is 0 everywhere.
/// Types: a floating T, double unless named.
/// Errors: shape_error unless 1 <= taps <= 2^31; option_error unless 0 <= degree < taps, derivative >= 0, spacing
/// finite and above 0, 0 <= position < taps.
/// Cost: taps * degree. Source: Savitzky and Golay, Analytical Chemistry 36 (1964); Gorry, ibid. 62 (1990).
template <std::floating_point T = double>
tensor<T, 1> savitzky_golay(index_t taps, index_t degree, savitzky_golay_options const& options = {}) {
    constexpr char const* name = "savitzky_golay";
    detail::require_taps(name, taps, 1);
    detail::require_positive(name, "spacing", options.spacing);
    if (degree < 0 || degree >= taps)
        detail::fail<option_error>(name, ": a polynomial of degree ", degree, " for ", taps, " taps; 0 to ", taps - 1,
                                   " are possible");
    if (options.derivative < 0)
        detail::fail<option_error>(name, ": derivative ", options.derivative, "; 0 or more is needed");
    const double position = options.position.value_or(static_cast<double>(taps - 1) / 2);
    if (!(position >= 0 && position < static_cast<double>(taps)))
        detail::fail<option_error>(name, ": position ", position, " in a window of ", taps, " taps");

    tensor<T, 1> h{{taps}};
    if (options.derivative > degree) return h;
    const long double middle = static_cast<long double>(taps - 1) / 2;
    std::vector<long double> lower, at_position, at_sample;
    detail::orthonormal_polynomials(taps, degree, options.derivative, position - middle, lower, at_position);
    const long double scale =
        std::pow(static_cast<long double>(options.spacing), static_cast<long double>(options.derivative));
    for (index_t j = 0; j < taps; ++j) {
        detail::orthonormal_polynomials(taps, degree, 0, static_cast<long double>(j) - middle, lower, at_sample);
        long double sum = 0;
        for (std::size_t k = 0; k < at_sample.size(); ++k) sum += at_sample[k] * at_position[k];
        h(taps - 1 - j) = static_cast<T>(sum / scale);
    }
    return h;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
