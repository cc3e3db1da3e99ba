// tests/core/scalar.test.cpp -- accumulators, conjugation, multiply-add and element names
#include <faltung/core/scalar.hpp>

#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

#include "support/catch.hpp"

using namespace faltung;

namespace {
template <class X, class H, class Acc>
constexpr bool accumulates_in = std::is_same_v<accumulator_t<X, H>, Acc>&& std::is_same_v<accumulator_t<H, X>, Acc>;
constexpr auto int64_lowest = std::numeric_limits<std::int64_t>::min();
constexpr auto int64_highest = std::numeric_limits<std::int64_t>::max();
constexpr double inf = std::numeric_limits<double>::infinity();
}  // namespace

TEST_CASE("accumulator: integers sum in 64 bits, unsigned only where an operand is uint64", "[core]") {
    STATIC_REQUIRE(accumulates_in<bool, bool, std::int64_t>);
    STATIC_REQUIRE(accumulates_in<std::int8_t, std::int8_t, std::int64_t>);
    STATIC_REQUIRE(accumulates_in<std::uint8_t, std::uint8_t, std::int64_t>);
    STATIC_REQUIRE(accumulates_in<std::uint8_t, std::int16_t, std::int64_t>);
    STATIC_REQUIRE(accumulates_in<std::uint32_t, std::uint32_t, std::int64_t>);
    STATIC_REQUIRE(accumulates_in<std::int64_t, std::int8_t, std::int64_t>);
    STATIC_REQUIRE(accumulates_in<std::uint64_t, std::int64_t, std::uint64_t>);
    STATIC_REQUIRE(accumulates_in<std::uint64_t, bool, std::uint64_t>);
    STATIC_REQUIRE(accumulates_in<unsigned long long, int, std::uint64_t>);
    STATIC_REQUIRE(accumulates_in<long long, unsigned, std::int64_t>);
}

TEST_CASE("accumulator: a float holds integers of 16 bits, a double those of more", "[core]") {
    STATIC_REQUIRE(accumulates_in<bool, float, float>);
    STATIC_REQUIRE(accumulates_in<std::uint8_t, float, float>);
    STATIC_REQUIRE(accumulates_in<std::int16_t, float, float>);
    STATIC_REQUIRE(accumulates_in<std::int32_t, float, double>);
    STATIC_REQUIRE(accumulates_in<std::uint64_t, float, double>);
    STATIC_REQUIRE(accumulates_in<std::int32_t, double, double>);
    STATIC_REQUIRE(accumulates_in<std::int64_t, long double, long double>);
}

TEST_CASE("accumulator: the wider of two floating types, complex if one of them is", "[core]") {
    STATIC_REQUIRE(accumulates_in<float, float, float>);
    STATIC_REQUIRE(accumulates_in<float, double, double>);
    STATIC_REQUIRE(accumulates_in<long double, double, long double>);
    STATIC_REQUIRE(accumulates_in<std::complex<float>, float, std::complex<float>>);
    STATIC_REQUIRE(accumulates_in<std::complex<float>, double, std::complex<double>>);
    STATIC_REQUIRE(accumulates_in<std::complex<float>, std::complex<double>, std::complex<double>>);
    STATIC_REQUIRE(accumulates_in<std::complex<float>, std::uint8_t, std::complex<float>>);
    STATIC_REQUIRE(accumulates_in<std::complex<float>, std::int32_t, std::complex<double>>);
}

TEST_CASE("held: the accumulator's precision, real where the operand is real", "[core]") {
    STATIC_REQUIRE(std::is_same_v<held_t<float, std::complex<double>>, double>);
    STATIC_REQUIRE(std::is_same_v<held_t<std::complex<float>, std::complex<double>>, std::complex<double>>);
    STATIC_REQUIRE(std::is_same_v<held_t<std::uint8_t, std::int64_t>, std::int64_t>);
}

TEST_CASE("scalar: which types a sample may have", "[core]") {
    STATIC_REQUIRE(scalar<bool>);
    STATIC_REQUIRE(scalar<std::uint64_t>);
    STATIC_REQUIRE(scalar<long double>);
    STATIC_REQUIRE(scalar<std::complex<float>>);
    STATIC_REQUIRE_FALSE(scalar<std::complex<int>>);
    STATIC_REQUIRE_FALSE(scalar<float*>);
    STATIC_REQUIRE_FALSE(scalar<std::string>);
}

