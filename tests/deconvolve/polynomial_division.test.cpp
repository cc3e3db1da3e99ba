// tests/deconvolve/polynomial_division.test.cpp -- quotients and remainders of SciPy, and products taken apart again
#include <faltung/deconvolve/polynomial_division.hpp>

#include <complex>
#include <limits>

#include "support/catch.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class T>
std::vector<T> product(std::vector<T> const& a, std::vector<T> const& b) {
    std::vector<T> y(a.size() + b.size() - 1);
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t j = 0; j < b.size(); ++j) y[i + j] += a[i] * b[j];
    return y;
}

template <class T>
void require_near(tensor<T, 1> const& x, std::vector<T> const& expected) {
    REQUIRE(x.count() == static_cast<index_t>(expected.size()));
    for (index_t i = 0; i < x.count(); ++i) CHECK(std::abs(x(i) - expected[static_cast<std::size_t>(i)]) <= 1e-15);
}

}  // namespace

TEST_CASE("deconvolve_polynomial: scipy.signal.deconvolve 1.10", "[deconvolve]") {
    const auto a = deconvolve_polynomial(std::vector<double>{0, 1, 0, 0, 1, 1, 0, 0}, std::vector<double>{2, 1});
    require_near<double>(a.quotient, {0, 0.5, -0.25, 0.125, 0.4375, 0.28125, -0.140625});
    require_near<double>(a.remainder, {0, 0, 0, 0, 0, 0, 0, 0.140625});
    const auto b = deconvolve_polynomial(std::vector<double>{1, 5, -2, 3, 7.5}, std::vector<double>{1, -2, 0.5});
    require_near<double>(b.quotient, {1, 7, 11.5});
    require_near<double>(b.remainder, {0, 0, 0, 22.5, 1.75});
    const auto c = deconvolve_polynomial(std::vector<double>{1, 2}, std::vector<double>{1, 2, 3});
    CHECK(c.quotient.shape() == shape{0});
    require_near<double>(c.remainder, {1, 2});
    using C = std::complex<double>;
    const auto d = deconvolve_polynomial(std::vector<C>{3, {1, 2}, 4}, std::vector<C>{{0, 1}, 2});
    require_near<C>(d.quotient, {{0, -3}, {8, -1}});
    require_near<C>(d.remainder, {0, 0, {-12, 2}});
}

TEMPLATE_TEST_CASE("deconvolve_polynomial: what was multiplied", "[deconvolve]", float, double, std::complex<double>,
                   std::int64_t) {
    using T = TestType;
    random_source random(601);
    for (index_t n : {1, 2, 9})
        for (index_t k : {1, 2, 5})
            for (int sign : {1, -1}) {
                auto q = random.many_small<T>(n), h = random.many_small<T>(k);
                h[0] = static_cast<T>(sign);
                for (std::size_t t = 1; t < h.size(); ++t) h[t] = h[t] == T{} ? T{} : h[t] / h[t] * h[0];
                auto y = product(q, h);
                auto rest = random.many_small<T>(k - 1);
                for (std::size_t t = 0; t < rest.size(); ++t) y[y.size() - rest.size() + t] += rest[t];
                const auto found = deconvolve_polynomial(y, h);  // integers of any type: exact
                CHECK(as_vector<T>(found.quotient) == q);
                std::vector<T> remainder(y.size() - rest.size());
                remainder.insert(remainder.end(), rest.begin(), rest.end());
                CHECK(as_vector<T>(found.remainder) == remainder);
            }
}

TEST_CASE("deconvolve_polynomial: element types, integers that wrap, and what is refused", "[deconvolve]") {
    const std::vector<std::uint8_t> bytes{250, 240, 1}, one{1, 200};
    const auto of_bytes = deconvolve_polynomial(bytes, one);
    STATIC_REQUIRE(std::is_same_v<std::remove_cvref_t<decltype(of_bytes.quotient)>, tensor<std::int64_t, 1>>);
    CHECK(as_vector<std::int64_t>(of_bytes.quotient) == std::vector<std::int64_t>{250, 240 - 200 * 250});
    const std::vector<float> halves{0.5f};
    CHECK(deconvolve_polynomial(bytes, halves).quotient(1) == 480.0f);
    const std::vector<std::int64_t> large{std::numeric_limits<std::int64_t>::min(), 0}, minus{-1, 3};
    CHECK(deconvolve_polynomial(large, minus).quotient(0) == std::numeric_limits<std::int64_t>::min());

    const std::vector<double> y{1, 2, 3};
    CHECK(message_of<shape_error>([&] { (void)deconvolve_polynomial(y, std::vector<double>{}); }) ==
          "deconvolve_polynomial: h has no coefficients");
    CHECK(message_of<shape_error>([&] { (void)deconvolve_polynomial(std::vector<double>{}, y); }) ==
          "deconvolve_polynomial: y has no coefficients");
    CHECK(message_of<option_error>([&] {
              (void)deconvolve_polynomial(y, std::vector<double>{0, 1});
          }) == "deconvolve_polynomial: h[0] is 0: drop leading zeros of h");
    CHECK(message_of<option_error>([&] {
              (void)deconvolve_polynomial(bytes, std::vector<int>{2, 1});
          }) == "deconvolve_polynomial: h[0] is 2: a quotient of integers needs 1 or -1; convert to a floating type");
    CHECK(message_of<option_error>([&] {
              (void)deconvolve_polynomial(std::vector<double>{1, std::nan("")}, y);
          }) == "deconvolve_polynomial: coefficient 1 of y is not finite");
}
