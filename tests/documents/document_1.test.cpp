// tests/documents/document_1.test.cpp -- questions about chosen frames, and about shifting a picture and convolving it
#include <faltung/convolve.hpp>

#include <algorithm>
#include <functional>
#include <numeric>

#include "documents/arrays.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"

using namespace faltung;
using testing::equal;
using testing::noise;

namespace {

/// Every sample moved by `shift` along an axis, to higher indices where it is positive; zeros come in.
template <class T, std::size_t Rank>
tensor<T, Rank> translated(tensor<T, Rank> const& x, int axis, index_t shift) {
    tensor<T, Rank> y{x.shape()};
    const index_t n = x.extent(axis);
    const range from{std::max<index_t>(-shift, 0), n - std::max<index_t>(shift, 0)};
    const range to{from.first + shift, from.last + shift};
    copy_into(slice_axis(y, axis, to), slice_axis(x, axis, from));
    return y;
}

/// A picture of three channels (rows, columns, channels) with a kernel of three, channel by channel and then summed.
template <class T, class H>
auto summed_over_channels(tensor<T, 3> const& x, tensor<H, 3> const& h, convolve_options const& options) {
    auto y = convolve(slice(x, all, all, 0), slice(h, all, all, 0), options);
    for (int c = 1; c < 3; ++c) {
        const auto next = convolve(slice(x, all, all, c), slice(h, all, all, c), options);
        std::transform(y.begin(), y.end(), next.begin(), y.begin(), std::plus<>{});
    }
    return y;
}

tensor<int, 3> three_channel_kernel() {
    return {{3, 3, 3}, {2, -1, 1, 0, 3, -2, -1, 1, 4, 1, -3, 0, 5, 2, 1, -2, 0, 1, 1, 1, -4, 3, 0, 2, -1, 2, 1}};
}

}  // namespace

TEST_CASE("1.12: chosen frames keep their axis", "[documents]") {
    tensor<int, 5> x{{2, 3, 50, 25, 1}};
    std::iota(x.begin(), x.end(), 0);
    for (std::vector<index_t> const& frames : {std::vector<index_t>{2, 3, 4, 5, 6}, {2, 3, 4, 5, 11}}) {
        const auto y = take(x, 2, frames);
        REQUIRE(y.shape() == shape{2, 3, 5, 25, 1});
        std::vector<int> by_loop;
        for (index_t n = 0; n < 2; ++n)
            for (index_t c = 0; c < 3; ++c)
                for (index_t frame : frames)
                    for (index_t v = 0; v < 25; ++v)
                        by_loop.push_back(static_cast<int>(((n * 3 + c) * 50 + frame) * 25 + v));
        CHECK(std::vector<int>(y.begin(), y.end()) == by_loop);
    }

    // NumPy: x[1, :, [2, 3, 4, 5, 6], :, :] has shape (5, 3, 25, 1) and 6424 at [4, 2, 24, 0]: an index beside a list
    // moves the list's axis to the front. Here that is a permutation, and one has to ask for it.
    const auto kept = take(slice(x, 1, all, all, all, all), 1, {2, 3, 4, 5, 6});
    CHECK(kept.shape() == shape{3, 5, 25, 1});
    const auto as_numpy = permute(kept, {1, 0, 2, 3});
    CHECK(as_numpy.shape() == shape{5, 3, 25, 1});
    CHECK(as_numpy(4, 2, 24, 0) == 6424);
}

TEST_CASE("1.15: translate, then convolve, or the other way round", "[documents]") {
    const auto run = [](auto const& picture, auto const& kernel) {
        const auto both_ways = [&](method m) {
            const convolve_options options{.method = m};
            return std::pair{translated(summed_over_channels(picture, kernel, options), 1, 100),
                             summed_over_channels(translated(picture, 1, 100), kernel, options)};
        };
        for (method m : {method::direct, method::im2col}) {
            const auto [convolved_first, translated_first] = both_ways(m);
            const index_t rows = convolved_first.extent(0), columns = convolved_first.extent(1);
            REQUIRE(convolved_first.shape() == shape{62, 242});
            const auto inner = [&](auto const& y) { return slice(y, range{2, rows - 2}, range{2, columns - 2}); };
            CHECK(equal(inner(convolved_first), inner(translated_first)));
            for (index_t j = 0; j < columns; ++j) {
                INFO("column " << j);
                CHECK(equal(slice(convolved_first, all, j), slice(translated_first, all, j)) == (j < columns - 2));
            }
        }
    };
    run(noise<std::uint8_t, 3>({60, 240, 3}, 115), three_channel_kernel());
    run(noise<double, 3>({60, 240, 3}, 116), noise<double, 3>({3, 3, 3}, 117));
}

