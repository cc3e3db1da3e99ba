// tests/simd/lanes.test.cpp -- vectors of samples: how many, unaligned loads and stores, sums that wrap
#include <faltung/simd/lanes.hpp>

#include <cstdint>
#include <limits>
#include <vector>

#include "support/catch.hpp"

using namespace faltung;
using detail::lanes;

TEST_CASE("lanes: float, double and integers of 16 to 64 bits have vectors, all others are single samples", "[simd]") {
    STATIC_REQUIRE(lanes<float, 64>::count == 16);
    STATIC_REQUIRE(lanes<double, 32>::count == 4);
    STATIC_REQUIRE(lanes<std::int32_t, 16>::count == 4);
    STATIC_REQUIRE(lanes<std::uint64_t, 64>::count == 8);
    STATIC_REQUIRE(lanes<float, 4>::count == 1);
    STATIC_REQUIRE(lanes<std::int16_t, 64>::count == 32);
    STATIC_REQUIRE(lanes<std::uint8_t, 64>::count == 1);
    STATIC_REQUIRE(lanes<bool, 64>::count == 1);
    STATIC_REQUIRE(lanes<long double, 64>::count == 1);
    STATIC_REQUIRE(lanes<std::complex<float>, 64>::count == 1);
    STATIC_REQUIRE(lanes<float, 64, false>::count == 1);
}

TEMPLATE_TEST_CASE("lanes: load, accumulate and store at any address", "[simd]", float, double, std::int16_t,
                   std::uint16_t, std::int32_t, std::int64_t) {
    using L = lanes<TestType, 16>;
    std::vector<TestType> x, y(20);
    for (int i = 0; i < 20; ++i) x.push_back(static_cast<TestType>(i));
    for (std::size_t at = 0; at + static_cast<std::size_t>(L::count) <= 10; ++at) {
        typename L::vector sum, v;
        L::load(sum, x.data() + at);
        L::load(v, x.data() + at + 5);
        L::accumulate(sum, TestType(3), v);
        L::store(y.data() + at + 1, sum);
        for (std::size_t i = 0; i < static_cast<std::size_t>(L::count); ++i)
            CHECK(y[at + 1 + i] == x[at + i] + 3 * x[at + 5 + i]);
    }
}

TEST_CASE("lanes: signed integers wrap instead of overflowing", "[simd]") {
    using L = lanes<std::int64_t, 16>;
    const std::int64_t most = std::numeric_limits<std::int64_t>::max();
    const std::int64_t start[2] = {most, 1}, factor[2] = {2, -1};
    std::int64_t result[2];
    L::vector sum, v;
    L::load(sum, start);
    L::load(v, factor);
    L::accumulate(sum, most, v);
    L::store(result, sum);
    // most + 2 most = 3 (2^63 - 1) = 2^63 - 3 modulo 2^64, and 1 - most = 2 - 2^63
    CHECK(result[0] == most - 2);
    CHECK(result[1] == 1 - most);
}

TEST_CASE("lanes: a single sample of any types multiplies and adds", "[simd]") {
    using L = lanes<std::complex<double>, 64>;
    std::complex<double> sum(1, 1);
    L::accumulate(sum, std::complex<double>(0, 2), 3.0);
    CHECK(sum == std::complex<double>(1, 7));
}
