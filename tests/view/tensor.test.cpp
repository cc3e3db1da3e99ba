// tests/view/tensor.test.cpp -- the owning array: values, copies, moves, refusals
#include <faltung/view/tensor.hpp>

#include <complex>
#include <cstdint>
#include <limits>
#include <list>
#include <span>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"

using namespace faltung;
using testing::message_of;

namespace {
constexpr index_t greatest = std::numeric_limits<index_t>::max();

template <class T, std::size_t Rank>
std::vector<T> listed(tensor<T, Rank> const& t) {
    return std::vector<T>(t.begin(), t.end());
}
}  // namespace

TEMPLATE_TEST_CASE("tensor: zeros on a 64-byte boundary, for every element type", "[view]", bool, std::int8_t,
                   std::uint8_t, std::int16_t, std::uint16_t, std::int32_t, std::uint32_t, std::int64_t, std::uint64_t,
                   float, double, long double, std::complex<float>, std::complex<double>, std::complex<long double>) {
    tensor<TestType, 2> t({3, 5});
    CHECK(reinterpret_cast<std::uintptr_t>(t.data()) % 64 == 0);
    CHECK(t.shape() == shape{3, 5});
    CHECK(t.strides() == strides{5, 1});
    CHECK(t.extent(1) == 5);
    CHECK(t.count() == 15);
    CHECK(listed(t) == std::vector<TestType>(15));
    t(2, 4) = TestType(1);
    CHECK(t.data()[14] == TestType(1));
    CHECK(t({2, 4}) == TestType(1));
}

TEST_CASE("tensor: values from a list, a vector, a span and anything with iterators", "[view]") {
    const std::vector<int> expected{1, 2, 3, 4, 5, 6};
    const tensor<int, 2> braces({2, 3}, {1, 2, 3, 4, 5, 6});
    CHECK(listed(braces) == expected);
    CHECK(braces(1, 0) == 4);
    CHECK(listed(tensor<int, 2>({2, 3}, expected)) == expected);
    CHECK(listed(tensor<int, 2>({2, 3}, std::span(expected))) == expected);
    CHECK(listed(tensor<int, 2>({2, 3}, std::list<int>{1, 2, 3, 4, 5, 6})) == expected);
    CHECK(listed(tensor<int, 1>{{6}, expected}) == expected);
    CHECK(listed(tensor<bool, 1>({3}, std::vector<bool>{true, false, true})) == std::vector<bool>{true, false, true});
    CHECK(listed(tensor<bool, 1>({2}, {false, true})) == std::vector<bool>{false, true});
    CHECK(tensor<float, 1>({0}, std::vector<float>{}).count() == 0);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<tensor<float, 1>, shape, std::vector<double>>);
}

TEST_CASE("tensor: a wrong number of values is refused", "[view]") {
    CHECK(message_of<shape_error>([] {
              tensor<int, 2>({2, 3}, {1, 2, 3, 4, 5});
          }) == "tensor: shape (2, 3) has 6 elements, but 5 values were given");
    CHECK(message_of<shape_error>([] {
              tensor<int, 1>({index_t{1} << 50}, {1, 2});
          }) == "tensor: shape (1125899906842624,) has 1125899906842624 elements, but 2 values were given");
    CHECK(message_of<shape_error>([] { tensor<int, 1>({0}, std::vector<int>(1)); }) ==
          "tensor: shape (0,) has 0 elements, but 1 values were given");
}

TEST_CASE("tensor: a shape of another rank, negative or too large is refused", "[view]") {
    CHECK(message_of<shape_error>([] {
              tensor<float, 2>{shape{2, 3, 4}};
          }) == "tensor: shape (2, 3, 4) has 3 axes, but 2 are needed");
    CHECK(message_of<shape_error>([] {
              tensor<float, 2>({2, -3});
          }) == "tensor: axis 1 of shape (2, -3) has a negative extent");
    CHECK(message_of<overflow_error>([] {
              tensor<float, 2>({greatest, 2});
          }) == "elements of a tensor: 9223372036854775807 * 2 does not fit 64 bits");
    CHECK(message_of<overflow_error>([] { tensor<double, 1>({greatest}); }) ==
          "bytes of a buffer: 9223372036854775807 * 8 does not fit 64 bits");
}

TEST_CASE("tensor: extents of 0 are fine, whatever the others are", "[view]") {
    CHECK(tensor<float, 3>({greatest, 0, greatest}).count() == 0);
    CHECK(tensor<float, 3>({greatest, 0, greatest}).shape() == shape{greatest, 0, greatest});
    tensor<float, 2> nothing;
    CHECK(nothing.count() == 0);
    CHECK(nothing.begin() == nothing.end());
    nothing = tensor<float, 2>({1, 2}, {3, 4});
    CHECK(nothing(0, 1) == 4);
}

TEST_CASE("tensor: a copy is deep", "[view]") {
    tensor<int, 1> original({3}, {1, 2, 3});
    tensor<int, 1> copied = original;
    original(0) = 9;
    CHECK(listed(copied) == std::vector<int>{1, 2, 3});
    tensor<int, 1> assigned({1}, {7});
    assigned = copied;
    copied(1) = 8;
    CHECK(listed(assigned) == std::vector<int>{1, 2, 3});
    auto const& same = assigned;
    assigned = same;
    CHECK(listed(assigned) == std::vector<int>{1, 2, 3});
    const tensor<int, 2> empty({0, 4});
    CHECK(tensor<int, 2>(empty).shape() == shape{0, 4});
}

TEST_CASE("tensor: a move takes the memory and leaves nothing", "[view]") {
    STATIC_REQUIRE(std::is_nothrow_move_constructible_v<tensor<int, 2>>);
    STATIC_REQUIRE(std::is_nothrow_move_assignable_v<tensor<int, 2>>);
    tensor<int, 1> original({3}, {1, 2, 3});
    int const* memory = original.data();
    tensor<int, 1> moved = std::move(original);
    CHECK(moved.data() == memory);
    CHECK(original.shape() == shape{0});
    CHECK(original.begin() == original.end());
    original = std::move(moved);
    CHECK(original.data() == memory);
    CHECK(moved.count() == 0);
    auto& same = original;
    original = std::move(same);
    CHECK(listed(original) == std::vector<int>{1, 2, 3});
}

TEST_CASE("tensor: a const one shows const samples", "[view]") {
    tensor<int, 2> t({2, 2});
    tensor<int, 2> const& reads = t;
    STATIC_REQUIRE(std::is_same_v<decltype(t.view()), tensor_view<int, 2>>);
    STATIC_REQUIRE(std::is_same_v<decltype(reads.view()), tensor_view<int const, 2>>);
    STATIC_REQUIRE(std::is_same_v<decltype(reads.data()), int const*>);
    STATIC_REQUIRE(std::is_same_v<decltype(reads(0, 0)), int const&>);
    t.view()(1, 1) = 4;
    CHECK(reads(1, 1) == 4);
}
