// tests/geometry/transposed.test.cpp -- transposed sizes against windows laid side by side, and what is refused
#include <faltung/geometry/transposed.hpp>

#include <algorithm>
#include <vector>

#include "every_axis.hpp"
#include "support/catch.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

// How many samples the windows of `inputs` samples cover, one stride apart: walked.
index_t covered(axis const& k, index_t inputs) {
    index_t start = 0, end = 0;
    for (index_t i = 0; i < inputs; ++i, start += k.window_stride) {
        index_t tap = start;
        for (index_t t = 1; t < k.taps; ++t) tap += k.dilation;
        end = std::max(end, tap + 1);
    }
    return end;
}

// The axes of a layer that goes both ways: every window stride and dilation, a few paddings.
template <class Visit>
void for_every_layer(Visit visit) {
    for (index_t taps = 1; taps <= 7; ++taps)
        for (index_t stride = 1; stride <= 4; ++stride)
            for (index_t dilation = 1; dilation <= 5; ++dilation)
                for (index_t low = -3; low <= 6; ++low)
                    for (index_t high = -3; high <= 6; ++high) visit(axis{999, taps, stride, dilation, low, high});
}

axis with_extent(axis k, index_t n) {
    k.n = n;
    return k;
}

}  // namespace

TEST_CASE("transposed: exactly the extents that give the outputs, by trying every one", "[geometry]") {
    for_every_layer([](axis const& k) {
        std::vector<extent_range> tried(9, extent_range{0, -1});
        for (index_t n = 0; n <= 70; ++n) {
            const index_t outputs = reference::outputs(line_of(with_extent(k, n)));
            if (outputs >= 9) break;
            extent_range& range = tried[static_cast<std::size_t>(outputs)];
            if (range.last < range.first) range.first = n;
            range.last = n;
        }
        for (index_t outputs = 0; outputs < 9; ++outputs) {
            const extent_range expected = tried[static_cast<std::size_t>(outputs)], range = extents_with(k, outputs);
            const bool same = expected.last < expected.first ? range.last < range.first : range == expected;
            if (!same)
                FAIL(words_of(k) << ": " << outputs << " outputs from " << text(range) << ", tried " << text(expected));
        }
        if (extents_with(k, -1).contains(0) || extents_with(k, -1).contains(-1)) FAIL(words_of(k));
    });
    CHECK(extents_with({1, 3, 2, 1, 1, 1}, 6) == extent_range{11, 12});
    CHECK(extents_with({1, 3, 2, 1, 1, 1}, 6).contains(11));
    CHECK(extents_with({1, 3, 2, 1, 1, 1}, 6).contains(12));
    CHECK_FALSE(extents_with({1, 3, 2, 1, 1, 1}, 6).contains(10));
    CHECK_FALSE(extents_with({1, 3, 2, 1, 1, 1}, 6).contains(13));
}

TEST_CASE("transposed: the size is what the windows cover, cropped and padded", "[geometry]") {
    index_t refused = 0, made = 0;
    for_every_layer([&](axis const& k) {
        for (index_t inputs = 1; inputs <= 5; ++inputs)
            for (index_t output_padding = 0; output_padding < std::max(k.window_stride, k.dilation); ++output_padding) {
                const index_t expected = covered(k, inputs) - k.low - k.high + output_padding;
                if (expected < 1) {
                    if (message_of<shape_error>([&] {
                            transposed_axis(k, inputs, output_padding, "t", 0);
                        }).substr(0, 20) != "t: axis 0: the paddi")
                        FAIL(words_of(k) << ": " << inputs << " inputs were not refused");
                    ++refused;
                    continue;
                }
                ++made;
                const axis forward = transposed_axis(k, inputs, output_padding, "t", 0);
                if (forward.n != expected) FAIL(words_of(k) << ": " << inputs << " inputs became " << forward.n);
                // the forward axis: as many windows as inputs, each where its input is spread
                if (reference::outputs(line_of(forward)) != inputs)
                    FAIL(words_of(forward) << " is not the forward of " << inputs);
                index_t start = -k.low;
                for (index_t i = 0; i < inputs; ++i, start += k.window_stride) {
                    index_t at = start;
                    for (index_t t = 0; t < k.taps; ++t, at += k.dilation)
                        if (forward.position(i, t) != at) FAIL(words_of(forward) << " input " << i << " tap " << t);
                }
                if (output_padding < k.window_stride && forward.high != k.high) FAIL(words_of(forward));
            }
    });
    CHECK(made > 100000);
    CHECK(refused > 1000);
}

