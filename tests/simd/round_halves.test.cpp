// tests/simd/round_halves.test.cpp -- every 16-bit sum, divided by every power of two, on every instruction set
#include <faltung/simd/round_halves.hpp>

#include <numeric>
#include <vector>

#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/seam.hpp"
#include "support/stored.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class Half, class Y>
void check_all(instruction_set set, overflow beyond) {
    using half = std::numeric_limits<Half>;
    using result = std::numeric_limits<Y>;
    const bool clamps = beyond == overflow::saturate;
    const int lowest = clamps ? std::max<int>(half::min(), result::min()) : half::min(),
              highest = clamps ? std::min<int>(half::max(), result::max()) : half::max();
    std::vector<std::uint16_t> sums(65536);
    std::iota(sums.begin(), sums.end(), std::uint16_t{0});
    std::vector<Y> y(sums.size());
    for (int shift = 0; shift < 16; ++shift) {
        detail::versions<detail::round_halves<Half, Y>>::of(set)(
            {sums.data(), y.data(), 65536, shift, static_cast<Half>(lowest), static_cast<Half>(highest)});
        index_t wrong = 0;
        for (std::size_t i = 0; i < sums.size(); ++i) {
            const long double quotient = std::ldexp(static_cast<long double>(static_cast<Half>(sums[i])), -shift);
            wrong += y[i] != stored<Y>(quotient, beyond, rounding::nearest_even);
        }
        INFO(name_of(set) << " shift " << shift);
        CHECK(wrong == 0);
    }
}

}  // namespace

TEST_CASE("round_halves: every sum and shift", "[simd]") {
    for (const instruction_set s : instruction_sets())
        for (const overflow beyond : {overflow::wrap, overflow::saturate}) {
            check_all<std::uint16_t, std::uint8_t>(s, beyond);
            check_all<std::uint16_t, std::int8_t>(s, beyond);
            check_all<std::uint16_t, std::int16_t>(s, beyond);
            check_all<std::uint16_t, std::uint16_t>(s, beyond);
            check_all<std::int16_t, std::uint8_t>(s, beyond);
            check_all<std::int16_t, std::int8_t>(s, beyond);
            check_all<std::int16_t, std::int16_t>(s, beyond);
            check_all<std::int16_t, std::uint16_t>(s, beyond);
        }
}

TEST_CASE("round_halves: every count, and nothing beyond it", "[simd]") {
    for (const instruction_set s : instruction_sets())
        for (index_t count = 0; count <= 100; ++count) {
            const guarded<std::uint16_t> from(count, guard::after);
            const guarded<std::uint8_t> to(count, guard::after);
            for (index_t i = 0; i < count; ++i) from.data()[i] = static_cast<std::uint16_t>(16 * i + 8);
            detail::versions<detail::round_halves<std::uint16_t, std::uint8_t>>::of(s)(
                {from.data(), to.data(), count, 4, 0, 255});
            index_t wrong = 0;  // i + 1/2 is rounded to the even one of i and i + 1
            for (index_t i = 0; i < count; ++i) wrong += to.data()[i] != i + i % 2;
            INFO(name_of(s) << " count " << count);
            CHECK(wrong == 0);
        }
}
