// tests/linalg/lsqr.test.cpp -- LSQR against dense solutions and SciPy's iterates, its estimates and its reasons
#include <faltung/linalg/lsqr.hpp>

#include "support/catch.hpp"
#include "support/least_squares.hpp"

using namespace faltung;
using namespace faltung::testing;

TEMPLATE_TEST_CASE("lsqr: tall, wide and damped systems against the singular values", "[linalg]", float,
                   std::complex<double>) {
    require_dense_solutions<TestType>([](auto const&... given) { return lsqr(given...); });
}

TEST_CASE("lsqr: iterates, norms and counts of scipy.sparse.linalg.lsqr 1.10", "[linalg]") {
    // damping, iterations allowed; then r2norm, arnorm, x[0], x[7] and the iterations made, atol = btol = 1e-10
    constexpr scipy_row rows[] = {
        {0, 3, 6.556577189328165, 15.46194021766216, 0.05326453398002767, -0.318256595027945, 3},
        {0, 100, 6.199798383818625, 0, 0.12215909090909101, -0.4886363636363638, 7},
        {2.5, 3, 6.9078260752055805, 11.970986857390685, 0.0677961502952127, -0.255299263611503, 3},
        {2.5, 100, 6.746290846615898, 0, 0.1105511767129395, -0.3480923810403575, 7}};
    require_scipy_iterates(rows, [](auto const&... given) { return lsqr(given...); });
}

TEST_CASE("lsqr: the residual falls with every iteration and is the true one", "[linalg]") {
    random_source random(512);
    const dense<double> a = unit_matrix<double>(random, 60, 40);
    const auto b = unit_numbers<double>(random, 60);
    double before = column_of(b).norm();
    const auto watch = [&](solver_report const& r) {
        CHECK(r.residual <= before);
        before = r.residual;
        return true;
    };
    for (double damping : {0.0, 1.5}) {
        before = column_of(b).norm();
        const auto s = lsqr(operator_from(a), b, {.damping = damping, .progress = watch});
        const double of_data = (column_of(b) - a * column_of(s.x)).norm(), of_x = damping * column_of(s.x).norm();
        CHECK(s.report.residual == Approx(std::hypot(of_data, of_x)).epsilon(1e-10));
        CHECK(s.report.reason == stop_reason::least_squares);
    }
}

TEST_CASE("lsqr: every reason, warm starts, and what is refused", "[linalg]") {
    require_reasons("lsqr", [](auto const&... given) { return lsqr(given...); });
}
