// tests/filter/gaussian.test.cpp -- Gaussian taps: moments, derivatives of polynomials, sizes, and what is refused
#include <faltung/filter/gaussian.hpp>

#include "support/catch.hpp"

using namespace faltung;
using testing::message_of;

namespace {

/// The sum of h[t] (-t)^power, t from the middle: what the kernel answers at 0 to x^power.
long double answer_to_power(tensor<double, 1> const& h, int power) {
    long double sum = 0;
    const index_t radius = h.count() / 2;
    for (index_t i = 0; i < h.count(); ++i)
        sum += static_cast<long double>(h(i)) * std::pow(static_cast<long double>(radius - i), power);
    return sum;
}

}  // namespace

TEST_CASE("gaussian_taps: the defining quotients", "[filter]") {
    const double sigma = 1.3;
    const auto h = gaussian_taps(sigma);
    REQUIRE(h.count() == 2 * 5 + 1);  // 4 sigma = 5.2
    long double sum = 0;
    for (index_t t = -5; t <= 5; ++t) sum += std::exp(-static_cast<long double>(t * t) / (2 * 1.3 * 1.3L));
    for (index_t t = -5; t <= 5; ++t)
        CHECK(std::abs(h(t + 5) - static_cast<double>(std::exp(-static_cast<long double>(t * t) / (2 * 1.3 * 1.3L)) /
                                                      sum)) <= 2e-16);
    CHECK(gaussian_taps(0.1).count() == 1);
    CHECK(gaussian_taps(0.1)(0) == 1);
    CHECK(gaussian_taps(2, {.truncate = 2}).count() == 9);
    CHECK(gaussian_taps(2, {.radius = 3}).count() == 7);
    CHECK(gaussian_taps<float>(1.0)(4) == static_cast<float>(gaussian_taps(1.0)(4)));
}

TEST_CASE("gaussian_taps: the n-th derivative of x^n is n!, of a lower power 0", "[filter]") {
    // A Gaussian of sigma 3 that is cut off at 13 sigma is a smooth function to 20 digits, so that sums are integrals.
    for (int order = 0; order <= 6; ++order) {
        const auto h = gaussian_taps(3, {.order = order, .truncate = 13});
        for (int power = 0; power <= order; ++power) {
            INFO("order " << order << ", power " << power);
            long double absolute = 0;
            for (index_t i = 0; i < h.count(); ++i)
                absolute += std::abs(static_cast<long double>(h(i))) *
                            std::pow(std::abs(static_cast<long double>(i - h.count() / 2)), power);
            const long double expected = power < order ? 0 : std::tgamma(static_cast<long double>(order + 1));
            CHECK(std::abs(answer_to_power(h, power) - expected) <= 0x1p-53L * absolute);
        }
        for (index_t i = 0; i < h.count(); ++i)
            CHECK(h(i) == (order % 2 == 0 ? 1 : -1) * h(h.count() - 1 - i));  // to the last bit
    }
}

TEST_CASE("gaussian_samples: scales", "[filter]") {
    const auto peak = gaussian_samples(5, 1, {.scale = gaussian_scale::unit_peak});
    CHECK(peak(2) == 1);
    CHECK(std::abs(peak(0) - 0.135335283236612691894) <= 1e-17);  // exp(-2)
    const auto density = gaussian_samples(3, 2, {.spacing = 2, .scale = gaussian_scale::density});
    CHECK(std::abs(density(1) - 0.19947114020071633897) <= 1e-16);               // 1 / (2 sqrt(2 pi))
    CHECK(std::abs(density(0) / density(1) - 0.60653065971263342360) <= 2e-16);  // exp(-1 / 2)
    // an even number of taps has none in the middle
    const auto even = gaussian_samples(2, 0.5);
    CHECK(even(0) == 0.5);
    CHECK(even(1) == 0.5);
}

TEST_CASE("gaussian_taps_of_size, gaussian_sigma_of, gaussian_size_of: OpenCV's rules", "[filter]") {
    const auto h = gaussian_taps_of_size(5);
    CHECK(std::vector<double>(h.begin(), h.end()) == std::vector<double>{1 / 16., 4 / 16., 6 / 16., 4 / 16., 1 / 16.});
    for (index_t taps : {1, 3, 5, 7, 9}) {
        double sum = 0;
        for (double tap : gaussian_taps_of_size(taps)) sum += tap;
        CHECK(sum == 1);
    }
    CHECK(std::abs(gaussian_sigma_of(11) - 2.0) <= 1e-15);
    CHECK(gaussian_taps_of_size(11)(0) == gaussian_samples(11, gaussian_sigma_of(11))(0));
    CHECK(gaussian_size_of<std::uint8_t>(1.0) == 7);
    CHECK(gaussian_size_of<float>(1.0) == 9);
    CHECK(gaussian_size_of<float>(0.3125) == 5);  // 3.5 rounds to 4, which is made odd
}

TEST_CASE("gaussian: what is refused", "[filter]") {
    for (double sigma : {0.0, -1.0})
        CHECK(message_of<option_error>([&] { gaussian_taps(sigma); }) ==
              text("gaussian_taps: sigma ", sigma, "; a finite number above 0 is needed"));
    CHECK(message_of<option_error>([] { gaussian_taps(std::nan("")); }) ==
          "gaussian_taps: sigma nan; a finite number above 0 is needed");
    CHECK(message_of<option_error>([] { gaussian_taps(HUGE_VAL); }) ==
          "gaussian_taps: sigma inf; a finite number above 0 is needed");
    CHECK(message_of<shape_error>([] { gaussian_taps(1e12); }) ==
          "gaussian_taps: a radius of 4e+12 taps; 0 to less than 2^30 are possible");
    CHECK(message_of<shape_error>([] { gaussian_taps(1, {.radius = -1}); }) ==
          "gaussian_taps: a radius of -1 taps; 0 to less than 2^30 are possible");
    CHECK(message_of<option_error>([] { gaussian_taps(1, {.order = -1}); }) ==
          "gaussian_taps: order -1; 0 or more is needed");
    CHECK(message_of<option_error>([] { gaussian_taps(1, {.truncate = std::nan("")}); }) ==
          "gaussian_taps: truncate nan; 0 or more is needed");
    CHECK(message_of<option_error>([] { gaussian_taps<float>(1e-30, {.order = 2}); }) ==
          "gaussian_taps: order 2 of sigma 1e-30: tap 0 does not fit the element type");
    CHECK(message_of<shape_error>([] { gaussian_samples(0, 1); }) ==
          "gaussian_samples: 0 taps; 1 to 2147483648 are possible");
    CHECK(message_of<option_error>([] { gaussian_samples(3, 1, {.spacing = -2}); }) ==
          "gaussian_samples: spacing -2; a finite number above 0 is needed");
    CHECK(message_of<shape_error>([] { gaussian_size_of<float>(1e12); }) ==
          "gaussian_size_of: 8e+12 taps; 1 to 2147483648 are possible");
}
