// faltung/linalg/linear_operator.hpp -- a matrix that is known by what it does to vectors
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <vector>

#include "../core/checked.hpp"
#include "../core/scalar.hpp"

namespace faltung {

/// A with `equations` rows and `unknowns` columns: apply writes y = A x, adjoint writes x = A^H y. Both overwrite all
/// of their second argument. Types: float, double and complex numbers of both.
template <class T>
struct linear_operator {
    index_t unknowns = 0, equations = 0;
    std::function<void(std::span<T const> x, std::span<T> y)> apply;
    std::function<void(std::span<T const> y, std::span<T> x)> adjoint;
};

/// Why an iteration ended.
enum class stop_reason : unsigned char {
    converged,        // |b - A x| is as small as was asked for
    least_squares,    // |A^H (b - A x)| is
    ill_conditioned,  // the condition of A is above its limit
    exhausted,        // all iterations were made
    stopped,          // the caller's progress function said so
    breakdown  // no step was left that makes sense: rounding alone, an operator that is not what was promised, NaN
};
constexpr char const* name_of(stop_reason r) {
    constexpr char const* names[] = {"converged", "least squares", "ill conditioned",
                                     "exhausted", "stopped",       "breakdown"};
    return names[static_cast<int>(r)];
}

/// What an iteration has reached.
struct solver_report {
    index_t iterations = 0;
    double residual = 0;  // |b - A x|, of LSQR and LSMR with the damping as rows of A
    double gradient = 0;  // |A^H (b - A x)|, where it is known
    stop_reason reason = stop_reason::exhausted;
};

template <class T>
struct solver_result {
    std::vector<T> x;
    solver_report report;
};

/// Is called after every iteration; false ends it.
using progress_function = std::function<bool(solver_report const&)>;

namespace detail {
inline namespace FALTUNG_COMPILED {

template <class T>
double norm_of(std::vector<T> const& v) {
    double sum = 0;
    for (T s : v) {
        const double re = static_cast<double>(std::real(s)), im = static_cast<double>(std::imag(s));
        sum += is_complex<T> ? re * re + im * im : re * re;
    }
    if ((sum > 1e-280 && sum < 1e300) || std::isnan(sum)) return std::sqrt(sum);
    // squares that may have left the range of double
    double largest = 0;
    for (T s : v) largest = std::max(largest, static_cast<double>(std::abs(s)));
    if (!(largest > 0) || !std::isfinite(largest)) return largest;
    sum = 0;
    for (T s : v) {
        const double part = static_cast<double>(std::abs(s)) / largest;
        sum += part * part;
    }
    return largest * std::sqrt(sum);
}

/// The real part of l^H r.
template <class T>
double real_product(std::vector<T> const& l, std::vector<T> const& r) {
    double sum = 0;
    for (std::size_t i = 0; i < l.size(); ++i) {
        sum += static_cast<double>(std::real(l[i])) * static_cast<double>(std::real(r[i]));
        if constexpr (is_complex<T>) sum += static_cast<double>(std::imag(l[i])) * static_cast<double>(std::imag(r[i]));
    }
    return sum;
}

template <class T>
void scale(std::vector<T>& v, double by) {
    for (T& s : v) s *= static_cast<real_t<T>>(by);
}

/// v = x + by v
template <class T>
void scale_and_add(std::vector<T>& v, double by, std::vector<T> const& x) {
    for (std::size_t i = 0; i < v.size(); ++i) v[i] = x[i] + static_cast<real_t<T>>(by) * v[i];
}
/// v += by x
template <class T>
void add_scaled(std::vector<T>& v, double by, std::vector<T> const& x) {
    for (std::size_t i = 0; i < v.size(); ++i) v[i] += static_cast<real_t<T>>(by) * x[i];
}

/// Refuse what no solver can start from. A Hermitian A needs no adjoint.
enum class needs : unsigned char { apply, apply_and_adjoint };
template <class T>
void require_operator(char const* name, linear_operator<T> const& a, needs n = needs::apply_and_adjoint) {
    if (a.unknowns < 0 || a.equations < 0 || !a.apply || (n == needs::apply_and_adjoint && !a.adjoint))
        fail<option_error>(name, ": an operator of ", a.equations, " equations and ", a.unknowns, " unknowns without ",
                           n == needs::apply ? "a function to apply it" : "a function to apply it or its adjoint");
}
template <class T>
void require_system(char const* name, linear_operator<T> const& a, std::vector<T> const& b, std::vector<T> const& x0,
                    needs n = needs::apply_and_adjoint) {
    require_operator(name, a, n);
    if (static_cast<index_t>(b.size()) != a.equations)
        fail<shape_error>(name, ": ", b.size(), " right sides for ", a.equations, " equations");
    if (!x0.empty() && static_cast<index_t>(x0.size()) != a.unknowns)
        fail<shape_error>(name, ": a start of ", x0.size(), " numbers for ", a.unknowns, " unknowns");
    for (auto const* v : {&b, &x0})
        for (std::size_t i = 0; i < v->size(); ++i)
            if (!is_finite((*v)[i]))
                fail<option_error>(name, v == &b ? ": right side " : ": number ", i, v == &b ? "" : " of the start",
                                   " is not finite");
}
inline void require_from_0(char const* name, char const* option, double value) {
    if (!(value >= 0)) fail<option_error>(name, ": ", option, " = ", value, ": a number from 0 on is needed");
}
inline void require_iterations(char const* name, index_t iterations) {
    if (iterations < 1) fail<option_error>(name, ": .iterations = ", iterations, ": at least 1 is needed");
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// |b - A x|, without what damping adds to the residual of a report: what the norm of the noise is compared with.
/// Errors: shape_error, option_error for numbers that are not finite. Cost: a product with A.
template <class T>
[[nodiscard]] double residual_norm(linear_operator<T> const& a, std::vector<T> const& x, std::vector<T> const& b) {
    if (static_cast<index_t>(x.size()) != a.unknowns)
        detail::fail<shape_error>("residual_norm: ", x.size(), " numbers for ", a.unknowns, " unknowns");
    detail::require_system("residual_norm", a, b, x, detail::needs::apply);
    std::vector<T> r(b.size());
    a.apply(x, r);
    detail::scale_and_add(r, -1, b);
    return detail::norm_of(r);
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
