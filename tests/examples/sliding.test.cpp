// tests/examples/sliding.test.cpp -- a frame for every output, with marks where the geometry says
#include "examples/support/sliding.hpp"

#include "examples/support/plot.hpp"
#include "support/catch.hpp"

using namespace faltung;

namespace {

bool has(rgb_picture const& frame, colour ink, index_t row, index_t first, index_t last) {
    for (index_t j = first; j < last; ++j)
        if (frame(row, j, 0) == ink.red && frame(row, j, 1) == ink.green && frame(row, j, 2) == ink.blue) return true;
    return false;
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
    CHECK(slide(signal(70), signal(40), {}, "a block that is pushed six times").size() == 109);
    CHECK(slide(signal(60), signal(30), {}, "a gaussian").size() == 89);
}

TEST_CASE("slide: the samples that a window reads are marked") {
    // 4 samples and 2 taps, full: 6 positions of 120 pixels, the first of them padding
    const auto frames = slide({1, 1, 1, 1}, {1, 1}, {}, "x");
    REQUIRE(frames.size() == 5);
    for (index_t o = 0; o < 5; ++o) {
        rgb_picture const& frame = frames[static_cast<std::size_t>(o)];
        for (index_t position = 0; position < 6; ++position) {
            const bool is_read = position == o || position == o + 1;
            CHECK(has(frame, colours::read, 28, 16 + 120 * position, 16 + 120 * position + 119) == is_read);
        }
    }
}

TEST_CASE("slide: windows of a picture") {
    const tensor<int, 2> small{{5, 5}}, large{{6, 6}}, ones{{3, 3}, {1, 1, 1, 1, 1, 1, 1, 1, 1}};
    CHECK(slide(small, ones, {.padding = mode::valid}).size() == 9);
    CHECK(slide(large, ones, {.padding = mode::valid}).size() == 16);
    CHECK(slide(small, ones, {.padding = mode::same, .boundary = boundary::symmetric, .stride = 2}).size() == 9);
}
