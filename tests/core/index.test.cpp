// tests/core/index.test.cpp -- short lists of integers
#include <faltung/core/index.hpp>

#include <array>

#include "support/catch.hpp"

using namespace faltung;
using faltung::testing::message_of;

TEST_CASE("index_list: made from braces, an array, or one repeated value", "[core]") {
    constexpr index_list list{3, -1, 0};
    STATIC_REQUIRE(list.rank() == 3);
    STATIC_REQUIRE(list[0] == 3);
    STATIC_REQUIRE(list[1] == -1);
    STATIC_REQUIRE(list == index_list(std::array<index_t, 3>{3, -1, 0}));
    STATIC_REQUIRE(index_list::repeated(4, 7) == index_list{7, 7, 7, 7});
    STATIC_REQUIRE(index_list{}.rank() == 0);
    index_t sum = 0;
    for (index_t v : list) sum += v;
    CHECK(sum == 2);
}

TEST_CASE("index_list: equal means the same values and the same rank", "[core]") {
    STATIC_REQUIRE(index_list{} == index_list{});
    STATIC_REQUIRE(index_list{1, 2} != index_list{1, 3});
    STATIC_REQUIRE(index_list{1, 2} != index_list{1, 2, 0});
    index_list written{1, 2};
    written[1] = 5;
    CHECK(written == index_list{1, 5});
}

TEST_CASE("index_list: one more in front of the others", "[core]") {
    index_list list;
    for (index_t i = 1; i <= 10; ++i) list.push_front(i);
    CHECK(list == index_list{10, 9, 8, 7, 6, 5, 4, 3, 2, 1});
}

TEST_CASE("index_list: one axis more than it can hold is refused", "[core]") {
    index_list list = index_list::repeated(10, 1);
    CHECK(message_of<shape_error>([&] { list.push_back(1); }) == "a list of 11 axes: at most 10 are possible");
    CHECK(list == index_list::repeated(10, 1));
    CHECK(message_of<shape_error>([&] { list.push_front(1); }) == "a list of 11 axes: at most 10 are possible");
    CHECK(list == index_list::repeated(10, 1));
    CHECK(message_of<shape_error>([] { index_list{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}; }) ==
          "a list of 11 axes: at most 10 are possible");
}

TEST_CASE("index_list: how error texts show it", "[core]") {
    CHECK(text(index_list{}) == "()");
    CHECK(text(index_list{3}) == "(3,)");
    CHECK(text("shape ", index_list{3, -4, 5}, " of x") == "shape (3, -4, 5) of x");
}
