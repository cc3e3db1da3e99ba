// tests/geometry/solve.test.cpp -- every answer against a search through the counted windows, and every reason
#include <faltung/geometry/solve.hpp>

#include <algorithm>
#include <limits>
#include <map>

#include "every_axis.hpp"
#include "support/catch.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

constexpr index_t most_outputs = 13;

struct value_range {
    index_t least, most;
};

// Try every value of an unknown: outputs -> the least and the most value that gives them.
template <class Put>
std::map<index_t, value_range> tried(axis k, index_t first, index_t last, Put put) {
    std::map<index_t, value_range> values;
    for (index_t v = first; v <= last; ++v) {
        put(k, v);
        values.try_emplace(reference::outputs(line_of(k)), value_range{v, v}).first->second.most = v;
    }
    return values;
}

enum class wanted { least, most };

// One answer for every number of outputs: the least or the most of the values that were tried, or a reason where there
// are none.
void require_answers(unknown of, axis const& k, std::map<index_t, value_range> const& values, wanted which) {
    for (index_t outputs = 1; outputs <= most_outputs; ++outputs) {
        const solution s = solve(of, k, outputs);
        const auto found = values.find(outputs);
        if (found == values.end()) {
            if (s) FAIL(words_of(k) << ": " << outputs << " outputs with " << *s.value << ", but a search found none");
            if (s.reason().empty()) FAIL(words_of(k) << ": no reason");
            continue;
        }
        const index_t expected = which == wanted::least ? found->second.least : found->second.most;
        if (!s || *s.value != expected)
            FAIL(words_of(k) << ": " << outputs << " outputs: " << s.value.value_or(-999) << ", a search found "
                             << expected);
        if (reference::outputs(line_of(s.solved())) != outputs) FAIL(words_of(s.solved()));
        // exact: the last window ends on the last padded sample
        const axis solved = s.solved();
        const index_t behind =
            solved.n + solved.high - 1 -
            (-solved.low + (outputs - 1) * solved.window_stride + solved.dilation * (solved.taps - 1));
        if (s.left_over() != behind) FAIL(words_of(solved) << ": " << s.left_over() << " left over");
        if (s.reason().empty() != (behind == 0)) FAIL(words_of(solved) << ": " << s.reason());
    }
}

std::string reason_for(unknown of, axis const& k, index_t outputs) { return solve(of, k, outputs).reason(); }

}  // namespace

TEST_CASE("solve: the least padding, searched for", "[geometry]") {
    for_every_window([](axis k) {
        k.low = k.high = 77;  // not looked at
        require_answers(unknown::padding, k, tried(k, -40, 60, [](axis& at, index_t p) { at.low = at.high = p; }),
                        wanted::least);
        require_answers(unknown::total_padding, k,
                        tried(k, -80, 120, [](axis& at, index_t total) { at.low = 0, at.high = total; }),
                        wanted::least);
    });
}

TEST_CASE("solve: the most taps, searched for", "[geometry]") {
    for (axis k{0}; k.n <= 12; ++k.n)
        for (k.window_stride = 1; k.window_stride <= 4; ++k.window_stride)
            for (k.dilation = 1; k.dilation <= 6; ++k.dilation)
                for (k.low = -3; k.low <= 6; ++k.low)
                    for (k.high = -3; k.high <= 6; k.high += 3) {
                        k.taps = -5;  // not looked at
                        require_answers(unknown::taps, k,
                                        tried(k, 1, 30, [](axis& at, index_t taps) { at.taps = taps; }), wanted::most);
                    }
}

TEST_CASE("solve: the widest window stride, searched for", "[geometry]") {
    for_every_window([](axis k) {
        if (k.window_stride > 1) return;
        for (k.low = -2; k.low <= 7; k.low += 3)
            for (k.high = -2; k.high <= 7; k.high += 3) {
                k.window_stride = 0;  // not looked at
                auto values = tried(k, 1, 40, [](axis& at, index_t s) { at.window_stride = s; });
                if (values.count(1) != 0) values[1].most = values[1].least;  // every wider one has 1 output too
                require_answers(unknown::window_stride, k, values, wanted::most);
            }
    });
}

