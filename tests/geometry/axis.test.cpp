// tests/geometry/axis.test.cpp -- the output-size formula against counted windows, and what an axis refuses
#include <faltung/geometry/axis.hpp>

#include <limits>
#include <vector>

#include "every_axis.hpp"
#include "support/catch.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

// The formula in 128 bits, in another form: windows that start at -low, -low + s, ... and end before n + high.
wide outputs_in_wide(axis const& k) {
    const wide last_start = wide{k.n} + k.high - 1 - wide{k.dilation} * (k.taps - 1);
    if (k.n == 0 || last_start < -wide{k.low}) return 0;
    return (last_start + k.low + k.window_stride) / k.window_stride;
}

axis axis_with(index_t axis::*member, index_t value) {
    axis k;
    k.*member = value;
    return k;
}

std::string refusal_of(axis const& k) {
    return message_of<error>([&] { require_valid(k, "correlate", 2); });
}

}  // namespace

TEST_CASE("axis: outputs are the windows that can be counted", "[geometry]") {
    index_t checked = 0;
    for_every_axis([&](axis const& k) {
        if (k.outputs() != reference::outputs(line_of(k))) FAIL(words_of(k) << ": " << k.outputs());
        ++checked;
    });
    CHECK(checked == 13 * 12 * 4 * 3 * 16 * 16);
}

TEST_CASE("axis: a span and the position of every tap, walked", "[geometry]") {
    for (axis k{20}; k.taps <= 5; ++k.taps)
        for (k.window_stride = 1; k.window_stride <= 4; ++k.window_stride)
            for (k.dilation = 1; k.dilation <= 3; ++k.dilation)
                for (k.low = -3; k.low <= 12; ++k.low) {
                    index_t start = -k.low;
                    for (index_t o = 0; o < 6; ++o) {
                        index_t at = start, reached = 1;
                        for (index_t t = 0; t < k.taps; ++t) {
                            if (k.position(o, t) != at) FAIL(words_of(k) << " output " << o << " tap " << t);
                            for (index_t step = 0; step < k.dilation; ++step) ++at;
                        }
                        for (index_t t = 1; t < k.taps; ++t)
                            for (index_t step = 0; step < k.dilation; ++step) ++reached;
                        if (k.span() != reached) FAIL(words_of(k) << " span " << k.span());
                        for (index_t step = 0; step < k.window_stride; ++step) ++start;
                    }
                }
}

TEST_CASE("axis: published sizes", "[geometry]") {
    CHECK(axis{28, 5}.outputs() == 24);
    CHECK(axis{224, 7, 2, 1, 3, 3}.outputs() == 112);  // the first layer of a residual network
    CHECK(axis{227, 11, 4}.outputs() == 55);           // of AlexNet
    CHECK(axis{300, 3, 2}.outputs() == 149);           // int((n - 3) / 2) would lose the last position
    CHECK(axis{512, 129, 127}.outputs() == 4);
    CHECK(axis{8, 3, 1, 4}.outputs() == 0);
}

TEST_CASE("axis: nothing overflows as far out as an axis may reach", "[geometry]") {
    std::mt19937_64 random(61);
    int with_outputs = 0;
    for (int i = 0; i < 50000; ++i) {
        const axis k = any_axis(random);
        require_valid(k, "axis", 0);
        const index_t outputs = k.outputs();
        if (outputs != outputs_in_wide(k)) FAIL(words_of(k) << ": " << outputs);
        if (outputs == 0) continue;
        ++with_outputs;
        const wide last = wide{outputs - 1} * k.window_stride + wide{k.taps - 1} * k.dilation - k.low;
        if (k.position(outputs - 1, k.taps - 1) != last)
            FAIL(words_of(k) << ": " << k.position(outputs - 1, k.taps - 1));
    }
    CHECK(with_outputs > 10000);
    constexpr index_t most = index_limit;
    CHECK(axis{most, 1, 1, 1, most, most}.outputs() == 3 * most);
    CHECK(axis{0, most, 1, 1, -most, -most}.outputs() == 0);
    CHECK(axis{1, 2, 1, most - 1, -most, -most}.outputs() == 0);
    CHECK(axis{most, 2, most, most - 1, most, most}.outputs() == 3);
}

