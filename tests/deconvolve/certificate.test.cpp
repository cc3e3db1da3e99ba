// tests/deconvolve/certificate.test.cpp -- what a certificate counts, and what a warning says
#include <faltung/deconvolve/certificate.hpp>

#include "support/catch.hpp"

using namespace faltung;

TEST_CASE("deconvolution_certificate: singular values that are known", "[deconvolve]") {
    // (1, 2, 1) / 4 has cos^2(angle / 2): of 8 samples 1, .854, .5, .146, 0, ...
    const tensor<double, 3> h({1, 1, 3}, {0.25, 0.5, 0.25});
    const detail::periodic_layer<double> layer(h.view().erased(), {8}, {}, "layer");
    const auto values = detail::spectrum_of(layer);
    for (index_t m = 0; m < 8; ++m)
        CHECK(values(m, 0) ==
              Approx(std::pow(std::cos(3.14159265358979323846 * static_cast<double>(m) / 8), 2)).margin(1e-15));
    const auto whole = detail::certificate_of(layer, {});
    CHECK(whole.unknowns == 8);
    CHECK(whole.rank == 7);
    CHECK(whole.largest == Approx(1));
    CHECK(whole.smallest == Approx(values(3, 0)));
    CHECK(whole.lost_fraction() == Approx(0.125));
    const auto half = detail::certificate_of(layer, {.relative = 0.6});
    CHECK(half.rank == 3);
    CHECK(half.threshold == Approx(0.6));
    CHECK(half.condition() == Approx(1 / values(1, 0)));
    CHECK(detail::certificate_of(layer, {.absolute = 2}).rank == 0);
    CHECK(detail::certificate_of(layer, {.absolute = 2}).condition() == 1);
}

TEST_CASE("deconvolution_warning: a sentence with numbers", "[deconvolve]") {
    const deconvolution_warning w{{{{{3}, {8}}, 1, 2, 2}, {{{4}, {8}}, 1, 0, 1}}};
    CHECK(w.text() ==
          "deconvolver: 3 singular values count as 0, and 4 that are kept are less than a rounding of the "
          "largest; the first at frequency (3,) of (8,)");
}
