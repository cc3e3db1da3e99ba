// tests/view/flip.test.cpp -- reversed axes, against NumPy 1.24 and numbers by hand
#include <faltung/view/flip.hpp>

#include <limits>

#include "support/catch.hpp"
#include "view/samples.hpp"

using namespace faltung;
using testing::counting;
using testing::message_of;
using testing::samples;

TEST_CASE("flip: all axes, or those of the list", "[view]") {
    const auto x = counting<3>({2, 3, 4});
    const auto all_axes = flip(x);
    CHECK(all_axes.strides() == strides{-12, -4, -1});
    CHECK(all_axes(0, 0, 0) == 23);
    CHECK(all_axes(1, 1, 0) == 7);
    // numpy.flip(x, (0, 2))
    CHECK(samples(flip(x, {0, 2})) ==
          std::vector<int>{15, 14, 13, 12, 19, 18, 17, 16, 23, 22, 21, 20, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8});
    CHECK(samples(flip(x, {0})) == samples(flip(flip(x, {0, 1}), {1})));
    CHECK(samples(flip(x, {})) == samples(x));
}

TEST_CASE("flip: twice is the view itself", "[view]") {
    const auto x = counting<2>({3, 4});
    CHECK(flip(flip(x)).data() == x.data());
    CHECK(flip(flip(x)).strides() == strides{4, 1});
}

TEST_CASE("flip: extents of 0 and 1 have nothing to reverse", "[view]") {
    const auto one = counting<2>({1, 3});
    CHECK(samples(flip(one)) == std::vector<int>{2, 1, 0});
    const tensor<int, 2> empty({0, 3});
    CHECK(flip(empty).shape() == shape{0, 3});
    CHECK(flip(empty).data() == empty.data());
    // A stride that nobody steps along may be one that cannot be negated.
    const int sample = 7;
    const auto v = tensor_view<int const, 1>::from_raw(&sample, {1}, {std::numeric_limits<index_t>::min()});
    CHECK(flip(v)(0) == 7);
}

TEST_CASE("flip: writes through", "[view]") {
    std::vector<int> x{1, 2, 3};
    flip(x)(0) = 30;
    CHECK(x == std::vector<int>{1, 2, 30});
}

TEST_CASE("flip: axes that are not there, or twice there", "[view]") {
    const auto x = counting<2>({3, 4});
    CHECK(message_of<shape_error>([&] { (void)flip(x, {2}); }) == "flip: axis 2 in (2,), but the axes are 0 to 1");
    CHECK(message_of<shape_error>([&] { (void)flip(x, {1, 1}); }) == "flip: axis 1 is named twice in (1, 1)");
}
