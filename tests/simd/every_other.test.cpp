// tests/simd/every_other.test.cpp -- every other sample of a row, about the edges of vectors, between forbidden pages
#include <faltung/simd/every_other.hpp>

#include <numeric>

#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

TEMPLATE_TEST_CASE("every_other: the samples at even places, none behind the last one", "[simd]", float, double,
                   std::int32_t, std::int64_t, std::uint16_t) {
    for (const instruction_set set : instruction_sets())
        for (const guard where : {guard::before, guard::after})
            for (index_t count = 0; count <= 100; ++count) {
                INFO(name_of(set) << " " << count << " samples of " << sizeof(TestType) << " bytes");
                const guarded<TestType> from(count > 0 ? 2 * count - 1 : 0, where), to(count, where);
                std::iota(from.data(), from.data() + from.count(), TestType{3});
                detail::versions<detail::every_other<TestType>>::of(set)({from.data(), to.data(), count});
                index_t wrong = 0;
                for (index_t i = 0; i < count; ++i) wrong += to.data()[i] != static_cast<TestType>(3 + 2 * i);
                CHECK(wrong == 0);
            }
}