TEST_CASE("solve: the least extent, searched for", "[geometry]") {
    for (axis k{-3}; k.taps <= 12; ++k.taps)
        for (k.window_stride = 1; k.window_stride <= 4; ++k.window_stride)
            for (k.dilation = 1; k.dilation <= 3; ++k.dilation)
                for (k.low = -3; k.low <= 12; k.low += 3)
                    for (k.high = -3; k.high <= 12; k.high += 3)
                        require_answers(unknown::extent, k, tried(k, 0, 120, [](axis& at, index_t n) { at.n = n; }),
                                        wanted::least);
}

TEST_CASE("solve: as many outputs as inputs needs p = (s (i - 1) - i + k) / 2, where that is whole", "[geometry]") {
    for (index_t i = 1; i <= 40; ++i)
        for (index_t k = 1; k <= 12; ++k)
            for (index_t s = 1; s <= 3; ++s) {
                const index_t twice = s * (i - 1) - i + k;
                const solution p = solve(unknown::padding, {i, k, s}, i);
                if (twice % 2 == 0) {
                    CHECK(p.value == twice / 2);
                    CHECK(p.reason().empty());
                } else {
                    CHECK(p.value.has_value() ==
                          (s > 1));  // one sample may be left over only where windows step over it
                    CHECK_FALSE(p.reason().empty());
                }
            }
    CHECK(reason_for(unknown::padding, {28, 4}, 28) ==
          "needs p = 1.5: 2 p = (28 - 1) * 1 + 4 - 28 = 3 is odd; {1, 2} has 28 outputs");
    CHECK(solve(unknown::padding, {28, 5}, 28).value == 2);
    // per axis, for 3 x 5 taps on 16 x 16 samples: (1, 2)
    CHECK(solve(unknown::padding, {16, 3}, 16).value == 1);
    CHECK(solve(unknown::padding, {16, 5}, 16).value == 2);
}

TEST_CASE("solve: why no padding is exact, or none exists", "[geometry]") {
    CHECK(reason_for(unknown::padding, {7, 2}, 7) ==
          "needs p = 0.5: 2 p = (7 - 1) * 1 + 2 - 7 = 1 is odd; {0, 1} has 7 outputs");
    CHECK(reason_for(unknown::padding, {10, 3}, 5) ==
          "needs p = -1.5: 2 p = (5 - 1) * 1 + 3 - 10 = -3 is odd; {-2, -1} has 5 outputs");
    CHECK(reason_for(unknown::padding, {10, 3}, 7) ==
          "needs p = -0.5: 2 p = (7 - 1) * 1 + 3 - 10 = -1 is odd; {-1, 0} has 7 outputs");
    CHECK(solve(unknown::padding, {6, 3, 2}, 4).value == 2);
    CHECK(reason_for(unknown::padding, {6, 3, 2}, 4) ==
          "needs p = 1.5 to leave no sample over: 2 p = (4 - 1) * 2 + 3 - 6 = 3 is odd; p = 2 leaves 1");
    CHECK(reason_for(unknown::padding, {0, 3}, 4) == "an extent of 0 has 0 outputs, whatever else is chosen");
    CHECK(reason_for(unknown::total_padding, {0, 3}, 4) == "an extent of 0 has 0 outputs, whatever else is chosen");
    CHECK(reason_for(unknown::padding, {5, 3}, 0) == "0 outputs: at least 1 must be asked for");
    CHECK(reason_for(unknown::total_padding, {5, 3}, -2) == "-2 outputs: at least 1 must be asked for");
    const axis split = solve(unknown::total_padding, {28, 4}, 28).solved();
    CHECK(split.low == 1);
    CHECK(split.high == 2);
    const axis cropped = solve(unknown::total_padding, {10, 3}, 5).solved();
    CHECK(cropped.low == -2);
    CHECK(cropped.high == -1);
}

