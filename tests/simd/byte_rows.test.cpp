// tests/simd/byte_rows.test.cpp -- bytes widened and floats rounded to bytes: every count, instruction set and value
#include <faltung/simd/byte_rows.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class To>
void check_bytes_in(instruction_set set, index_t count, guard where, random_source& r) {
    const guarded<std::uint8_t> from(count, where);
    const guarded<To> to(count, where);
    for (std::uint8_t& v : from.span()) v = static_cast<std::uint8_t>(r.between(0, 255));
    detail::versions<detail::bytes_in<To>>::of(set)({from.data(), to.data(), count});
    index_t wrong = 0;
    for (index_t i = 0; i < count; ++i) wrong += to.data()[i] != static_cast<To>(from.data()[i]);
    INFO(name_of(set) << " count " << count);
    CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("bytes_in: counts of 0 to 3 vectors and more", "[simd]") {
    random_source r(1);
    for (const instruction_set s : instruction_sets())
        for (index_t count = 0; count <= 140; ++count)
            for (const guard where : {guard::before, guard::after}) {
                check_bytes_in<float>(s, count, where, r);
                check_bytes_in<std::uint16_t>(s, count, where, r);
            }
}

TEST_CASE("bytes_out: ties to even, the ends of the range and beyond, NaN", "[simd]") {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    std::vector<float> values = {infinity,
                                 -infinity,
                                 std::numeric_limits<float>::quiet_NaN(),
                                 -std::numeric_limits<float>::quiet_NaN(),
                                 -0.0f,
                                 3e9f,
                                 -3e9f,
                                 1e30f,
                                 -1e30f,
                                 2147483648.0f,
                                 -2147483648.0f,
                                 65536.0f,
                                 -32769.0f,
                                 4294967296.0f,
                                 1e-40f,
                                 -1e-40f};
    for (int i = -8; i <= 8 * 257; ++i) {
        const float v = static_cast<float>(i) / 8;
        for (const float near : {v, std::nextafter(v, infinity), std::nextafter(v, -infinity)}) values.push_back(near);
    }
    while (values.size() % 16 != 0) values.push_back(0);
    const auto rounded = [](float v) {
        return v != v ? 0.0f : std::nearbyint(std::fmin(std::fmax(v, 0.0f), 255.0f));  // in the mode of the tests
    };
    for (const instruction_set s : instruction_sets())
        for (index_t first = 0; first + 64 <= static_cast<index_t>(values.size()); first += 16)
            for (const index_t count : {0, 16, 48, 64}) {
                const guarded<float> from(count, guard::after);
                const guarded<std::uint8_t> to(count, guard::after);
                std::copy_n(values.begin() + first, count, from.data());
                detail::versions<detail::bytes_out>::of(s)({from.data(), to.data(), count});
                index_t wrong = 0;
                for (index_t i = 0; i < count; ++i)
                    wrong += static_cast<float>(to.data()[i]) != rounded(from.data()[i]);
                INFO(name_of(s) << " from " << first << " count " << count);
                CHECK(wrong == 0);
            }
}
