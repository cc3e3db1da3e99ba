// tests/nufft/spreading_kernel.test.cpp -- the kernel's polynomials and transform against its formula and its integral
#include <faltung/nufft/spreading_kernel.hpp>

#include <algorithm>
#include <cmath>

#include "support/catch.hpp"

using namespace faltung;

namespace {

/// I0(x) e^-shift, the mean of e^(x cos theta - shift) over a turn: equal steps are exact for a periodic function.
long double bessel(long double x, long double shift) {
    long double sum = 0;
    for (int k = 0; k < 400; ++k)
        sum += std::exp(x * std::cos(3.14159265358979323846264338327950288L * k / 200) - shift);
    return sum / 400;
}

}  // namespace

TEST_CASE("the polynomials are the kernel, up to a part of the tolerance") {
    for (const int width : {2, 5, 7, 11, 16})
        for (const double oversampling : {1.25, 2.0}) {
            const double tolerance = std::max(1e-14, detail::expected_error(width, oversampling));
            const detail::spreading_kernel kernel(width, tolerance, oversampling);
            std::vector<double> table(static_cast<std::size_t>(20 * kernel.coefficients()));
            kernel.fill(table.data(), 20, 3);
            const long double beta =
                0.98L * 3.14159265358979323846264338327950288L * width * (1 - 1 / (2 * oversampling));
            for (int i = 0; i < width; ++i)
                for (const double t : {-1.0, -0.6, 0.1, 0.83, 1.0}) {
                    double sum = 0;
                    for (int c = 0; c < kernel.coefficients(); ++c)
                        sum = sum * t + table[static_cast<std::size_t>(20 * c + 3 + i)];
                    const double z = (i + (t + 1) / 2 - 0.5 * width) / (0.5 * width);
                    const long double root = std::sqrt(std::max(0.0L, 1 - static_cast<long double>(z) * z));
                    const long double expected = bessel(beta * root, beta) / bessel(beta, beta);
                    REQUIRE(static_cast<double>(std::abs(sum - expected)) <= 0.1 * tolerance + 1e-15);
                }
            for (int c = 0; c < kernel.coefficients(); ++c)
                for (int i = 0; i < 20; ++i)
                    if (i < 3 || i >= 3 + width) REQUIRE(table[static_cast<std::size_t>(20 * c + i)] == 0);
        }
}

TEST_CASE("the transform is the integral of the kernel times a wave") {
    const detail::spreading_kernel kernel(6, 1e-5, 2);
    for (const long double xi : {0.0L, 0.3L, 1.0L, 2.5L}) {
        // Simpson's rule; the kernel jumps at its ends by 1 / I0(beta), about 1e-5, which the rule's ends know
        constexpr int parts = 20000;
        long double sum = 0;
        for (int p = 0; p <= parts; ++p) {
            const long double x = -3 + 6 * static_cast<long double>(p) / parts;
            sum += kernel(x) * std::cos(xi * x) * (p == 0 || p == parts ? 1 : p % 2 == 1 ? 4 : 2);
        }
        REQUIRE(std::abs(sum * 6 / parts / 3 - kernel.transform(xi)) <= 1e-8L);
    }
}

TEST_CASE("a wider kernel for a smaller tolerance") {
    REQUIRE(detail::width_for(1e-1, 2) == 2);
    REQUIRE(detail::width_for(1e-6, 2) == 7);
    REQUIRE(detail::width_for(1e-14, 2) == 15);
    REQUIRE(detail::width_for(1e-9, 1.25) == 16);
    REQUIRE(detail::width_for(1e-12, 1.25) == 0);
}
