// tests/filter/fir.test.cpp -- FIR design: the response where it is promised, what passes and what does not
#include <faltung/filter/fir.hpp>

#include <complex>

#include "support/catch.hpp"

using namespace faltung;
using testing::message_of;

namespace {

/// |sum of h[t] exp(-i pi f t)|: f is a share of half the sampling rate.
double response(tensor<double, 1> const& h, double f) {
    std::complex<double> sum = 0;
    for (index_t t = 0; t < h.count(); ++t)
        sum += h(t) * std::polar(1.0, -std::numbers::pi * f * static_cast<double>(t));
    return std::abs(sum);
}

}  // namespace

TEST_CASE("fir: the response is 1 where it is promised, and follows the bands", "[filter]") {
    for (index_t taps : {101, 201}) {
        const auto low = fir::low_pass(taps, 0.3), high = fir::high_pass(taps, 0.3),
                   band = fir::band_pass(taps, 0.3, 0.6), stop = fir::band_stop(taps, 0.3, 0.6);
        CHECK(std::abs(response(low, 0) - 1) <= 1e-14);
        CHECK(std::abs(response(high, 1) - 1) <= 1e-13);
        CHECK(std::abs(response(band, 0.45) - 1) <= 1e-13);
        CHECK(std::abs(response(stop, 0) - 1) <= 1e-14);
        for (double f = 0; f <= 1; f += 0.01) {
            // A Hamming window's ripple is 53 dB below 1, and its main lobe 8 / taps wide on both sides of a cutoff.
            const bool below = f<0.3 - 0.04, inside = f> 0.3 + 0.04 && f<0.6 - 0.04, above = f> 0.6 + 0.04;
            if (!below && !inside && !above) continue;
            CHECK(std::abs(response(low, f) - (below ? 1 : 0)) <= 4e-3);
            CHECK(std::abs(response(high, f) - (below ? 0 : 1)) <= 4e-3);
            CHECK(std::abs(response(band, f) - (inside ? 1 : 0)) <= 4e-3);
            CHECK(std::abs(response(stop, f) - (inside ? 0 : 1)) <= 4e-3);
        }
        for (index_t i = 0; i < taps; ++i) CHECK(low(i) == low(taps - 1 - i));  // linear phase
    }
    CHECK(fir::low_pass<float>(4, 0.5).count() == 4);
}

TEST_CASE("fir: a window of the caller's", "[filter]") {
    const std::vector<double> rectangle(3, 1.0);
    const auto h = fir::low_pass(3, 0.5, rectangle);
    // sin(pi / 2) / pi beside 1 / 2, and their sum is 1
    const double side = 1 / std::numbers::pi, sum = 0.5 + 2 * side;
    CHECK(std::abs(h(0) - side / sum) <= 1e-16);
    CHECK(std::abs(h(1) - 0.5 / sum) <= 1e-16);
}

TEST_CASE("fir: what is refused", "[filter]") {
    CHECK(message_of<shape_error>([] { fir::high_pass(8, 0.5); }) ==
          "fir::high_pass: 8 taps: an even number passes nothing at half the sampling rate; 7 or 9 can");
    CHECK(message_of<shape_error>([] { fir::band_stop(8, 0.2, 0.5); }) ==
          "fir::band_stop: 8 taps: an even number passes nothing at half the sampling rate; 7 or 9 can");
    CHECK(message_of<shape_error>([] { fir::low_pass(8, 0.5, windows::hann(7)); }) ==
          "fir::low_pass: a window of 7 taps for 8");
    CHECK(message_of<shape_error>([] { fir::low_pass(0, 0.5); }) ==
          "fir::low_pass: 0 taps; 1 to 2147483648 are possible");
    CHECK(message_of<option_error>([] { fir::low_pass(8, 1.0); }) ==
          "fir::low_pass: cutoff 1; it is a share of half the sampling rate, between 0 and 1");
    CHECK(message_of<option_error>([] { fir::low_pass(8, std::nan("")); }) ==
          "fir::low_pass: cutoff nan; it is a share of half the sampling rate, between 0 and 1");
    CHECK(message_of<option_error>([] { fir::band_pass(9, 0.5, 0.4); }) ==
          "fir::band_pass: the cutoffs 0.5 and 0.4 do not ascend");
    CHECK(message_of<option_error>([] { fir::low_pass(2, 0.5, windows::hann(2)); }) ==
          "fir::low_pass: the window leaves nothing of the pass band: a gain of 0");
}