TEST_CASE("solve: why no number of taps is exact, or none exists", "[geometry]") {
    CHECK(reason_for(unknown::taps, {7, 1, 2}, 5) ==
          "needs a span of -1: a padded extent of 7 - (5 - 1) * 2 = -1, but 1 tap spans 1");
    CHECK(reason_for(unknown::taps, {12, 1, 2, 5}, 5) ==
          "needs a span of 3 to 4: a padded extent of 12 - (5 - 1) * 2 = 4; with a dilation of 5, 1 tap spans 1 and 2 "
          "taps 6");
    CHECK(reason_for(unknown::taps, {12, 1, 1, 2, 1, 1}, 6).empty());
    CHECK(solve(unknown::taps, {12, 1, 3, 2}, 3).value == 3);
    CHECK(reason_for(unknown::taps, {12, 1, 3, 2}, 3) ==
          "needs a span of 6 to leave no sample over: a padded extent of 12 - (3 - 1) * 3 = 6; with a dilation of 2, 3 "
          "taps span 5 "
          "and 4 taps 7");
    CHECK(reason_for(unknown::taps, {0}, 1) == "an extent of 0 has 0 outputs, whatever else is chosen");
    CHECK(reason_for(unknown::taps, {4}, 0) == "0 outputs: at least 1 must be asked for");
}

TEST_CASE("solve: why no window stride is exact, or none exists", "[geometry]") {
    CHECK(reason_for(unknown::window_stride, {6, 3, 1, 4}, 1) ==
          "the kernel spans 9 (3 taps, dilation 4) but the padded input only 6");
    CHECK(reason_for(unknown::window_stride, {6, 3}, 5) ==
          "needs a window stride of (6 - 3) / (5 - 1), less than 1; 1 has 4 outputs");
    CHECK(reason_for(unknown::window_stride, {14, 3}, 5) ==
          "needs more than 2 and less than 3 as a window stride: 2 has 6 outputs, 3 has 4");
    CHECK(solve(unknown::window_stride, {10, 3}, 3).value == 3);
    CHECK(reason_for(unknown::window_stride, {10, 3}, 3) ==
          "needs a window stride of (10 - 3) / (3 - 1) to leave no sample over; 3 leaves 1");
    CHECK(solve(unknown::window_stride, {10, 3}, 1).value == 8);
    CHECK(reason_for(unknown::window_stride, {10, 3}, 1) ==
          "1 window that spans 3 leaves 7 of 10 samples over, whatever its stride");
    CHECK(solve(unknown::window_stride, {3, 3}, 1).value == 1);
    CHECK(reason_for(unknown::window_stride, {3, 3}, 1).empty());
    CHECK(reason_for(unknown::window_stride, {0, 3}, 1) == "an extent of 0 has 0 outputs, whatever else is chosen");
}

TEST_CASE("solve: why no extent is exact, or none exists", "[geometry]") {
    CHECK(reason_for(unknown::extent, {7, 3, 2, 1, 5, 5}, 3) ==
          "needs an extent of -3 to -2: (3 - 1) * 2 + 3 - 5 - 5 = -3; 1 has 5 outputs");
    CHECK(reason_for(unknown::extent, {7, 1, 1, 1, 2, 2}, 4) ==
          "needs an extent of 0: (4 - 1) * 1 + 1 - 2 - 2 = 0; 1 has 5 outputs");
    CHECK(solve(unknown::extent, {7, 1, 4, 1, 3, 3}, 2).value == 1);
    CHECK(reason_for(unknown::extent, {7, 1, 4, 1, 3, 3}, 2) ==
          "needs an extent of -1 to leave no sample over: (2 - 1) * 4 + 1 - 3 - 3 = -1; 1 leaves 2");
    CHECK(reason_for(unknown::extent, {0}, 0) == "0 outputs: at least 1 must be asked for");
    CHECK(solve(unknown::extent, {0, 3, 2, 1, 1, 1}, 6).value == 11);
}

