// tests/examples/sliding.test.cpp -- a frame for every output, with marks where the geometry says
#include "examples/support/sliding.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "decoded_gif.hpp"
#include "examples/support/gif.hpp"
#include "examples/support/plot.hpp"
#include "support/catch.hpp"

using namespace faltung;

namespace {

bool has(rgb_picture const& frame, colour ink, index_t row, index_t first, index_t last) {
    for (index_t j = first; j < last; ++j)
        if (frame(row, j, 0) == ink.red && frame(row, j, 1) == ink.green && frame(row, j, 2) == ink.blue) return true;
    return false;
}

/// Frames of a file with these, in giflib's decoder, which must see every sample of them.
std::size_t decoded_frames(std::vector<rgb_picture> const& frames, index_t milliseconds) {
    const auto bytes = gif::encode(frames, milliseconds, "some.gif");
    CHECK(std::memcmp(bytes.data(), "GIF89a", 6) == 0);
    const auto d = testing::decode_gif(bytes);
    CHECK(d.repeats);
    CHECK(d.hundredths == std::vector<int>(frames.size(), static_cast<int>(milliseconds / 10)));
    for (std::size_t k = 0; k < d.frames.size(); ++k)
        CHECK(std::equal(d.frames[k].begin(), d.frames[k].end(), frames[k].begin(), frames[k].end()));
    return d.frames.size();
}

}  // namespace

TEST_CASE("slide: as many frames as outputs, for odd and even kernels in every mode") {
    const signal x{1, 3, 2, 5, 4, 2, 3};
    for (std::size_t taps : {std::size_t{3}, std::size_t{4}}) {
        const signal h(taps, 1.0);
        CHECK(slide(x, h, {.padding = mode::full}, "full").size() == 7 + taps - 1);
        CHECK(slide(x, h, {.padding = mode::same}, "same").size() == 7);
        CHECK(slide(x, h, {.padding = mode::valid}, "valid").size() == 7 - taps + 1);
    }
    CHECK(slide(x, {1, 2, 1}, {.padding = {{3, 3}}, .boundary = boundary::reflect, .stride = 2, .dilation = 2}, "")
              .size() == 5);
    CHECK(slide({1, 2}, {1, 2, 3}, {.padding = mode::valid}, "too short").empty());
    CHECK(slide(signal{}, {1, 2, 3}, {}, "nothing").empty());
}

TEST_CASE("slide: the samples that a window reads are marked, inside and outside of the signal") {
    // 4 samples and 2 taps, full: 6 positions of 120 pixels, the first and the last of them padding
    const auto frames = slide({1, 1, 1, 1}, {1, 1}, {}, "x");
    REQUIRE(frames.size() == 5);
    for (index_t o = 0; o < 5; ++o) {
        rgb_picture const& frame = frames[static_cast<std::size_t>(o)];
        for (index_t position = 0; position < 6; ++position) {
            const bool is_read = position == o || position == o + 1, is_outside = position == 0 || position == 5;
            const index_t first = 16 + 120 * position, last = first + 119;
            CHECK(has(frame, colours::read, 28, first, last) == (is_read && !is_outside));
            CHECK(has(frame, colours::read_outside, 28, first, last) == (is_read && is_outside));
            CHECK(has(frame, colours::padding, 28, first, last) == (!is_read && is_outside));
        }
    }
}

TEST_CASE("slide: what the boundary gives is drawn, window stride and dilation too") {
    // 3 samples and 2 taps, 2 apart: reads (-2, 0), (0, 2), (2, 4) of positions -2 to 4, 720 / 7 pixels each
    const convolve_options how{.padding = {{2, 2}}, .boundary = boundary::constant(3), .stride = 2, .dilation = 2};
    const auto frames = slide({1, 2, 3}, {1, 1}, how, "x");
    REQUIRE(frames.size() == 3);
    for (index_t o = 0; o < 3; ++o)
        for (index_t position = -2; position < 5; ++position) {
            const bool is_outside = position < 0 || position > 2;
            const index_t first = 16 + 720 * (position + 2) / 7, last = 16 + 720 * (position + 3) / 7 - 1;
            rgb_picture const& frame = frames[static_cast<std::size_t>(o)];
            CHECK(has(frame, is_outside ? colours::given : colours::data, 110, first, last));
            CHECK_FALSE(has(frame, is_outside ? colours::data : colours::given, 110, first, last));
            const bool is_read = position == 2 * o - 2 || position == 2 * o;
            CHECK(has(frame, is_outside ? colours::read_outside : colours::read, 28, first, last) == is_read);
        }
}

