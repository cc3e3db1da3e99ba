// tests/adapt/mdspan.test.cpp -- mdspans of any layout show their memory, and convolve
#include <faltung/adapt/mdspan.hpp>
#include <faltung/convolve.hpp>

#include "adapt/mdspan_stand_in.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "view/samples.hpp"

using namespace faltung;
using testing::message_of;
using testing::samples;

namespace {

using two = stand_in::extents<int, 2>;
template <class T, class Layout>
using matrix = stand_in::mdspan<T, two, Layout>;

}  // namespace

TEST_CASE("mdspan: layout_right, layout_left and layout_stride, uncopied", "[adapt]") {
    std::vector<int> memory(24);
    std::iota(memory.begin(), memory.end(), 0);

    const matrix<int, stand_in::layout_right> right(memory.data(), {two{{2, 3}}});
    STATIC_REQUIRE(std::is_same_v<decltype(as_view(right)), tensor_view<int, 2>>);
    CHECK(as_view(right).data() == memory.data());
    CHECK(samples(right) == std::vector<int>{0, 1, 2, 3, 4, 5});

    const matrix<int, stand_in::layout_left> left(memory.data(), {two{{2, 3}}});
    CHECK(as_view(left).strides() == strides{1, 2});
    CHECK(samples(left) == std::vector<int>{0, 2, 4, 1, 3, 5});

    const matrix<int, stand_in::layout_stride> spread(memory.data() + 1, {two{{2, 3}}, {10, 3}});
    CHECK(as_view(spread).data() == memory.data() + 1);
    CHECK(samples(spread) == std::vector<int>{1, 4, 7, 11, 14, 17});

    using three = stand_in::extents<std::size_t, 3>;
    const stand_in::mdspan<int const, three> volume(memory.data(), {three{{2, 3, 4}}});
    STATIC_REQUIRE(std::is_same_v<decltype(as_view(volume)), tensor_view<int const, 3>>);
    CHECK(as_view(volume).strides() == strides{12, 4, 1});
    CHECK(as_view(volume)(1, 2, 3) == 23);
}

TEST_CASE("mdspan: a temporary borrows, and a const one may write", "[adapt]") {
    std::vector<float> memory(4);
    as_view(matrix<float, stand_in::layout_right>(memory.data(), {two{{2, 2}}}))(1, 0) = 3;
    CHECK(memory == std::vector<float>{0, 0, 3, 0});
    static constexpr int fixed[2] = {5, 6};
    using one = stand_in::extents<unsigned char, 1>;
    STATIC_REQUIRE(as_view(stand_in::mdspan<int const, one>(fixed, {one{{2}}}))(1) == 6);
}

TEST_CASE("mdspan: a layout that may be strided is asked", "[adapt]") {
    std::vector<int> memory(20);
    std::iota(memory.begin(), memory.end(), 0);
    const matrix<int, stand_in::layout_staggered> strided_one(memory.data(), {two{{2, 3}}});
    CHECK(samples(strided_one) == std::vector<int>{0, 1, 2, 4, 5, 6});
    const matrix<int, stand_in::layout_staggered> other(memory.data(), {two{{3, 4}}});
    CHECK(message_of<shape_error>([&] { (void)as_view(other); }) ==
          "mdspan: the samples of shape (3, 4) do not lie at fixed strides");
}

TEST_CASE("mdspan: unsigned numbers of 2^63 and more are refused", "[adapt]") {
    using wide = stand_in::extents<std::uint64_t, 2>;
    int sample = 0;
    const std::uint64_t most = std::uint64_t{1} << 63;
    const stand_in::mdspan<int, wide> many(&sample, {wide{{0, most}}});
    CHECK(message_of<overflow_error>([&] { (void)as_view(many); }) ==
          "mdspan: axis 1: extent 9223372036854775808 does not fit 64 bits");
    const stand_in::mdspan<int, wide, stand_in::layout_stride> far(&sample, {wide{{1, 1}}, {most + 1, 1}});
    CHECK(message_of<overflow_error>([&] { (void)as_view(far); }) ==
          "mdspan: axis 0: stride 9223372036854775809 does not fit 64 bits");
}

TEST_CASE("mdspan: convolve takes every layout", "[adapt]") {
    const std::vector<double> values{1, 2, 3, 4, 5, 6};
    const matrix<double const, stand_in::layout_left> x(values.data(), {two{{2, 3}}});  // 1 3 5 / 2 4 6
    const std::vector<double> taps{1, 10};
    const matrix<double const, stand_in::layout_right> h(taps.data(), {two{{1, 2}}});
    CHECK(samples(convolve(x, h)) == std::vector<double>{1, 13, 35, 50, 2, 24, 46, 60});
    const tensor<double, 2> same_x({2, 3}, {1, 3, 5, 2, 4, 6}), same_h({1, 2}, {1, 10});
    CHECK(samples(correlate(x, h, {.padding = mode::same})) ==
          samples(correlate(same_x, same_h, {.padding = mode::same})));
    std::vector<double> out(16, -1);
    const matrix<double, stand_in::layout_stride> y(out.data(), {two{{2, 4}}, {1, 4}});
    convolve_into(y, x, h);
    CHECK(out == std::vector<double>{1, 2, -1, -1, 13, 24, -1, -1, 35, 46, -1, -1, 50, 60, -1, -1});
}
