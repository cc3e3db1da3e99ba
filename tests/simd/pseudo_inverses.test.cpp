// tests/simd/pseudo_inverses.test.cpp -- inverses of every instruction set against the identities that define them
#include <faltung/simd/pseudo_inverses.hpp>

#include <complex>
#include <vector>

#include "support/catch.hpp"
#include "support/random.hpp"

using namespace faltung;

namespace {

/// Blocks of matrices of small numbers, each of full rank for certain: every column is large at its own row.
template <class R, bool Complex>
void require_inverses(instruction_set i, index_t rows, index_t columns, index_t blocks) {
    using loops = detail::pseudo_inverses<R, Complex>;
    using number = std::complex<long double>;
    testing::random_source random(91);
    const index_t bytes = detail::bytes_of_vector(i);
    const index_t lanes = bytes / index_t{sizeof(R)}, unit = lanes * loops::parts, each = rows * columns * unit;
    std::vector<R> a(static_cast<std::size_t>(blocks * each)), inverse(a.size()),
        norms(static_cast<std::size_t>(2 * blocks * lanes)),
        diagonal(static_cast<std::size_t>((loops::parts + 1) * columns * lanes));
    for (R& v : a) v = static_cast<R>(random.between(-9, 9));
    for (index_t b = 0; b < blocks; ++b)
        for (index_t j = 0; j < columns; ++j)
            for (index_t l = 0; l < lanes; ++l)
                a[static_cast<std::size_t>(b * each + (j * rows + j) * unit + l)] += static_cast<R>(20 * rows);
    const std::vector<R> given = a;
    detail::versions<loops>::of(i)({a.data(), inverse.data(), rows, columns, diagonal.data(), norms.data(),
                                    norms.data() + blocks * lanes, blocks});
    for (index_t b = 0; b < blocks; ++b)
        for (index_t l = 0; l < lanes; ++l) {
            const auto sample = [&](std::vector<R> const& from, index_t element) {
                const auto at = static_cast<std::size_t>(b * each + element * unit + l);
                return number(from[at],
                              Complex ? static_cast<long double>(from[at + static_cast<std::size_t>(lanes)]) : 0);
            };
            long double norm = 0, of_inverse = 0;
            for (index_t e = 0; e < rows * columns; ++e) {
                norm += std::norm(sample(given, e));
                of_inverse += std::norm(sample(inverse, e));
            }
            // A^+ A = I, and the rows of A^+ lie in the span of the columns of A, as A A^+ is Hermitian
            const long double u = std::numeric_limits<R>::epsilon(), allowed = 20 * u * std::sqrt(norm * of_inverse);
            for (index_t c = 0; c < columns; ++c)
                for (index_t d = 0; d < columns; ++d) {
                    number sum = c == d ? -1 : 0;
                    for (index_t r = 0; r < rows; ++r)
                        sum += std::conj(sample(inverse, c * rows + r)) * sample(given, d * rows + r);
                    REQUIRE(std::abs(sum) <= allowed);
                }
            for (index_t r = 0; r < rows; ++r)
                for (index_t s = 0; s < r; ++s) {
                    number sum = 0;
                    for (index_t c = 0; c < columns; ++c)
                        sum += sample(given, c * rows + r) * std::conj(sample(inverse, c * rows + s)) -
                               std::conj(sample(given, c * rows + s)) * sample(inverse, c * rows + r);
                    REQUIRE(std::abs(sum) <= allowed);
                }
            const R found = norms[static_cast<std::size_t>(b * lanes + l)],
                    bound = norms[static_cast<std::size_t>((blocks + b) * lanes + l)];
            REQUIRE(std::fabs(static_cast<long double>(found) - norm) <= 50 * u * norm);
            REQUIRE(std::fabs(static_cast<long double>(bound) - of_inverse) <= 50 * u * of_inverse);
            const double least = 1 / std::sqrt(static_cast<double>(of_inverse)),
                         share = least / std::sqrt(static_cast<double>(norm));
            REQUIRE(loops::is_full_rank(found, bound, {0.5 * share, 0.5 * least}));
            REQUIRE_FALSE(loops::is_full_rank(found, bound, {2 * share, 0}));
            REQUIRE_FALSE(loops::is_full_rank(found, bound, {0, 2 * least}));
        }
}

}  // namespace

TEMPLATE_TEST_CASE("pseudo_inverses: every instruction set, real and complex", "[simd]", float, double) {
    for (instruction_set i : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (i > detail::best_instruction_set()) continue;
        for (index_t rows : {1, 2, 3, 5, 8, 13})
            for (index_t columns = 1; columns <= rows; ++columns) {
                INFO(rows << " x " << columns << ", set " << static_cast<int>(i));
                require_inverses<TestType, false>(i, rows, columns, 3);
                require_inverses<TestType, true>(i, rows, columns, 2);
            }
    }
}

TEMPLATE_TEST_CASE("pseudo_inverses: no rank, no trust", "[simd]", float, double) {
    using loops = detail::pseudo_inverses<TestType, false>;
    constexpr TestType infinity = std::numeric_limits<TestType>::infinity(),
                       none = std::numeric_limits<TestType>::quiet_NaN();
    CHECK(loops::is_full_rank(1, 1, {0.5, 0.5}));
    for (TestType bad : {infinity, none, TestType{0}, TestType{-1}}) CHECK_FALSE(loops::is_full_rank(1, bad, {0, 0}));
    for (TestType bad : {infinity, none, std::numeric_limits<TestType>::max()})
        CHECK_FALSE(loops::is_full_rank(bad, 1, {0, 0}));
}
