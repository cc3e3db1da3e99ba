// tests/filter/savitzky_golay.test.cpp -- published tables, polynomials that stay as they are, and what is refused
#include <faltung/filter/savitzky_golay.hpp>

#include "support/catch.hpp"

using namespace faltung;
using testing::message_of;

namespace {

void check_taps(tensor<double, 1> const& h, std::vector<int> const& numerators, int denominator) {
    REQUIRE(static_cast<std::size_t>(h.count()) == numerators.size());
    for (index_t i = 0; i < h.count(); ++i)
        CHECK(std::abs(h(i) - static_cast<double>(numerators[static_cast<std::size_t>(i)]) / denominator) <= 1e-16);
}

}  // namespace

TEST_CASE("savitzky_golay: the tables of 1964", "[filter]") {
    check_taps(savitzky_golay(5, 2), {-3, 12, 17, 12, -3}, 35);
    check_taps(savitzky_golay(5, 3), {-3, 12, 17, 12, -3}, 35);
    check_taps(savitzky_golay(7, 2), {-2, 3, 6, 7, 6, 3, -2}, 21);
    check_taps(savitzky_golay(7, 4), {5, -30, 75, 131, 75, -30, 5}, 231);
    check_taps(savitzky_golay(9, 2), {-21, 14, 39, 54, 59, 54, 39, 14, -21}, 231);
    // derivatives, reversed for a convolution
    check_taps(savitzky_golay(5, 2, {.derivative = 1}), {2, 1, 0, -1, -2}, 10);
    check_taps(savitzky_golay(5, 4, {.derivative = 1}), {-1, 8, 0, -8, 1}, 12);
    check_taps(savitzky_golay(5, 2, {.derivative = 2}), {2, -1, -2, -1, 2}, 7);
    check_taps(savitzky_golay(5, 2, {.derivative = 3}), {0, 0, 0, 0, 0}, 1);
    check_taps(savitzky_golay(1, 0), {1}, 1);
    check_taps(savitzky_golay(4, 0), {1, 1, 1, 1}, 4);
}

TEST_CASE("savitzky_golay: it answers a polynomial of its degree with that polynomial's derivative", "[filter]") {
    const double spacing = 0.5;
    for (index_t taps : {6, 9, 31})
        for (index_t degree : {0, 1, 2, 3, 5})
            for (index_t d : {0, 1, 2, 3})
                for (double position : {0.0, 2.0, static_cast<double>(taps - 1) / 2, 4.75}) {
                    const auto h =
                        savitzky_golay(taps, degree, {.derivative = d, .spacing = spacing, .position = position});
                    double absolute = 0;
                    for (double tap : h) absolute += std::abs(tap);
                    for (index_t power = 0; power <= degree; ++power) {
                        // the derivative of ((j - position) spacing)^power at the position: power! where d = power
                        long double sum = 0, largest = 0;
                        for (index_t j = 0; j < taps; ++j) {
                            const long double x = (static_cast<long double>(j) - position) * spacing;
                            const long double value = std::pow(x, static_cast<long double>(power));
                            sum += static_cast<long double>(h(taps - 1 - j)) * value;
                            largest = std::max(largest, std::abs(value));
                        }
                        const long double expected = d == power ? std::tgamma(static_cast<long double>(power + 1)) : 0;
                        INFO(taps << " taps, degree " << degree << ", derivative " << d << ", power " << power);
                        CHECK(std::abs(sum - expected) <= 4 * 0x1p-53L * absolute * largest);
                    }
                }
}

TEST_CASE("savitzky_golay: what is refused", "[filter]") {
    CHECK(message_of<option_error>([] { savitzky_golay(5, 5); }) ==
          "savitzky_golay: a polynomial of degree 5 for 5 taps; 0 to 4 are possible");
    CHECK(message_of<option_error>([] { savitzky_golay(5, -1); }) ==
          "savitzky_golay: a polynomial of degree -1 for 5 taps; 0 to 4 are possible");
    CHECK(message_of<option_error>([] { savitzky_golay(5, 2, {.derivative = -1}); }) ==
          "savitzky_golay: derivative -1; 0 or more is needed");
    CHECK(message_of<option_error>([] { savitzky_golay(5, 2, {.spacing = 0}); }) ==
          "savitzky_golay: spacing 0; a finite number above 0 is needed");
    CHECK(message_of<option_error>([] { savitzky_golay(5, 2, {.position = 5}); }) ==
          "savitzky_golay: position 5 in a window of 5 taps");
    CHECK(message_of<shape_error>([] { savitzky_golay(0, 0); }) ==
          "savitzky_golay: 0 taps; 1 to 2147483648 are possible");
}
