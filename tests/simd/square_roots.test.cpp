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
                loop::of(set)({data.data(), count});
                for (index_t i = 0; i < count; ++i)
                    REQUIRE(is_same_value(data.data()[i], expected[static_cast<std::size_t>(i)]));
            }
    }
}
