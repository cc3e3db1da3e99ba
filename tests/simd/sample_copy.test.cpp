// tests/simd/sample_copy.test.cpp -- every version: the samples and no byte besides, and what was seen of them
#include <faltung/simd/sample_copy.hpp>

#include <limits>

#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/random.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using detail::destination;
using testing::guard;
using testing::guarded;
using testing::is_same_value;

constexpr destination everywhere[] = {destination::caches, destination::caches_from_afar, destination::past_caches};

TEMPLATE_TEST_CASE("sample_copy: any number of samples, to any place", "[simd]", float, double, long double) {
    using T = TestType;
    for (const instruction_set s : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (s > detail::best_instruction_set()) continue;
        for (const destination where : everywhere)
            for (index_t n = 0; n < 70; ++n)
                for (index_t first = 0; first < 16; ++first) {
                    std::vector<T> x(96), y(96, -1);
                    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<T>(i);
                    detail::versions<detail::sample_copy<T>>::of(s)({x.data() + 1, y.data() + first, n, where});
                    detail::finish_stores_past_caches();
                    for (index_t i = 0; i < 96; ++i) {
                        const bool copied = i >= first && i < first + n;
                        REQUIRE(y[static_cast<std::size_t>(i)] == (copied ? static_cast<T>(1 + i - first) : -1));
                    }
                }
    }
}

TEMPLATE_TEST_CASE("magnitude_scan: the largest of all samples, and whether one is not finite", "[simd]", float, double,
                   long double) {
    using T = TestType;
    constexpr T infinity = std::numeric_limits<T>::infinity(), none = std::numeric_limits<T>::quiet_NaN();
    testing::random_source random(5);
    for (const instruction_set s : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (s > detail::best_instruction_set()) continue;
        const auto scan = detail::versions<detail::magnitude_scan<T>>::of(s);
        for (index_t n = 0; n < 140; ++n)
            for (const guard place : {guard::before, guard::after})
                for (const T special : {T(1), infinity, -infinity, none}) {
                    const guarded<T> x(n, place), y(n, place);
                    T largest = T(0.25);
                    for (T& v : x.span()) v = random.any<T>();
                    if (n > 0) x.data()[random.between(0, n - 1)] = special;
                    for (const T v : x.span()) largest = std::max(largest, std::fabs(v));
                    const bool is_finite = n == 0 || special == 1;
                    for (T* to : {static_cast<T*>(nullptr), y.data()})
                        for (const destination where : {destination::caches, destination::caches_from_afar}) {
                            if (to)
                                for (T& v : y.span()) v = -1;
                            detail::magnitudes<T> seen{T(0.25), 0};
                            scan({x.data(), to, n, &seen, where});
                            REQUIRE((seen.damage == 0) == is_finite);
                            if (is_finite) REQUIRE(seen.largest == largest);
                            for (index_t i = 0; to && i < n; ++i) REQUIRE(is_same_value(to[i], x.data()[i]));
                            detail::magnitudes<T> earlier{0, none};
                            scan({x.data(), to, n, &earlier, where});
                            REQUIRE(earlier.damage != 0);
                        }
                }
    }
}

TEST_CASE("magnitude_scan: one odd sample at any place", "[simd]") {
    for (const instruction_set s : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (s > detail::best_instruction_set()) continue;
        for (index_t n = 0; n < 70; ++n)
            for (index_t at = 0; at < n; ++at) {
                std::vector<float> x(static_cast<std::size_t>(n), 0.5f);
                const auto scan = [&](float odd) {
                    x[static_cast<std::size_t>(at)] = odd;
                    detail::magnitudes<float> seen;
                    detail::versions<detail::magnitude_scan<float>>::of(s)(
                        {x.data(), nullptr, n, &seen, destination::caches});
                    return seen;
                };
                CHECK(scan(-3).largest == 3);
                CHECK(scan(-3).damage == 0);
                CHECK_FALSE(scan(std::numeric_limits<float>::quiet_NaN()).damage == 0);
                CHECK_FALSE(scan(-std::numeric_limits<float>::infinity()).damage == 0);
            }
    }
}

TEMPLATE_TEST_CASE("reversed_scaling: any number of samples, backwards from any place", "[simd]", float, double,
                   long double) {
    using T = TestType;
    testing::random_source random(8);
    for (const instruction_set s : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (s > detail::best_instruction_set()) continue;
        for (index_t n = 0; n < 70; ++n)
            for (const guard place : {guard::before, guard::after}) {
                const guarded<T> x(n, place), y(n, place);
                for (T& v : x.span()) v = random.any<T>();
                detail::versions<detail::reversed_scaling<T>>::of(s)({x.data(), y.data() + n - 1, n, T(-0.75)});
                for (index_t j = 0; j < n; ++j)
                    REQUIRE(y.span()[static_cast<std::size_t>(n - 1 - j)] ==
                            T(-0.75) * x.span()[static_cast<std::size_t>(j)]);
            }
    }
}
