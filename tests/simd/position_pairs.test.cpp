// tests/simd/position_pairs.test.cpp -- sums of channels in lanes by turns in rows of outputs, about the edges of
// vectors
#include <faltung/simd/position_pairs.hpp>

#include <numeric>

#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class T>
void check(instruction_set set, index_t kernels, index_t evens, index_t odds, index_t gap) {
    INFO(name_of(set) << ": " << kernels << " channels, " << evens << " and " << odds << " outputs, " << gap
                      << " behind a row");
    const index_t lanes = detail::bytes_of_vector(set) / static_cast<index_t>(sizeof(T)),
                  positions = std::max(lanes, (evens + 1) / 2 * 2), pack = positions * lanes,
                  packs = (kernels + lanes - 1) / lanes, step = evens + odds + gap,
                  all = kernels > 0 ? (kernels - 1) * step + evens + odds : 0;
    const guarded<T> even(packs * pack, guard::after), odd(packs * pack, guard::after);
    std::iota(even.data(), even.data() + even.count(), T{1});
    std::iota(odd.data(), odd.data() + odd.count(), T{20000});
    std::vector<T> want(static_cast<std::size_t>(all), T{7});
    for (index_t k = 0; k < kernels; ++k)
        for (index_t i = 0; i < evens + odds; ++i) {
            const index_t sum = k / lanes * pack + i / 2 * lanes + k % lanes;
            want[static_cast<std::size_t>(k * step + i)] = i % 2 == 0 ? even.data()[sum] : odd.data()[sum];
        }
    for (const guard where : {guard::before, guard::after}) {
        const guarded<T> to(all, where);
        std::fill(to.data(), to.data() + all, T{7});
        detail::versions<detail::position_pairs<T>>::of(set)(
            {even.data(), odd.data(), pack, kernels, evens, odds, to.data(), step});
        CHECK((std::vector<T>(to.data(), to.data() + all) == want));
    }
}

}  // namespace

TEMPLATE_TEST_CASE("position_pairs: two sums take turns in every row", "[simd]", float, double) {
    for (const instruction_set set : instruction_sets())
        for (index_t odds = 0; odds <= 50; ++odds)
            for (index_t more = 0; more <= 1; ++more)
                for (const index_t kernels : {1, 2, 15, 16, 17, 32, 33})
                    check<TestType>(set, kernels, odds + more, odds, odds % 3);
}
