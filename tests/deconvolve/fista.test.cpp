// tests/deconvolve/fista.test.cpp -- sparse least squares against coordinate descent, and the conditions of its optimum
#include <faltung/deconvolve/fista.hpp>

#include <complex>
#include <limits>

#include "support/catch.hpp"
#include "support/operators.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

/// Minimises over one number after the other, each exactly.
column<double> by_coordinates(dense<double> const& a, column<double> const& b, double lambda, double least) {
    column<double> x = column<double>::Zero(a.cols()), r = b;
    for (int sweep = 0; sweep < 20000; ++sweep)
        for (index_t i = 0; i < a.cols(); ++i) {
            const double squares = a.col(i).squaredNorm(), v = a.col(i).dot(r) + squares * x(i),
                         to = std::max(least, std::max(std::abs(v) - lambda, 0.0) * (v < 0 ? -1 : 1) / squares);
            r -= (to - x(i)) * a.col(i);
            x(i) = to;
        }
    return x;
}

}  // namespace

TEST_CASE("fista: coordinate descent finds the same", "[deconvolve]") {
    random_source random(581);
    for (index_t rows : {12, 6}) {
        const dense<double> a = unit_matrix<double>(random, rows, 10);
        const auto b = unit_numbers<double>(random, rows);
        const double most = (a.transpose() * column_of(b)).cwiseAbs().maxCoeff();
        for (double share : {0.5, 0.1, 0.01})
            for (constraint c : {constraint::none, constraint::non_negative}) {
                const double least = c == constraint::none ? -std::numeric_limits<double>::infinity() : 0;
                const column<double> expected = by_coordinates(a, column_of(b), share * most, least);
                const auto s =
                    fista(operator_from(a), b,
                          {.lambda = share * most, .iterations = 20000, .tolerance = 1e-11, .constraint = c});
                INFO(rows << " rows, " << share << ": " << s.report.iterations << " iterations");
                CHECK(s.report.reason == stop_reason::least_squares);
                CHECK((column_of(s.x) - expected).norm() <= 1e-8 * (1 + expected.norm()));
                CHECK(s.report.residual == Approx((column_of(b) - a * column_of(s.x)).norm()).epsilon(1e-9));
            }
        const auto nothing = fista(operator_from(a), b, {.lambda = 1.0001 * most});
        CHECK(nothing.x == std::vector<double>(10));
        CHECK(nothing.report.iterations == 1);
    }
}

TEMPLATE_TEST_CASE("fista: complex numbers, and a norm that is given too small", "[deconvolve]", std::complex<float>,
                   std::complex<double>) {
    using T = TestType;
    using R = real_t<T>;
    random_source random(582);
    const dense<T> a = unit_matrix<T>(random, 8, 12);
    const auto b = unit_numbers<T>(random, 8);
    const R lambda = R(0.8), near = std::is_same_v<R, float> ? R(2e-3) : R(1e-6);
    for (double norm : {0.0, 0.1}) {
        const auto s =
            fista(operator_from(a), b, {.lambda = lambda, .norm = norm, .iterations = 20000, .tolerance = near / 100});
        CHECK(s.report.reason == stop_reason::least_squares);
        const column<T> gradient = a.adjoint() * (column_of(b) - a * column_of(s.x));
        index_t zeros = 0;
        for (index_t i = 0; i < 12; ++i) {
            const T v = s.x[static_cast<std::size_t>(i)];
            if (v == T{}) {
                ++zeros;
                CHECK(std::abs(gradient(i)) <= lambda + near);
            } else
                CHECK(std::abs(gradient(i) - lambda * v / std::abs(v)) <= near);
        }
        CHECK(zeros >= 3);
    }
}

TEST_CASE("fista: spikes are found again, warm starts, and what is refused", "[deconvolve]") {
    random_source random(583);
    const dense<double> a = unit_matrix<double>(random, 60, 200);
    column<double> spikes = column<double>::Zero(200);
    for (index_t i : {3, 50, 51, 120, 199}) spikes(i) = i % 2 == 0 ? 2 : -1;
    const auto b = vector_of<double>(a * spikes);
    const auto op = operator_from(a);
    const auto s = fista(op, b, {.lambda = 0.05, .iterations = 3000});
    INFO(s.report.iterations << " iterations, off by " << (column_of(s.x) - spikes).norm());
    CHECK((column_of(s.x) - spikes).norm() < 0.05 * spikes.norm());  // 60 equations, 200 unknowns
    const auto warm = fista(op, b, {.lambda = 0.05, .iterations = 3000}, s.x);
    CHECK(warm.report.iterations < s.report.iterations / 2);
    CHECK(fista(op, b, {.iterations = 4}).report.reason == stop_reason::exhausted);
    CHECK(fista(op, b, {.progress = [](solver_report const&) { return false; }}).report.reason == stop_reason::stopped);
    CHECK(fista(op, std::vector<double>(60)).report.residual == 0);

    CHECK(message_of<option_error>([&] { (void)fista(op, b, {.lambda = std::nan("")}); }) ==
          "fista: .lambda = nan: a number from 0 on is needed");
    CHECK(message_of<option_error>([&] { (void)fista(op, b, {.iterations = -3}); }) ==
          "fista: .iterations = -3: at least 1 is needed");
    std::vector<double> bad = b;
    bad[11] = std::numeric_limits<double>::infinity();
    CHECK(message_of<option_error>([&] { (void)fista(op, bad); }) == "fista: right side 11 is not finite");
}
