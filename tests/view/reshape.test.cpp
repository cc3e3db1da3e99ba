// tests/view/reshape.test.cpp -- other extents over the same samples, against the list of their addresses
#include <faltung/view/reshape.hpp>

#include <faltung/view/flip.hpp>
#include <faltung/view/permute.hpp>

#include <limits>
#include <optional>

#include "support/catch.hpp"
#include "view/samples.hpp"

using namespace faltung;
using testing::counting;
using testing::message_of;
using testing::samples;

namespace {

// The strides under which a grid n visits these places in this order, if there are any: each stride is the difference
// between the first sample and its neighbour along the axis.
std::optional<strides> strides_through(std::vector<int> const& places, shape const& n) {
    strides stride = strides::repeated(n.rank(), 0);
    std::size_t inner = 1;
    for (int a = n.rank(); a-- > 0; inner *= static_cast<std::size_t>(n[a]))
        if (n[a] > 1) stride[a] = places[inner] - places[0];
    std::size_t k = 0;
    bool all_there = true;
    for_each_index(n, [&](index_list const& i) { all_there &= places[k++] == places[0] + offset(i, stride); });
    if (!all_there) return std::nullopt;
    return stride;
}

template <std::size_t To, std::size_t From>
void check_reshape(tensor_view<int const, From> const& v, shape const& n) {
    INFO(text(v.shape(), " with strides ", v.strides(), " as ", n));
    const auto expected = strides_through(samples(v), n);
    if (expected) {
        const auto r = reshape<To>(v, n);
        CHECK(r.strides() == *expected);
        CHECK(samples(r) == samples(v));
    } else {
        CHECK_THROWS_AS((void)reshape<To>(v, n), shape_error);
    }
}

template <std::size_t From>
void check_all_reshapes(tensor_view<int const, From> const& v) {
    for (index_t i = 1; i <= 24; ++i)
        for (index_t j = 1; i * j <= 24; ++j) {
            if (24 % (i * j) != 0) continue;
            check_reshape<3>(v, {i, j, 24 / (i * j)});
            check_reshape<4>(v, {i, 1, j, 24 / (i * j)});
            if (i * j == 24) check_reshape<2>(v, {i, j});
        }
    check_reshape<1>(v, {24});
}

}  // namespace

TEST_CASE("reshape: exactly where the order of the samples is a grid, for every order of axes", "[view]") {
    const auto x = counting<4>({2, 3, 2, 2});
    for (index_t a = 0; a < 4; ++a)
        for (index_t b = 0; b < 4; ++b)
            for (index_t c = 0; c < 4; ++c) {
                const index_t d = 6 - a - b - c;
                if (a == b || a == c || b == c) continue;
                check_all_reshapes<4>(permute(x, {a, b, c, d}));
                check_all_reshapes<4>(flip(permute(x, {a, b, c, d})));
                check_all_reshapes<4>(flip(permute(x, {a, b, c, d}), {1, 2}));
            }
}

TEST_CASE("reshape: padded rows and repeated samples", "[view]") {
    const auto x = counting<2>({8, 9});
    check_all_reshapes<3>(tensor_view<int const, 3>(std::span(x.begin(), x.end()), {2, 3, 4}, {15, 5, 1}));
    check_all_reshapes<3>(tensor_view<int const, 3>(std::span(x.begin(), x.end()), {2, 3, 4}, {24, 8, 2}));
    check_all_reshapes<3>(tensor_view<int const, 3>(std::span(x.begin(), x.end()), {4, 1, 6}, {0, 77, 0}, 5));
    check_all_reshapes<3>(tensor_view<int const, 3>(std::span(x.begin(), x.end()), {2, 3, 4}, {0, 4, 1}));
}

TEST_CASE("reshape: extents of 0", "[view]") {
    const tensor<int, 2> empty({0, 6});
    CHECK(reshape<3>(empty, {2, 0, 5}).shape() == shape{2, 0, 5});
    CHECK(reshape<1>(transpose(empty), {0}).count() == 0);
}

TEST_CASE("reshape: refusals show both shapes", "[view]") {
    const auto x = counting<2>({3, 4});
    CHECK(message_of<shape_error>([&] {
              (void)reshape<2>(x, {3, 5});
          }) == "reshape: shape (3, 5) has 15 elements, but (3, 4) has 12");
    CHECK(message_of<shape_error>([&] { (void)reshape<1>(transpose(x), {12}); }) ==
          "reshape: shape (4, 3) with strides (1, 4) cannot become (12,) without a copy: copy it first");
    CHECK(message_of<shape_error>([&] { (void)reshape<2>(x, {12}); }) ==
          "reshape: shape (12,) has 1 axis, but 2 are needed");
    CHECK(message_of<shape_error>([&] {
              (void)reshape<2>(x, {-3, -4});
          }) == "reshape: axis 0 of shape (-3, -4) has a negative extent");
    const index_t greatest = std::numeric_limits<index_t>::max();
    CHECK(message_of<overflow_error>([&] {
              (void)reshape<2>(x, {greatest, 2});
          }) == "elements of a view: 9223372036854775807 * 2 does not fit 64 bits");
}

