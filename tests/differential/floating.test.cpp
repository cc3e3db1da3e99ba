// tests/differential/floating.test.cpp -- random problems in floating types, every method against the defining sum
#include "differential/differential.hpp"

using namespace faltung;
using namespace faltung::testing;
using detail::types;

TEST_CASE("differential: floating sums", "[laws][differential][shard_floating]") {
    const shares s =
        run_cases<types<float, float, float, float>, types<double, double, double, double>,
                  types<long double, double, long double, long double>,
                  types<std::complex<float>, std::complex<float>, std::complex<float>, std::complex<float>>,
                  types<std::complex<double>, double, std::complex<double>, std::complex<double>>,
                  types<float, std::complex<float>, std::complex<float>, std::complex<double>>,
                  types<std::uint8_t, float, float, std::uint8_t>, types<std::int32_t, float, double, float>>(0, 2);
    check_shares(s);
    if (s.cases >= 500) CHECK(s.separable * 50 >= s.cases);
    if (s.cases >= 500) CHECK(s.non_finite * 10 >= s.cases);  // of all cases, integer ones too, 1 in 20
}