TEST_CASE("1.16: with a window stride of 2 a shift of 100 becomes one of 50", "[documents]") {
    const auto picture = noise<std::uint8_t, 3>({300, 120, 3}, 121);
    const auto kernel = three_channel_kernel();
    const auto from_row = [](auto const& x, index_t row) { return slice_axis(x, 0, range{row, x.extent(0)}); };
    const auto halved = [&](auto const& x) {
        return correlate(x, kernel, {.padding = mode::valid, .stride = {2, 2, 1}});
    };
    const auto translated_first = halved(from_row(picture, 100)), convolved_first = halved(picture);
    REQUIRE(translated_first.shape() == shape{99, 59, 1});
    REQUIRE(convolved_first.shape() == shape{149, 59, 1});
    CHECK(equal(translated_first, from_row(convolved_first, 50)));
    CHECK(from_row(convolved_first, 100).extent(0) == 49);

    // The document's size leaves out the last window: 98 and 148 rows, of which a shift by 100 leaves 48.
    const auto without_last_row = [](auto const& x) { return slice_axis(x, 0, range{0, x.extent(0) - 1}); };
    const auto its_98 = without_last_row(translated_first), its_148 = without_last_row(convolved_first);
    CHECK(its_98.extent(0) == 98);
    CHECK(equal(its_98, from_row(its_148, 50)));
    CHECK(from_row(its_148, 100).extent(0) == 48);
}

TEST_CASE("1.17: (n - 3) / 2 loses one position", "[documents]") {
    index_t windows = 0;
    for (index_t first = 0; first + 3 <= 300; first += 2) ++windows;
    CHECK(windows == 149);
    CHECK(axis{300, 3, 2}.outputs() == 149);
    const std::vector<int> x(300, 1), h(3, 1);
    const auto y = convolve(x, h, {.padding = mode::valid, .stride = 2});
    CHECK(y.shape() == shape{149});
    CHECK(y.shape()[0] == (300 - 3) / 2 + 1);  // the document's 148, and the one that is missing there
    CHECK(y(148) == 3);
}

TEST_CASE("1.18: convolution commutes with shifts of the circle", "[documents]") {
    const auto x = noise<double, 2>({24, 36}, 181), h = noise<double, 2>({5, 4}, 182);
    const convolve_options circle{.padding = mode::same, .boundary = boundary::circular, .method = method::direct};
    for (index_list const& shift : {index_list{1, 0}, {0, 1}, {7, 11}, {-3, 50}})
        CHECK(equal(convolve(roll(x, shift), h, circle), roll(convolve(x, h, circle), shift)));

    // With a window stride s only shifts by a multiple of s become shifts of the output.
    convolve_options strided = circle;
    strided.stride = {2, 3};
    const auto y = convolve(x, h, strided);
    REQUIRE(y.shape() == shape{12, 12});
    CHECK(equal(convolve(roll(x, {4, -9}), h, strided), roll(y, {2, -3})));
    for (index_list const& shift : {index_list{1, 0}, {0, 1}, {0, 2}, {4, 1}}) {
        const auto shifted = convolve(roll(x, shift), h, strided);
        for_each_index(y.shape(), [&](index_list const& any) { CHECK_FALSE(equal(shifted, roll(y, any))); });
    }
}

TEST_CASE("1.19: a kernel of three channels, summed over the depth", "[documents]") {
    const auto picture = noise<std::uint8_t, 3>({40, 31, 3}, 191);
    const auto kernel = three_channel_kernel();
    // As a kernel of three axes: the one place along the depth where it fits is the sum over the channels. The depth is
    // reversed beforehand, since a convolution reverses it.
    const auto deep = convolve(picture, flip(kernel, {2}), {.padding = {{2, 2}, {2, 2}, {0, 0}}});
    REQUIRE(deep.shape() == shape{42, 33, 1});
    CHECK(equal(squeeze(deep, 2), summed_over_channels(picture, kernel, {})));
}
