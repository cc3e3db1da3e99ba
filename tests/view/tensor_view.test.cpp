// tests/view/tensor_view.test.cpp -- which sample a view shows, and which views are refused
#include <faltung/view/tensor_view.hpp>

#include <array>
#include <limits>
#include <vector>

#include "support/catch.hpp"

using namespace faltung;
using testing::message_of;

namespace {
constexpr index_t greatest = std::numeric_limits<index_t>::max(), least = std::numeric_limits<index_t>::min();

constexpr std::array<int, 12> twelve{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
}  // namespace

TEST_CASE("tensor_view: row-major over all of the memory", "[view]") {
    constexpr tensor_view<int const, 2> v(twelve, {3, 4});
    STATIC_REQUIRE(v.rank == 2);
    STATIC_REQUIRE(v(0, 0) == 0);
    STATIC_REQUIRE(v(1, 2) == 6);
    STATIC_REQUIRE(v({2, 3}) == 11);
    STATIC_REQUIRE(v.shape() == shape{3, 4});
    STATIC_REQUIRE(v.strides() == strides{4, 1});
    STATIC_REQUIRE(v.extent(1) == 4);
    STATIC_REQUIRE(v.count() == 12);
    STATIC_REQUIRE(v.data() == twelve.data());
    STATIC_REQUIRE(v.is_contiguous());
    STATIC_REQUIRE(std::is_same_v<decltype(v)::element_type, int const>);
    STATIC_REQUIRE(std::is_same_v<decltype(v)::value_type, int>);
}

TEST_CASE("tensor_view: strides may be padded, negative or 0", "[view]") {
    constexpr tensor_view<int const, 2> padded(twelve, {3, 2}, {4, 1}, 1);
    STATIC_REQUIRE(padded(0, 0) == 1);
    STATIC_REQUIRE(padded(2, 1) == 10);
    STATIC_REQUIRE_FALSE(padded.is_contiguous());
    constexpr tensor_view<int const, 2> backwards(twelve, {3, 4}, {-4, -1}, 11);
    STATIC_REQUIRE(backwards(0, 0) == 11);
    STATIC_REQUIRE(backwards(2, 3) == 0);
    STATIC_REQUIRE(backwards(1, 1) == 6);
    constexpr tensor_view<int const, 2> repeated(twelve, {1000, 3}, {0, 5}, 1);
    STATIC_REQUIRE(repeated(999, 2) == 11);
    STATIC_REQUIRE(repeated.count() == 3000);
    constexpr tensor_view<int const, 2> channel(twelve, {2, 2}, {6, 3}, 2);  // blue of 2 x 2 packed RGB
    STATIC_REQUIRE(channel(0, 0) == 2);
    STATIC_REQUIRE(channel(1, 1) == 11);
}

TEST_CASE("tensor_view: writes through, and becomes a view of const", "[view]") {
    std::vector<float> memory(6);
    const tensor_view<float, 2> v(memory, {2, 3});
    v(1, 0) = 5;
    CHECK(memory[3] == 5);
    const tensor_view<float const, 2> reads = v;
    CHECK(reads(1, 0) == 5);
    CHECK(reads.data() == memory.data());
    STATIC_REQUIRE_FALSE(std::is_convertible_v<tensor_view<float const, 2>, tensor_view<float, 2>>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<tensor_view<float, 2>, tensor_view<float const, 3>>);
}

TEST_CASE("tensor_view: the default and the empty ones show nothing", "[view]") {
    constexpr tensor_view<int, 2> nothing;
    STATIC_REQUIRE(nothing.shape() == shape{0, 0});
    STATIC_REQUIRE(nothing.count() == 0);
    STATIC_REQUIRE(nothing.is_contiguous());
    const tensor_view<int const, 3> empty(std::span<int const>{}, {2, 0, 3});
    CHECK(empty.count() == 0);
    CHECK(empty.shape() == shape{2, 0, 3});
    // An empty view reaches nothing, so it may end anywhere in the memory, but its origin stays inside.
    CHECK(tensor_view<int const, 1>(twelve, {0}, {100}, 12).count() == 0);
    CHECK(message_of<shape_error>([] { tensor_view<int const, 1>(twelve, {0}, {1}, 13); }) ==
          "tensor_view: origin 13 is outside the memory of 12 elements");
}

TEST_CASE("tensor_view: the row-major form wants exactly the memory", "[view]") {
    CHECK(message_of<shape_error>([] {
              tensor_view<int const, 2>(twelve, {3, 5});
          }) == "tensor_view: shape (3, 5) has 15 elements, but the memory 12");
    CHECK(message_of<shape_error>([] {
              tensor_view<int const, 2>(twelve, {3, 3});
          }) == "tensor_view: shape (3, 3) has 9 elements, but the memory 12");
    CHECK(tensor_view<int const, 2>(std::span(twelve).first(9), {3, 3})(2, 2) == 8);
    CHECK(message_of<shape_error>([] { tensor_view<int const, 1>(twelve, {0}); }) ==
          "tensor_view: shape (0,) has 0 elements, but the memory 12");
}

TEST_CASE("tensor_view: a sample outside the memory is refused with its place", "[view]") {
    CHECK_NOTHROW(tensor_view<int const, 2>(twelve, {3, 4}, {4, 1}));
    CHECK(message_of<shape_error>([] {
              tensor_view<int const, 2>(twelve, {3, 4}, {4, 1}, 1);
          }) ==
          "tensor_view: shape (3, 4) with strides (4, 1) from origin 1 reaches elements 1 to 12 of a memory of 12");
    CHECK_NOTHROW(tensor_view<int const, 2>(twelve, {3, 4}, {4, -1}, 3));
    CHECK(message_of<shape_error>([] {
              tensor_view<int const, 2>(twelve, {3, 4}, {4, -1}, 2);
          }) ==
          "tensor_view: shape (3, 4) with strides (4, -1) from origin 2 reaches elements -1 to 10 of a memory of 12");
    CHECK(message_of<shape_error>([] { tensor_view<int const, 1>(twelve, {2}, {1}, -1); }) ==
          "tensor_view: origin -1 is outside the memory of 12 elements");
    CHECK(message_of<shape_error>([] { tensor_view<int const, 1>(twelve, {1}, {1}, 12); }) ==
          "tensor_view: shape (1,) with strides (1,) from origin 12 reaches elements 12 to 12 of a memory of 12");
    CHECK(message_of<shape_error>([] { tensor_view<int const, 1>(twelve, {1}, {1}, least); }) ==
          "tensor_view: origin -9223372036854775808 is outside the memory of 12 elements");
}

TEST_CASE("tensor_view: ranks, negative extents and missing memory", "[view]") {
    CHECK(message_of<shape_error>([] { tensor_view<int const, 2>(twelve, {12}); }) ==
          "tensor_view: shape (12,) has 1 axis, but 2 are needed");
    CHECK(message_of<shape_error>([] {
              tensor_view<int const, 1>(twelve, {3, 4});
          }) == "tensor_view: shape (3, 4) has 2 axes, but 1 is needed");
    CHECK(message_of<shape_error>([] {
              tensor_view<int const, 2>(twelve, {3, 4}, {1});
          }) == "tensor_view: strides (1,) for shape (3, 4)");
    CHECK(message_of<shape_error>([] {
              tensor_view<int const, 2>(twelve, {-3, -4});
          }) == "tensor_view: axis 0 of shape (-3, -4) has a negative extent");
    CHECK(message_of<shape_error>([] {
              tensor_view<int const, 2>(twelve, {3, -4}, {4, 1});
          }) == "tensor_view: axis 1 of shape (3, -4) has a negative extent");
    CHECK(message_of<shape_error>([] {
              tensor_view<int, 2>::from_raw(nullptr, {3, 4}, {4, 1});
          }) == "tensor_view: no memory for shape (3, 4)");
    CHECK(message_of<shape_error>([] { tensor_view<int, 1>(std::span<int>{}, {1}, {1}); }) ==
          "tensor_view: no memory for shape (1,)");
    CHECK(tensor_view<int, 2>::from_raw(nullptr, {3, 0}, {4, 1}).count() == 0);
    CHECK(message_of<shape_error>([] {
              tensor_view<int const, 2>::from_raw(twelve.data(), {3, -1}, {4, 1});
          }) == "tensor_view: axis 1 of shape (3, -1) has a negative extent");
    CHECK(message_of<shape_error>([] {
              tensor_view<int const, 2>::from_raw(twelve.data(), {3}, {4, 1});
          }) == "tensor_view: shape (3,) has 1 axis, but 2 are needed");
}

TEST_CASE("tensor_view: what does not fit 64 bits is refused before a pointer moves", "[view]") {
    CHECK(message_of<overflow_error>([] {
              tensor_view<int const, 2>(twelve, {greatest, 2});
          }) == "elements of a view: 9223372036854775807 * 2 does not fit 64 bits");
    CHECK(message_of<overflow_error>([] {
              tensor_view<int const, 2>(twelve, {greatest, 2}, {0, 1});
          }) == "elements of a view: 9223372036854775807 * 2 does not fit 64 bits");
    CHECK(message_of<overflow_error>([] { tensor_view<int const, 1>(twelve, {2}, {least}); }) ==
          "reach of a view: 0 - -9223372036854775808 does not fit 64 bits");
    CHECK(message_of<overflow_error>([] { tensor_view<int const, 1>(twelve, {2}, {greatest}); }) ==
          "elements that a view spans: 9223372036854775807 + 1 does not fit 64 bits");
    CHECK(message_of<overflow_error>([] { tensor_view<int const, 1>(twelve, {2}, {greatest - 1}); }) ==
          "bytes that a view spans: 9223372036854775807 * 4 does not fit 64 bits");
    CHECK(message_of<overflow_error>([] { tensor_view<char const, 1>(std::span("abc", 3), {2}, {greatest - 1}, 2); }) ==
          "reach of a view: 2 + 9223372036854775806 does not fit 64 bits");
    // A stride without a step may be anything.
    CHECK(tensor_view<int const, 2>(twelve, {1, 12}, {least, 1})(0, 11) == 11);
}

TEST_CASE("tensor_view: erased keeps everything but strides without a step", "[view]") {
    std::vector<int> memory(12);
    const strided<int> e = tensor_view<int, 3>(memory, {3, 1, 2}, {-4, least, 1}, 9).erased();
    CHECK(e.data == memory.data() + 9);
    CHECK(e.n == shape{3, 1, 2});
    CHECK(e.stride == strides{-4, 0, 1});
}
