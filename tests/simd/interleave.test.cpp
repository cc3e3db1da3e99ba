// tests/simd/interleave.test.cpp -- two rows sample by sample into one, about the edges of vectors
#include <faltung/simd/interleave.hpp>

#include <numeric>

#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class T>
void check(instruction_set set, index_t evens, index_t odds, index_t rows, index_t gap) {
    INFO(name_of(set) << " " << evens << " and " << odds << " samples of " << sizeof(T) << " bytes, " << rows
                      << " rows, " << gap << " apart");
    const index_t count = evens + odds, step = count + gap, all = rows > 0 ? (rows - 1) * step + count : 0;
    const guarded<T> even(rows * evens, guard::after), odd(rows * odds, guard::after);
    std::iota(even.data(), even.data() + even.count(), T{1});
    std::iota(odd.data(), odd.data() + odd.count(), T{100});
    std::vector<T> want(static_cast<std::size_t>(all), T{7});
    for (index_t r = 0; r < rows; ++r)
        for (index_t i = 0; i < count; ++i)
            want[static_cast<std::size_t>(r * step + i)] =
                i % 2 == 0 ? even.data()[r * evens + i / 2] : odd.data()[r * odds + i / 2];
    for (const guard where : {guard::before, guard::after}) {
        const guarded<T> to(all, where);
        std::fill(to.data(), to.data() + all, T{7});
        detail::versions<detail::interleave_rows<T>>::of(set)(
            {even.data(), odd.data(), evens, odds, rows, to.data(), step});
        CHECK((std::vector<T>(to.data(), to.data() + all) == want));
    }
}

}  // namespace

TEMPLATE_TEST_CASE("interleave: rows of two arrays become one", "[simd]", float, double, std::int32_t, std::uint8_t,
                   long double) {
    for (const instruction_set set : instruction_sets())
        for (index_t odds = 0; odds <= 50; ++odds)
            for (index_t more = 0; more <= 1; ++more)
                for (index_t rows = 0; rows <= 3; ++rows) check<TestType>(set, odds + more, odds, rows, odds % 3);
}
