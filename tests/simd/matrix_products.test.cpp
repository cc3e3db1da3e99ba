// tests/simd/matrix_products.test.cpp -- products of small matrices, in every instruction set, against their sums
#include <faltung/simd/matrix_products.hpp>

#include <vector>

#include "support/catch.hpp"
#include "support/random.hpp"

using namespace faltung;

TEMPLATE_TEST_CASE("matrix_products: exact on small integers", "[simd]", float, double) {
    using R = TestType;
    testing::random_source random(92);
    for (instruction_set i : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (i > detail::best_instruction_set()) continue;
        const index_t bytes = detail::bytes_of_vector(i);
        const index_t lanes = bytes / index_t{sizeof(R)}, unit = 2 * lanes;
        for (index_t rows : {1, 3, 4})
            for (index_t columns : {1, 2, 7})
                for (index_t vectors : {1, 3, 4, 9}) {
                    const auto matrix = random.many_small<R>(rows * columns * unit),
                               from = random.many_small<R>(vectors * columns * unit);
                    std::vector<R> to(static_cast<std::size_t>(vectors * rows * unit));
                    detail::versions<detail::matrix_products<R>>::of(i)(
                        {matrix.data(), from.data(), to.data(), rows, columns, vectors});
                    for (index_t b = 0; b < vectors; ++b)
                        for (index_t r = 0; r < rows; ++r)
                            for (index_t l = 0; l < lanes; ++l) {
                                R re = 0, im = 0;
                                for (index_t s = 0; s < columns; ++s) {
                                    const auto m = static_cast<std::size_t>((r * columns + s) * unit + l),
                                               v = static_cast<std::size_t>((b * columns + s) * unit + l),
                                               next = static_cast<std::size_t>(lanes);
                                    re += matrix[m] * from[v] + matrix[m + next] * from[v + next];
                                    im += matrix[m] * from[v + next] - matrix[m + next] * from[v];
                                }
                                const auto at = static_cast<std::size_t>((b * rows + r) * unit + l);
                                REQUIRE(to[at] == re);
                                REQUIRE(to[at + static_cast<std::size_t>(lanes)] == im);
                            }
                }
    }
}
