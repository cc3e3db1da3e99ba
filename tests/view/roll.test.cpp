// tests/view/roll.test.cpp -- shifts around the ends, against NumPy 1.24 and the loop that defines them
#include <faltung/view/roll.hpp>

#include <faltung/view/permute.hpp>

#include <limits>

#include "support/catch.hpp"
#include "view/samples.hpp"

using namespace faltung;
using testing::counting;
using testing::message_of;
using testing::samples;

TEST_CASE("roll: numpy.roll along every axis", "[view]") {
    const auto x = counting<3>({2, 3, 4});
    // numpy.roll(x, (1, -1, 9), (0, 1, 2))
    CHECK(samples(roll(x, {1, -1, 9})) ==
          std::vector<int>{19, 16, 17, 18, 23, 20, 21, 22, 15, 12, 13, 14, 7, 4, 5, 6, 11, 8, 9, 10, 3, 0, 1, 2});
    CHECK(samples(roll(x, {0, 0, 0})) == samples(x));
    // numpy.roll(numpy.arange(5), -7)
    CHECK(samples(roll(counting<1>({5}), {-7})) == std::vector<int>{2, 3, 4, 0, 1});
}

TEST_CASE("roll: every shift of a small view with other strides", "[view]") {
    const auto x = counting<2>({4, 3});
    const auto v = transpose(x);
    for (index_t s = -7; s <= 7; ++s)
        for (index_t t = -7; t <= 7; ++t) {
            const auto y = roll(v, {s, t});
            for_each_index(v.shape(),
                           [&](index_list const& i) { CHECK(y((i[0] + s + 21) % 3, (i[1] + t + 16) % 4) == v(i)); });
        }
}

TEST_CASE("roll: extents of 0 and 1, extreme shifts", "[view]") {
    constexpr index_t greatest = std::numeric_limits<index_t>::max(), least = std::numeric_limits<index_t>::min();
    CHECK(roll(tensor<int, 2>({0, 3}), {5, 1}).shape() == shape{0, 3});
    CHECK(samples(roll(std::vector<int>{7}, {greatest})) == std::vector<int>{7});
    CHECK(samples(roll(std::vector<int>{0, 1, 2}, {greatest})) == std::vector<int>{2, 0, 1});  // 2^63 - 1 = 3 k + 1
    CHECK(samples(roll(std::vector<int>{0, 1, 2}, {least})) == std::vector<int>{2, 0, 1});     // -2^63 = 3 k + 1
}

TEST_CASE("roll: one shift per axis", "[view]") {
    CHECK(message_of<shape_error>([] { (void)roll(counting<2>({2, 3}), {1}); }) == "roll: 1 shifts (1,) for 2 axes");
}
