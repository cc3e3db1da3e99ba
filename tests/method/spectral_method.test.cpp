// tests/method/spectral_method.test.cpp -- what a transform cannot do, in sentences
#include <faltung/method/spectral_method.hpp>

#include "support/catch.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

TEST_CASE("spectral_method: what a transform cannot do is refused in a sentence", "[method]") {
    problem p = problem_of({{100, 5, 1, 1, 2, 2, 'z'}});
    p.engine = &detail::own_engine<float>::table;
    const auto refusal = [&] { return detail::spectral_refusal("fft", p, 1).value_or(""); };
    p.types = {element::int32, element::int32, element::int64, element::int64};
    CHECK(refusal() == "sums of int64 are exact, and a transform rounds");
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