TEST_CASE("multiply_add: 64-bit sums wrap", "[core]") {
    CHECK(multiply_add(int64_highest, std::int64_t{1}, std::int64_t{1}) == int64_lowest);
    CHECK(multiply_add(int64_lowest, std::int64_t{-1}, std::int64_t{1}) == int64_highest);
    CHECK(multiply_add(std::int64_t{5}, int64_highest, std::int64_t{2}) == 3);  // 2^64 - 2 + 5, less 2^64
    CHECK(multiply_add(std::uint64_t{0}, std::uint64_t{1} << 63, std::uint64_t{2}) == 0);
    CHECK(multiply_add(std::int64_t{7}, std::int64_t{-3}, std::int64_t{4}) == -5);
}

TEST_CASE("multiply_add: complex with complex, and with a real factor on either side", "[core]") {
    using complex = std::complex<double>;
    CHECK(multiply_add(complex(1, 2), complex(3, 4), complex(5, 6)) == complex(-8, 40));
    CHECK(multiply_add(complex(1, 2), 3.0, complex(5, 6)) == complex(16, 20));
    CHECK(multiply_add(complex(1, 2), complex(5, 6), 3.0) == complex(16, 20));
    CHECK(multiply_add(1.5, 2.0, 0.25) == 2.0);
}

TEST_CASE("multiply_add: a real factor keeps an infinite part apart from a finite one", "[core]") {
    // (2 + 0i) * (inf + 1i) would have the imaginary part 2 * 1 + 0 * inf, which is not a number.
    using complex = std::complex<double>;
    CHECK(multiply_add(complex(0, 0), 2.0, complex(inf, 1)) == complex(inf, 2));
    CHECK(multiply_add(complex(0, 0), complex(1, -inf), 2.0) == complex(2, -inf));
}

TEST_CASE("conjugate: the imaginary part changes sign, a real number stays", "[core]") {
    CHECK(conjugate(std::complex<float>(1, 2)) == std::complex<float>(1, -2));
    CHECK(conjugate(-3) == -3);
    CHECK(std::signbit(conjugate(std::complex<double>(0, 0.0)).imag()));
}

TEST_CASE("convert: real to complex sets the imaginary part to 0", "[core]") {
    CHECK(convert<std::complex<double>>(3) == std::complex<double>(3, 0));
    CHECK(convert<std::complex<float>>(std::complex<double>(0.5, -2)) == std::complex<float>(0.5f, -2));
    CHECK(convert<int>(2.75) == 2);
    CHECK(convert<double>(std::uint8_t{255}) == 255.0);
}

TEST_CASE("element: every type has its name at run time", "[core]") {
    CHECK(std::string(name_of(element_of<bool>())) == "bool");
    CHECK(std::string(name_of(element_of<std::int8_t>())) == "int8");
    CHECK(std::string(name_of(element_of<std::uint8_t>())) == "uint8");
    CHECK(std::string(name_of(element_of<std::int16_t>())) == "int16");
    CHECK(std::string(name_of(element_of<std::uint16_t>())) == "uint16");
    CHECK(std::string(name_of(element_of<std::int32_t>())) == "int32");
    CHECK(std::string(name_of(element_of<std::uint32_t>())) == "uint32");
    CHECK(std::string(name_of(element_of<long long>())) == "int64");
    CHECK(std::string(name_of(element_of<unsigned long>())) == "uint64");
    CHECK(std::string(name_of(element_of<float>())) == "float");
    CHECK(std::string(name_of(element_of<double>())) == "double");
    CHECK(std::string(name_of(element_of<long double>())) == "long double");
    CHECK(std::string(name_of(element_of<std::complex<float>>())) == "complex<float>");
    CHECK(std::string(name_of(element_of<std::complex<double>>())) == "complex<double>");
    CHECK(std::string(name_of(element_of<std::complex<long double>>())) == "complex<long double>");
}
