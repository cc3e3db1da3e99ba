// tests/deconvolve/landweber.test.cpp -- iterates against the filter of singular values that they are
#include <faltung/deconvolve/landweber.hpp>

#include <complex>

#include "support/catch.hpp"
#include "support/dense.hpp"
#include "support/operators.hpp"

using namespace faltung;
using namespace faltung::testing;

TEMPLATE_TEST_CASE("landweber: 1 - (1 - step sigma^2)^k of every singular value", "[deconvolve]", float,
                   std::complex<double>) {
    using T = TestType;
    using D = detail::with_complexity<double, is_complex<T>>;
    constexpr double u = std::numeric_limits<real_t<T>>::epsilon();
    random_source random(571);
    const dense<T> a = unit_matrix<T>(random, 9, 6);
    const auto b = unit_numbers<T>(random, 9);
    const singular_values<dense<D>> svd = svd_of(dense<D>(a.template cast<D>()));
    const double step = 1.5 / (svd.values(0) * svd.values(0));
    for (index_t k : {1, 2, 10, 50}) {
        column<D> c = svd.left.adjoint() * column_of(b).template cast<D>();
        for (index_t i = 0; i < c.size(); ++i) {
            const double sigma = svd.values(i);
            c(i) *= (1 - std::pow(1 - step * sigma * sigma, static_cast<double>(k))) / sigma;
        }
        const column<D> expected = svd.right * c;
        const auto s = landweber(operator_from(a), b, {.step = step, .iterations = k, .tolerance = 0});
        CHECK(s.report.iterations == k);
        CHECK((column_of(s.x).template cast<D>() - expected).norm() <= 100 * u * expected.norm());
        CHECK(s.report.residual ==
              Approx((column_of(b).template cast<D>() - a.template cast<D>() * expected).norm()).epsilon(100 * u));
    }
}

TEST_CASE("landweber: its own step, a discrepancy, non-negative numbers, and how it ends", "[deconvolve]") {
    random_source random(572);
    const dense<double> a = unit_matrix<double>(random, 12, 6);
    const auto b = unit_numbers<double>(random, 12);
    const auto op = operator_from(a);
    const column<double> least = dense_pinv(a, 0) * column_of(b);
    const auto s = landweber(op, b, {.iterations = 5000, .tolerance = 1e-10});
    INFO(s.report.iterations << " iterations");
    CHECK(s.report.reason == stop_reason::least_squares);
    CHECK((column_of(s.x) - least).norm() <= 1e-8 * least.norm());
    const double delta = 1.05 * (column_of(b) - a * least).norm();
    const auto rough = landweber(op, b, {.residual = delta});
    CHECK(rough.report.reason == stop_reason::converged);
    CHECK(rough.report.residual <= delta);
    CHECK(rough.report.iterations < s.report.iterations);

    const auto some =
        landweber(op, b, {.iterations = 20000, .tolerance = 1e-12, .constraint = constraint::non_negative});
    const column<double> gradient = a.transpose() * (column_of(b) - a * column_of(some.x));
    for (index_t i = 0; i < 6; ++i) {  // Karush, Kuhn, Tucker
        const double v = some.x[static_cast<std::size_t>(i)];
        CHECK(v >= 0);
        CHECK((v > 0 ? std::abs(gradient(i)) <= 1e-9 : gradient(i) <= 1e-9));
    }
    const auto warm = landweber(op, b, {.tolerance = 1e-8}, s.x);
    CHECK(warm.report.iterations == 1);
    CHECK(landweber(op, b, {.iterations = 7, .tolerance = 0}).report.reason == stop_reason::exhausted);
    CHECK(landweber(op, b, {.step = 1e3, .iterations = 1000}).report.reason == stop_reason::breakdown);
    CHECK(landweber(op, b, {.progress = [](solver_report const& r) { return r.iterations < 3; }}).report.iterations ==
          3);

    CHECK(message_of<option_error>([&] { (void)landweber(op, b, {.step = -1}); }) ==
          "landweber: .step = -1: a number from 0 on is needed");
    CHECK(message_of<option_error>([&] { (void)landweber(op, b, {.iterations = 0}); }) ==
          "landweber: .iterations = 0: at least 1 is needed");
    CHECK(message_of<shape_error>([&] { (void)landweber(op, {1, 2}); }) == "landweber: 2 right sides for 12 equations");
}
