// tests/core/strided.test.cpp -- a view with its rank erased
#include <faltung/core/strided.hpp>

#include <type_traits>

#include "support/catch.hpp"

using namespace faltung;

TEST_CASE("strided: a writable view converts to a read-only one of the same lattice, not back", "[core]") {
    float samples[6] = {};
    const strided<float> writable{samples + 5, {2, 3}, {-3, -1}};
    const strided<float const> readable = writable;
    CHECK(readable.data == samples + 5);
    CHECK(readable.n == index_list{2, 3});
    CHECK(readable.stride == index_list{-3, -1});
    STATIC_REQUIRE_FALSE(std::is_convertible_v<strided<float const>, strided<float>>);
    STATIC_REQUIRE(strided<float>{}.n.rank() == 0);
}
