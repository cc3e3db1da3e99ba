// tests/geometry/interior.test.cpp -- the outputs that touch no padding, found by looking at every tap
#include <faltung/geometry/interior.hpp>

#include "every_axis.hpp"
#include "support/catch.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

bool touches_padding(axis const& k, wide o) {
    const wide start = o * k.window_stride - k.low, end = start + wide{k.taps - 1} * k.dilation;
    return start < 0 || end >= k.n;
}

}  // namespace

TEST_CASE("interior: exactly the outputs all of whose taps lie in the data", "[geometry]") {
    index_t inside = 0;
    for_every_axis([&](axis const& k) {
        const output_range range = interior(k);
        const index_t outputs = reference::outputs(line_of(k));
        if (range.first < 0 || range.last < range.first || range.last > outputs)
            FAIL(words_of(k) << ": " << range.first << " to " << range.last);
        index_t start = -k.low;
        for (index_t o = 0; o < outputs; ++o, start += k.window_stride) {
            bool touches = false;
            index_t at = start;
            for (index_t t = 0; t < k.taps && !touches; ++t, at += k.dilation) touches = at < 0 || at >= k.n;
            if (touches == (range.first <= o && o < range.last)) FAIL(words_of(k) << " output " << o);
            inside += touches ? 0 : 1;
        }
    });
    CHECK(inside > 100000);
}

TEST_CASE("interior: its ends as far out as an axis may reach", "[geometry]") {
    std::mt19937_64 random(63);
    int not_empty = 0;
    for (int i = 0; i < 50000; ++i) {
        const axis k = any_axis(random);
        const output_range range = interior(k);
        const index_t outputs = k.outputs();
        if (range.first < 0 || range.last < range.first || range.last > outputs) FAIL(words_of(k));
        if (range.count() > 0) {
            ++not_empty;
            if (touches_padding(k, range.first) || touches_padding(k, range.last - 1)) FAIL(words_of(k));
        }
        if (range.first > 0 && !touches_padding(k, range.first - 1)) FAIL(words_of(k));
        if (range.last < outputs && !touches_padding(k, range.last)) FAIL(words_of(k));
    }
    CHECK(not_empty > 2000);
}

TEST_CASE("interior: a constant expression", "[geometry]") {
    STATIC_REQUIRE(interior({10, 3, 1, 1, 1, 1}).first == 1);
    STATIC_REQUIRE(interior({10, 3, 1, 1, 1, 1}).last == 9);
    STATIC_REQUIRE(interior({10, 3}).count() == 8);
    STATIC_REQUIRE(interior({2, 3, 1, 1, 2, 2}).count() == 0);
    STATIC_REQUIRE(interior({0, 3, 1, 1, 2, 2}).count() == 0);
}
