// tests/simd/moving_sums.test.cpp -- windows of every length over lines of every length, against their definition
#include <faltung/simd/moving_sums.hpp>

#include <limits>

#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class T, class From>
void check(From lowest, From highest) {
    random_source random(17);
    for (const instruction_set set : instruction_sets())
        for (const index_t taps : {1, 2, 5, 16, 33})
            for (const index_t count : {1, 2, 4, 5, 8, 9, 16, 17, 18, 33, 50, 67}) {
                INFO(name_of(set) << ", taps " << taps << ", outputs " << count);
                const guarded<From> x(count + taps - 1, guard::after);
                const guarded<T> y(count, guard::after);
                for (From& v : x.span())
                    v = random.between(0, 3) == 0   ? lowest
                        : random.between(0, 3) == 0 ? highest
                                                    : static_cast<From>(random.between(-100, 100));
                detail::versions<detail::moving_sums<T, From>>::of(set)({x.data(), taps, y.data(), count});
                index_t wrong = 0;
                for (index_t o = 0; o < count; ++o) {
                    T sum = 0;
                    for (index_t t = 0; t < taps; ++t) sum += x.data()[o + t];
                    wrong += y.data()[o] != sum;
                }
                CHECK(wrong == 0);
            }
}

}  // namespace

TEST_CASE("moving_sums: every type of sums and samples", "[simd]") {
    check<std::int32_t, std::uint8_t>(0, 255);
    check<std::int32_t, std::int8_t>(-128, 127);
    check<std::int32_t, std::uint16_t>(0, 65535);
    check<std::int32_t, std::int16_t>(-32768, 32767);
    check<std::int32_t, std::int32_t>(-(1 << 24), 1 << 24);
    check<std::int64_t, std::int64_t>(-(std::int64_t{1} << 56), std::int64_t{1} << 56);
}
