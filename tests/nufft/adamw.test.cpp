// tests/nufft/adamw.test.cpp -- every step of AdamW against its formula in long double
#include <faltung/nufft/adamw.hpp>

#include "support/catch.hpp"
#include "support/random.hpp"

using namespace faltung;
using testing::message_of;

TEST_CASE("every step is the formula, with decay apart from the gradient") {
    testing::random_source random(41);
    const adamw_options o{.rate = 0.005, .weight_decay = 0.001};
    adamw optimiser(6, o);
    std::vector<double> p(6);
    for (double& v : p) v = static_cast<double>(random.between(-1000, 1000)) / 500;
    long double m[6] = {}, v[6] = {};
    for (int t = 1; t <= 300; ++t) {
        std::vector<double> g(6);
        for (double& x : g) x = static_cast<double>(random.between(-1000, 1000)) / 777;
        const std::vector<double> before = p;
        const double rate = cosine_rate(0.005, 0.001, t - 1, 300);
        optimiser.step(p, g, rate);
        for (std::size_t i = 0; i < 6; ++i) {
            const long double x = g[i];
            m[i] = 0.9L * m[i] + 0.1L * x;
            v[i] = 0.999L * v[i] + 0.001L * x * x;
            const long double mean = m[i] / (1 - std::pow(0.9L, t)), square = v[i] / (1 - std::pow(0.999L, t));
            const long double expected = before[i] - static_cast<long double>(rate) * 0.001L * before[i] -
                                         static_cast<long double>(rate) * mean / (std::sqrt(square) + 1e-8L);
            REQUIRE(std::abs(static_cast<long double>(p[i]) - expected) <= 1e-14L);
        }
    }
    REQUIRE(optimiser.steps() == 300);
}

TEST_CASE("many parameters move as each of them alone") {
    testing::random_source random(42);
    const std::size_t count = 1031;
    adamw all(static_cast<index_t>(count));
    std::vector<adamw> alone(count, adamw(1));
    std::vector<double> p(count), g(count), one(count);
    for (std::size_t i = 0; i < count; ++i) p[i] = one[i] = static_cast<double>(random.between(-1000, 1000)) / 500;
    for (int t = 0; t < 20; ++t) {
        for (double& x : g) x = static_cast<double>(random.between(-1000, 1000)) / 777;
        all.step(p, g);
        for (std::size_t i = 0; i < count; ++i) alone[i].step(std::span(&one[i], 1), std::span(&g[i], 1));
    }
    for (std::size_t i = 0; i < count; ++i) REQUIRE(std::abs(p[i] - one[i]) <= 1e-14);
}

TEST_CASE("a complex number is two reals") {
    const std::vector<std::complex<double>> g{{1, -2}, {0.5, 3}};
    std::vector<std::complex<double>> p{{1, 2}, {3, 4}};
    std::vector<double> reals{1, 2, 3, 4};
    adamw of_complex(4), of_reals(4);
    for (int t = 0; t < 3; ++t) {
        of_complex.step(p, g, 0.1);
        of_reals.step(reals, std::vector<double>{1, -2, 0.5, 3}, 0.1);
    }
    REQUIRE(p[0] == std::complex<double>(reals[0], reals[1]));
    REQUIRE(p[1] == std::complex<double>(reals[2], reals[3]));
}

TEST_CASE("the rate falls along half a cosine") {
    REQUIRE(cosine_rate(3, 1, 0, 10) == 3);
    REQUIRE(std::abs(cosine_rate(3, 1, 5, 10) - 2) <= 1e-15);
    REQUIRE(cosine_rate(3, 1, 10, 10) == 1);
    REQUIRE(cosine_rate(3, 1, 11, 10) == 1);
    REQUIRE(cosine_rate(2, 2, 7, 10) == 2);
}

TEST_CASE("an optimiser that cannot step is refused") {
    REQUIRE(message_of<option_error>([] { adamw(1, {.rate = -1}); }) ==
            "adamw: .rate = -1: a number from 0 on is needed");
    REQUIRE(message_of<option_error>([] { adamw(1, {.beta_2 = 1}); }) ==
            "adamw: a beta of 1: from 0 on, and below 1, is needed");
    REQUIRE(message_of<option_error>([] { adamw(-1); }) == "adamw: -1 parameters");
    REQUIRE(message_of<option_error>([] { cosine_rate(1, 0, 0, 0); }) == "cosine_rate: 0 steps: at least 1 is needed");
    adamw optimiser(2);
    std::vector<double> p(3), g(2);
    REQUIRE(message_of<shape_error>([&] { optimiser.step(p, g); }) == "adamw: 3 parameters and a gradient of 2 for 2");
}
