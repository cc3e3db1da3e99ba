// tests/simd/square_roots.test.cpp -- every version of the loop against std::sqrt, bit by bit
#include <faltung/simd/square_roots.hpp>

#include <limits>

#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/random.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using testing::guard;
using testing::guarded;
using testing::is_same_value;

TEMPLATE_TEST_CASE("square_roots: correctly rounded, in place, nothing beyond", "[simd]", float, double, long double) {
    using T = TestType;
    using loop = detail::versions<detail::square_roots<T>>;
    constexpr T infinity = std::numeric_limits<T>::infinity(), none = std::numeric_limits<T>::quiet_NaN();
    const T special[] = {T(0), -T(0), infinity, none, T(-1), std::numeric_limits<T>::denorm_min(), T(2)};
    testing::random_source random(7);
    for (auto set : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (set > detail::best_instruction_set()) continue;
        for (index_t count = 0; count < 70; ++count)
            for (guard where : {guard::before, guard::after}) {
                const guarded<T> data(count, where);
                std::vector<T> expected;
                for (T& v : data.span()) {
                    v = random.percent(30) ? special[random.between(0, 6)] : std::fabs(random.any<T>());
                    expected.push_back(std::sqrt(v));
                }
                loop::of(set)({data.data(), data.data(), count, detail::destination::caches});
                for (index_t i = 0; i < count; ++i)
                    REQUIRE(is_same_value(data.data()[i], expected[static_cast<std::size_t>(i)]));
            }
    }
}

TEMPLATE_TEST_CASE("square_roots: to every destination, at every place in a line of them", "[simd]", float, double) {
    using T = TestType;
    testing::random_source random(8);
    for (auto set : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (set > detail::best_instruction_set()) continue;
        for (index_t count = 0; count < 100; count += random.between(1, 5))
            for (index_t skipped = 0; skipped < 16; ++skipped) {
                const guarded<T> from(count, guard::after), to(count + skipped, guard::after);
                const auto where = static_cast<detail::destination>(random.between(0, 2));
                for (T& v : from.span()) v = std::fabs(random.any<T>());
                detail::versions<detail::square_roots<T>>::of(set)({from.data(), to.data() + skipped, count, where});
                detail::finish_stores_past_caches();
                index_t wrong = 0;
                for (index_t i = 0; i < count; ++i) wrong += to.data()[skipped + i] != std::sqrt(from.data()[i]);
                for (index_t i = 0; i < skipped; ++i) wrong += to.data()[i] != 0;
                CHECK(wrong == 0);
            }
    }
}
