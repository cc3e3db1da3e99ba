// tests/core/for_each.test.cpp -- the walk over a grid, against nested loops
#include <faltung/core/for_each.hpp>

#include <vector>

#include "support/catch.hpp"

using namespace faltung;

namespace {
std::vector<index_list> walked(shape const& n) {
    std::vector<index_list> indices;
    for_each_index(n, [&](index_list const& i) { indices.push_back(i); });
    return indices;
}
}  // namespace

TEST_CASE("for_each_index: every index once, last axis fastest", "[core]") {
    std::vector<index_list> expected;
    for (index_t i = 0; i < 2; ++i)
        for (index_t j = 0; j < 1; ++j)
            for (index_t k = 0; k < 3; ++k) expected.push_back({i, j, k});
    CHECK(walked({2, 1, 3}) == expected);
    CHECK(walked({3}) == std::vector<index_list>{{0}, {1}, {2}});
}

TEST_CASE("for_each_index: no axis at all is one index, an extent of 0 is none", "[core]") {
    CHECK(walked({}) == std::vector<index_list>{index_list{}});
    CHECK(walked({0}).empty());
    CHECK(walked({2, 0, 3}).empty());
    CHECK(walked({0, 2}).empty());
    STATIC_REQUIRE(is_empty({2, 0}));
    STATIC_REQUIRE_FALSE(is_empty({2, 1}));
    STATIC_REQUIRE_FALSE(is_empty({}));
}

TEST_CASE("index_at: the index of that number in the walk", "[core]") {
    const shape n{2, 3, 1, 4};
    const auto indices = walked(n);
    for (std::size_t number = 0; number < indices.size(); ++number)
        CHECK(index_at(n, static_cast<index_t>(number)) == indices[number]);
    CHECK(index_at({}, 0) == index_list{});
}

TEST_CASE("next_index: false after the last index, which leaves the first one", "[core]") {
    index_list i{1, 1};
    CHECK(next_index(i, {2, 3}));
    CHECK(i == index_list{1, 2});
    CHECK_FALSE(next_index(i, {2, 3}));
    CHECK(i == index_list{0, 0});
}

TEST_CASE("offset: the sum of index times stride", "[core]") {
    STATIC_REQUIRE(offset({1, 2, 3}, {100, -10, 0}) == 80);
    STATIC_REQUIRE(offset({}, {}) == 0);
}
