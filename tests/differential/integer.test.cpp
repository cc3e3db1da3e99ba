// tests/differential/integer.test.cpp -- random problems in integer types, every method against the defining sum
#include "differential/differential.hpp"

using namespace faltung;
using namespace faltung::testing;
using detail::types;

TEST_CASE("differential: integer sums", "[laws][differential][shard_integer]") {
    const shares s =
        run_cases<types<std::int16_t, std::int32_t, std::int32_t, std::int32_t>,
                  types<std::int64_t, std::int32_t, std::int64_t, std::int16_t>,
                  types<std::uint64_t, std::int64_t, std::uint64_t, std::uint64_t>,
                  types<std::uint16_t, std::uint32_t, std::int64_t, float>,
                  types<std::int8_t, std::uint8_t, std::int64_t, bool>, types<bool, bool, std::int64_t, std::int32_t>,
                  types<std::uint8_t, std::int8_t, std::uint64_t, std::uint64_t>,
                  types<std::uint8_t, std::uint8_t, std::uint32_t, std::int8_t>>(1, 2);
    check_shares(s);
    if (s.cases >= 500) CHECK(s.separable * 50 >= s.cases);
    if (s.cases >= 500) CHECK(s.transformed_integers * 20 >= s.cases);
}
