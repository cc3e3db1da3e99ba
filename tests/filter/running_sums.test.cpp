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
    const buffer<Sum> y(outputs);
    const detail::line_windows<Sum> windows(k, k.edge.re);
    for (int again = 0; again < 2; ++again) {
        windows(x.data(), 1, y.data(), Sum{1});
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
        for (index_t n : {1, 2, 17, 150, 700})
            for (index_t taps = 1; taps <= 330; taps += taps < 70 ? 1 : 31) {
                const index_t low = random.between(-3, taps + 2), high = taps - 1 - low + random.between(0, 3);
                const axis k = window(n, taps, low, high, edge);
                if (k.outputs() < 1) continue;
                const auto x = random.many_small<std::int16_t>(n);
                require_line<std::int32_t>(k, x, map);
                require_line<float>(k, x, map);
                require_line<detail::wide_integer>(k, x, map);
            }
}

TEMPLATE_TEST_CASE("column_windows: every number of lines", "[filter]", std::int32_t, std::int64_t, float,
                   long double) {
    using Sum = TestType;
    testing::random_source random(12);
    for (index_t taps = 1; taps <= 20; ++taps)
        for (index_t outputs : {index_t{1}, taps - 1, taps, taps + 1, 3 * taps, 3 * taps + 2}) {
            if (outputs < 1) continue;
            const auto x = testing::small_tensor<Sum, 2>(random, {outputs + taps - 1, 19});
            const detail::column_windows<Sum> windows(taps, 19);
            for (int again = 0; again < 2; ++again) {
                std::vector<Sum> newest(19), oldest(19);  // what one call returns the next one of its kind takes back
                const auto line_in = [&](std::vector<Sum>& room) {
                    return [&](index_t i) {
                        REQUIRE((0 <= i && i < x.extent(0)));
                        std::copy_n(&x(i, 0), 19, room.begin());
                        return static_cast<Sum const*>(room.data());
                    };
                };
                index_t emitted = 0;
                windows(outputs, line_in(newest), line_in(newest), line_in(oldest), [&](index_t o, Sum const* sums) {
                    REQUIRE(o == emitted++);
                    for (index_t j = 0; j < 19; ++j) {
                        Sum expected = 0;
                        for (index_t t = 0; t < taps; ++t) expected += x(o + t, j);
                        REQUIRE(sums[j] == expected);
                    }
                });
                REQUIRE(emitted == outputs);
            }
        }
}

TEMPLATE_TEST_CASE("line_sum, moved_sum: every instruction set adds the same, and nothing beyond", "[filter]",
                   std::int32_t, float, double) {
    using T = TestType;
    testing::random_source random(13);
    const auto l = random.many<T>(50), r = random.many<T>(50), m = random.many<T>(50);
    T const* const lines[] = {l.data(), r.data(), m.data()};
    for (auto set : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (set > detail::best_instruction_set()) continue;
        for (index_t count : {0, 1, 15, 16, 47, 49}) {
            std::vector<T> y(50), sum = m, to(50);
            detail::versions<detail::line_sum<T>>::of(set)({y.data(), lines, 3, count, T{3}});
            detail::versions<detail::moved_sum<T>>::of(set)({sum.data(), l.data(), r.data(), to.data(), count});
            for (std::size_t i = 0; i < 50; ++i) {
                const auto added = [](T a, T b) { return multiply_add(a, T{1}, b); };  // integers wrap
                const T both = added(m[i], l[i]), sum_of_three = added(added(l[i], r[i]), m[i]);
                const bool is_beyond = static_cast<index_t>(i) >= count;
                CHECK(y[i] == (is_beyond ? 0 : is_floating<T> ? 3 * sum_of_three : sum_of_three));
                CHECK(sum[i] == (is_beyond ? m[i] : is_floating<T> ? both : multiply_add(both, T(-1), r[i])));
                CHECK(to[i] == (is_beyond || !is_floating<T> ? 0 : added(both, r[i])));
            }
        }
    }
}

TEMPLATE_TEST_CASE("line_sum: to every destination, at every place in a line of them", "[filter]", float, double) {
    using T = TestType;
    testing::random_source random(14);
    const auto l = random.many_small<T>(300), r = random.many_small<T>(300);
    T const* const lines[] = {l.data(), r.data()};
    for (auto set : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (set > detail::best_instruction_set()) continue;
        for (index_t count = 0; count < 300; count += random.between(1, 20))
            for (index_t skipped = 0; skipped < 16; ++skipped) {
                std::vector<T> y(320, T{-1});
                const auto where = static_cast<detail::destination>(random.between(0, 2));
                detail::versions<detail::line_sum<T>>::of(set)({y.data() + skipped, lines, 2, count, T{3}, where});
                detail::finish_stores_past_caches();
                index_t wrong = 0;
                for (index_t i = 0; i < 320; ++i) {
                    const index_t o = i - skipped;
                    const bool is_result = o >= 0 && o < count;
                    wrong +=
                        y[static_cast<std::size_t>(i)] !=
                        (is_result ? 3 * (l[static_cast<std::size_t>(o)] + r[static_cast<std::size_t>(o)]) : T{-1});
                }
                CHECK(wrong == 0);
            }
    }
}

TEMPLATE_TEST_CASE("moved_sum: lines of a shorter type", "[filter]", std::uint8_t, std::int8_t, std::uint16_t,
                   std::int16_t) {
    using T = TestType;
    testing::random_source random(14);
    auto newest = random.many<T>(67), oldest = random.many<T>(67);
    newest[3] = oldest[4] = std::numeric_limits<T>::max();
    oldest[3] = newest[4] = std::numeric_limits<T>::min();
    for (auto set : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (set > detail::best_instruction_set()) continue;
        std::vector<std::int32_t> sum(67, 1000000);
        detail::versions<detail::moved_sum<std::int32_t, T>>::of(set)(
            {sum.data(), newest.data(), oldest.data(), nullptr, 66});
        for (std::size_t i = 0; i < 67; ++i) CHECK(sum[i] == 1000000 + (i < 66 ? newest[i] - oldest[i] : 0));
    }
}

TEMPLATE_TEST_CASE("moved_sum: sums of bytes in 16 bits", "[filter]", std::uint8_t, std::int8_t) {
    using T = TestType;
    using Half = std::conditional_t<std::is_signed_v<T>, std::int16_t, std::uint16_t>;
    testing::random_source random(16);
    auto newest = random.many<T>(67), oldest = random.many<T>(67);
    newest[3] = oldest[4] = std::numeric_limits<T>::max();
    oldest[3] = newest[4] = std::numeric_limits<T>::min();
    for (auto set : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (set > detail::best_instruction_set()) continue;
        std::vector<Half> sum(67, 1000);
        detail::versions<detail::moved_sum<Half, T>>::of(set)({sum.data(), newest.data(), oldest.data(), nullptr, 66});
        for (std::size_t i = 0; i < 67; ++i) CHECK(sum[i] == 1000 + (i < 66 ? newest[i] - oldest[i] : 0));
    }
}
