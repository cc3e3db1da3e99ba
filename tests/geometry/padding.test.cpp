// tests/geometry/padding.test.cpp -- modes against the closed forms of other systems, and how amounts are read
#include <faltung/geometry/padding.hpp>

#include <algorithm>

#include "every_axis.hpp"
#include "support/catch.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

axis padded(axis k, low_high amounts) {
    k.low = amounts.low;
    k.high = amounts.high;
    return k;
}

axis with_mode(axis const& k, mode m, sense s) { return padded(k, amounts_of(m, k, s, {})); }

constexpr sense senses[] = {sense::convolution, sense::correlation};

}  // namespace

TEST_CASE("padding: full has every output whose window reaches a sample", "[geometry]") {
    for_every_window([](axis const& k) {
        for (sense s : senses) {
            const axis full = with_mode(k, mode::full, s);
            index_t reaching = 0,
                    first = 0;  // windows at any start of the stride's grid, which begins at the first one
            for (index_t start = -100; k.n > 0 && start <= 100; ++start) {
                const bool reaches = start <= k.n - 1 && start + (k.span() - 1) >= 0;
                if (!reaches) continue;
                if (reaching == 0) first = start;
                if ((start - first) % k.window_stride == 0) ++reaching;
            }
            if (full.outputs() != reaching) FAIL(words_of(full) << ": " << full.outputs());
            if (reaching > 0 && full.position(0, 0) != first) FAIL(words_of(full));
            if (k.n > 0 && k.window_stride == 1 && full.outputs() != k.n + k.dilation * (k.taps - 1))
                FAIL(words_of(full));
        }
    });
}

TEST_CASE("padding: valid has the windows that lie inside", "[geometry]") {
    for_every_window([](axis const& k) {
        for (sense s : senses) {
            const axis valid = with_mode(k, mode::valid, s);
            const index_t starts = k.n - (k.dilation * (k.taps - 1) + 1) + 1;  // ceil(starts / s) of them are kept
            index_t kept = 0;
            for (index_t start = 0; start < starts; start += k.window_stride) ++kept;
            if (valid.outputs() != kept) FAIL(words_of(valid) << ": " << valid.outputs());
            if (valid.position(0, 0) != 0) FAIL(words_of(valid));
        }
    });
}

TEST_CASE("padding: same has ceil(n / s) outputs, centred on the span", "[geometry]") {
    for_every_window([](axis const& k) {
        index_t kept = 0;
        for (index_t i = 0; i < k.n; i += k.window_stride) ++kept;
        // a convolution's output 0 is sample (span - 1) / 2 of full, whose window starts at -(span - 1)
        index_t start = -(k.dilation * (k.taps - 1));
        for (index_t i = 0; i < (k.dilation * (k.taps - 1)) / 2; ++i) ++start;
        const axis convolved = with_mode(k, mode::same, sense::convolution);
        const axis correlated = with_mode(k, mode::same, sense::correlation);
        if (convolved.outputs() != kept || correlated.outputs() != kept) FAIL(words_of(convolved));
        if (convolved.position(0, 0) != start) FAIL(words_of(convolved));
        // the mirrored window: where the convolution's begins, the correlation's ends
        if (correlated.position(0, k.taps - 1) != -start) FAIL(words_of(correlated));
        // PyTorch's padding 'same': left d (k - 1) // 2, the rest at the right
        const index_t total = k.dilation * (k.taps - 1);
        if (correlated.low != total / 2 || correlated.high != total - total / 2) FAIL(words_of(correlated));
    });
}

TEST_CASE("padding: with a centre, that tap of the caller's kernel meets sample 0", "[geometry]") {
    for_every_window([](axis const& k) {
        for (index_t centre = 0; centre < k.taps; ++centre) {
            index_t kept = 0;
            for (index_t i = 0; i < k.n; i += k.window_stride) ++kept;
            const axis correlated = padded(k, amounts_of(mode::same, k, sense::correlation, centre));
            if (correlated.position(0, centre) != 0 || correlated.outputs() != kept) FAIL(words_of(correlated));
            const axis convolved = padded(k, amounts_of(mode::same, k, sense::convolution, centre));
            const index_t reversed = k.taps - 1 - centre;  // the kernel is slid reversed
            if (convolved.position(0, reversed) != 0 || convolved.outputs() != kept) FAIL(words_of(convolved));
        }
    });
}

TEST_CASE("padding: the centres of other systems, for an even kernel of 4", "[geometry]") {
    const axis k{9, 4};
    const auto low = [&](sense s, index_t centre) { return amounts_of(mode::same, k, s, centre).low; };
    // numpy and scipy.signal convolve about tap 1, ndimage and MATLAB about tap 2: as crops of full they begin at the
    // tap
    CHECK(low(sense::convolution, 1) == 2);
    CHECK(low(sense::convolution, 2) == 1);
    CHECK(amounts_of(mode::same, k, sense::convolution, {}) == low_high{2, 1});
    // correlate2d, imfilter and PyTorch correlate about tap 1; scipy.signal, ndimage and OpenCV about tap 2
    CHECK(low(sense::correlation, 1) == 1);
    CHECK(low(sense::correlation, 2) == 2);
    CHECK(amounts_of(mode::same, k, sense::correlation, {}) == low_high{1, 2});
}

