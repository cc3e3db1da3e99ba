// tests/view/permute.test.cpp -- reordered axes, against NumPy 1.24 and numbers by hand
#include <faltung/view/permute.hpp>

#include "support/catch.hpp"
#include "view/samples.hpp"

using namespace faltung;
using testing::counting;
using testing::message_of;
using testing::samples;

TEST_CASE("permute: axis a of the result is axis order[a]", "[view]") {
    const auto x = counting<3>({2, 3, 4});
    const auto v = permute(x, {2, 0, 1});
    CHECK(v.shape() == shape{4, 2, 3});
    CHECK(v.strides() == strides{1, 12, 4});
    // numpy.transpose(x, (2, 0, 1))
    CHECK(samples(v) ==
          std::vector<int>{0, 4, 8, 12, 16, 20, 1, 5, 9, 13, 17, 21, 2, 6, 10, 14, 18, 22, 3, 7, 11, 15, 19, 23});
    CHECK(v(3, 1, 2) == x(1, 2, 3));
}

TEST_CASE("transpose: all axes reversed", "[view]") {
    auto x = counting<2>({2, 3});
    CHECK(samples(transpose(x)) == std::vector<int>{0, 3, 1, 4, 2, 5});
    transpose(x)(2, 0) = 20;
    CHECK(x(0, 2) == 20);
    const std::vector<int> line{1, 2};
    CHECK(samples(transpose(line)) == line);
}

TEST_CASE("permute: a list that is no permutation", "[view]") {
    const auto x = counting<3>({2, 3, 4});
    CHECK(message_of<shape_error>([&] { (void)permute(x, {0, 1}); }) == "permute: 2 axes (0, 1) for 3 axes");
    CHECK(message_of<shape_error>([&] {
              (void)permute(x, {0, 1, 1});
          }) == "permute: axis 1 is named twice in (0, 1, 1)");
    CHECK(message_of<shape_error>([&] {
              (void)permute(x, {0, 1, 3});
          }) == "permute: axis 3 in (0, 1, 3), but the axes are 0 to 2");
}
