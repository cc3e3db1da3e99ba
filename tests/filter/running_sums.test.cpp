// tests/filter/running_sums.test.cpp -- windows of every length along and across lines, against sums from the
// definition
#include <faltung/filter/running_sums.hpp>

#include <limits>

#include "support/catch.hpp"
#include "support/reference.hpp"
#include "support/tensors.hpp"

using namespace faltung;

namespace {

axis window(index_t n, index_t taps, index_t low, index_t high, boundary edge) {
    axis k;
    k.n = n;
    k.taps = taps;
    k.low = low;
    k.high = high;
    k.edge = edge;
    return k;
}

template <class Sum, class X>
void require_line(axis const& k, std::vector<X> const& x, char map) {
    const auto expected = reference::correlate<long double>({{k.n, k.taps, 1, 1, k.low, k.high, map, k.edge.re}}, x,
                                                            std::vector<int>(static_cast<std::size_t>(k.taps), 1));
    const index_t outputs = k.outputs();
    const buffer<Sum> y(detail::line_pitch(outputs));
    const detail::line_windows<Sum> windows(k);
    for (int again = 0; again < 2; ++again) {
        windows(x.data(), 1, y.data());
        for (index_t o = 0; o < outputs; ++o) {
            INFO("n " << k.n << ", taps " << k.taps << ", output " << o);
            REQUIRE(static_cast<long double>(y.data()[o]) == expected[static_cast<std::size_t>(o)]);
        }
    }
}

}  // namespace

TEST_CASE("line_windows: every number of taps, every boundary", "[filter]") {
    testing::random_source random(11);
    const std::pair<boundary, char> boundaries[] = {{boundary::zero, 'z'},      {boundary::constant(-2), 'c'},
                                                    {boundary::replicate, 'e'}, {boundary::reflect, 'r'},
                                                    {boundary::symmetric, 's'}, {boundary::circular, 'w'}};
    for (auto const& [edge, map] : boundaries)
        for (index_t n : {1, 2, 17, 150})
            for (index_t taps = 1; taps <= 140; taps += taps < 70 ? 1 : 13) {
                const index_t low = random.between(-3, taps + 2), high = taps - 1 - low + random.between(0, 3);
                const axis k = window(n, taps, low, high, edge);
                if (k.outputs() < 1) continue;
                const auto x = random.many_small<std::int16_t>(n);
                require_line<std::int32_t>(k, x, map);
                require_line<float>(k, x, map);
                require_line<detail::wide_integer>(k, x, map);
            }
}

TEST_CASE("column_windows: every number of lines", "[filter]") {
    testing::random_source random(12);
    for (index_t taps = 1; taps <= 20; ++taps)
        for (index_t outputs : {index_t{1}, taps - 1, taps, taps + 1, 3 * taps, 3 * taps + 2}) {
            if (outputs < 1) continue;
            const auto x = testing::small_tensor<std::int32_t, 2>(random, {outputs + taps - 1, 19});
            const detail::column_windows<std::int64_t> windows(taps, 19);
            for (int again = 0; again < 2; ++again) {
                index_t loaded = 0, emitted = 0;
                windows(
                    outputs,
                    [&](index_t i, std::int64_t* to) {
                        REQUIRE(i == loaded++);
                        for (index_t j = 0; j < 19; ++j) to[j] = x(i, j);
                    },
                    [&](index_t o, std::int64_t const* sums) {
                        REQUIRE(o == emitted++);
                        for (index_t j = 0; j < 19; ++j) {
                            std::int64_t expected = 0;
                            for (index_t t = 0; t < taps; ++t) expected += x(o + t, j);
                            REQUIRE(sums[j] == expected);
                        }
                    });
                REQUIRE(loaded == outputs + taps - 1);
                REQUIRE(emitted == outputs);
            }
        }
}

TEST_CASE("line_windows: every instruction set adds the same", "[filter]") {
    testing::random_source random(13);
    const auto l = random.many<float>(48), r = random.many<float>(48);
    for (auto set : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (set > detail::best_instruction_set()) continue;
        std::vector<float> y(48), z(48);
        detail::versions<detail::line_sum<float>>::of(set)({y.data(), l.data(), r.data(), 48});
        detail::versions<detail::scaled_line<float>>::of(set)({z.data(), l.data(), 47, 3});
        for (std::size_t i = 0; i < 48; ++i) CHECK(y[i] == l[i] + r[i]);
        for (std::size_t i = 0; i < 48; ++i) CHECK(z[i] == (i < 47 ? 3 * l[i] : 0));
    }
}
