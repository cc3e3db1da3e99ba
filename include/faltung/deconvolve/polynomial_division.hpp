// faltung/deconvolve/polynomial_division.hpp -- a signal divided by a kernel, with remainder
#pragma once

#include <algorithm>
#include <type_traits>
#include <vector>

#include "../core/scalar.hpp"
#include "../view/tensor.hpp"
#include "../view/viewable.hpp"

namespace faltung {

template <class T>
struct polynomial_quotient {
    tensor<T, 1> quotient, remainder;
};

namespace detail {
inline namespace FALTUNG_COMPILED {

template <class T, class X>
std::vector<T> coefficients(char const* name, tensor_view<X const, 1> const& x) {
    std::vector<T> v;
    v.reserve(static_cast<std::size_t>(x.count()));
    for (index_t i = 0; i < x.count(); ++i) {
        if (!is_finite(x(i)))
            fail<option_error>("deconvolve_polynomial: coefficient ", i, " of ", name, " is not finite");
        v.push_back(convert<T>(x(i)));
    }
    if (v.empty()) fail<shape_error>("deconvolve_polynomial: ", name, " has no coefficients");
    return v;
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// q and r with y = convolve(h, q) + r, coefficients of the highest power first: q has n - k + 1 of them, and the first
/// n - k + 1 of r, which has n, are 0 but for rounding. Where h is longer than y, q is empty and r is y.
///
/// As scipy.signal.deconvolve and MATLAB's deconv (whose q is then 0). Rounding grows with the powers of those roots of
/// h that lie outside of the unit circle.
/// Types: accumulator_t of both: int64 for integers, which are exact modulo 2^64; their h[0] must be 1 or -1, so that q
/// is made of integers. Errors: shape_error where y or h is empty; option_error for h[0] = 0, or not +-1 for integers,
/// and for a coefficient that is not finite. Cost: 2 (n - k + 1) k products.
template <viewable Y, viewable H>
    requires(rank_of<Y> == 1 && rank_of<H> == 1)
[[nodiscard]] auto deconvolve_polynomial(Y const& y, H const& h) {
    using T = accumulator_t<element_t<Y>, element_t<H>>;
    using Yv = element_t<Y>;
    using Hv = element_t<H>;
    const auto dividend = detail::coefficients<T, Yv>("y", as_view(y));
    const auto divisor = detail::coefficients<T, Hv>("h", as_view(h));
    const T first = divisor[0];
    if (first == T{}) detail::fail<option_error>("deconvolve_polynomial: h[0] is 0: drop leading zeros of h");
    if constexpr (std::is_integral_v<T>)
        if (first != T{1} && first != static_cast<T>(-1))
            detail::fail<option_error>("deconvolve_polynomial: h[0] is ", first,
                                       ": a quotient of integers needs 1 or -1; convert to a floating type");
    const index_t n = static_cast<index_t>(dividend.size()), k = static_cast<index_t>(divisor.size()),
                  m = n < k ? 0 : n - k + 1;
    const auto at = [](index_t i) { return static_cast<std::size_t>(i); };
    polynomial_quotient<T> found{tensor<T, 1>({m}), tensor<T, 1>({n}, dividend)};
    T* const q = found.quotient.data();
    T* const r = found.remainder.data();
    for (index_t o = 0; o < m; ++o) {
        T sum{};
        for (index_t t = std::min(o, k - 1); t >= 1; --t) sum = multiply_add(sum, divisor[at(t)], q[o - t]);
        if constexpr (std::is_integral_v<T>)
            q[o] =
                multiply_add(T{}, first, multiply_add(dividend[at(o)], static_cast<T>(-1), sum));  // 1 / first = first
        else
            q[o] = (dividend[at(o)] - sum) / first;
    }
    for (index_t o = 0; m > 0 && o < n; ++o) {
        T sum{};
        for (index_t t = std::max<index_t>(0, o - m + 1); t < k && t <= o; ++t)
            sum = multiply_add(sum, divisor[at(t)], q[o - t]);
        r[o] = multiply_add(r[o], static_cast<real_t<T>>(-1), sum);
    }
    return found;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
