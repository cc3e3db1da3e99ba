// tests/geometry/lags.test.cpp -- the lag of every output against sums written down at that lag
#include <faltung/geometry/lags.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "every_axis.hpp"
#include "support/catch.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

using samples = std::vector<index_t>;

// Numbers without a pattern, so that no two lags have the same sum by accident.
samples unlike_numbers(index_t count, index_t seed) {
    samples v;
    for (index_t i = 0, state = seed; i < count; ++i) {
        state = (state * 1103515245 + 12345) % 2147483648;
        v.push_back(state % 20011 - 10005);
    }
    return v;
}

index_t sample_at(samples const& x, index_t i) {
    return i < 0 || i >= static_cast<index_t>(x.size()) ? 0 : x[static_cast<std::size_t>(i)];
}

// sum over t of h[t] * x[lag + direction * t * dilation]
index_t sum_at(samples const& x, samples const& h, index_t lag, index_t direction, index_t dilation) {
    index_t sum = 0, i = lag;
    for (index_t w : h) {
        sum += w * sample_at(x, i);
        i += direction * dilation;
    }
    return sum;
}

axis full(index_t n, index_t taps) { return {n, taps, 1, 1, taps - 1, taps - 1}; }

}  // namespace

TEST_CASE("lags: every output is the sum at its lag", "[geometry]") {
    index_t outputs = 0;
    for (index_t n = 1; n <= 7; ++n)
        for (index_t taps = 1; taps <= 6; ++taps)
            for (index_t stride = 1; stride <= 3; ++stride)
                for (index_t dilation = 1; dilation <= 3; ++dilation)
                    for (index_t low = -2; low <= 7; ++low)
                        for (index_t high = -2; high <= 7; high += 3) {
                            const axis k{n, taps, stride, dilation, low, high};
                            const samples x = unlike_numbers(n, n + 31), h = unlike_numbers(taps, taps + 7);
                            const samples reversed(h.rbegin(), h.rend());
                            const samples correlated = reference::correlate<index_t>({line_of(k)}, x, h);
                            const samples convolved = reference::correlate<index_t>({line_of(k)}, x, reversed);
                            const lags of_correlation(k, sense::correlation), of_convolution(k, sense::convolution);
                            if (of_correlation.count() != static_cast<index_t>(correlated.size())) FAIL(words_of(k));
                            if (of_convolution.count() != static_cast<index_t>(convolved.size())) FAIL(words_of(k));
                            for (std::size_t o = 0; o < correlated.size(); ++o, ++outputs) {
                                const index_t at = static_cast<index_t>(o);
                                if (correlated[o] != sum_at(x, h, of_correlation[at], 1, dilation))
                                    FAIL(words_of(k) << " output " << o);
                                if (convolved[o] != sum_at(x, h, of_convolution[at], -1, dilation))
                                    FAIL(words_of(k) << " output " << o);
                            }
                        }
    CHECK(outputs > 40000);
}

TEST_CASE("lags: the output of a lag, searched for", "[geometry]") {
    for_every_window([](axis k) {
        for (k.low = -3; k.low <= 12; k.low += 5)
            for (k.high = -3; k.high <= 12; k.high += 5)
                for (sense s : {sense::convolution, sense::correlation}) {
                    const lags l(k, s);
                    std::vector<std::optional<index_t>> searched(161);  // lags -80 to 80
                    index_t lag = (s == sense::correlation ? 0 : k.span() - 1) - k.low;
                    for (index_t o = 0; o < reference::outputs(line_of(k)); ++o, lag += k.window_stride)
                        searched[static_cast<std::size_t>(lag + 80)] = o;
                    for (index_t i = -80; i <= 80; ++i)
                        if (l.output_of(i) != searched[static_cast<std::size_t>(i + 80)])
                            FAIL(words_of(k) << " lag " << i);
                }
    });
    CHECK(lags(full(5, 4), sense::correlation).output_of(0) == 3);
    CHECK_FALSE(lags(full(0, 4), sense::correlation).output_of(-3).has_value());
    CHECK_FALSE(lags({10, 3, 4}, sense::correlation).output_of(2).has_value());
}

