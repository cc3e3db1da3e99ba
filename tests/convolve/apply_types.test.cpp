// tests/convolve/apply_types.test.cpp -- the element types of convolve and correlate: defaults, named ones, rounding,
// overflow
#include <faltung/convolve.hpp>

#include <limits>
#include <type_traits>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class T>
std::vector<T> values(tensor<T, 1> const& y) {
    return {y.begin(), y.end()};
}

// the result without a name, as the call lowers it: an instantiation of a whole convolution costs a second of compile
// time
template <class X, class H>
using sum_of = typename detail::call_types<by_rule, by_rule, tensor<X, 1>, tensor<H, 1>>::type::Y;

}  // namespace

TEST_CASE("convolve: the element types of sums and results", "[convolve]") {
    STATIC_REQUIRE(std::is_same_v<sum_of<float, float>, float>);
    STATIC_REQUIRE(std::is_same_v<sum_of<std::uint8_t, std::int8_t>, std::int64_t>);
    STATIC_REQUIRE(std::is_same_v<sum_of<std::uint8_t, float>, float>);
    STATIC_REQUIRE(std::is_same_v<sum_of<std::int32_t, float>, double>);
    STATIC_REQUIRE(std::is_same_v<sum_of<float, std::complex<double>>, std::complex<double>>);
    const std::vector<std::uint8_t> bytes{200, 100};
    const std::vector<float> h{1.5f};
    STATIC_REQUIRE(
        std::is_same_v<decltype(convolve<std::uint8_t, std::int32_t>(bytes, bytes)), tensor<std::uint8_t, 1>>);
    STATIC_REQUIRE(std::is_same_v<decltype(correlate<float>(bytes, h)), tensor<float, 1>>);
    CHECK(values(convolve<float>(bytes, h)) == std::vector<float>{300, 150});
    CHECK(values(convolve<std::uint8_t>(bytes, h)) == std::vector<std::uint8_t>{44, 150});
    CHECK(values(convolve<std::uint8_t>(bytes, h, {.overflow = overflow::saturate})) ==
          std::vector<std::uint8_t>{255, 150});
    CHECK(values(convolve<std::uint8_t, std::int32_t>(bytes, bytes, {.overflow = overflow::saturate})) ==
          std::vector<std::uint8_t>{255, 255, 255});
    CHECK(values(convolve<std::int8_t>(bytes, bytes)) ==
          std::vector<std::int8_t>{64, 64, 16});  // 40000, 40000, 10000 modulo 256
}

TEST_CASE("convolve: a named floating result is never less precise than its sums", "[convolve]") {
    const std::vector<float> x{16777216.0f, 1.0f, -16777216.0f}, ones{1, 1, 1};
    CHECK(values(convolve<double>(x, ones, {.padding = mode::valid})) == std::vector<double>{1});  // summed in double
    CHECK(values(convolve<float, double>(x, ones, {.padding = mode::valid})) == std::vector<float>{1});
}

TEST_CASE("convolve: rounding of floating sums into integers", "[convolve]") {
    const std::vector<float> x{0.5f, 1.5f, 2.5f, -0.5f, -1.5f, 1.75f}, one{1};
    CHECK(values(convolve<std::int16_t>(x, one)) == std::vector<std::int16_t>{0, 2, 2, 0, -2, 2});
    CHECK(values(convolve<std::int16_t>(x, one, {.rounding = rounding::toward_zero})) ==
          std::vector<std::int16_t>{0, 1, 2, 0, -1, 1});
}

TEST_CASE("convolve: sums of 8- and 16-bit samples do not overflow, sums of 64 bits wrap", "[convolve]") {
    const std::vector<std::int16_t> x(3000, -32768), h(3000, -32768);
    CHECK(convolve(x, h, {.padding = mode::valid})(0) == std::int64_t{3000} << 30);
    const std::vector<std::uint8_t> bytes(70000, 255);
    CHECK(convolve(bytes, bytes, {.padding = mode::valid})(0) == std::int64_t{70000} * 255 * 255);
    const std::vector<std::int64_t> big{std::numeric_limits<std::int64_t>::max()}, two{2};
    CHECK(values(convolve(big, two)) == std::vector<std::int64_t>{-2});
    const std::vector<std::uint64_t> most{std::numeric_limits<std::uint64_t>::max()};
    CHECK(values(convolve(most, two)) == std::vector<std::uint64_t>{std::numeric_limits<std::uint64_t>::max() - 1});
}

TEST_CASE("convolve: accumulators of 32 bits are refused when the kernel could overflow them", "[convolve]") {
    const std::vector<std::uint8_t> x(10, 255);
    const std::vector<std::int32_t> h{8421504, 1};
    CHECK(message_of<overflow_error>([&] { convolve<std::int32_t, std::int32_t>(x, h); }) ==
          "convolve: sums of up to 255 * 8421505 (the largest sample times the kernel's absolute sum) do not fit "
          "the accumulator int32 "
          "with its 2147483647; name a wider one");
    CHECK(convolve<std::int32_t, std::int32_t>(x, std::vector<std::int32_t>{8421503, 1})(1) == 2147483520);
}

TEST_CASE("convolve: bool inputs count, bool outputs say whether the sum is not 0", "[convolve]") {
    const tensor<bool, 1> x({5}, {true, true, false, true, false});
    CHECK(values(correlate(x, x, {.padding = mode::valid})) == std::vector<std::int64_t>{3});
    const tensor<bool, 1> h({2}, {true, true});
    const auto any = convolve<bool>(x, h);
    CHECK(difference(any, tensor<bool, 1>({6}, {true, true, true, true, true, false})) == "");
    CHECK(difference(convolve<bool>(x, std::vector<float>{0.25f}, {.overflow = overflow::saturate}),
                     tensor<bool, 1>({5}, {true, true, false, true, false})) == "");
}

TEST_CASE("correlate: conjugates a complex kernel, convolve does not", "[convolve]") {
    using c = std::complex<double>;
    const std::vector<c> x{{1, 2}}, h{{3, 4}};
    CHECK(convolve(x, h)(0) == c(-5, 10));
    CHECK(correlate(x, h)(0) == c(11, 2));
    const std::vector<double> real{2};
    CHECK(correlate(x, real)(0) == c(2, 4));
    CHECK(correlate(real, h)(0) == c(6, -8));
    const auto edge = convolve(x, std::vector<c>{{1, 0}, {0, 1}}, {.boundary = boundary::constant(c(0, 5))});
    CHECK(edge(0) == c(1, 2) + c(0, 1) * c(0, 5));
}
