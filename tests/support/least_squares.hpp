// tests/support/least_squares.hpp -- what every solver of least squares is tested with
#pragma once

#include <span>
#include <string>

#include <faltung/linalg/lsqr.hpp>

#include "support/catch.hpp"
#include "support/dense.hpp"
#include "support/operators.hpp"

namespace faltung::testing {

/// The x of least |b - A x|^2 + damping^2 |x - start|^2, in double, from the singular values; the one nearest to start.
template <class T, class D = detail::with_complexity<double, is_complex<T>>>
column<D> least_squares_of(dense<T> const& a, std::vector<T> const& b, double damping, std::vector<T> const& start) {
    const dense<D> m = a.template cast<D>();
    column<D> x0 = column<D>::Zero(a.cols());
    if (!start.empty()) x0 = column_of(start).template cast<D>();
    const singular_values<dense<D>> svd = svd_of(m);
    column<D> c = svd.left.adjoint() * (column_of(b).template cast<D>() - m * x0);
    for (Eigen::Index i = 0; i < c.size(); ++i) {
        const double sigma = svd.values(i);
        c(i) *= sigma > 1e-6 * svd.values(0) ? sigma / (sigma * sigma + damping * damping) : 0.0;
    }
    return x0 + svd.right * c;
}

template <class T, class Solve>
void require_dense_solutions(Solve const& solve) {
    using D = detail::with_complexity<double, is_complex<T>>;
    constexpr double u = std::numeric_limits<real_t<T>>::epsilon();
    random_source random(511);
    const index_t sizes[][3] = {{1, 1, 1}, {20, 8, 8}, {8, 20, 8}, {9, 9, 9}, {12, 10, 4}};  // rows, columns, rank
    for (auto const& n : sizes)
        for (double damping : {0.0, 0.7})
            for (bool warm : {false, true}) {
                const dense<T> a = unit_matrix<T>(random, n[0], n[2]) * unit_matrix<T>(random, n[2], n[1]);
                const auto b = unit_numbers<T>(random, n[0]);
                const auto start = warm ? unit_numbers<T>(random, n[1]) : std::vector<T>{};
                const column<D> expected = least_squares_of(a, b, damping, start);
                const solver_result<T> s =
                    solve(operator_from(a), b,
                          least_squares_options{
                              .damping = damping, .a_tolerance = 2 * u, .b_tolerance = 2 * u, .most_condition = 1e30},
                          start);
                const double off = (column_of(s.x).template cast<D>() - expected).norm() / expected.norm();
                INFO(n[0] << " x " << n[1] << " of rank " << n[2] << ", damping " << damping << ", warm " << warm
                          << ": " << off << " after " << s.report.iterations << ", " << name_of(s.report.reason));
                CHECK(off <= 1e4 * u);
                CHECK(s.report.iterations <= 1000);
            }
}

/// A of 12 x 8 integers with condition 3.9, and b, as the SciPy figures have them.
inline linear_operator<double> scipy_operator() {
    dense<double> a(12, 8);
    for (index_t i = 0; i < 12; ++i)
        for (index_t j = 0; j < 8; ++j) a(i, j) = static_cast<double>((7 * i + 3 * j + i * j) % 11 - 5);
    return operator_from(a);
}
inline std::vector<double> scipy_right_side() {
    std::vector<double> b;
    for (int i = 0; i < 12; ++i) b.push_back(5 * i % 9 - 4);
    return b;
}

template <class Solve>
void require_reasons(std::string const& name, Solve const& solve) {
    const auto op = scipy_operator();
    const auto b = scipy_right_side();
    using options = least_squares_options;
    const auto reason = [&](linear_operator<double> const& a, std::vector<double> const& y, options const& o) {
        return solve(a, y, o).report.reason;
    };
    CHECK(reason(op, b, {}) == stop_reason::least_squares);
    std::vector<double> in_range(12);
    op.apply(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8}, in_range);
    CHECK(reason(op, in_range, {}) == stop_reason::converged);
    CHECK(reason(op, b, {.most_condition = 2}) == stop_reason::ill_conditioned);
    CHECK(reason(op, b, {.iterations = 1}) == stop_reason::exhausted);
    CHECK(reason(op, b, {.progress = [](solver_report const&) { return false; }}) == stop_reason::stopped);
    const linear_operator<double> broken{1, 1, [](auto, std::span<double> y) { y[0] = std::nan(""); },
                                         [](auto, std::span<double> x) { x[0] = 1; }};
    CHECK(reason(broken, {1}, {}) == stop_reason::breakdown);

    // nothing to be done: b = 0, b that A^H maps to 0, the solution as start, no unknowns, no equations
    const auto zero = solve(op, std::vector<double>(12));
    CHECK(zero.report.reason == stop_reason::converged);
    CHECK(zero.x == std::vector<double>(8));
    const auto ones = operator_from<double>(dense<double>::Ones(2, 3));
    CHECK(solve(ones, std::vector<double>{1, -1}).report.reason == stop_reason::least_squares);
    const auto again = solve(op, in_range, options{}, std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8});
    CHECK(again.report.iterations == 0);
    CHECK(again.report.reason == stop_reason::converged);
    const auto nothing = [](auto, std::span<double> y) { std::fill(y.begin(), y.end(), 0); };
    CHECK(solve(linear_operator<double>{0, 2, nothing, nothing}, std::vector<double>{1, 2}).x.empty());
    CHECK(solve(linear_operator<double>{2, 0, nothing, nothing}, std::vector<double>{}).x == std::vector<double>{0, 0});

    CHECK(message_of<shape_error>([&] { (void)solve(op, std::vector<double>{1}); }) ==
          name + ": 1 right sides for 12 equations");
    CHECK(message_of<option_error>([&] { (void)solve(op, b, options{.damping = std::nan("")}); }) ==
          name + ": .damping = nan: a number from 0 on is needed");
    CHECK(message_of<option_error>([&] { (void)solve(op, b, options{.a_tolerance = -1e-3}); }) ==
          name + ": .a_tolerance = -0.001: a number from 0 on is needed");
    CHECK(message_of<option_error>([&] { (void)solve(op, b, options{.iterations = 0}); }) ==
          name + ": .iterations = 0: at least 1 is needed");
}

/// What SciPy makes of scipy_operator() with atol = btol = 1e-10, ended after so many iterations.
struct scipy_row {
    double damping;
    index_t allowed;
    double residual, gradient, first, last;
    index_t made;
};

template <class Solver>
void require_scipy_iterates(std::span<scipy_row const> rows, Solver&& solver) {
    for (scipy_row const& r : rows) {
        const least_squares_options o{
            .damping = r.damping, .a_tolerance = 1e-10, .b_tolerance = 1e-10, .iterations = r.allowed};
        const auto s = solver(scipy_operator(), scipy_right_side(), o);
        INFO("damping " << r.damping << ", at most " << r.allowed);
        CHECK(s.report.iterations == r.made);
        CHECK(s.report.reason == (r.made < r.allowed ? stop_reason::least_squares : stop_reason::exhausted));
        CHECK(s.report.residual == Approx(r.residual).epsilon(1e-13));
        CHECK(s.report.gradient == Approx(r.gradient).epsilon(1e-12).margin(1e-12));
        CHECK(s.x[0] == Approx(r.first).epsilon(1e-12));
        CHECK(s.x[7] == Approx(r.last).epsilon(1e-12));
    }
}

}  // namespace faltung::testing
