// tests/filter/band_pass.test.cpp -- Laplacians and differences of Gaussians, and Gabor's waves, from their formulas
#include <faltung/filter/band_pass.hpp>

#include "support/catch.hpp"

using namespace faltung;
using testing::message_of;

TEST_CASE("laplacian_of_gaussian: its formula", "[filter]") {
    const double sigma = 1.5, s2 = sigma * sigma;
    const auto h = laplacian_of_gaussian(sigma);
    const auto g = gaussian_taps(sigma);
    REQUIRE(h.shape() == shape{13, 13});
    for (index_t i = 0; i < 13; ++i)
        for (index_t j = 0; j < 13; ++j) {
            const double r2 = static_cast<double>((i - 6) * (i - 6) + (j - 6) * (j - 6));
            CHECK(std::abs(h(i, j) - (r2 / s2 - 2) / s2 * g(i) * g(j)) <= 1e-16);
        }
}

TEST_CASE("difference_of_gaussians: a sum of 0, positive in the middle", "[filter]") {
    const auto h = difference_of_gaussians(1, 1.6);
    REQUIRE(h.shape() == shape{13, 13});
    double sum = 0;
    for (double tap : h) sum += tap;
    CHECK(std::abs(sum) <= 1e-15);
    const auto narrow = gaussian_taps(1.0), wide = gaussian_taps(1.6);
    CHECK(std::abs(h(6, 6) - (narrow(4) * narrow(4) - wide(6) * wide(6))) <= 1e-16);
    CHECK(h(0, 3) == -wide(0) * wide(3));
    CHECK(message_of<option_error>([] { difference_of_gaussians(2, 1); }) ==
          "difference_of_gaussians: sigma 2 is not less than sigma 1");
}

TEST_CASE("gabor: its formula, and the even and the odd one of a pair", "[filter]") {
    const gabor_options even{.taps = 9, .sigma = 2, .wavelength = 4};
    gabor_options odd = even;
    odd.phase = -std::numbers::pi / 2;
    const auto c = gabor(even), s = gabor(odd);
    for (index_t i = 0; i < 9; ++i)
        for (index_t j = 0; j < 9; ++j) {
            const double y = static_cast<double>(i - 4), x = static_cast<double>(j - 4);
            const double bell = std::exp(-(x * x + y * y) / 8);
            CHECK(std::abs(c(i, j) - bell * std::cos(std::numbers::pi / 2 * x)) <= 1e-15);
            CHECK(std::abs(s(i, j) - bell * std::sin(std::numbers::pi / 2 * x)) <= 1e-15);
        }
    // turned by a quarter, the wave runs downwards
    gabor_options down = even;
    down.angle = std::numbers::pi / 2;
    const auto turned = gabor(down);
    for (index_t i = 0; i < 9; ++i)
        for (index_t j = 0; j < 9; ++j) CHECK(std::abs(turned(i, j) - c(j, i)) <= 1e-15);
    CHECK(message_of<shape_error>([] { gabor({.taps = 4, .sigma = 1, .wavelength = 2}); }) ==
          "gabor: 4 taps have no middle one; 3 or 5 have");
    CHECK(message_of<option_error>([] { gabor({.taps = 5, .sigma = 1, .wavelength = 0}); }) ==
          "gabor: wavelength 0; a finite number above 0 is needed");
    CHECK(message_of<option_error>([] { gabor({.taps = 5, .sigma = 1, .wavelength = 2, .phase = HUGE_VAL}); }) ==
          "gabor: phase inf; a finite number is needed");
}
