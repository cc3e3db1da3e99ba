// tests/core/algebra.test.cpp -- the sums and products of every algebra, its zero, and NaN
#include <faltung/core/algebra.hpp>

#include "support/catch.hpp"

using namespace faltung;
using detail::sum_in;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity(), no_number = std::numeric_limits<double>::quiet_NaN();

template <class Algebra>
double sum_of(std::initializer_list<double> products) {
    sum_in<Algebra, double> sum;
    for (double p : products) sum = multiply_add(sum, 0.5, p - 0.5);
    return sum.value;
}

}  // namespace

TEST_CASE("algebra: the larger one, the smaller one", "[core]") {
    CHECK(sum_of<max_plus>({}) == -inf);
    CHECK(sum_of<max_plus>({1, 3, 2}) == 3);
    CHECK(sum_of<min_plus>({}) == inf);
    CHECK(sum_of<min_plus>({1, 3, -2}) == -2);
    CHECK(sum_of<max_plus>({1, inf}) == inf);
    CHECK(std::isnan(sum_of<max_plus>({no_number, 1})));
    CHECK(std::isnan(sum_of<max_plus>({1, no_number, 2})));
    CHECK(std::isnan(sum_of<min_plus>({no_number, 1})));
    CHECK(std::isnan(sum_of<min_plus>({1, no_number, 2})));
    CHECK(sum_in<max_plus, std::int64_t>{}.value < -(std::int64_t{1} << 60));
    CHECK(sum_in<min_plus, std::int64_t>{}.value > std::int64_t{1} << 60);
}

TEST_CASE("algebra: the logarithm of a sum of exponentials", "[core]") {
    CHECK(sum_of<log_plus>({}) == -inf);
    CHECK(sum_of<log_plus>({2}) == 2);
    CHECK(std::abs(sum_of<log_plus>({0, 0}) - std::log(2.0)) <= 1e-15);
    CHECK(std::abs(sum_of<log_plus>({1, 2, 3}) - std::log(std::exp(1.0) + std::exp(2.0) + std::exp(3.0))) <= 1e-14);
    CHECK(std::abs(sum_of<log_plus>({1000, 1000}) - (1000 + std::log(2.0))) <= 1e-12);
    CHECK(sum_of<log_plus>({-inf, 5}) == 5);
    CHECK(sum_of<log_plus>({-inf, -inf}) == -inf);
    CHECK(sum_of<log_plus>({inf, 1}) == inf);
    CHECK(sum_of<log_plus>({inf, inf}) == inf);
    CHECK(std::isnan(sum_of<log_plus>({no_number, 1})));
    CHECK(std::isnan(sum_of<log_plus>({1, no_number})));
}

TEST_CASE("algebra: a tap that is zero leaves out whatever its sample is", "[core]") {
    for (double x : {1.0, inf, -inf, no_number}) {
        CHECK(multiply_add(sum_in<max_plus, double>{2}, -inf, x).value == 2);
        CHECK(multiply_add(sum_in<min_plus, double>{2}, inf, x).value == 2);
        CHECK(multiply_add(sum_in<log_plus, double>{2}, -inf, x).value == 2);
        CHECK(multiply_add(sum_in<or_and, double>{}, 0.0, x).value == 0);
    }
    CHECK(multiply_add(sum_in<or_and, std::int32_t>{}, 2, 4).value == 1);
    CHECK(multiply_add(sum_in<or_and, std::int32_t>{}, 2, 0).value == 0);
    CHECK(multiply_add(sum_in<or_and, std::int32_t>{1}, 2, 0).value == 1);
}

TEST_CASE("algebra: which taps may meet a zero boundary", "[core]") {
    using detail::meets_zeros;
    CHECK(meets_zeros<double>(1.0));
    CHECK_FALSE(meets_zeros<double>(-inf));
    CHECK(meets_zeros<sum_in<max_plus, double>>(-inf));
    CHECK_FALSE(meets_zeros<sum_in<max_plus, double>>(inf));
    CHECK_FALSE(meets_zeros<sum_in<max_plus, double>>(no_number));
    CHECK(meets_zeros<sum_in<min_plus, double>>(inf));
}
