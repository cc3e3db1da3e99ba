// tests/examples/picture.test.cpp -- gray and colour, bytes and floating values
#include "examples/support/picture.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "support/catch.hpp"

namespace {

std::vector<std::uint8_t> values_of(auto const& picture) { return {picture.begin(), picture.end()}; }

}  // namespace

TEST_CASE("as_bytes rounds to the nearest byte and clamps") {
    const float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
    const faltung::tensor<float, 2> x{
        {2, 5}, {-1.0f, 0.0f, 0.4999f, 0.5001f, 254.6f, 255.0f, 256.0f, nan, infinity, -infinity}};
    const std::vector<std::uint8_t> expected{0, 0, 0, 1, 255, 255, 255, 0, 255, 0};
    CHECK(values_of(as_bytes(x.view(), 0.0f, 255.0f)) == expected);

    const faltung::tensor<float, 2> z{{1, 3}, {-2.0f, 0.0f, 2.0f}};
    const std::vector<std::uint8_t> stretched{0, 128, 255}, negative{255, 128, 0};
    CHECK(values_of(as_bytes(z.view(), -2.0f, 2.0f)) == stretched);
    CHECK(values_of(as_bytes(z.view(), 2.0f, -2.0f)) == negative);
}

TEST_CASE("brightness weighs the channels, as_rgb repeats gray") {
    const rgb_picture rgb{{1, 4, 3}, {255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255}};
    const auto y = brightness(rgb.view());
    CHECK(std::abs(y(0, 0) - 76.245f) < 1e-4f);
    CHECK(std::abs(y(0, 1) - 149.685f) < 1e-4f);
    CHECK(std::abs(y(0, 2) - 29.07f) < 1e-4f);
    CHECK(std::abs(y(0, 3) - 255.0f) < 1e-4f);

    const gray_picture gray{{1, 2}, {7, 9}};
    const std::vector<std::uint8_t> repeated{7, 7, 7, 9, 9, 9};
    CHECK(values_of(as_rgb(gray.view())) == repeated);
    CHECK(values_of(as_rgb(rgb.view())) == values_of(rgb));
}