TEST_CASE("axis: what the formula could not carry is refused, up to the last value that it can", "[geometry]") {
    for (const auto member : {&axis::n, &axis::taps, &axis::window_stride, &axis::dilation, &axis::low, &axis::high}) {
        CHECK(refusal_of(axis_with(member, index_limit)) == "nothing was thrown");
        CHECK_THROWS_AS(require_valid(axis_with(member, index_limit + 1), "axis", 0), overflow_error);
        CHECK_THROWS_AS(require_valid(axis_with(member, std::numeric_limits<index_t>::max()), "axis", 0),
                        overflow_error);
        CHECK_THROWS_AS(require_valid(axis_with(member, -index_limit - 1), "axis", 0), error);
        CHECK_THROWS_AS(require_valid(axis_with(member, std::numeric_limits<index_t>::min()), "axis", 0), error);
    }
    for (const auto member : {&axis::low, &axis::high})
        CHECK(refusal_of(axis_with(member, -index_limit)) == "nothing was thrown");
    for (const auto member : {&axis::taps, &axis::window_stride, &axis::dilation})
        CHECK_THROWS_AS(require_valid(axis_with(member, 0), "axis", 0), option_error);
    CHECK(refusal_of(axis_with(&axis::n, 0)) == "nothing was thrown");
    CHECK(refusal_of({1, 2, 1, index_limit - 1}) == "nothing was thrown");
    CHECK_THROWS_AS(require_valid({1, 2, 1, index_limit}, "axis", 0), overflow_error);
    CHECK_THROWS_AS(require_valid({1, index_limit, 1, index_limit}, "axis", 0), overflow_error);
}

TEST_CASE("axis: every refusal with its numbers", "[geometry]") {
    CHECK(refusal_of({-1}) == "correlate: axis 2: an extent of -1");
    CHECK(refusal_of({5, 0}) == "correlate: axis 2: an empty kernel (0 taps): a kernel has at least 1 tap");
    CHECK(refusal_of({5, -2}) == "correlate: axis 2: an empty kernel (-2 taps): a kernel has at least 1 tap");
    CHECK(refusal_of({5, 3, 0}) == "correlate: axis 2: a window stride of 0: at least 1 is needed");
    CHECK(refusal_of({5, 3, 1, -4}) == "correlate: axis 2: a dilation of -4: at least 1 is needed (1 = dense)");
    CHECK(refusal_of({index_limit + 1}) == "correlate: axis 2: an extent of 2305843009213693953 is beyond 2^61");
    CHECK(refusal_of({5, index_limit + 1}) ==
          "correlate: axis 2: a number of taps of 2305843009213693953 is beyond 2^61");
    CHECK(refusal_of({5, 3, index_limit + 1}) ==
          "correlate: axis 2: a window stride of 2305843009213693953 is beyond 2^61");
    CHECK(refusal_of({5, 1, 1, index_limit + 1}) ==
          "correlate: axis 2: a dilation of 2305843009213693953 is beyond 2^61");
    CHECK(refusal_of({5, 3, 1, 1, index_limit + 1}) ==
          "correlate: axis 2: a low padding of 2305843009213693953 is beyond 2^61");
    CHECK(refusal_of({5, 3, 1, 1, 0, -index_limit - 1}) ==
          "correlate: axis 2: a high padding of -2305843009213693953 is beyond 2^61");
    CHECK(refusal_of({5, 3, 1, index_limit}) ==
          "correlate: axis 2: the span 2305843009213693952 * (3 - 1) + 1 is beyond 2^61");
}

TEST_CASE("axis: a constant expression", "[geometry]") {
    constexpr axis k{10, 3, 2, 2, 1, 1};
    STATIC_REQUIRE(k.span() == 5);
    STATIC_REQUIRE(k.outputs() == 4);
    STATIC_REQUIRE(k.position(3, 2) == 9);
    STATIC_REQUIRE((require_valid(k, "axis", 0), true));
    STATIC_REQUIRE(axis{}.outputs() == 1);
}
