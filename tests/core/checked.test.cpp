// tests/core/checked.test.cpp -- against 128-bit arithmetic, which holds every sum and product of two 64-bit numbers
#include <faltung/core/checked.hpp>

#include <cstdint>
#include <limits>
#include <random>

#include "support/catch.hpp"

using namespace faltung;
using faltung::testing::message_of;

namespace {

__extension__ using wide = __int128;
constexpr index_t lowest = std::numeric_limits<index_t>::min();
constexpr index_t highest = std::numeric_limits<index_t>::max();

// Numbers of every magnitude and sign, with the limits themselves among them.
index_t any_magnitude(std::mt19937_64& random) {
    if (random() % 16 == 0) return random() % 2 == 0 ? lowest : highest;
    return static_cast<index_t>(random()) >> (random() % 64);
}

template <class Checked>
void require_as_exact(Checked checked, wide exact) {
    if (exact < lowest || exact > highest)
        REQUIRE_THROWS_AS(checked(), overflow_error);
    else
        REQUIRE(checked() == static_cast<index_t>(exact));
}

}  // namespace

TEST_CASE("checked: a sum, difference or product is exact or refused", "[core]") {
    std::mt19937_64 random(20);
    for (int i = 0; i < 20000; ++i) {
        const index_t l = any_magnitude(random), r = any_magnitude(random);
        require_as_exact([&] { return checked::add(l, r, "sum"); }, wide{l} + r);
        require_as_exact([&] { return checked::subtract(l, r, "difference"); }, wide{l} - r);
        require_as_exact([&] { return checked::multiply(l, r, "product"); }, wide{l} * r);
    }
}

TEST_CASE("checked: the refusal shows its arithmetic", "[core]") {
    CHECK(message_of<overflow_error>([] { checked::add(highest, 1, "padded extent"); }) ==
          "padded extent: 9223372036854775807 + 1 does not fit 64 bits");
    CHECK(message_of<overflow_error>([] { checked::subtract(lowest, 2, "low padding"); }) ==
          "low padding: -9223372036854775808 - 2 does not fit 64 bits");
    CHECK(message_of<overflow_error>([] { checked::multiply(highest, -3, "span"); }) ==
          "span: 9223372036854775807 * -3 does not fit 64 bits");
}

TEST_CASE("checked: a product of extents", "[core]") {
    CHECK(checked::product({}, "samples") == 1);
    CHECK(checked::product({7}, "samples") == 7);
    CHECK(checked::product({2, 3, 5}, "samples") == 30);
    CHECK(checked::product({highest, highest, 0}, "samples") == 0);
    CHECK(message_of<overflow_error>([] {
              checked::product({3, highest, 2}, "samples");
          }) == "samples: 3 * 9223372036854775807 does not fit 64 bits");
}

TEST_CASE("checked: divisions round down and up for either sign", "[core]") {
    for (index_t r = 1; r <= 9; ++r)
        for (index_t l = -40; l <= 40; ++l) {
            index_t q = -100;  // the largest q with q * r <= l, by search
            while ((q + 1) * r <= l) ++q;
            CHECK(checked::floor_divide(l, r) == q);
            CHECK(checked::ceil_divide(l, r) == (q * r == l ? q : q + 1));
            CHECK(checked::floor_modulo(l, r) == l - q * r);
        }
    CHECK(checked::floor_divide(lowest, highest) == -2);
    CHECK(checked::ceil_divide(lowest, highest) == -1);
    CHECK(checked::floor_modulo(lowest, highest) == highest - 1);
    CHECK(checked::floor_divide(lowest, 1) == lowest);
    STATIC_REQUIRE(checked::ceil_divide(7, 2) == 4);
}
