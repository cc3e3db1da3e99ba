// tests/linalg/operator_norm.test.cpp -- power iteration against the singular values
#include <faltung/linalg/operator_norm.hpp>

#include <complex>

#include "support/catch.hpp"
#include "support/dense.hpp"
#include "support/operators.hpp"

using namespace faltung;
using namespace faltung::testing;

TEMPLATE_TEST_CASE("operator_norm: the largest singular value, from below", "[linalg]", float, std::complex<double>) {
    using T = TestType;
    using D = detail::with_complexity<double, is_complex<T>>;
    random_source random(551);
    for (index_t rows : {1, 5, 30})
        for (index_t columns : {1, 8, 20}) {
            const dense<T> a = unit_matrix<T>(random, rows, columns);
            const double exact = svd_of(dense<D>(a.template cast<D>())).values(0);
            const double found = operator_norm(operator_from(a), {.tolerance = 1e-5, .iterations = 500});
            INFO(rows << " x " << columns);
            CHECK(found <= exact * (1 + 1e-6));
            CHECK(found >= exact * (1 - 1e-3));
        }
}

TEST_CASE("operator_norm: a share that was left, zero, nothing, and what is refused", "[linalg]") {
    dense<double> a = dense<double>::Zero(3, 3);
    CHECK(operator_norm(operator_from(a)) == 0);
    a(0, 0) = 2;
    a(1, 1) = 1;
    CHECK(operator_norm(operator_from(a)) == Approx(2).epsilon(1e-3));
    CHECK(operator_norm(operator_from(a)) == operator_norm(operator_from(a)));
    const auto nothing = [](auto, std::span<double> y) { std::fill(y.begin(), y.end(), 0); };
    CHECK(operator_norm(linear_operator<double>{0, 0, nothing, nothing}) == 0);
    CHECK(operator_norm(linear_operator<double>{2, 0, nothing, nothing}) == 0);
    a(2, 2) = std::nan("");
    CHECK(message_of<option_error>([&] { (void)operator_norm(operator_from(a)); }) ==
          "operator_norm: product 0 with A is not finite");
    CHECK(message_of<option_error>([&] { (void)operator_norm(operator_from(a), {.iterations = 0}); }) ==
          "operator_norm: .iterations = 0: at least 1 is needed");
    CHECK(message_of<option_error>([&] { (void)operator_norm(operator_from(a), {.tolerance = -1}); }) ==
          "operator_norm: .tolerance = -1: a number from 0 on is needed");
}
