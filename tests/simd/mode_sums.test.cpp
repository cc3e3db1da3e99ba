// tests/simd/mode_sums.test.cpp -- sums over few points and their modes, for every instruction set, against plain sums
#include <faltung/simd/mode_sums.hpp>

#include <complex>
#include <vector>

#include "support/catch.hpp"
#include "support/random.hpp"

using namespace faltung;

namespace {

template <class T>
void require_sums(instruction_set i, index_t points, index_t rows, index_t columns) {
    using wide = std::complex<long double>;
    INFO(text(name_of(i), " ", points, " points, ", rows, " rows, ", columns, " columns, bytes ", sizeof(T)));
    testing::random_source random(3);
    const auto numbers = [&](index_t count) {
        std::vector<T> v(static_cast<std::size_t>(count));
        for (T& x : v) x = static_cast<T>(random.between(-64, 64)) / T{64};
        return v;
    };
    const auto outer = numbers(2 * points * rows), inner = numbers(2 * points * columns);
    auto c = numbers(2 * points), back = c;
    std::vector<T> re(static_cast<std::size_t>(rows * columns)), im = re;
    detail::versions<detail::modes_of_points<T>>::of(i)(
        {outer.data(), inner.data(), points, rows, columns, re.data(), im.data(), c.data()});
    const auto wave = [&](index_t j, index_t row, index_t column) {
        const auto o = static_cast<std::size_t>(2 * (j * rows + row)),
                   n = static_cast<std::size_t>(2 * j * columns + column);
        return wide(outer[o], outer[o + 1]) * wide(inner[n], inner[n + static_cast<std::size_t>(columns)]);
    };
    const long double rounding = std::numeric_limits<T>::epsilon();
    std::vector<wide> modes(static_cast<std::size_t>(rows * columns));
    for (index_t row = 0; row < rows; ++row)
        for (index_t column = 0; column < columns; ++column) {
            wide sum = 0;
            for (index_t j = 0; j < points; ++j)
                sum += wide(c[static_cast<std::size_t>(2 * j)], c[static_cast<std::size_t>(2 * j + 1)]) *
                       wave(j, row, column);
            const auto at = static_cast<std::size_t>(row * columns + column);
            modes[at] = {re[at], im[at]};
            REQUIRE(std::abs(modes[at] - sum) <= 8 * rounding * static_cast<long double>(points));
        }
    detail::versions<detail::points_of_modes<T>>::of(i)(
        {outer.data(), inner.data(), points, rows, columns, re.data(), im.data(), back.data()});
    for (index_t j = 0; j < points; ++j) {
        wide sum = 0;
        for (index_t row = 0; row < rows; ++row)
            for (index_t column = 0; column < columns; ++column)
                sum += modes[static_cast<std::size_t>(row * columns + column)] * std::conj(wave(j, row, column));
        const wide found(back[static_cast<std::size_t>(2 * j)], back[static_cast<std::size_t>(2 * j + 1)]);
        REQUIRE(std::abs(found - sum) <= 8 * rounding * static_cast<long double>(rows * columns * points));
    }
}

}  // namespace

TEST_CASE("sums over points and over modes are the sums that they are said to be") {
    for (const instruction_set i : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (i > detail::best_instruction_set()) continue;
        require_sums<double>(i, 5, 3, 32);
        require_sums<float>(i, 5, 3, 32);
        require_sums<double>(i, 1, 1, 16);
        require_sums<float>(i, 9, 20, 48);
    }
}
