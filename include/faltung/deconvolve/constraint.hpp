// faltung/deconvolve/constraint.hpp -- what is known of x beside the data, and when a descent ends
#pragma once

#include "../linalg/linear_operator.hpp"

namespace faltung {

/// Of which x the least is looked for: of all, or of real ones without negative numbers.
enum class constraint : unsigned char { none, non_negative };

namespace detail {
inline namespace FALTUNG_COMPILED {

template <class T>
void require_constraint(char const* name, constraint c) {
    if (is_complex<T> && c == constraint::non_negative)
        fail<option_error>(name, ": .constraint = non_negative for complex numbers, which have no order");
}

template <class T>
T projected(T v, constraint c) {
    if constexpr (is_complex<T>)
        return v;
    else
        return c == constraint::non_negative ? std::max(v, T{0}) : v;
}

/// Whether a descent that has reached this ends, and why; `residual` and `gradient` are as small as was asked for.
inline bool ends_descent(solver_report& r, double residual, double gradient, index_t iterations,
                         progress_function const& progress) {
    if (!std::isfinite(r.residual))
        r.reason = stop_reason::breakdown;
    else if (r.residual <= residual)
        r.reason = stop_reason::converged;
    else if (r.iterations > 0 && r.gradient <= gradient)
        r.reason = stop_reason::least_squares;
    else if (r.iterations >= iterations)
        r.reason = stop_reason::exhausted;
    else if (r.iterations > 0 && progress && !progress(r))
        r.reason = stop_reason::stopped;
    else
        return false;
    return true;
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail
}  // namespace faltung