TEST_CASE("transposed: an extent that is asked for is one of the possible ones", "[geometry]") {
    index_t made = 0, refused = 0;
    for_every_layer([&](axis const& k) {
        if (k.low != k.high) return;
        for (index_t inputs = 0; inputs <= 4; ++inputs) {
            int beyond = 0;  // extents behind the last possible one
            for (index_t extent = -1; extent <= 60 && beyond < 2; ++extent) {
                const index_t outputs = extent < 0 ? -1 : reference::outputs(line_of(with_extent(k, extent)));
                if (outputs == inputs) {
                    const axis forward = transposed_axis_to(k, inputs, extent, "t", 0);
                    if (forward.n != extent || reference::outputs(line_of(forward)) != inputs) FAIL(words_of(forward));
                    ++made;
                } else if (outputs > inputs || outputs == inputs - 1) {
                    beyond += outputs > inputs ? 1 : 0;
                    if (message_of<shape_error>([&] { transposed_axis_to(k, inputs, extent, "t", 0); }) ==
                        "nothing was thrown")
                        FAIL(words_of(k) << ": " << inputs << " inputs became " << extent);
                    ++refused;
                }
            }
        }
    });
    CHECK(made > 10000);
    CHECK(refused > 10000);
}

TEST_CASE("transposed: published sizes", "[geometry]") {
    const auto size = [](axis const& k, index_t inputs, index_t output_padding) {
        return transposed_axis(k, inputs, output_padding, "t", 0).n;
    };
    // PyTorch's documentation undoes a layer of 3 taps, stride 2, padding 1 that made 6 of 12
    CHECK(size({1, 3, 2, 1, 1, 1}, 6, 0) == 11);
    CHECK(size({1, 3, 2, 1, 1, 1}, 6, 1) == 12);
    CHECK(transposed_axis_to({1, 3, 2, 1, 1, 1}, 6, 12, "t", 0).outputs() == 6);
    // the generator of a DCGAN: 1, 4, 8, 16, 32, 64
    CHECK(size({1, 4}, 1, 0) == 4);
    for (index_t n : {4, 8, 16, 32}) CHECK(size({1, 4, 2, 1, 1, 1}, n, 0) == 2 * n);
    // SAME of JAX and ONNX: i * s
    for (index_t taps = 2; taps <= 7; ++taps)
        for (index_t i = 1; i <= 9; ++i)
            CHECK(size({1, taps, 2, 1, (taps - 2) / 2, taps - 2 - (taps - 2) / 2}, i, 0) == 2 * i);
}

TEST_CASE("transposed: no inputs become no outputs, whatever the padding", "[geometry]") {
    CHECK(transposed_axis({7, 3, 2, 1, 5, 5}, 0, 1, "t", 0).n == 0);
    CHECK(transposed_axis({7, 3, 2, 1, -5, -5}, 0, 1, "t", 0).n == 0);
    CHECK(transposed_axis({7, 3, 2, 1, 5, 5}, 0, 1, "t", 0).outputs() == 0);
    CHECK(transposed_axis_to({7, 3, 2, 1, -5, -5}, 0, 9, "t", 0).n == 9);
    CHECK(transposed_axis_to({7, 3, 2, 1, -5, -5}, 0, 9, "t", 0).outputs() == 0);
}

