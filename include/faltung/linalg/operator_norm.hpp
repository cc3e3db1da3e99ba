// faltung/linalg/operator_norm.hpp -- the largest singular value of an operator, by power iteration
#pragma once

#include <cstdint>

#include "linear_operator.hpp"

namespace faltung {

struct operator_norm_options {
    double tolerance = 1e-3;   // ends when the estimate grows by less than this share
    index_t iterations = 100;  // at most
};

inline namespace FALTUNG_COMPILED {

/// |A|_2 from below: |A v| for the unit vector v that power iteration on A^H A has reached, from a start that is the
/// same for every call. The estimate never falls; what it still lacks may be several times the tolerance where the
/// largest singular values lie close together. 0 for an operator without equations or unknowns. Errors: option_error;
/// also where a product is not finite. Cost: a product with A and one with its adjoint per iteration.
template <class T>
double operator_norm(linear_operator<T> const& a, operator_norm_options const& o = {}) {
    detail::require_operator("operator_norm", a);
    detail::require_from_0("operator_norm", ".tolerance", o.tolerance);
    detail::require_iterations("operator_norm", o.iterations);
    std::vector<T> v(static_cast<std::size_t>(a.unknowns)), av(static_cast<std::size_t>(a.equations));
    std::uint64_t state = 1;
    const auto number = [&] {  // between -1/2 and 1/2: Knuth's MMIX generator, high bits
        state = state * 6364136223846793005u + 1442695040888963407u;
        return static_cast<real_t<T>>(static_cast<double>(state >> 11) * 0x1p-53 - 0.5);
    };
    for (T& s : v)
        if constexpr (is_complex<T>)
            s = T(number(), number());
        else
            s = number();
    double norm = 0;
    for (index_t i = 0; i < o.iterations; ++i) {
        const double length = detail::norm_of(v);
        if (length == 0) return norm;
        detail::scale(v, 1 / length);
        a.apply(v, av);
        const double before = norm, now = detail::norm_of(av);
        if (!std::isfinite(now)) detail::fail<option_error>("operator_norm: product ", i, " with A is not finite");
        norm = std::max(norm, now);
        if (now == 0 || (i > 0 && norm <= before * (1 + o.tolerance))) break;
        a.adjoint(av, v);
    }
    return norm;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
