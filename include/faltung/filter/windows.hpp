// faltung/filter/windows.hpp -- window functions: what a signal or a kernel is multiplied with so that it ends softly
#pragma once

#include <cmath>
#include <initializer_list>
#include <numbers>

#include "kernel_data.hpp"

namespace faltung {

/// symmetric: the first and the last tap are equal, for the design of filters. periodic: the first n of n + 1 symmetric
/// ones, for spectra.
enum class window_form : unsigned char { symmetric, periodic };

namespace detail {
inline namespace FALTUNG_COMPILED {

/// n taps value(j, last) of a window whose indices run from 0 to last; j is the distance from the nearer end, so that
/// equal taps are equal to the last bit. One tap alone is 1.
template <class T, class Value>
tensor<T, 1> window_of(char const* name, index_t n, window_form form, Value value) {
    require_taps(name, n, 0);
    auto w = tensor<T, 1>::uninitialized({n});
    const index_t last = form == window_form::periodic ? n : n - 1;
    for (index_t i = 0; i < n; ++i) w(i) = n == 1 ? T{1} : static_cast<T>(value(std::min(i, last - i), last));
    return w;
}

/// The sum of (-1)^k a[k] cos(2 pi k j / last): whole turns are taken off before the angle is rounded.
inline long double cosine_sum(std::initializer_list<double> a, index_t j, index_t last) {
    long double sum = 0, sign = 1;
    index_t turned = 0;
    for (double weight : a) {
        const long double angle =
            2 * std::numbers::pi_v<long double> * static_cast<long double>(turned) / static_cast<long double>(last);
        sum += sign * static_cast<long double>(weight) * std::cos(angle);
        turned = (turned + j) % last;
        sign = -sign;
    }
    return sum;
}

/// The modified Bessel function of the first kind and order 0, by its series: all terms are positive.
inline long double bessel_i0(long double x) {
    long double sum = 1, term = 1;
    for (long double k = 1; term > sum * 1e-21L; ++k) sum += term *= (x / (2 * k)) * (x / (2 * k));
    return sum;
}

template <class T>
tensor<T, 1> cosine_window(char const* name, index_t n, std::initializer_list<double> a, window_form form) {
    return window_of<T>(name, n, form, [&](index_t j, index_t last) { return cosine_sum(a, j, last); });
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

/// Windows of n taps, as scipy.signal.windows has them. n may be 0. The largest tap is 1; with an even number of
/// symmetric taps it lies between two.
/// Types: a floating T, double unless named: windows::hann<float>(n). Taps are rounded once, from long double.
/// Errors: shape_error unless 0 <= n <= 2^31; option_error.
namespace windows {
inline namespace FALTUNG_COMPILED {

/// sum over k of (-1)^k a[k] cos(2 pi k i / (n - 1)).
template <std::floating_point T = double>
tensor<T, 1> general_cosine(index_t n, std::initializer_list<double> a, window_form form = window_form::symmetric) {
    return detail::cosine_window<T>("windows::general_cosine", n, a, form);
}

/// 1/2 - 1/2 cos: both ends are 0.
template <std::floating_point T = double>
tensor<T, 1> hann(index_t n, window_form form = window_form::symmetric) {
    return detail::cosine_window<T>("windows::hann", n, {0.5, 0.5}, form);
}

/// 0.54 - 0.46 cos: the nearest side lobes of its spectrum cancel.
template <std::floating_point T = double>
tensor<T, 1> hamming(index_t n, window_form form = window_form::symmetric) {
    return detail::cosine_window<T>("windows::hamming", n, {0.54, 1.0 - 0.54}, form);
}

/// 0.42 - 0.5 cos + 0.08 cos of twice the angle.
template <std::floating_point T = double>
tensor<T, 1> blackman(index_t n, window_form form = window_form::symmetric) {
    return detail::cosine_window<T>("windows::blackman", n, {0.42, 0.5, 0.08}, form);
}

/// Five cosines whose main lobe is flat, so that an amplitude between two frequencies is read off right. Some taps are
/// below 0.
template <std::floating_point T = double>
tensor<T, 1> flat_top(index_t n, window_form form = window_form::symmetric) {
    return detail::cosine_window<T>("windows::flat_top", n,
                                    {0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368}, form);
}

/// A triangle with 0 at both ends.
template <std::floating_point T = double>
tensor<T, 1> bartlett(index_t n, window_form form = window_form::symmetric) {
    return detail::window_of<T>("windows::bartlett", n, form, [](index_t j, index_t last) {
        return 2 * static_cast<long double>(j) / static_cast<long double>(last);
    });
}

/// I0(beta sqrt(1 - t^2)) / I0(beta), t from -1 to 1: the larger beta, the lower the side lobes and the wider the main
/// one. Errors: option_error unless 0 <= beta <= 10000.
template <std::floating_point T = double>
tensor<T, 1> kaiser(index_t n, double beta, window_form form = window_form::symmetric) {
    if (!(beta >= 0 && beta <= 10000))
        detail::fail<option_error>("windows::kaiser: beta ", beta, "; 0 to 10000 are possible");
    const long double b = beta, whole = detail::bessel_i0(b);
    return detail::window_of<T>("windows::kaiser", n, form, [=](index_t j, index_t last) {
        const long double from_low = static_cast<long double>(j), from_high = static_cast<long double>(last - j);
        return detail::bessel_i0(2 * b * std::sqrt(from_low * from_high) / static_cast<long double>(last)) / whole;
    });
}

/// exp(-t^2 / (2 sigma^2)), t counted in taps from the middle. Errors: option_error unless sigma is finite and above 0.
template <std::floating_point T = double>
tensor<T, 1> gaussian(index_t n, double sigma, window_form form = window_form::symmetric) {
    detail::require_positive("windows::gaussian", "sigma", sigma);
    return detail::window_of<T>("windows::gaussian", n, form, [=](index_t j, index_t last) {
        const long double z = static_cast<long double>(last - 2 * j) / (2 * static_cast<long double>(sigma));
        return std::exp(-z * z / 2);
    });
}

}  // namespace FALTUNG_COMPILED
}  // namespace windows
}  // namespace faltung
