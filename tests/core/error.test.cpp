// tests/core/error.test.cpp -- the exceptions and the text that carries their numbers
#include <faltung/core/error.hpp>

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#include "support/catch.hpp"

using namespace faltung;

TEST_CASE("error: every exception of the library is a faltung::error and a std::runtime_error", "[core]") {
    STATIC_REQUIRE(std::is_base_of_v<std::runtime_error, error>);
    STATIC_REQUIRE(std::is_base_of_v<error, shape_error>);
    STATIC_REQUIRE(std::is_base_of_v<error, option_error>);
    STATIC_REQUIRE(std::is_base_of_v<error, overflow_error>);
    STATIC_REQUIRE(std::is_base_of_v<error, overlap_error>);
    STATIC_REQUIRE(std::is_base_of_v<error, unsupported_error>);
    CHECK(std::string(shape_error("axis 0: 3").what()) == "axis 0: 3");
}

TEST_CASE("text: parts of every kind, one after the other", "[core]") {
    CHECK(text() == "");
    CHECK(text("axis ", 0, ": ", std::string("span "), std::string_view("9")) == "axis 0: span 9");
    CHECK(text(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    CHECK(text(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK(text(0.1f, " ", 1.5, " ", 2.5L) == "0.1 1.5 2.5");
    CHECK(text(1e300, " ", -1.0 / 3) == "1e+300 -0.333333");
    CHECK(text(std::numeric_limits<double>::infinity()) == "inf");
}
