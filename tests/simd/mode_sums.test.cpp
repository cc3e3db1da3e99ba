// tests/simd/mode_sums.test.cpp -- sums over few points and their modes, for every instruction set, against plain sums
#include <faltung/simd/mode_sums.hpp>

#include <complex>
#include <vector>

#include "support/catch.hpp"
#include "support/random.hpp"

using namespace faltung;

namespace {

/// Points and columns fill vectors.
template <class T>
void require_sums(instruction_set i, index_t points, index_t columns) {
    using wide = std::complex<long double>;
    INFO(text(name_of(i), " ", points, " points, ", columns, " columns, bytes ", sizeof(T)));
    testing::random_source random(3);
    const auto numbers = [&](index_t count) {
        std::vector<T> v(static_cast<std::size_t>(count));
        for (T& x : v) x = static_cast<T>(random.between(-64, 64)) / T{64};
        return v;
    };
    const index_t stride = columns + 16;
    const auto outer = numbers(2 * points), inner = numbers(points * stride);
    std::vector<T> turned(static_cast<std::size_t>(points * columns));
    for (index_t j = 0; j < points; ++j)
        for (index_t k = 0; k < columns; ++k)
            turned[static_cast<std::size_t>(k * points + j)] = inner[static_cast<std::size_t>(j * stride + k)];
    auto c = numbers(points), d = numbers(points);
    std::vector<T> re(static_cast<std::size_t>(columns)), im = re;
    const detail::mode_sum_arguments<T> a{outer.data(), inner.data(), turned.data(), points,   columns,
                                          stride,       re.data(),    im.data(),     c.data(), d.data()};
    const auto wave = [&](index_t j) {
        return wide(outer[static_cast<std::size_t>(j)], outer[static_cast<std::size_t>(points + j)]);
    };
    const auto of_inner = [&](index_t j, index_t k) {
        return static_cast<long double>(inner[static_cast<std::size_t>(j * stride + k)]);
    };
    const long double rounding = std::numeric_limits<T>::epsilon();
    detail::versions<detail::modes_of_points<T>>::of(i)(a);
    for (index_t k = 0; k < columns; ++k) {
        wide sum = 0;
        for (index_t j = 0; j < points; ++j)
            sum += wide(c[static_cast<std::size_t>(j)], d[static_cast<std::size_t>(j)]) * wave(j) * of_inner(j, k);
        const wide found(re[static_cast<std::size_t>(k)], im[static_cast<std::size_t>(k)]);
        REQUIRE(std::abs(found - sum) <= 8 * rounding * static_cast<long double>(points));
    }
    const auto begin_re = c, begin_im = d;
    detail::versions<detail::points_of_modes<T>>::of(i)(a);
    for (index_t j = 0; j < points; ++j) {
        const auto at = static_cast<std::size_t>(j);
        wide sum(begin_re[at], begin_im[at]);
        for (index_t k = 0; k < columns; ++k)
            sum += std::conj(wave(j)) * of_inner(j, k) *
                   wide(re[static_cast<std::size_t>(k)], im[static_cast<std::size_t>(k)]);
        REQUIRE(std::abs(wide(c[at], d[at]) - sum) <= 8 * rounding * static_cast<long double>(columns * points));
    }
}

}  // namespace

TEST_CASE("sums over points and over modes are the sums that they are said to be") {
    for (const instruction_set i : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (i > detail::best_instruction_set()) continue;
        for (const index_t points : {16, 48, 112, 144})
            for (const index_t columns : {16, 32, 80}) {
                require_sums<double>(i, points, columns);
                require_sums<float>(i, points, columns);
            }
    }
}
