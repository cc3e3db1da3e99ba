// tests/view/copy.test.cpp -- copies of every kind of view, and outputs that are refused untouched
#include <faltung/view/copy.hpp>

#include <faltung/view/flip.hpp>
#include <faltung/view/permute.hpp>
#include <faltung/view/reshape.hpp>
#include <faltung/view/sliding_window.hpp>

#include <complex>
#include <cstdint>

#include "support/catch.hpp"
#include "view/samples.hpp"

using namespace faltung;
using testing::counting;
using testing::message_of;
using testing::samples;

TEST_CASE("copy: dense and row-major, whatever the strides of the view", "[view]") {
    const auto x = counting<3>({2, 3, 4});
    const auto check = [](auto const& v) {
        const auto y = copy(v);
        CHECK(y.shape() == v.shape());
        CHECK(y.strides() == row_major(v.shape()));
        CHECK(std::vector<int>(y.begin(), y.end()) == samples(v));
    };
    check(x.view());
    check(flip(x));
    check(flip(x, {1}));
    check(transpose(x));
    check(permute(x, {1, 0, 2}));
    check(slice(x, all, range{0, 3, 2}, all));
    check(slice(x, all, 1, range{3, -1, -2}));
    check(expand(expand(slice(x, all, all, 2), 2), 0));
    check(broadcast_to<4>(x, {2, 2, 3, 4}));
    check(sliding_window(x, 2));
    check(slice(x, range{1, 2}, range{1, 2}, range{1, 2}));
    check(slice(x, all, range{1, 1}, all));
}

TEMPLATE_TEST_CASE("copy: every element type", "[view]", bool, std::int8_t, std::uint16_t, std::int64_t, float,
                   long double, std::complex<double>) {
    tensor<TestType, 1> x({3});
    x(1) = TestType(1);
    const auto y = copy(flip(x));
    CHECK(samples(y) == samples(flip(x)));
    CHECK(samples(copy(x)) == samples(x));
}

TEST_CASE("copy: a temporary owner may be copied", "[view]") {
    CHECK(samples(copy(std::vector<int>{1, 2})) == std::vector<int>{1, 2});
    const int box[2][2] = {{1, 2}, {3, 4}};
    const tensor<int, 2> y = copy(box);
    CHECK(y(1, 0) == 3);
}

TEST_CASE("copy_into: any strides on both sides", "[view]") {
    const auto x = counting<2>({3, 4});
    tensor<int, 2> y({4, 3});
    copy_into(transpose(y), x);
    CHECK(samples(y) == samples(transpose(x)));
    std::vector<int> line(12);
    copy_into(flip(tensor_view<int, 2>(line, {3, 4})), x);
    CHECK(line == std::vector<int>{11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0});
    int padded[3][6] = {};
    copy_into(slice(padded, all, range{1, 5}), x);
    CHECK(samples(padded) == std::vector<int>{0, 0, 1, 2, 3, 0, 0, 4, 5, 6, 7, 0, 0, 8, 9, 10, 11, 0});
}

TEST_CASE("copy_into: channels of one picture", "[view]") {
    auto rgb = counting<3>({2, 2, 3});
    copy_into(slice(rgb, all, all, 1), slice(rgb, all, all, 0));
    CHECK(samples(rgb) == std::vector<int>{0, 0, 2, 3, 3, 5, 6, 6, 8, 9, 9, 11});
}

TEST_CASE("copy_into: a refused output is untouched", "[view]") {
    auto x = counting<2>({3, 4});
    const auto before = samples(x);
    CHECK(message_of<shape_error>([&] {
              copy_into(x, counting<2>({4, 3}));
          }) == "copy_into: the output has shape (3, 4), but the input (4, 3)");
    CHECK(message_of<overlap_error>([&] { copy_into(x, x); }) ==
          "copy_into: the output of shape (3, 4) overlaps the input");
    CHECK(message_of<overlap_error>([&] {
              copy_into(slice(x, range{1, 3}, all), slice(x, range{0, 2}, all));
          }) == "copy_into: the output of shape (2, 4) overlaps the input");
    CHECK(message_of<overlap_error>([&] {
              copy_into(broadcast_to<2>(slice(x, range{0, 1}, all), {3, 4}), counting<2>({3, 4}));
          }) == "copy_into: the output of shape (3, 4) and strides (0, 1) overlaps itself");
    CHECK(samples(x) == before);
}
