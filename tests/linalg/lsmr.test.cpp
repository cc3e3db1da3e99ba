// tests/linalg/lsmr.test.cpp -- LSMR against dense solutions and SciPy's iterates, its estimates and its reasons
#include <faltung/linalg/lsmr.hpp>

#include "support/catch.hpp"
#include "support/least_squares.hpp"

using namespace faltung;
using namespace faltung::testing;

TEMPLATE_TEST_CASE("lsmr: tall, wide and damped systems against the singular values", "[linalg]", float,
                   std::complex<double>) {
    require_dense_solutions<TestType>([](auto const&... given) { return lsmr(given...); });
}

TEST_CASE("lsmr: iterates, norms and counts of scipy.sparse.linalg.lsmr 1.10", "[linalg]") {
    // damping, iterations allowed; then normr, normar, x[0], x[7] and the iterations made, atol = btol = 1e-10
    constexpr scipy_row rows[] = {
        {0, 3, 6.694606412010782, 11.5416511099591, 0.09359245826191241, -0.20035238916904125, 3},
        {0, 100, 6.199798383818625, 0, 0.12215909090909089, -0.4886363636363635, 7},
        {2.5, 3, 6.9682341113219595, 9.585298006643066, 0.09332783971974823, -0.1815844579134526, 3},
        {2.5, 100, 6.746290846615899, 0, 0.11055117671293957, -0.34809238104035756, 7}};
    require_scipy_iterates(rows, [](auto const&... given) { return lsmr(given...); });
}

TEST_CASE("lsmr: the gradient falls with every iteration and is the true one", "[linalg]") {
    random_source random(522);
    const dense<double> a = unit_matrix<double>(random, 60, 40);
    const auto b = unit_numbers<double>(random, 60);
    double before = 0;
    const auto watch = [&](solver_report const& r) {
        CHECK(r.gradient <= before);
        before = r.gradient;
        return true;
    };
    for (double damping : {0.0, 1.5}) {
        before = (a.transpose() * column_of(b)).norm();
        const auto s = lsmr(operator_from(a), b, {.damping = damping, .a_tolerance = 1e-6, .progress = watch});
        const column<double> r = column_of(b) - a * column_of(s.x);
        CHECK(s.report.residual == Approx(std::hypot(r.norm(), damping * column_of(s.x).norm())).epsilon(1e-10));
        CHECK(s.report.gradient ==
              Approx((a.transpose() * r - damping * damping * column_of(s.x)).norm()).epsilon(1e-6));
        CHECK(s.report.reason == stop_reason::least_squares);
    }
}

TEST_CASE("lsmr: every reason, warm starts, and what is refused", "[linalg]") {
    require_reasons("lsmr", [](auto const&... given) { return lsmr(given...); });
}
