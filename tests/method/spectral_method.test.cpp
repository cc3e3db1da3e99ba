// tests/method/spectral_method.test.cpp -- what a transform cannot do, in sentences
#include <faltung/method/spectral_method.hpp>

#include <faltung/method/fft.hpp>

#include "support/catch.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

TEST_CASE("spectral_method: what a transform cannot do is refused in a sentence", "[method]") {
    problem p = problem_of({{100, 5, 1, 1, 2, 2, 'z'}});
    p.engine = &detail::own_engine<float>::table;
    const auto refusal = [&] { return detail::spectral_refusal("fft", p, 1).value_or(""); };
    p.types = {element::uint8, element::int32, element::int64, element::int64};
    CHECK(refusal() == "no transform computes in double");
    p.types = {element::float64, element::float64, element::float64, element::float64};
    CHECK(refusal() == "no transform computes in double");
    p.types = {element::float32, element::float32, element::complex32, element::complex32};
    CHECK(refusal() == "");
    p.kernel.finite = false;
    CHECK(refusal() == "a kernel with NaN or Inf needs direct: a transform spreads them over all sums");
    p.kernel.finite = true;
    CHECK(detail::spectral_refusal("fft", p, 0x1p46).value_or("") ==
          "a tile has at least 7.03687e+13 samples, more than 2^45");
    p.engine = nullptr;
    CHECK(refusal() == "no transform computes in complex<float>");
}

TEST_CASE("spectral_method: integers are transformed where their sums stay exact, and at no error", "[method]") {
    problem p = problem_of({{100, 5, 1, 1, 2, 2, 'z'}});
    p.engine = &detail::own_engine<double>::table;
    p.types = {element::uint8, element::int32, element::int64, element::int64};
    p.kernel = {true, true, 500, 250, 0};
    CHECK(detail::fft::supports(p).value_or("") == "");
    CHECK(detail::fft::predict(p).certified_error == 0);
    CHECK(detail::fft::predict(p).expected_error == 0);
    const auto error = [&] { return detail::largest_integer_error(p, detail::fft::layout(p)); };
    const double at_255 = error();
    CHECK(at_255 > 0);
    p.types.x = element::uint16;
    CHECK(error() == Approx(256 * at_255).epsilon(1e-12));
    p[0].edge = boundary::constant(1 << 20);  // which is more than a sample can be
    CHECK(error() > 3000 * at_255);
    p[0].edge = boundary::zero;
    p.types.x = element::int64;
    CHECK(error() > 0.5);
    CHECK(detail::fft::supports(p).value_or("").starts_with("a sum of int64 that is transformed may be wrong by "));
    p.types.x = element::uint8;
    p.kernel = {false, true, 0, 0, 0};  // a kernel that nobody has looked at
    CHECK(detail::fft::supports(p).value_or("").starts_with("a sum of uint8 that is transformed may be wrong by inf"));
}
