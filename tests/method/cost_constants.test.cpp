// tests/method/cost_constants.test.cpp -- the measured times are positive and ordered as the hardware is
#include <faltung/method/cost_constants.hpp>

#include "support/catch.hpp"

using namespace faltung;
namespace constants = faltung::detail::cost_constants;

TEST_CASE("cost_constants: every accumulator has a row", "[method]") {
    using constants::kind;
    CHECK(constants::kind_of(element::float32) == kind::single_precision);
    CHECK(constants::kind_of(element::float64) == kind::double_precision);
    for (element e : {element::int32, element::int64, element::float80, element::complex32, element::complex80})
        CHECK(constants::kind_of(e) == kind::other);
}

// The rows of AVX-512 and AVX2 are from different machines.
TEST_CASE("cost_constants: times are positive, and wider vectors of one machine are never slower", "[method]") {
    for (auto const* table : {&constants::direct, &constants::im2col})
        for (element e : {element::float32, element::float64, element::int64}) {
            double before = 1;
            for (const instruction_set i :
                 {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
                constants::times const& t = constants::of(*table, e, i);
                CHECK(t.multiply_add > 0);
                CHECK(t.packed > 0);
                CHECK(t.output > 0);
                CHECK(t.row > 0);
                CHECK(t.plan > 0);
                CHECK(t.multiply_add < 1e-7);  // seconds, not nanoseconds
                if (i != instruction_set::avx512) CHECK(t.multiply_add <= before * 1.2);
                before = t.multiply_add;
            }
        }
}
