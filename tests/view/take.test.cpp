// tests/view/take.test.cpp -- gathered indices, against NumPy 1.24 and the loop that defines them
#include <faltung/view/take.hpp>

#include <faltung/view/flip.hpp>

#include "support/catch.hpp"
#include "view/samples.hpp"

using namespace faltung;
using testing::counting;
using testing::message_of;
using testing::samples;

TEST_CASE("take: the axis stays where it was", "[view]") {
    const auto x = counting<3>({2, 3, 4});
    const auto y = take(x, 2, {3, 0, 3});
    STATIC_REQUIRE(std::is_same_v<decltype(y), const tensor<int, 3>>);
    CHECK(y.shape() == shape{2, 3, 3});
    // numpy.take(x, [3, 0, 3], axis=2)
    CHECK(samples(y) == std::vector<int>{3, 0, 3, 7, 4, 7, 11, 8, 11, 15, 12, 15, 19, 16, 19, 23, 20, 23});
    CHECK(samples(take(x, 0, {1})) == samples(slice(x, range{1, 2}, all, all)));
}

TEST_CASE("take: five axes and a list from elsewhere", "[view]") {
    const auto x = counting<5>({2, 3, 7, 25, 1});
    const std::vector<index_t> indices{2, 3, 4, 5, 6};
    const auto y = take(x, 2, indices);
    CHECK(y.shape() == shape{2, 3, 5, 25, 1});
    for_each_index(y.shape(), [&](index_list const& i) {
        CHECK(y(i) == x(i[0], i[1], indices[static_cast<std::size_t>(i[2])], i[3], i[4]));
    });
}

TEST_CASE("take: of a view, of a temporary, of nothing", "[view]") {
    const std::vector<int> x{10, 11, 12};
    CHECK(samples(take(flip(x), 0, {0, 0, 2})) == std::vector<int>{12, 12, 10});
    CHECK(samples(take(std::vector<int>{5, 6}, 0, {1})) == std::vector<int>{6});
    CHECK(take(x, 0, {}).shape() == shape{0});
    CHECK(take(tensor<int, 2>({0, 3}), 1, {2, 2}).shape() == shape{0, 2});
}

TEST_CASE("take: indices and axes that are not there", "[view]") {
    const auto x = counting<2>({2, 3});
    CHECK(message_of<shape_error>([&] {
              (void)take(x, 1, {0, 3});
          }) == "take: axis 1: indices[1] is 3, but the extent is 3");
    CHECK(message_of<shape_error>([&] { (void)take(x, 0, {-1}); }) ==
          "take: axis 0: indices[0] is -1, but the extent is 2");
    CHECK(message_of<shape_error>([&] { (void)take(x, 2, {0}); }) == "take: axis 2, but the axes are 0 to 1");
}
