// tests/view/layout.test.cpp -- row-major strides, reach and merged axes, against numbers by hand
#include <faltung/view/layout.hpp>

#include <limits>

#include "support/catch.hpp"

using namespace faltung;
using testing::message_of;

namespace {
constexpr index_t greatest = std::numeric_limits<index_t>::max(), least = std::numeric_limits<index_t>::min();
}  // namespace

TEST_CASE("row_major: the last axis is the fastest", "[view]") {
    STATIC_REQUIRE(row_major({2, 3, 4}) == strides{12, 4, 1});
    STATIC_REQUIRE(row_major({5}) == strides{1});
    STATIC_REQUIRE(row_major({1, 1}) == strides{1, 1});
    STATIC_REQUIRE(row_major({}) == strides{});
}

TEST_CASE("row_major: an empty array has strides of 0, however long its other axes", "[view]") {
    STATIC_REQUIRE(row_major({0, 3}) == strides{0, 0});
    CHECK(row_major({greatest, greatest, 0}) == strides{0, 0, 0});
    CHECK(message_of<overflow_error>([] {
              row_major({1, greatest, 2});
          }) == "row-major strides: 2 * 9223372036854775807 does not fit 64 bits");
}

TEST_CASE("is_row_major: strides of axes without a step do not matter", "[view]") {
    STATIC_REQUIRE(detail::is_row_major({2, 3}, {3, 1}));
    STATIC_REQUIRE(detail::is_row_major({2, 1, 3}, {3, 77, 1}));
    STATIC_REQUIRE(detail::is_row_major({1, 1}, {-5, 0}));
    STATIC_REQUIRE(detail::is_row_major({2, 0}, {9, 9}));
    STATIC_REQUIRE_FALSE(detail::is_row_major({2, 3}, {4, 1}));
    STATIC_REQUIRE_FALSE(detail::is_row_major({2, 3}, {1, 2}));
    STATIC_REQUIRE_FALSE(detail::is_row_major({3}, {-1}));
    STATIC_REQUIRE_FALSE(detail::is_row_major({3}, {0}));
}

TEST_CASE("reach_of: the lowest and the highest offset", "[view]") {
    constexpr auto r = detail::reach_of({3, 4, 5}, {-10, 2, 0});
    STATIC_REQUIRE(r.lowest == -20);
    STATIC_REQUIRE(r.highest == 6);
    constexpr auto without_step = detail::reach_of({1, 0}, {least, greatest});
    STATIC_REQUIRE(without_step.lowest == 0);
    STATIC_REQUIRE(without_step.highest == 0);
}

TEST_CASE("reach_of: what does not fit 64 bits is refused with its numbers", "[view]") {
    CHECK(message_of<overflow_error>([] { detail::reach_of({3}, {greatest}); }) ==
          "reach of a view: 2 * 9223372036854775807 does not fit 64 bits");
    CHECK(message_of<overflow_error>([] {
              detail::reach_of({2, 2}, {greatest, 1});
          }) == "reach of a view: 9223372036854775807 + 1 does not fit 64 bits");
    CHECK(message_of<overflow_error>([] { detail::reach_of({2}, {least}); }) ==
          "reach of a view: 0 - -9223372036854775808 does not fit 64 bits");
    CHECK(message_of<overflow_error>([] {
              detail::reach_of({2, 0}, {least, 1});
          }) == "reach of a view: 0 - -9223372036854775808 does not fit 64 bits");
}

TEST_CASE("merge_axes: neighbours merge only where both strides continue", "[view]") {
    const auto dense = detail::merge_axes({2, 3, 4}, {12, 4, 1}, {12, 4, 1});
    CHECK(dense.n == shape{24});
    CHECK(dense.y == strides{1});
    const auto padded_rows = detail::merge_axes({2, 3, 4}, {15, 5, 1}, {12, 4, 1});
    CHECK(padded_rows.n == shape{6, 4});
    CHECK(padded_rows.y == strides{5, 1});
    CHECK(padded_rows.x == strides{4, 1});
    const auto reversed = detail::merge_axes({3, 4}, {-4, -1}, {4, 1});
    CHECK(reversed.n == shape{12});
    CHECK(reversed.y == strides{-1});
    const auto ones = detail::merge_axes({1, 3, 1, 2, 1}, {7, 1, 8, 3, 9}, {7, 2, 8, 1, 9});
    CHECK(ones.n == shape{3, 2});
    CHECK(ones.y == strides{1, 3});
    const auto repeated = detail::merge_axes({5, 3}, {0, 0}, {0, 0});
    CHECK(repeated.n == shape{15});
    CHECK(repeated.x == strides{0});
    CHECK(detail::merge_axes({1, 1}, {3, 4}, {5, 6}).n == shape{});
    CHECK(detail::merge_axes({2, 0}, {0, 1}, {0, 1}).n == shape{2, 0});
}
