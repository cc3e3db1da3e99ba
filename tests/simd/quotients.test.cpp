// tests/simd/quotients.test.cpp -- rounded division by one divisor, against division of long double
#include <faltung/simd/quotients.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include "support/catch.hpp"
#include "support/random.hpp"

using namespace faltung;

TEMPLATE_TEST_CASE("quotients: to nearest, ties to even or upwards", "[simd]", std::int32_t, std::uint8_t, std::int8_t,
                   std::uint16_t, std::int16_t) {
    testing::random_source random(21);
    std::vector<std::int32_t> divisors{1, 2, 3, 4, 5, 7, 9, 10, 15, 16, 25, 121, 961, 1024, 999983};
    for (int i = 0; i < 200; ++i)
        divisors.push_back(static_cast<std::int32_t>(random.between(1, i < 100 ? 1 << 20 : 3000)));
    for (auto set : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (set > detail::best_instruction_set()) continue;
        for (std::int32_t d : divisors) {
            const std::int64_t largest = std::min<std::int64_t>((std::int64_t{1} << 20) * d, (1 << 30) - 1);
            for (std::int64_t most : {largest, std::min<std::int64_t>(largest, 1 << 20)})
                for (std::int64_t lowest : {std::int64_t{0}, -most}) {
                    std::vector<std::int32_t> v;
                    for (std::int64_t k = -40; k < 40; ++k)  // around ties and multiples
                        v.push_back(static_cast<std::int32_t>(std::clamp(k * d / 2 + k % 3, lowest, most)));
                    for (std::int64_t k = 0; k < 80; ++k)
                        v.push_back(
                            static_cast<std::int32_t>(std::clamp(most / d * d - k * d / 2 + k % 3, lowest, most)));
                    for (int i = 0; i < 160; ++i) v.push_back(static_cast<std::int32_t>(random.between(lowest, most)));
                    std::vector<TestType> y(v.size());
                    const auto divide = detail::versions<detail::quotients<TestType>>::of(set);
                    for (int to_even : {1, 0}) {
                        divide({v.data(), y.data(), static_cast<index_t>(v.size()), d,
                                static_cast<std::int32_t>(lowest), static_cast<std::int32_t>(most), to_even});
                        for (std::size_t i = 0; i < v.size(); ++i) {
                            INFO(v[i] << " / " << d);
                            const long double exact = static_cast<long double>(v[i]) / d,
                                              whole = to_even ? std::nearbyint(exact) : std::floor(exact + 0.5L);
                            REQUIRE(y[i] == static_cast<TestType>(static_cast<std::int32_t>(whole)));
                        }
                    }
                }
        }
    }
}

TEMPLATE_TEST_CASE("quotients: of every sum of 16 bits", "[simd]", std::uint16_t, std::int16_t) {
    using From = TestType;
    std::vector<From> v;
    v.reserve(65536);
    for (int i = std::numeric_limits<From>::min(); i <= std::numeric_limits<From>::max(); ++i)
        v.push_back(static_cast<From>(i));
    std::vector<std::uint8_t> y(v.size());
    for (auto set : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (set > detail::best_instruction_set()) continue;
        for (std::int32_t d : {2, 3, 9, 10, 121, 256, 257})
            for (int to_even : {1, 0}) {
                detail::versions<detail::quotients<std::uint8_t, From>>::of(set)(
                    {v.data(), y.data(), 65536, d, v.front(), v.back(), to_even});
                index_t wrong = 0;
                for (std::size_t i = 0; i < v.size(); ++i) {
                    const long double exact = static_cast<long double>(v[i]) / d,
                                      whole = to_even ? std::nearbyint(exact) : std::floor(exact + 0.5L);
                    wrong += y[i] != static_cast<std::uint8_t>(static_cast<std::int32_t>(whole));
                }
                INFO(name_of(set) << ", divisor " << d);
                CHECK(wrong == 0);
            }
    }
}
