// tests/simd/line_sweep.test.cpp -- sums along a line on every instruction set: taps, counts, and ways to store
#include <faltung/simd/line_sweep.hpp>

#include <vector>

#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

/// Small integers make every order exact.
template <class T>
void check_line(instruction_set set, index_t taps, index_t step, index_t count, random_source& r) {
    const auto where = static_cast<detail::destination>(r.between(0, 2));
    const bool continued = where != detail::destination::past_caches && r.percent(50);
    const index_t skipped = r.between(0, 16);  // the first output's place in a line of the cache
    const guarded<T> line(count + (taps - 1) * step, guard::after), out(count + skipped, guard::after);
    for (T& v : line.span()) v = r.small<T>();
    for (T& v : out.span()) v = r.small<T>();
    const auto weights = r.many_small<T>(taps);
    std::vector<T> want(out.data(), out.data() + out.count());
    for (index_t o = 0; o < count; ++o) {
        T sum = continued ? want[static_cast<std::size_t>(skipped + o)] : T{};
        for (index_t t = 0; t < taps; ++t)
            sum = static_cast<T>(sum + weights[static_cast<std::size_t>(t)] * line.data()[o + t * step]);
        want[static_cast<std::size_t>(skipped + o)] = sum;
    }
    detail::versions<detail::line_sweep<T>>::of(set)(
        {line.data(), step, weights.data(), taps, out.data() + skipped, count, continued, where});
    detail::finish_stores_past_caches();
    INFO(name_of(set) << " taps " << taps << " step " << step << " count " << count << " from " << skipped);
    CHECK((std::vector<T>(out.data(), out.data() + out.count()) == want));
}

}  // namespace

TEST_CASE("line_sweep: all taps, steps, counts and types", "[simd]") {
    random_source r(1);
    for (const instruction_set s : instruction_sets())
        for (index_t taps = 1; taps <= 150; taps += taps < 40 ? 1 : 17)
            for (const index_t step : {1, 1, 2, 5})
                for (const index_t most : {9, 70, 600}) {
                    check_line<float>(s, taps, step, r.between(1, most), r);
                    check_line<double>(s, taps, step, r.between(1, most), r);
                    check_line<std::int64_t>(s, taps, step, r.between(1, most), r);
                    check_line<std::uint16_t>(s, taps, step, r.between(1, most), r);
                }
}

TEST_CASE("line_sweep: an output's bits do not depend on its place, on how many there are or on how they are stored",
          "[simd]") {
    random_source r(2);
    constexpr index_t most = 300;
    for (const instruction_set s : instruction_sets())
        for (const index_t taps : {3, 8, 11, 31, 77})
            for (const index_t step : {1, 3}) {
                const auto line = r.many<float>(most + (taps - 1) * step), weights = r.many<float>(taps);
                const auto sweep = detail::versions<detail::line_sweep<float>>::of(s);
                std::vector<float> alone(most), part(most);
                for (index_t o = 0; o < most; ++o)
                    sweep({line.data() + o, step, weights.data(), taps, alone.data() + o, 1, false,
                           detail::destination::caches});
                for (int i = 0; i < 30; ++i) {
                    const index_t first = r.between(0, most - 1), count = r.between(1, most - first);
                    const auto where = static_cast<detail::destination>(r.between(0, 2));
                    sweep({line.data() + first, step, weights.data(), taps, part.data(), count, false, where});
                    detail::finish_stores_past_caches();
                    INFO(name_of(s) << " taps " << taps << " step " << step << " from " << first << " count " << count);
                    CHECK(std::equal(part.begin(), part.begin() + count, alone.begin() + first));
                }
            }
}
