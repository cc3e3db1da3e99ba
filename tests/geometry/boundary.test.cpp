// tests/geometry/boundary.test.cpp -- the index maps against a walk that turns round at the ends
#include <faltung/geometry/boundary.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "every_axis.hpp"
#include "support/boundaries.hpp"
#include "support/catch.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

// The letters that stand at -7 to 10 of a signal abcd; '.' where a constant stands.
std::string spelled(boundary const& edge) {
    std::string letters;
    for (index_t i = -7; i <= 10; ++i) {
        const index_t from = edge.source(i, 4);
        letters += from < 0 ? '.' : static_cast<char>('a' + from);
    }
    return letters;
}

// i modulo a period, in 128 bits.
wide wrapped(wide i, wide period) {
    const wide rest = i % period;
    return rest < 0 ? rest + period : rest;
}

wide distance(wide l, wide r) { return l < r ? r - l : l - r; }

}  // namespace

TEST_CASE("boundary: what stands beyond abcd", "[geometry]") {
    CHECK(spelled(boundary::zero) == ".......abcd.......");
    CHECK(spelled(boundary::constant(7)) == ".......abcd.......");
    CHECK(spelled(boundary::replicate) == "aaaaaaaabcdddddddd");
    CHECK(spelled(boundary::reflect) == "babcdcbabcdcbabcdc");
    CHECK(spelled(boundary::symmetric) == "bcddcbaabcddcbaabc");
    CHECK(spelled(boundary::circular) == "bcdabcdabcdabcdabc");
}

TEST_CASE("boundary: every map for any overhang, walked", "[geometry]") {
    index_t checked = 0;
    for (auto const& [edge, letter] : boundaries)
        for (index_t n = 1; n <= 12; ++n)
            for (index_t i = -15 * n - 8; i <= 16 * n + 8; ++i, ++checked)
                if (edge.source(i, n) != reference::walk(i, n, letter))
                    FAIL(letter << ": x[" << i << "] of " << n << " samples came from " << edge.source(i, n));
    CHECK(checked == 6 * (31 * 78 + 12 * 17));
}

TEST_CASE("boundary: the period repeats, and nothing shorter does", "[geometry]") {
    for (auto const& named : boundaries)
        for (index_t n = 1; n <= 12; ++n) {
            const char letter = named.map;
            index_t shortest = letter == 'z' || letter == 'c' || letter == 'e' ? 0 : 1;
            const auto repeats = [&] {
                for (index_t i = -3 * n; i <= 3 * n; ++i)
                    if (reference::walk(i, n, letter) != reference::walk(i + shortest, n, letter)) return false;
                return true;
            };
            while (!repeats()) ++shortest;
            INFO(letter << " of " << n);
            // of one sample, both of the mirrored samples are the same
            CHECK(named.rule.period(n) == (letter == 's' && n == 1 ? 2 : shortest));
        }
}

TEST_CASE("boundary: one sample is its own continuation", "[geometry]") {
    for (index_t i : {-index_limit, index_t{-2}, index_t{-1}, index_t{0}, index_t{1}, index_t{2}, index_limit}) {
        CHECK(boundary::replicate.source(i, 1) == 0);
        CHECK(boundary::reflect.source(i, 1) == 0);
        CHECK(boundary::symmetric.source(i, 1) == 0);
        CHECK(boundary::circular.source(i, 1) == 0);
        CHECK(boundary::zero.source(i, 1) == (i == 0 ? 0 : -1));
    }
}

TEST_CASE("boundary: the maps hold as far out as a position may lie", "[geometry]") {
    std::mt19937_64 random(62);
    int outside = 0;
    for (int c = 0; c < 20000; ++c) {
        const index_t i = any_magnitude(random, -index_limit) + any_magnitude(random, -index_limit);
        const index_t n = any_magnitude(random, 1);
        outside += i < 0 || i >= n ? 1 : 0;
        const auto require = [&](boundary const& edge, wide expected) {
            if (edge.source(i, n) != expected)
                FAIL(name_of(edge.map) << ": x[" << i << "] of " << n << " samples came from " << edge.source(i, n));
        };
        require(boundary::replicate, i < 0 ? 0 : i < n ? i : n - 1);
        require(boundary::zero, 0 <= i && i < n ? i : -1);
        require(boundary::circular, wrapped(i, n));
        // both mirrors as triangle waves about their lowest points
        require(boundary::reflect, n == 1 ? 0 : n - 1 - distance(wrapped(i, 2 * wide{n} - 2), n - 1));
        require(boundary::symmetric, (2 * wide{n} - 1 - distance(2 * wrapped(i, 2 * wide{n}) + 1, 2 * wide{n})) / 2);
    }
    CHECK(outside > 10000);
}

TEST_CASE("boundary: a constant holds every sample type exactly", "[geometry]") {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    CHECK(static_cast<std::int64_t>(boundary::constant(static_cast<long double>(most)).re) == most);
    CHECK(boundary::constant(0.1).re == static_cast<long double>(0.1));
    const boundary complex = boundary::constant(std::complex<double>(0.1, -0.2));
    CHECK(complex.re == static_cast<long double>(0.1));
    CHECK(complex.im == static_cast<long double>(-0.2));
    CHECK(complex.source(-1, 4) == -1);
}

TEST_CASE("boundary: zero is the constant 0 and nothing else", "[geometry]") {
    STATIC_REQUIRE(boundary::zero.is_zero());
    STATIC_REQUIRE(boundary{}.is_zero());
    STATIC_REQUIRE(boundary::constant(0) == boundary::zero);
    STATIC_REQUIRE_FALSE(boundary::constant(1) == boundary::zero);
    STATIC_REQUIRE_FALSE(boundary::constant(1).is_zero());
    STATIC_REQUIRE_FALSE(boundary::constant(std::complex<float>(0, 1)).is_zero());
    STATIC_REQUIRE_FALSE(boundary::constant(std::numeric_limits<double>::quiet_NaN()).is_zero());
    STATIC_REQUIRE_FALSE(boundary::circular.is_zero());
    STATIC_REQUIRE_FALSE(boundary::reflect == boundary::symmetric);
}

TEST_CASE("boundary: names", "[geometry]") {
    CHECK(std::string(name_of(boundary::zero.map)) == "constant");
    CHECK(std::string(name_of(boundary::replicate.map)) == "replicate");
    CHECK(std::string(name_of(boundary::reflect.map)) == "reflect");
    CHECK(std::string(name_of(boundary::symmetric.map)) == "symmetric");
    CHECK(std::string(name_of(boundary::circular.map)) == "circular");
}

TEST_CASE("boundary: a constant expression", "[geometry]") {
    STATIC_REQUIRE(boundary::reflect.source(-1, 4) == 1);
    STATIC_REQUIRE(boundary::symmetric.source(-1, 4) == 0);
    STATIC_REQUIRE(boundary::circular.source(-1, 4) == 3);
    STATIC_REQUIRE(boundary::replicate.source(9, 4) == 3);
    STATIC_REQUIRE(boundary::constant(2).source(9, 4) == -1);
}