TEST_CASE("squeeze and expand: an axis of extent 1 goes and comes", "[view]") {
    const auto x = counting<3>({2, 1, 3});
    const auto flat = squeeze(x, 1);
    CHECK(flat.shape() == shape{2, 3});
    CHECK(flat.strides() == strides{3, 1});
    CHECK(flat.data() == x.data());
    CHECK(expand(flat, 0).shape() == shape{1, 2, 3});
    CHECK(expand(flat, 1).shape() == shape{2, 1, 3});
    CHECK(expand(flat, 2).shape() == shape{2, 3, 1});
    CHECK(samples(expand(transpose(flat), 1)) == std::vector<int>{0, 3, 1, 4, 2, 5});
    CHECK(samples(squeeze(flip(x), 1)) == std::vector<int>{5, 4, 3, 2, 1, 0});
    CHECK(message_of<shape_error>([&] { (void)squeeze(x, 0); }) ==
          "squeeze: axis 0 of shape (2, 1, 3) has not extent 1");
    CHECK(message_of<shape_error>([&] { (void)squeeze(x, 3); }) == "squeeze: axis 3, but the axes are 0 to 2");
    CHECK(message_of<shape_error>([&] { (void)expand(x, 4); }) == "expand: axis 4, but the axes are 0 to 3");
    CHECK(expand(tensor_view<int, 1>(), 0).shape() == shape{1, 0});
}

TEST_CASE("split and merge: one axis as several, and back", "[view]") {
    const auto x = counting<2>({6, 2});
    const auto parts = split(x, 0, {2, 3});
    CHECK(parts.shape() == shape{2, 3, 2});
    CHECK(parts.strides() == strides{6, 2, 1});
    CHECK(merge(parts, 0).strides() == strides{2, 1});
    CHECK(samples(split(transpose(x), 1, {3, 2})) == samples(transpose(x)));
    CHECK(split(flip(x), 0, {3, 1, 2}).strides() == strides{-4, 0, -2, -1});
    CHECK(merge<3>(parts, 0).shape() == shape{12});
    CHECK(merge(parts, 1).shape() == shape{2, 6});
    CHECK(message_of<shape_error>([&] {
              (void)split(x, 0, {4, 2});
          }) == "split: axis 0 of shape (6, 2) into (4, 2): the extents do not multiply to 6");
    CHECK(message_of<shape_error>([&] {
              (void)split(x, 0, {-2, -3});
          }) == "split: axis 0 of shape (-2, -3, 2) has a negative extent");
    CHECK(message_of<shape_error>([&] { (void)split(x, 2, {1, 2}); }) == "split: axis 2, but the axes are 0 to 1");
    CHECK(message_of<shape_error>([&] { (void)merge(transpose(x), 0); }) ==
          "merge: shape (2, 6) with strides (1, 2) cannot become (12,) without a copy: copy it first");
    CHECK(message_of<shape_error>([&] { (void)merge(parts, 2); }) ==
          "merge: 2 axes from axis 2 on, but the axes are 0 to 2");
}

TEST_CASE("broadcast_to: extent 1 and new axes repeat with stride 0", "[view]") {
    const auto x = counting<2>({3, 1});
    const auto v = broadcast_to<3>(x, {2, 3, 4});
    CHECK(v.strides() == strides{0, 1, 0});
    // numpy.broadcast_to(numpy.arange(3).reshape(3, 1), (2, 3, 4))
    CHECK(samples(v) == std::vector<int>{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2});
    CHECK(broadcast_to<2>(x, {3, 0}).shape() == shape{3, 0});
    CHECK(message_of<shape_error>([&] {
              (void)broadcast_to<3>(x, {2, 4, 4});
          }) == "broadcast_to: axis 0 of shape (3, 1) has extent 3, which is neither 1 nor the 4 of (2, 4, 4)");
    CHECK(message_of<shape_error>([&] {
              (void)broadcast_to<3>(x, {3, 1});
          }) == "broadcast_to: shape (3, 1) has 2 axes, but 3 are needed");
    const index_t greatest = std::numeric_limits<index_t>::max();
    CHECK(message_of<overflow_error>([&] {
              (void)broadcast_to<3>(x, {greatest, 3, 1});
          }) == "elements of a view: 9223372036854775807 * 3 does not fit 64 bits");
}
