// tests/linalg/conjugate_gradients.test.cpp -- Hermitian systems against dense factors, singular and preconditioned
// ones
#include <faltung/linalg/conjugate_gradients.hpp>

#include <complex>

#include "support/catch.hpp"
#include "support/dense.hpp"
#include "support/operators.hpp"

using namespace faltung;
using namespace faltung::testing;

TEMPLATE_TEST_CASE("conjugate_gradients: definite systems against dense inverses", "[linalg]", float,
                   std::complex<double>) {
    using T = TestType;
    using D = detail::with_complexity<double, is_complex<T>>;
    constexpr double u = std::numeric_limits<real_t<T>>::epsilon();
    random_source random(501);
    for (index_t n : {1, 2, 7, 30}) {
        const dense<T> root = unit_matrix<T>(random, n, n);
        const dense<T> a = root * root.adjoint() + dense<T>::Identity(n, n);
        const auto b = unit_numbers<T>(random, n);
        const column<D> expected = dense_pinv(dense<D>(a.template cast<D>()), 0) * column_of(b).template cast<D>();
        const auto s = conjugate_gradients(operator_from(a), b, {.tolerance = 10 * u});
        INFO(n << ": " << s.report.iterations << " iterations, " << name_of(s.report.reason));
        CHECK(s.report.reason == stop_reason::converged);
        CHECK(s.report.iterations <= 2 * n + 5);
        CHECK((column_of(s.x).template cast<D>() - expected).norm() <= 2000 * u * expected.norm());
    }
}

TEST_CASE("conjugate_gradients: the recursive residual is the true one; progress and warm start", "[linalg]") {
    random_source random(502);
    const dense<double> root = unit_matrix<double>(random, 40, 40),
                        a = root * root.adjoint() + 0.1 * dense<double>::Identity(40, 40);
    const auto b = unit_numbers<double>(random, 40);
    std::vector<double> residuals;
    const auto op = operator_from(a);
    const auto s = conjugate_gradients(op, b, {.progress = [&](solver_report const& r) {
                                           residuals.push_back(r.residual);
                                           return true;
                                       }});
    REQUIRE(s.report.reason == stop_reason::converged);
    CHECK(s.report.residual == Approx((column_of(b) - a * column_of(s.x)).norm()).epsilon(0.05));
    CHECK(static_cast<index_t>(residuals.size()) == s.report.iterations - 1);

    const auto part =
        conjugate_gradients(op, b, {.progress = [](solver_report const& r) { return r.iterations < 10; }});
    CHECK(part.report.reason == stop_reason::stopped);
    CHECK(part.report.iterations == 10);
    CHECK(part.report.residual == residuals[9]);
    CHECK(conjugate_gradients(op, b, {.iterations = 10}).report.reason == stop_reason::exhausted);

    const auto again = conjugate_gradients(op, b, {}, {}, s.x);
    CHECK(again.report.iterations == 0);
    CHECK(again.report.reason == stop_reason::converged);
    CHECK(again.x == s.x);
}

TEST_CASE("conjugate_gradients: a preconditioner saves iterations and changes no solution", "[linalg]") {
    const index_t n = 200;
    dense<double> a = dense<double>::Zero(n, n);
    for (index_t i = 0; i < n; ++i) {
        a(i, i) = static_cast<double>(1 + i * i);
        if (i > 0) a(i, i - 1) = a(i - 1, i) = -0.4;
    }
    random_source random(503);
    const auto b = unit_numbers<double>(random, n);
    const column<double> expected = dense_pinv(a, 0) * column_of(b);
    const auto plain = conjugate_gradients(operator_from(a), b, {.tolerance = 1e-12, .iterations = 5000});
    const auto scaled = conjugate_gradients<double>(
        operator_from(a), b, {.tolerance = 1e-12}, [&](std::span<double const> r, std::span<double> z) {
            for (std::size_t i = 0; i < r.size(); ++i)
                z[i] = r[i] / a(static_cast<index_t>(i), static_cast<index_t>(i));
        });
    INFO(plain.report.iterations << " and " << scaled.report.iterations);
    CHECK(scaled.report.reason == stop_reason::converged);
    CHECK(10 * scaled.report.iterations < plain.report.iterations);
    CHECK((column_of(scaled.x) - expected).norm() <= 1e-11 * expected.norm());
    CHECK((column_of(plain.x) - expected).norm() <= 1e-8 * expected.norm());
}

TEST_CASE("conjugate_gradients: of a singular matrix the least solution, from a start the nearest one", "[linalg]") {
    random_source random(504);
    const dense<double> root = unit_matrix<double>(random, 12, 5), a = root * root.transpose();  // rank 5
    const column<double> b = a * column_of(unit_numbers<double>(random, 12));
    const dense<double> pinv = dense_pinv(a, 1e-10);
    const column<double> least = pinv * b;
    const auto s = conjugate_gradients(operator_from(a), vector_of(b));
    CHECK(s.report.reason == stop_reason::converged);
    CHECK((column_of(s.x) - least).norm() <= 1e-8 * least.norm());
    const auto start = unit_numbers<double>(random, 12);
    const column<double> nearest = least + column_of(start) - pinv * (a * column_of(start));
    const auto near = conjugate_gradients(operator_from(a), vector_of(b), {}, {}, start);
    CHECK((column_of(near.x) - nearest).norm() <= 1e-8 * nearest.norm());
}

TEST_CASE("conjugate_gradients: zero, a negative eigenvalue, NaN on the way, and what is refused", "[linalg]") {
    dense<double> a = dense<double>::Identity(3, 3);
    a(2, 2) = -1;
    const auto op = operator_from(a);
    const auto zero = conjugate_gradients(op, {0, 0, 0});
    CHECK(zero.x == std::vector<double>{0, 0, 0});
    CHECK(zero.report.iterations == 0);
    CHECK(zero.report.reason == stop_reason::converged);
    CHECK(conjugate_gradients(op, {0, 0, 1}).report.reason == stop_reason::breakdown);
    linear_operator<double> broken{1, 1, [](auto, std::span<double> y) { y[0] = std::nan(""); }, {}};
    CHECK(conjugate_gradients(broken, {1}).report.reason == stop_reason::breakdown);
    CHECK(conjugate_gradients(linear_operator<double>{0, 0, [](auto, auto) {}, {}}, {}).report.reason ==
          stop_reason::converged);

    CHECK(message_of<shape_error>([&] {
              (void)conjugate_gradients(operator_from<double>(dense<double>::Ones(2, 3)), {1, 2});
          }) == "conjugate_gradients: 2 equations for 3 unknowns");
    CHECK(message_of<shape_error>([&] {
              (void)conjugate_gradients(op, {1, 2});
          }) == "conjugate_gradients: 2 right sides for 3 equations");
    CHECK(message_of<option_error>([&] {
              (void)conjugate_gradients(op, {1, 2, 3}, {.tolerance = -1});
          }) == "conjugate_gradients: .tolerance = -1: a number from 0 on is needed");
    CHECK(message_of<option_error>([&] {
              (void)conjugate_gradients(op, {1, 2, 3}, {.iterations = 0});
          }) == "conjugate_gradients: .iterations = 0: at least 1 is needed");
}