TEST_CASE("transposed: every refusal with its numbers", "[geometry]") {
    const axis k{1, 3, 2, 1, 1, 1};
    const auto padded = [](axis const& w, index_t inputs, index_t output_padding) {
        return message_of<error>([&] { transposed_axis(w, inputs, output_padding, "conv_transpose", 1); });
    };
    CHECK(padded(k, 6, 2) ==
          "conv_transpose: axis 1: an output padding of 2: a window stride of 2 and a dilation of 1 allow 0 to 1, so "
          "that 6 "
          "samples become 11 to 12");
    CHECK(padded(k, 6, -1) ==
          "conv_transpose: axis 1: an output padding of -1: a window stride of 2 and a dilation of 1 allow 0 to 1, so "
          "that 6 "
          "samples become 11 to 12");
    CHECK(padded({1, 3}, 6, 1) ==
          "conv_transpose: axis 1: an output padding of 1: a window stride of 1 and a dilation of 1 allow 0, so that 6 "
          "samples become 8");
    CHECK(padded({1, 3, 2, 5}, 0, 5) ==
          "conv_transpose: axis 1: an output padding of 5: a window stride of 2 and a dilation of 5 allow 0 to 4, so "
          "that 0 "
          "samples become 0");
    CHECK(padded({1, 3, 2, 5}, 2, 5) ==
          "conv_transpose: axis 1: an output padding of 5: a window stride of 2 and a dilation of 5 allow 0 to 4, so "
          "that 2 "
          "samples become 13 to 17");
    CHECK(padded({1, 3, 2, 1, 4, 3}, 3, 0) ==
          "conv_transpose: axis 1: the padding of {4, 3} leaves no output: (3 - 1) * 2 + 3 - 4 - 3 + 0 = 0");
    CHECK(padded(k, -1, 0) == "conv_transpose: axis 1: an extent of -1");
    CHECK(padded({1, 0}, 1, 0) == "conv_transpose: axis 1: an empty kernel (0 taps): a kernel has at least 1 tap");
    CHECK(padded({1, 1, index_limit}, index_limit, 0) ==
          "the extent that windows use up: 2305843009213693951 * 2305843009213693952 does not fit 64 bits");
    CHECK(padded({1, 1, 2}, index_limit, 0) ==
          "conv_transpose: axis 1: an extent of 4611686018427387903 is beyond 2^61");

    const auto extended = [](axis const& w, index_t inputs, index_t extent) {
        return message_of<error>([&] { transposed_axis_to(w, inputs, extent, "conv_transpose", 1); });
    };
    CHECK(extended(k, 6, 13) ==
          "conv_transpose: axis 1: 6 samples cannot become 13: 11 to 12 are possible with a window stride of 2, a span "
          "of 3 "
          "and a padding of {1, 1}");
    CHECK(
        extended({1, 3, 1, 2}, 4, 7) ==
        "conv_transpose: axis 1: 4 samples cannot become 7: 8 is possible with a window stride of 1, a span of 5 and a "
        "padding of {0, 0}");
    CHECK(
        extended({1, 3, 2, 1, 4, 4}, 3, 1) ==
        "conv_transpose: axis 1: 3 samples cannot become any: the padding of {4, 4} is more than their windows reach");
    CHECK(extended(k, -1, 0) == "conv_transpose: axis 1: an extent of -1");
}

TEST_CASE("transposed: exact or refused, as far out as an axis may reach", "[geometry]") {
    std::mt19937_64 random(65);
    int made = 0, refused = 0;
    for (int i = 0; i < 50000; ++i) {
        const axis k = any_axis(random);
        const index_t inputs = any_magnitude(random, 1);
        const index_t output_padding = any_magnitude(random, 0) % std::max(k.window_stride, k.dilation);
        const wide exact =
            wide{inputs - 1} * k.window_stride + wide{k.dilation} * (k.taps - 1) + 1 - k.low - k.high + output_padding;
        try {
            const axis forward = transposed_axis(k, inputs, output_padding, "t", 0);
            if (forward.n != exact || forward.outputs() != inputs)
                FAIL(words_of(k) << ": " << inputs << " became " << forward.n);
            ++made;
        } catch (overflow_error const&) {
            // high gives way to the output padding only where dilation > window stride, and then not below -2^61
            if (exact <= index_limit && wide{k.high} - output_padding >= -index_limit)
                FAIL(words_of(k) << ": " << inputs);
            ++refused;
        } catch (shape_error const&) {
            if (exact >= 1) FAIL(words_of(k) << ": " << inputs);
            ++refused;
        }
    }
    CHECK(made > 5000);
    CHECK(refused > 5000);
}

TEST_CASE("transposed: a constant expression", "[geometry]") {
    STATIC_REQUIRE(transposed_axis({1, 3, 2, 1, 1, 1}, 6, 1, "t", 0).n == 12);
    STATIC_REQUIRE(transposed_axis_to({1, 3, 2, 1, 1, 1}, 6, 11, "t", 0).outputs() == 6);
    STATIC_REQUIRE(extents_with({1, 3, 2, 1, 1, 1}, 6) == extent_range{11, 12});
    STATIC_REQUIRE(exact_extent({1, 3, 2, 1, 1, 1}, 6) == 11);
}
