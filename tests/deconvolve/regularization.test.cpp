// tests/deconvolve/regularization.test.cpp -- the weights of frequencies against the differences that they stand for
#include <faltung/deconvolve/regularization.hpp>

#include <complex>

#include "support/catch.hpp"

using namespace faltung;

TEST_CASE("wave_numbers: angles between -pi and pi", "[deconvolve]") {
    constexpr double pi = 3.14159265358979323846;
    const wave_numbers f{{0, 2, 3, 4}, {4, 4, 4, 9}};
    CHECK(f.angle(0) == 0);
    CHECK(f.angle(1) == Approx(pi));
    CHECK(f.angle(2) == Approx(-pi / 2));
    CHECK(f.angle(3) == Approx(8 * pi / 9));
}

TEST_CASE("regularization: the energy of differences of one wave", "[deconvolve]") {
    // of x[j] = e^(i angle . j), |x| = 1 at every sample
    for (index_t m = 0; m < 5; ++m)
        for (index_t k = 0; k < 6; ++k) {
            const wave_numbers f{{m, k}, {5, 6}};
            const auto at = [&](int v, int w) { return std::polar(1.0, f.angle(0) * v + f.angle(1) * w); };
            const double gradient = std::norm(at(1, 0) - at(0, 0)) + std::norm(at(0, 1) - at(0, 0));
            const double laplacian = std::norm(at(1, 0) + at(-1, 0) + at(0, 1) + at(0, -1) - 4.0 * at(0, 0));
            CHECK(regularization(gradient_penalty{3})(f) == Approx(3 * gradient).margin(1e-14));
            CHECK(regularization(laplacian_penalty{2})(f) == Approx(2 * laplacian).margin(1e-14));
            CHECK(regularization(tikhonov{0.25})(f) == 0.25);
            const wiener w{[](wave_numbers const& g) { return 1.0 + static_cast<double>(g.m[0]); },
                           [](wave_numbers const&) { return 4.0; }};
            CHECK(regularization(w)(f) == (1.0 + static_cast<double>(m)) / 4);
        }
    CHECK(regularization().is_none());
    CHECK(regularization()({{0}, {3}}) == 0);
    CHECK_FALSE(regularization(tikhonov{0}).is_none());
}