TEST_CASE("solve: no outputs are nothing to solve for", "[geometry]") {
    for (unknown of :
         {unknown::padding, unknown::total_padding, unknown::taps, unknown::window_stride, unknown::extent})
        for (index_t n : {0, 5})
            for (index_t outputs : {index_t{0}, index_t{-1}, std::numeric_limits<index_t>::min()}) {
                CHECK_FALSE(solve(of, {n, 3}, outputs));
                CHECK(reason_for(of, {n, 3}, outputs) == text(outputs, " outputs: at least 1 must be asked for"));
            }
}

TEST_CASE("solve: what it cannot carry is refused", "[geometry]") {
    CHECK(message_of<option_error>([] {
              solve(unknown::padding, {5, 0}, 5, 3);
          }) == "solve: axis 3: an empty kernel (0 taps): a kernel has at least 1 tap");
    CHECK(message_of<option_error>([] {
              solve(unknown::taps, {5, 1, 0}, 5);
          }) == "solve: axis 0: a window stride of 0: at least 1 is needed");
    CHECK(message_of<overflow_error>([] {
              solve(unknown::extent, {1, 1, 8}, index_limit);
          }) == "the extent that windows use up: 2305843009213693951 * 8 does not fit 64 bits");
    CHECK(message_of<overflow_error>([] {
              solve(unknown::extent, {1, 1, 2}, index_limit);
          }) == "solve: axis 0: an extent of 4611686018427387903 is beyond 2^61");
    CHECK(message_of<overflow_error>([] { solve(unknown::padding, {1}, 3 * index_limit); }) ==
          "solve: axis 0: a low padding of 3458764513820540928 is beyond 2^61");
}

TEST_CASE("solve: right or refused as far out as an axis may reach", "[geometry]") {
    std::mt19937_64 random(67);
    int found = 0, none = 0, refused = 0;
    for (int i = 0; i < 5000; ++i) {
        const axis k = any_axis(random);
        for (unknown of :
             {unknown::padding, unknown::total_padding, unknown::taps, unknown::window_stride, unknown::extent}) {
            // half of the time a number of outputs that there is
            const index_t outputs = random() % 2 == 0 ? std::max<index_t>(k.outputs(), 1) : any_magnitude(random, 1);
            try {
                const solution s = solve(of, k, outputs);
                if (s.reason().empty() != (s && s.left_over() == 0)) FAIL(words_of(k) << ": " << s.reason());
                if (s && s.solved().outputs() != outputs) FAIL(words_of(s.solved()) << " has not " << outputs);
                // the axis itself is a solution, except of one amount of padding for both ends
                if (!s && outputs == k.outputs() && of != unknown::padding)
                    FAIL(words_of(k) << ": no answer for " << outputs);
                ++(s ? found : none);
            } catch (overflow_error const&) {
                ++refused;
            }
        }
    }
    CHECK(found > 5000);
    CHECK(none > 3000);
    CHECK(refused > 2000);
}

TEST_CASE("solve: a constant expression", "[geometry]") {
    STATIC_REQUIRE(solve(unknown::padding, {28, 5}, 28).value == 2);
    STATIC_REQUIRE_FALSE(solve(unknown::padding, {28, 4}, 28));
    STATIC_REQUIRE(solve(unknown::total_padding, {28, 4}, 28).solved().high == 2);
    STATIC_REQUIRE(solve(unknown::taps, {11, 1, 2}, 5).value == 3);
    STATIC_REQUIRE(solve(unknown::window_stride, {10, 3}, 3).left_over() == 1);
    STATIC_REQUIRE(solve(unknown::extent, {1, 3, 2, 1, 1, 1}, 6).value == 11);
}
