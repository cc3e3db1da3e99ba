// tests/convolve/batch.test.cpp -- kernels with batch axes of their own
#include <faltung/convolve.hpp>

#include <limits>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

TEST_CASE("batch: every input meets the kernel with its batch index", "[convolve]") {
    random_source r(1);
    for (const method m : {method::direct, method::im2col})
        for (const bool correlates : {false, true}) {
            const auto x = any_tensor<float, 3>(r, {3, 40, 2}), h = any_tensor<float, 3>(r, {3, 5, 2});
            const convolve_options batched{.padding = mode::same, .axes = {1}, .method = m},
                single{.padding = mode::same, .method = m};
            const auto y = correlates ? correlate(x, h, batched) : convolve(x, h, batched);
            REQUIRE(y.shape() == x.shape());
            for (index_t i = 0; i < 3; ++i)
                for (index_t j = 0; j < 2; ++j) {
                    const auto line = slice(x, i, all, j), taps = slice(h, i, all, j);
                    CHECK(difference(copy(slice(y, i, all, j)),
                                     correlates ? correlate(line, taps, single) : convolve(line, taps, single)) == "");
                }
        }
}

TEST_CASE("batch: an extent of 1 on either side is repeated", "[convolve]") {
    random_source r(2);
    const auto one = any_tensor<double, 2>(r, {1, 30}), h = any_tensor<double, 2>(r, {4, 3});
    const auto filtered = convolve(one, h, {.axes = {1}});  // a bank of filters
    REQUIRE(filtered.shape() == shape{4, 32});
    for (index_t i = 0; i < 4; ++i)
        CHECK(difference(copy(slice(filtered, i, all)), convolve(slice(one, 0, all), slice(h, i, all))) == "");
    const auto many = any_tensor<double, 2>(r, {4, 30}), single = any_tensor<double, 2>(r, {1, 3});
    const auto same = convolve(many, single, {.axes = {1}});
    for (index_t i = 0; i < 4; ++i)
        CHECK(difference(copy(slice(same, i, all)), convolve(slice(many, i, all), slice(single, 0, all))) == "");
    CHECK(convolve(tensor<double, 2>({0, 30}), single, {.axes = {1}}).shape() == shape{0, 32});
}

TEST_CASE("batch: extents that do not fit, axes that are not there", "[convolve]") {
    const tensor<float, 2> x({3, 10}), h({2, 3});
    CHECK(message_of<shape_error>([&] { convolve(x, h, {.axes = {1}}); }) ==
          "convolve: axis 0: a batch of 3 inputs and of 2 kernels");
    CHECK(message_of<shape_error>([&] { correlate(x, h, {.axes = {2}}); }) ==
          "correlate: .axes = (2,): axis 2 of an input with axes 0 to 1");
    CHECK(message_of<shape_error>([&] {
              convolve(x, tensor<float, 2>({0, 3}), {.axes = {1}});
          }) == "convolve: an empty kernel (0, 3): every axis needs at least 1 tap");
}

// the second kernel is refused: nothing of the first one's outputs may have been written
TEST_CASE("batch: when one kernel fails the output is untouched", "[convolve]") {
    const tensor<float, 2> x({2, 10});
    tensor<float, 2> h({2, 3}), y({2, 12});
    for (float& v : y) v = 7;
    h(1, 0) = std::numeric_limits<float>::quiet_NaN();
    CHECK(message_of<unsupported_error>([&] { convolve_into(y, x, h, {.axes = {1}, .method = method::im2col}); }) ==
          "convolve: no method is left: im2col: a kernel with NaN or Inf needs direct: im2col multiplies zero padding "
          "by it");
    for (float v : y) CHECK(v == 7);

    const tensor<std::uint8_t, 2> bytes({2, 10});
    tensor<std::int32_t, 2> wide({2, 2}), sums({2, 11});
    for (std::int32_t& v : sums) v = 7;
    wide(1, 0) = 2000000000;
    CHECK_THROWS_AS(convolve_into<std::int32_t>(sums, bytes, wide, {.axes = {1}}), overflow_error);
    for (std::int32_t v : sums) CHECK(v == 7);
}

TEST_CASE("batch: kernels may need different methods", "[convolve]") {
    tensor<float, 2> x({2, 50}), h({2, 9});
    for (float& v : x) v = 1;
    for (float& v : h) v = 1;
    for (const index_t odd : {0, 1}) {
        auto with_nan = copy(h);
        with_nan(odd, 0) = std::numeric_limits<float>::quiet_NaN();
        const auto y = correlate(x, with_nan, {.padding = mode::valid, .axes = {1}});
        for (index_t o = 0; o < y.extent(1); ++o) {
            CHECK(std::isnan(y(odd, o)));
            CHECK(y(1 - odd, o) == 9);
        }
    }
}

TEST_CASE("batch: no inputs, and inputs without samples", "[convolve]") {
    const tensor<float, 2> none({0, 4}), five({5, 2}), one({1, 2});
    CHECK(message_of<shape_error>([&] { convolve(none, five, {.axes = {1}}); }) ==
          "convolve: axis 0: a batch of 0 inputs and of 5 kernels");
    CHECK(convolve(none, one, {.axes = {1}}).shape() == shape{0, 5});
    const auto empty = tensor_view<float, 2>::from_raw(nullptr, {5, 0}, {7, 1});
    CHECK(convolve(empty, tensor<float, 2>({5, 1}), {.axes = {1}}).shape() == shape{5, 0});
    CHECK_NOTHROW(convolve_into(empty, tensor<float, 2>({5, 2}), tensor<float, 2>({5, 3}),
                                {.padding = mode::valid, .axes = {1}}));
}