TEST_CASE("padding: same_upper and same_lower are SAME of TensorFlow and ONNX", "[geometry]") {
    for_every_window([](axis const& k) {
        for (sense s : senses) {
            index_t outputs = 0;  // ceil(n / s)
            while (outputs * k.window_stride < k.n) ++outputs;
            const index_t span = k.dilation * (k.taps - 1) + 1;
            const index_t total =
                k.n == 0 ? span - 1 : std::max<index_t>((outputs - 1) * k.window_stride + span - k.n, 0);
            const axis upper = with_mode(k, mode::same_upper, s), lower = with_mode(k, mode::same_lower, s);
            if (upper.outputs() != outputs || lower.outputs() != outputs) FAIL(words_of(upper));
            if (upper.low != total / 2 || upper.high != total - total / 2) FAIL(words_of(upper));
            if (lower.high != total / 2 || lower.low != total - total / 2) FAIL(words_of(lower));
        }
    });
    // the documented example of tf.nn.convolution: 13 samples, 6 taps, stride 5: one zero before, two after
    CHECK(amounts_of(mode::same_upper, {13, 6, 5}, sense::correlation, {}) == low_high{1, 2});
    CHECK(amounts_of(mode::same_lower, {13, 6, 5}, sense::correlation, {}) == low_high{2, 1});
}

TEST_CASE("padding: modes do not overflow as far out as an axis may reach", "[geometry]") {
    std::mt19937_64 random(64);
    for (int i = 0; i < 20000; ++i) {
        axis k = any_axis(random);
        k.low = k.high = 0;
        const wide rim = wide{k.dilation} * (k.taps - 1);
        for (sense s : senses) {
            for (mode m : {mode::full, mode::same, mode::valid, mode::same_upper, mode::same_lower}) {
                const axis moded = with_mode(k, m, s);
                require_valid(moded, "padding", 0);
                const wide total = wide{moded.low} + moded.high;
                if (m == mode::full && total != 2 * rim) FAIL(words_of(moded));
                if (m == mode::same && total != rim) FAIL(words_of(moded));
                if (m == mode::valid && total != 0) FAIL(words_of(moded));
                if (m != mode::full && m != mode::valid && k.n > 0 &&
                    moded.outputs() != (wide{k.n} + k.window_stride - 1) / k.window_stride)
                    FAIL(words_of(moded));
            }
            const index_t centre = any_magnitude(random, 0) % k.taps;
            const low_high about = amounts_of(mode::same, k, s, centre);
            if (wide{about.low} + about.high != rim) FAIL(words_of(k) << " centre " << centre);
        }
    }
}

TEST_CASE("padding: how amounts are read", "[geometry]") {
    const padding one = 3;
    for (int a = 0; a < max_axes; ++a) CHECK(one.amounts()[a] == low_high{3, 3});
    for (int axes = 1; axes <= max_axes; ++axes) CHECK_NOTHROW(one.require_axes(axes));
    CHECK_FALSE(one.mode().has_value());

    const padding symmetric = {1, -2};
    CHECK(symmetric.amounts().count() == 2);
    CHECK(symmetric.amounts()[0] == low_high{1, 1});
    CHECK(symmetric.amounts()[1] == low_high{-2, -2});
    CHECK_NOTHROW(symmetric.require_axes(2));

    const padding uneven = {{1, 2}, {0, -3}};
    CHECK(uneven.amounts().count() == 2);
    CHECK(uneven.amounts()[0] == low_high{1, 2});
    CHECK(uneven.amounts()[1] == low_high{0, -3});

    const padding of_one_axis = {{1, 2}};
    CHECK(of_one_axis.amounts().count() == 1);
    CHECK(of_one_axis.amounts()[0] == low_high{1, 2});

    const padding of_mode = mode::same_lower;
    CHECK(of_mode.mode() == mode::same_lower);
    for (int axes = 1; axes <= max_axes; ++axes) CHECK_NOTHROW(of_mode.require_axes(axes));
}

TEST_CASE("padding: a list of another length says how lists are read", "[geometry]") {
    CHECK(message_of<shape_error>([] {
              padding{1, 2}.require_axes(1);
          }) ==
          "padding: a list of 2 for 1 axis: {1, 2} is one symmetric amount per axis, {{1, 2}} is {low, high} of one "
          "axis");
    CHECK(message_of<shape_error>([] {
              padding{{1, 2}}.require_axes(2);
          }) ==
          "padding: a list of 1 for 2 axes: {1, 2} is one symmetric amount per axis, {{1, 2}} is {low, high} of one "
          "axis");
    CHECK(message_of<shape_error>([] { padding{0, 1, 2, 3, 4, 5, 6, 7, 8}; }) ==
          "a list of more than 8 values: a problem has at most 8 axes");
    CHECK(message_of<shape_error>([] { padding(std::initializer_list<index_t>{}); }) ==
          "a list without values: give one value per axis");
    CHECK(message_of<shape_error>([] { padding(std::initializer_list<low_high>{}); }) ==
          "a list without values: give one value per axis");
}

TEST_CASE("padding: a constant expression", "[geometry]") {
    STATIC_REQUIRE(amounts_of(mode::full, {10, 3, 1, 2}, sense::convolution, {}) == low_high{4, 4});
    STATIC_REQUIRE(amounts_of(mode::same, {10, 4}, sense::convolution, {}) == low_high{2, 1});
    STATIC_REQUIRE(amounts_of(mode::same, {10, 4}, sense::convolution, 0) == low_high{3, 0});
    STATIC_REQUIRE(amounts_of(mode::same_upper, {10, 4, 3}, sense::correlation, {}) == low_high{1, 2});
    STATIC_REQUIRE(padding(mode::valid).mode() == mode::valid);
    STATIC_REQUIRE(padding{{1, 2}, {0, 3}}.amounts()[1] == low_high{0, 3});
    STATIC_REQUIRE((padding{1, 2}.require_axes(2), true));
}
