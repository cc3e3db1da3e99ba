// tests/linalg/linear_operator.test.cpp -- norms beyond the range of squares, reasons and their words, what is refused
#include <faltung/linalg/linear_operator.hpp>

#include <complex>
#include <limits>

#include "support/catch.hpp"

using namespace faltung;
using testing::message_of;

TEMPLATE_TEST_CASE("norm_of: squares that no double holds", "[linalg]", double, std::complex<double>) {
    using T = TestType;
    CHECK(detail::norm_of(std::vector<T>{}) == 0);
    CHECK(detail::norm_of(std::vector<T>{T(3), T(-4)}) == 5);
    CHECK(detail::norm_of(std::vector<T>{T(3e200), T(-4e200)}) == Approx(5e200).epsilon(1e-15));
    CHECK(detail::norm_of(std::vector<T>{T(3e-200), T(-4e-200)}) == Approx(5e-200).epsilon(1e-15));
    CHECK(detail::norm_of(std::vector<T>{T(1), T(std::numeric_limits<double>::infinity())}) ==
          std::numeric_limits<double>::infinity());
    const T none(std::numeric_limits<double>::quiet_NaN());
    CHECK(std::isnan(detail::norm_of(std::vector<T>{none})));
    CHECK(std::isnan(detail::norm_of(std::vector<T>{T(0), none, T(0)})));
}

TEST_CASE("real_product: the real part of l^H r", "[linalg]") {
    CHECK(detail::real_product(std::vector<float>{1, 2, 3}, std::vector<float>{4, -5, 6}) == 12);
    using C = std::complex<double>;
    CHECK(detail::real_product(std::vector<C>{{1, 2}}, std::vector<C>{{3, 4}}) == 11);  // (1 - 2i) (3 + 4i) = 11 - 2i
}

TEST_CASE("stop_reason: every reason has its words", "[linalg]") {
    CHECK(name_of(stop_reason::converged) == std::string("converged"));
    CHECK(name_of(stop_reason::least_squares) == std::string("least squares"));
    CHECK(name_of(stop_reason::ill_conditioned) == std::string("ill conditioned"));
    CHECK(name_of(stop_reason::exhausted) == std::string("exhausted"));
    CHECK(name_of(stop_reason::stopped) == std::string("stopped"));
    CHECK(name_of(stop_reason::breakdown) == std::string("breakdown"));
}

TEST_CASE("residual_norm: of the data alone", "[linalg]") {
    const linear_operator<double> sum{
        2, 1, [](std::span<double const> x, std::span<double> y) { y[0] = x[0] + x[1]; }, {}};
    CHECK(residual_norm(sum, {1, 2}, {-1}) == 4);
    CHECK(message_of<shape_error>([&] { (void)residual_norm(sum, {1}, {1}); }) ==
          "residual_norm: 1 numbers for 2 unknowns");
    CHECK(message_of<shape_error>([&] {
              (void)residual_norm(sum, {1, 2}, {1, 2});
          }) == "residual_norm: 2 right sides for 1 equations");
}

TEST_CASE("require_system: what no solver can start from", "[linalg]") {
    linear_operator<double> a{2, 3, [](auto, auto) {}, [](auto, auto) {}};
    const std::vector<double> b{1, 2, 3};
    CHECK(message_of<error>([&] { detail::require_system("solve", a, b, {}); }) == "nothing was thrown");
    CHECK(message_of<shape_error>([&] {
              detail::require_system("solve", a, {1, 2}, {});
          }) == "solve: 2 right sides for 3 equations");
    CHECK(message_of<shape_error>([&] {
              detail::require_system("solve", a, b, {1, 2, 3});
          }) == "solve: a start of 3 numbers for 2 unknowns");
    const double none = std::numeric_limits<double>::quiet_NaN();
    CHECK(message_of<option_error>([&] {
              detail::require_system("solve", a, {1, none, 3}, {});
          }) == "solve: right side 1 is not finite");
    CHECK(message_of<option_error>([&] {
              detail::require_system("solve", a, b, {none, 3});
          }) == "solve: number 0 of the start is not finite");
    CHECK(message_of<option_error>([&] { detail::require_from_0("solve", ".lambda", -0.5); }) ==
          "solve: .lambda = -0.5: a number from 0 on is needed");
    CHECK(message_of<option_error>([&] { detail::require_from_0("solve", ".lambda", none); }) ==
          "solve: .lambda = nan: a number from 0 on is needed");
    CHECK(message_of<option_error>([&] { detail::require_iterations("solve", 0); }) ==
          "solve: .iterations = 0: at least 1 is needed");
    a.adjoint = nullptr;
    CHECK(message_of<error>([&] { detail::require_operator("solve", a, detail::needs::apply); }) ==
          "nothing was thrown");
    CHECK(message_of<option_error>([&] { detail::require_operator("solve", a); }) ==
          "solve: an operator of 3 equations and 2 unknowns without a function to apply it or its adjoint");
}