TEST_CASE("lags: full, same and valid as other systems number them", "[geometry]") {
    for (index_t n = 1; n <= 8; ++n)
        for (index_t taps = 1; taps <= 8; ++taps) {
            // scipy and numpy: output l of a full correlation has lag l - (taps - 1); of a convolution index l
            CHECK(lags(full(n, taps), sense::correlation).first() == 1 - taps);
            CHECK(lags(full(n, taps), sense::correlation).last() == n - 1);
            CHECK(lags(full(n, taps), sense::convolution).first() == 0);
            CHECK(lags(full(n, taps), sense::convolution).last() == n + taps - 2);
            // scipy.signal.correlate 'same' begins at -(taps // 2) for every n
            axis same{n, taps};
            const low_high amounts = amounts_of(mode::same, same, sense::correlation, taps / 2);
            same.low = amounts.low;
            same.high = amounts.high;
            CHECK(lags(same, sense::correlation).first() == -(taps / 2));
            CHECK(lags(same, sense::correlation).count() == n);
            if (taps > n) continue;
            CHECK(lags({n, taps}, sense::correlation).first() == 0);
            CHECK(lags({n, taps}, sense::correlation).last() == n - taps);
            CHECK(lags({n, taps}, sense::convolution).first() == taps - 1);
            CHECK(lags({n, taps}, sense::convolution).last() == n - 1);
        }
    // -2 to 2, where scipy.signal.correlation_lags(5, 4, 'same') says -1 to 3
    const lags even({5, 4, 1, 1, 2, 1}, sense::correlation);
    CHECK(even.first() == -2);
    CHECK(even.last() == 2);
    CHECK(even.step() == 1);
}

TEST_CASE("lags: a pattern is found where it was put", "[geometry]") {
    const samples h = unlike_numbers(9, 5);
    for (index_t delay = 0; delay <= 21; ++delay) {
        samples x;
        for (index_t i = 0; i < 30; ++i) x.push_back(sample_at(h, i - delay));
        const samples y = reference::correlate<index_t>({line_of(full(30, 9))}, x, h);
        const auto peak = std::max_element(y.begin(), y.end()) - y.begin();
        CHECK(lags(full(30, 9), sense::correlation)[peak] == delay);
    }
}

TEST_CASE("lags: exact as far out as an axis may reach", "[geometry]") {
    std::mt19937_64 random(66);
    int tried = 0;
    for (int i = 0; i < 50000; ++i) {
        const axis k = any_axis(random);
        const index_t outputs = k.outputs();
        if (outputs == 0) continue;
        ++tried;
        const index_t o = any_magnitude(random, 0) % outputs;
        for (sense s : {sense::convolution, sense::correlation}) {
            const lags l(k, s);
            const wide rim = s == sense::correlation ? 0 : wide{k.dilation} * (k.taps - 1);
            if (l[o] != wide{o} * k.window_stride + rim - k.low || l.output_of(l[o]) != o)
                FAIL(words_of(k) << " output " << o);
            if (l.output_of(l.last()) != outputs - 1 || l.output_of(l.first()) != 0) FAIL(words_of(k));
            if (l.output_of(std::numeric_limits<index_t>::max()) || l.output_of(std::numeric_limits<index_t>::min()))
                FAIL(words_of(k));
        }
    }
    CHECK(tried > 10000);
    CHECK(message_of<overflow_error>([] {
              lags({5, 3, 4}, sense::correlation)[index_limit];
          }) == "a lag: 2305843009213693952 * 4 does not fit 64 bits");
}

TEST_CASE("lags: a constant expression", "[geometry]") {
    constexpr lags l({5, 4, 1, 1, 3, 3}, sense::correlation);
    STATIC_REQUIRE(l.first() == -3);
    STATIC_REQUIRE(l.last() == 4);
    STATIC_REQUIRE(l.count() == 8);
    STATIC_REQUIRE(l[3] == 0);
    STATIC_REQUIRE(l.output_of(1) == 4);
    STATIC_REQUIRE_FALSE(l.output_of(5).has_value());
}
