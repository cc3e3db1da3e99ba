// tests/view/sliding_window.test.cpp -- every window at once, against NumPy 1.24's sliding_window_view
#include <faltung/view/sliding_window.hpp>

#include <limits>

#include "support/catch.hpp"
#include "view/samples.hpp"

using namespace faltung;
using testing::counting;
using testing::message_of;
using testing::samples;

namespace {
constexpr index_t greatest = std::numeric_limits<index_t>::max();
}  // namespace

TEST_CASE("sliding_window: positions, then window, over the same memory", "[view]") {
    const auto x = counting<2>({4, 5});
    const auto v = sliding_window(x, {2, 3});
    STATIC_REQUIRE(std::is_same_v<decltype(v), const tensor_view<int const, 4>>);
    CHECK(v.data() == x.data());
    CHECK(v.shape() == shape{3, 3, 2, 3});
    CHECK(v.strides() == strides{5, 1, 5, 1});
    for_each_index(v.shape(), [&](index_list const& i) { CHECK(v(i) == x(i[0] + i[2], i[1] + i[3])); });
}

TEST_CASE("sliding_window: window stride and dilation", "[view]") {
    // sliding_window_view(numpy.arange(20).reshape(4, 5), (2, 3))[::2, ::2]
    const auto small = counting<2>({4, 5});
    CHECK(samples(sliding_window(small, {2, 3}, {.stride = 2})) ==
          std::vector<int>{0, 1, 2, 5, 6, 7, 2, 3, 4, 7, 8, 9, 10, 11, 12, 15, 16, 17, 12, 13, 14, 17, 18, 19});
    // sliding_window_view(numpy.arange(30).reshape(5, 6), (3, 4))[::2, :, ::2, ::3]
    const auto x = counting<2>({5, 6});
    const auto v = sliding_window(x, 2, {.stride = {2, 1}, .dilation = {2, 3}});
    CHECK(v.shape() == shape{2, 3, 2, 2});
    CHECK(v.strides() == strides{12, 1, 12, 3});
    CHECK(samples(v) ==
          std::vector<int>{0, 3, 12, 15, 1, 4, 13, 16, 2, 5, 14, 17, 12, 15, 24, 27, 13, 16, 25, 28, 14, 17, 26, 29});
}

TEST_CASE("sliding_window: 1-D, all sizes, against the definition", "[view]") {
    for (index_t n = 0; n <= 7; ++n)
        for (index_t window = 1; window <= 4; ++window)
            for (index_t stride = 1; stride <= 3; ++stride)
                for (index_t dilation = 1; dilation <= 3; ++dilation) {
                    const auto x = counting<1>({n});
                    std::vector<int> expected;
                    index_t positions = 0;
                    for (index_t o = 0; o + (window - 1) * dilation < n; o += stride, ++positions)
                        for (index_t t = 0; t < window; ++t) expected.push_back(static_cast<int>(o + t * dilation));
                    INFO(n << ", " << window << ", " << stride << ", " << dilation);
                    const sliding_options options{.stride = stride, .dilation = dilation};
                    if (positions == 0) {
                        CHECK_THROWS_AS((void)sliding_window(x, window, options), shape_error);
                    } else {
                        CHECK(sliding_window(x, window, options).shape() == shape{positions, window});
                        CHECK(samples(sliding_window(x, window, options)) == expected);
                    }
                }
}

TEST_CASE("sliding_window: disjoint tiles when the stride is the window", "[view]") {
    auto x = counting<2>({6, 6});
    const auto tiles = sliding_window(x, 3, {.stride = 3});
    CHECK(tiles.shape() == shape{2, 2, 3, 3});
    tiles(1, 0, 0, 2) = 100;
    CHECK(x(3, 2) == 100);
}

TEST_CASE("sliding_window: through negative strides", "[view]") {
    const std::vector<int> x{0, 1, 2, 3};
    const auto backwards = slice(x, range{3, -1, -1});
    CHECK(samples(sliding_window(backwards, 2)) == std::vector<int>{3, 2, 2, 1, 1, 0});
}

TEST_CASE("sliding_window: refusals show the numbers", "[view]") {
    const auto x = counting<2>({4, 6});
    CHECK(message_of<shape_error>([&] {
              (void)sliding_window(x, 3, {.dilation = {1, 4}});
          }) == "sliding_window: axis 1: a window of 3 with dilation 4 spans 9, but the extent is 6");
    CHECK(message_of<shape_error>([&] {
              (void)sliding_window(x, {0, 1});
          }) == "sliding_window: axis 0: a window of 0; at least 1 is needed");
    CHECK(message_of<option_error>([&] {
              (void)sliding_window(x, 1, {.stride = {1, 0}});
          }) == "sliding_window: axis 1: a stride of 0; at least 1 is needed");
    CHECK(message_of<option_error>([&] { (void)sliding_window(x, 1, {.dilation = -1}); }) ==
          "sliding_window: axis 0: a dilation of -1; at least 1 is needed");
    CHECK(message_of<overflow_error>([&] { (void)sliding_window(x, 3, {.dilation = greatest}); }) ==
          "span of a window: 9223372036854775807 * 2 does not fit 64 bits");
    CHECK(message_of<overflow_error>([&] { (void)sliding_window(x, 2, {.dilation = greatest}); }) ==
          "span of a window: 9223372036854775807 + 1 does not fit 64 bits");
    CHECK(sliding_window(x, 1, {.stride = greatest, .dilation = greatest}).shape() == shape{1, 1, 1, 1});
    CHECK(
        message_of<shape_error>([&] { (void)sliding_window(x, {3}); }) ==
        "sliding_window: window: a list of 1 value for 2 axes; give one value per axis, or one without braces for all");
    CHECK(message_of<shape_error>([&] {
              (void)sliding_window(x, 3, {.stride = {1, 1, 1}});
          }) ==
          "sliding_window: stride: a list of 3 values for 2 axes; give one value per axis, or one without braces for "
          "all");
    const tensor<int, 2> empty({0, 6});
    CHECK(message_of<shape_error>([&] { (void)sliding_window(empty, 1); }) ==
          "sliding_window: axis 0: a window of 1 with dilation 1 spans 1, but the extent is 0");
}