TEST_CASE("slide: windows of a picture, and a frame as wide as what it shows") {
    const tensor<double, 2> x{{2, 2}, {1, 2, 3, 4}}, h{{1, 2}, {1, -1}};
    const auto frames = slide(x, h, {.padding = mode::full, .boundary = boundary::constant(-100)});
    REQUIRE(frames.size() == 6);
    // x~ has 4 columns of 36 pixels from column 16 on; its first row of cells begins at row 30
    for (index_t o = 0; o < 3; ++o)
        for (index_t position = 0; position < 4; ++position) {
            const bool is_read = position == o || position == o + 1, is_outside = position == 0 || position == 3;
            const index_t first = 16 + 36 * position + 3, last = first + 29;
            rgb_picture const& frame = frames[static_cast<std::size_t>(o)];
            const colour paper = is_outside ? (is_read ? colours::read_outside : colours::padding)
                                            : (is_read ? colours::read : colours::light);
            for (colour c : {colours::read, colours::read_outside, colours::padding, colours::light})
                CHECK(has(frame, c, 34, first, last) == (c.red == paper.red));
            CHECK(has(frame, colours::dim, 48, first, last) == is_outside);  // the constant is written, too
        }
    CHECK(slide(x, tensor<double, 2>{{3, 3}}, {.padding = mode::valid}).empty());
}

TEST_CASE("2.4: a decoder sees a frame for every window and for every step", "[documents]") {
    const tensor<double, 2> small{{5, 5}}, large{{6, 6}}, h{{3, 3}, {1, 0, -1, 2, 0, -2, 1, 0, -1}};
    CHECK(decoded_frames(slide(small, h, {.padding = mode::valid}), 400) == 9);
    CHECK(decoded_frames(slide(large, h, {.padding = mode::valid}), 400) == 16);
    CHECK(decoded_frames(slide(small, h, {.padding = mode::same, .boundary = boundary::symmetric, .stride = 2}), 400) ==
          9);
}

TEST_CASE("4.4: the animated block, 109 frames of 40 ms with three panels", "[documents]") {
    signal x(70), h;
    for (std::size_t i = 0; i < 60; ++i) x[5 + i] = static_cast<double>(i % 10) * 0.1;
    for (int i = 0; i < 40; ++i) h.push_back(std::exp(-20 * (i / 39.0)));
    const auto frames = slide(x, h, {}, "a block");
    CHECK(decoded_frames(frames, 40) == 109);
    // bars of the input, of the reversed kernel and of the output, in this order, and the output grows
    const auto lowest_rows = [&](std::size_t o, colour ink) {
        std::vector<index_t> rows;
        for (index_t i = 1; i < frames[o].extent(0) - 30; ++i)
            if (has(frames[o], ink, i - 1, 0, 752) && !has(frames[o], ink, i, 0, 752)) rows.push_back(i - 1);
        return rows;
    };
    CHECK(lowest_rows(44, colours::data) == std::vector<index_t>{115});
    CHECK(lowest_rows(44, colours::kernel) == std::vector<index_t>{239, 363});
    CHECK(lowest_rows(44, colours::result) == std::vector<index_t>{363});
    CHECK(lowest_rows(0, colours::result).empty());
}

TEST_CASE("4.5: the animated gaussian, 89 frames", "[documents]") {
    CHECK(decoded_frames(slide(signal(60, 1.0), signal(30, 1.0), {}, "a box"), 40) == 89);
}

TEST_CASE("4.7: full, valid and same, animated for odd and even kernels", "[documents]") {
    for (std::size_t n : {std::size_t{7}, std::size_t{8}})
        for (std::size_t k : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{4}}) {
            const signal x(n, 1.0), h(k, 1.0);
            CHECK(decoded_frames(slide(x, h, {.padding = mode::full}, "full"), 400) == n + k - 1);
            CHECK(decoded_frames(slide(x, h, {.padding = mode::valid}, "valid"), 400) == n - k + 1);
            CHECK(decoded_frames(slide(x, h, {.padding = mode::same}, "same"), 400) == std::max(n, k));
        }
}
