// tests/filter/derivatives.test.cpp -- differences: exact kernels, slopes of planes, steering, and what is refused
#include <faltung/filter/derivatives.hpp>

#include "support/catch.hpp"

using namespace faltung;
using testing::message_of;

namespace {

using rows = fixed_kernel<int, 3, 3>;

/// The convolution's answer at 0 to the plane x[i, j] = down i + across j.
template <class H>
double slope(H const& h, double down, double across) {
    const auto taps = as_view(h);
    double sum = 0;
    for_each_index(taps.shape(), [&](index_list const& t) {
        const double i = static_cast<double>(taps.extent(0) / 2 - t[0]),
                     j = static_cast<double>(taps.extent(1) / 2 - t[1]);
        sum += static_cast<double>(taps(t)) * (down * i + across * j);
    });
    return sum;
}

}  // namespace

TEST_CASE("derivatives: the kernels of 3 x 3 taps, at compile time", "[filter]") {
    static_assert(centred_difference<int>() == std::array<int, 3>{1, 0, -1});
    static_assert(prewitt<int>(towards::right) == rows{{{1, 0, -1}, {1, 0, -1}, {1, 0, -1}}});
    static_assert(prewitt<int>(towards::bottom) == rows{{{1, 1, 1}, {0, 0, 0}, {-1, -1, -1}}});
    static_assert(prewitt<int>(towards::bottom_right) == rows{{{2, 1, 0}, {1, 0, -1}, {0, -1, -2}}});
    static_assert(prewitt<int>(towards::top_right) == rows{{{0, -1, -2}, {1, 0, -1}, {2, 1, 0}}});
    static_assert(sobel<int>(towards::right) == rows{{{1, 0, -1}, {2, 0, -2}, {1, 0, -1}}});
    static_assert(sobel<int>(towards::bottom) == rows{{{1, 2, 1}, {0, 0, 0}, {-1, -2, -1}}});
    static_assert(sobel<int>(towards::bottom_right) == rows{{{2, 2, 0}, {2, 0, -2}, {0, -2, -2}}});
    static_assert(sobel<int>(towards::top_right) == rows{{{0, -2, -2}, {2, 0, -2}, {2, 2, 0}}});
    static_assert(scharr<int>(towards::right) == rows{{{3, 0, -3}, {10, 0, -10}, {3, 0, -3}}});
    static_assert(laplacian_4<int>() == rows{{{0, 1, 0}, {1, -4, 1}, {0, 1, 0}}});
    static_assert(laplacian_8<int>() == rows{{{1, 1, 1}, {1, -8, 1}, {1, 1, 1}}});
    static_assert(roberts<int>(towards::bottom_right) == fixed_kernel<int, 2, 2>{{{1, 0}, {0, -1}}});
    static_assert(roberts<int>(towards::top_right) == fixed_kernel<int, 2, 2>{{{0, -1}, {1, 0}}});
    static_assert(std::is_same_v<decltype(sobel(towards::right)), fixed_kernel<double, 3, 3>>);
    SUCCEED();
}

TEST_CASE("derivatives: the slope of a plane, and its sign", "[filter]") {
    CHECK(slope(prewitt(towards::right), 0, 1) == 6);
    CHECK(slope(sobel(towards::right), 0, 1) == 8);
    CHECK(slope(scharr(towards::right), 0, 1) == 32);
    CHECK(slope(sobel(towards::bottom), 1, 0) == 8);
    CHECK(slope(sobel(towards::bottom_right), 1, 1) == 16);
    CHECK(slope(sobel(towards::bottom_right), -1, 1) == 0);
    CHECK(slope(sobel(towards::top_right), -1, 1) == 16);
    CHECK(slope(roberts(towards::bottom_right), 1, 1) == 2);
    CHECK(slope(roberts(towards::top_right), -1, 1) == 2);
    CHECK(slope(roberts(towards::top_right), 1, 1) == 0);
    for (towards way : {towards::right, towards::bottom})
        CHECK(message_of<option_error>([way] { roberts(way); }) ==
              "roberts: 2 x 2 taps have differences along diagonals alone: bottom_right, top_right");
}

TEST_CASE("derivative_taps: binomials and their differences", "[filter]") {
    const auto listed = [](index_t order, index_t taps) {
        const auto h = derivative_taps<int>(order, taps);
        return std::vector<int>(h.begin(), h.end());
    };
    CHECK(listed(0, 1) == std::vector<int>{1});
    CHECK(listed(0, 3) == std::vector<int>{1, 2, 1});
    CHECK(listed(1, 3) == std::vector<int>{1, 0, -1});
    CHECK(listed(2, 3) == std::vector<int>{1, -2, 1});
    CHECK(listed(0, 5) == std::vector<int>{1, 4, 6, 4, 1});
    CHECK(listed(1, 5) == std::vector<int>{1, 2, 0, -2, -1});
    CHECK(listed(3, 5) == std::vector<int>{1, -2, 0, 2, -1});
    CHECK(listed(1, 7) == std::vector<int>{1, 4, 5, 0, -5, -4, -1});
    CHECK(derivative_taps(0, 31)(15) == 155117520);  // binomial(30, 15)
    CHECK(message_of<shape_error>([] { derivative_taps(0, 4); }) ==
          "derivative_taps: 4 taps have no middle one; 3 or 5 have");
    CHECK(message_of<shape_error>([] { derivative_taps(0, 33); }) == "derivative_taps: 33 taps; 1 to 31 are possible");
    CHECK(message_of<option_error>([] { derivative_taps(1, 1); }) ==
          "derivative_taps: order 1 of 1 tap; 0 to 0 are possible");
    CHECK(message_of<option_error>([] { derivative_taps(-1, 3); }) ==
          "derivative_taps: order -1 of 3 taps; 0 to 2 are possible");
}

TEST_CASE("steered_gaussian: along the axes, between them, and samples of the turned derivative", "[filter]") {
    const double sigma = 1.5, quarter = std::numbers::pi / 2;
    const auto smooth = gaussian_taps(sigma), steep = gaussian_taps(sigma, {.order = 1});
    const auto right = steered_gaussian(sigma, 0), bottom = steered_gaussian(sigma, quarter);
    const double angle = 0.7;
    const auto between = steered_gaussian(sigma, angle);
    const auto curved = steered_gaussian(sigma, angle, {.order = 2});
    for (index_t i = 0; i < right.extent(0); ++i)
        for (index_t j = 0; j < right.extent(1); ++j) {
            const double g = smooth(i) * smooth(j);
            CHECK(std::abs(right(i, j) - smooth(i) * steep(j)) <= 1e-17);
            CHECK(std::abs(bottom(i, j) - steep(i) * smooth(j)) <= 1e-17);
            // the Gaussian depends on the distance alone, so its derivative along u is -u / sigma^2 times it
            const double u =
                static_cast<double>(j - 6) * std::cos(angle) + static_cast<double>(i - 6) * std::sin(angle);
            const double s2 = sigma * sigma;
            CHECK(std::abs(between(i, j) + u / s2 * g) <= 1e-16);
            CHECK(std::abs(curved(i, j) - (u * u / s2 - 1) / s2 * g) <= 1e-16);
        }
    CHECK(slope(right, 0, 1) > 0);
    CHECK(message_of<option_error>([] { steered_gaussian(1, std::nan("")); }) ==
          "steered_gaussian: angle nan; a finite number is needed");
    CHECK(message_of<option_error>([] { steered_gaussian(0, 0); }) ==
          "steered_gaussian: sigma 0; a finite number above 0 is needed");
}
