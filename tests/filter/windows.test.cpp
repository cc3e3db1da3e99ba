// tests/filter/windows.test.cpp -- window functions: their ends, their sums, their symmetry, and what is refused
#include <faltung/filter/windows.hpp>

#include "support/catch.hpp"

using namespace faltung;
using testing::message_of;

namespace {

double sum_of(tensor<double, 1> const& w) {
    double sum = 0;
    for (double tap : w) sum += tap;
    return sum;
}

std::vector<tensor<double, 1>> every_window(index_t n, window_form form) {
    return {windows::hann(n, form),        windows::hamming(n, form),
            windows::blackman(n, form),    windows::flat_top(n, form),
            windows::bartlett(n, form),    windows::kaiser(n, 5, form),
            windows::gaussian(n, 3, form), windows::general_cosine(n, {0.5, 0.25, 0.25}, form)};
}

}  // namespace

TEST_CASE("windows: exact taps", "[filter]") {
    const auto hann = windows::hann(5);
    CHECK(std::vector<double>(hann.begin(), hann.end()) == std::vector<double>{0, 0.5, 1, 0.5, 0});
    const auto bartlett = windows::bartlett(6, window_form::periodic);
    CHECK(std::vector<double>(bartlett.begin(), bartlett.end()) ==
          std::vector<double>{0, 1.0 / 3, 2.0 / 3, 1, 2.0 / 3, 1.0 / 3});
    const auto hamming = windows::hamming<float>(3);
    CHECK(hamming(0) == 0.08f);
    CHECK(hamming(1) == 1.0f);
    // I0(0) = 1, so that beta = 0 is a rectangle; I0(1) = 1.2660658777520083... (Abramowitz and Stegun, table 9.8)
    for (double tap : windows::kaiser(7, 0)) CHECK(tap == 1);
    CHECK(windows::kaiser(3, 1)(0) == static_cast<double>(1 / 1.2660658777520083355982446252147175376077L));
}

TEST_CASE("windows: the same from both ends to the last bit, and the periodic one is the beginning of a longer one",
          "[filter]") {
    for (index_t n : {2, 3, 7, 8, 61}) {
        const auto longer = every_window(n + 1, window_form::symmetric);
        const auto periodic = every_window(n, window_form::periodic);
        const auto symmetric = every_window(n, window_form::symmetric);
        for (std::size_t k = 0; k < longer.size(); ++k)
            for (index_t i = 0; i < n; ++i) {
                CHECK(symmetric[k](i) == symmetric[k](n - 1 - i));
                CHECK(periodic[k](i) == longer[k](i));
            }
    }
}

TEST_CASE("windows: a whole period of cosines sums to its constant", "[filter]") {
    CHECK(std::abs(sum_of(windows::hann(360, window_form::periodic)) - 180) <= 1e-12);
    CHECK(std::abs(sum_of(windows::blackman(360, window_form::periodic)) - 0.42 * 360) <= 1e-12);
    CHECK(std::abs(sum_of(windows::flat_top(360, window_form::periodic)) - 0.21557895 * 360) <= 1e-12);
}

TEST_CASE("windows: no tap and one", "[filter]") {
    for (window_form form : {window_form::symmetric, window_form::periodic}) {
        for (auto const& w : every_window(0, form)) CHECK(w.count() == 0);
        for (auto const& w : every_window(1, form)) {
            REQUIRE(w.count() == 1);
            CHECK(w(0) == 1);
        }
    }
}

TEST_CASE("windows: what is refused", "[filter]") {
    CHECK(message_of<shape_error>([] { windows::hann(-1); }) == "windows::hann: -1 taps; 0 to 2147483648 are possible");
    CHECK(message_of<shape_error>([] { windows::kaiser(index_t{1} << 40, 1); }) ==
          "windows::kaiser: 1099511627776 taps; 0 to 2147483648 are possible");
    CHECK(message_of<option_error>([] { windows::kaiser(5, -0.5); }) ==
          "windows::kaiser: beta -0.5; 0 to 10000 are possible");
    CHECK(message_of<option_error>([] { windows::kaiser(5, std::nan("")); }) ==
          "windows::kaiser: beta nan; 0 to 10000 are possible");
    CHECK(message_of<option_error>([] { windows::gaussian(5, 0); }) ==
          "windows::gaussian: sigma 0; a finite number above 0 is needed");
}
