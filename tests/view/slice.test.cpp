// tests/view/slice.test.cpp -- all, an index and a range on each axis, against NumPy 1.24 and numbers by hand
#include <faltung/view/slice.hpp>

#include <limits>

#include "support/catch.hpp"
#include "view/samples.hpp"

using namespace faltung;
using testing::counting;
using testing::message_of;
using testing::samples;

namespace {
constexpr index_t greatest = std::numeric_limits<index_t>::max(), least = std::numeric_limits<index_t>::min();
}  // namespace

TEST_CASE("slice: an index drops its axis", "[view]") {
    const auto x = counting<3>({2, 3, 4});
    const auto v = slice(x, 1, all, 2);
    STATIC_REQUIRE(std::is_same_v<decltype(v), const tensor_view<int const, 1>>);
    CHECK(samples(v) == std::vector<int>{14, 18, 22});
    CHECK(v.strides() == strides{4});
    CHECK(slice(x, 0, all, all).data() == x.data());
    CHECK(slice(x, all, std::size_t{2}, all).shape() == shape{2, 4});
}

TEST_CASE("slice: ranges forwards and backwards are NumPy's", "[view]") {
    const auto x = counting<3>({2, 3, 4});
    // x[1, ::-1, 1:4:2] and x[:, 2, ::-2] printed by NumPy
    CHECK(samples(slice(x, 1, range{2, -1, -1}, range{1, 4, 2})) == std::vector<int>{21, 23, 17, 19, 13, 15});
    CHECK(samples(slice(x, all, 2, range{3, -1, -2})) == std::vector<int>{11, 9, 23, 21});
    CHECK(slice(x, all, all, range{3, -1, -2}).strides() == strides{12, 4, -2});
}

TEST_CASE("slice: every range of a short axis, against the loop that defines it", "[view]") {
    const auto x = counting<1>({6});
    for (index_t step = -7; step <= 7; ++step)
        for (index_t first = -1; first <= 6; ++first)
            for (index_t last = -1; last <= 6; ++last) {
                const bool inside = step > 0 ? first >= 0 && first <= last : first <= 5 && last <= first;
                if (step == 0 || !inside) continue;
                std::vector<int> expected;
                for (index_t i = first; step > 0 ? i < last : i > last; i += step)
                    expected.push_back(static_cast<int>(i));
                INFO("range{" << first << ", " << last << ", " << step << "}");
                CHECK(samples(slice(x, range{first, last, step})) == expected);
            }
}

TEST_CASE("slice: writes reach the samples", "[view]") {
    auto x = counting<2>({2, 3});
    slice(x, all, 1)(1) = 40;
    CHECK(x(1, 1) == 40);
    slice(slice(x, 0, all), range{2, -1, -2})(0) = 20;
    CHECK(x(0, 2) == 20);
}

TEST_CASE("slice: of a view of a view", "[view]") {
    auto x = counting<2>({5, 6});
    const auto inner = slice(x, range{1, 5}, range{5, -1, -1});
    CHECK(samples(slice(inner, range{3, 0, -2}, range{1, 5, 3})) == std::vector<int>{28, 25, 16, 13});
}

TEST_CASE("slice: empty results, empty axes and one sample", "[view]") {
    const auto x = counting<2>({2, 3});
    CHECK(slice(x, range{2, 2}, all).shape() == shape{0, 3});
    CHECK(slice(x, range{2, 2}, all).data() == x.data());
    CHECK(slice(x, range{-1, -1, -1}, all).shape() == shape{0, 3});
    const tensor<int, 2> empty({0, 3});
    CHECK(slice(empty, all, 2).shape() == shape{0});
    CHECK(slice(empty, range{0, 0}, range{2, -1, -1}).shape() == shape{0, 3});
    CHECK(slice(empty, range{-1, -1, -1}, all).shape() == shape{0, 3});
    // One index takes no step, so that a step of any size is harmless.
    CHECK(samples(slice(x, range{0, 2, greatest}, 0)) == std::vector<int>{0});
    CHECK(samples(slice(x, range{1, -1, least}, 0)) == std::vector<int>{3});
    CHECK(slice(x, range{0, 2, greatest}, 0).strides() == strides{3});
}

TEST_CASE("slice: outside the extent is an error with the numbers", "[view]") {
    const auto x = counting<2>({2, 5});
    CHECK(message_of<shape_error>([&] { (void)slice(x, all, 5); }) == "slice: axis 1: index 5, but the extent is 5");
    CHECK(message_of<shape_error>([&] { (void)slice(x, -1, all); }) == "slice: axis 0: index -1, but the extent is 2");
    CHECK(message_of<shape_error>([&] {
              (void)slice(x, all, range{2, 9});
          }) == "slice: axis 1: range{2, 9, 1} is not inside an extent of 5");
    CHECK(message_of<shape_error>([&] {
              (void)slice(x, all, range{-2, 3});
          }) == "slice: axis 1: range{-2, 3, 1} is not inside an extent of 5");
    CHECK(message_of<shape_error>([&] {
              (void)slice(x, all, range{5, -1, -1});
          }) == "slice: axis 1: range{5, -1, -1} is not inside an extent of 5");
    CHECK(message_of<shape_error>([&] {
              (void)slice(x, all, range{3, -2, -1});
          }) == "slice: axis 1: range{3, -2, -1} is not inside an extent of 5");
    CHECK(message_of<shape_error>([&] {
              (void)slice(x, all, range{3, 1});
          }) == "slice: axis 1: range{3, 1, 1} runs against its step on an extent of 5");
    CHECK(message_of<shape_error>([&] {
              (void)slice(x, all, range{1, 3, -1});
          }) == "slice: axis 1: range{1, 3, -1} runs against its step on an extent of 5");
    CHECK(message_of<shape_error>([&] {
              (void)slice(x, all, range{1, 3, 0});
          }) == "slice: axis 1: range{1, 3, 0} has step 0 on an extent of 5");
    CHECK(message_of<shape_error>([&] {
              (void)slice(x, all, range{least, greatest, 1});
          }) == "slice: axis 1: range{-9223372036854775808, 9223372036854775807, 1} is not inside an extent of 5");
    const tensor<int, 2> empty({0, 3});
    CHECK(message_of<shape_error>([&] { (void)slice(empty, 0, all); }) ==
          "slice: axis 0: index 0, but the extent is 0");
}

TEST_CASE("slice_axis: an axis that is known at run time", "[view]") {
    const auto x = counting<3>({2, 3, 4});
    CHECK(samples(slice_axis(x, 1, range{2, 0, -1})) == samples(slice(x, all, range{2, 0, -1}, all)));
    CHECK(slice_axis(x, 1, range{2, 0, -1}).shape() == shape{2, 2, 4});
    CHECK(message_of<shape_error>([&] {
              (void)slice_axis(x, 3, range{0, 1});
          }) == "slice_axis: axis 3, but the axes are 0 to 2");
    CHECK(message_of<shape_error>([&] {
              (void)slice_axis(x, 2, range{0, 5});
          }) == "slice: axis 2: range{0, 5, 1} is not inside an extent of 4");
}

TEST_CASE("slice: constexpr", "[view]") {
    static constexpr std::array<int, 5> x{0, 1, 2, 3, 4};
    constexpr auto odd = slice(x, range{3, -1, -2});
    STATIC_REQUIRE(odd(0) == 3);
    STATIC_REQUIRE(odd(1) == 1);
}
