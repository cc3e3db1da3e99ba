// tests/simd/spreading.test.cpp -- points onto a small grid and back, for every instruction set, against plain sums
#include <faltung/simd/spreading.hpp>

#include <algorithm>
#include <vector>

#include "support/catch.hpp"
#include "support/random.hpp"

using namespace faltung;

namespace {

/// Three points with any numbers as polynomials, so that nothing is known but the loops' own contract. The second one
/// is so many rows on from the first.
template <class T>
void require_loops(instruction_set i, int width, int rank, index_t rows_on) {
    INFO(text(name_of(i), " width ", width, " axes ", rank, " rows on ", rows_on, " bytes ", sizeof(T)));
    testing::random_source random(6, static_cast<std::uint64_t>(width));
    const detail::node_window window = detail::window_of<T>(i, width);
    REQUIRE(window.reals() >= width + window.strip - 1);
    const int coefficients = 5, reals = window.reals(),
              padded = std::max((width + window.lanes - 1) / window.lanes, window.vectors - 1) * window.lanes;
    const auto number = [&] { return static_cast<T>(random.between(-8, 8)) / T{8}; };
    std::vector<std::vector<T>> power(coefficients);  // the same polynomials along all axes, highest power first
    for (auto& p : power)
        for (int k = 0; k < width; ++k) p.push_back(number());
    std::vector<T> shifted(static_cast<std::size_t>(window.strip * coefficients * reals)),
        plain(static_cast<std::size_t>(coefficients * padded));
    for (int c = 0; c < coefficients; ++c)
        for (int k = 0; k < width; ++k) {
            const T v = power[static_cast<std::size_t>(c)][static_cast<std::size_t>(k)];
            plain[static_cast<std::size_t>(c * padded + k)] = v;
            for (int s = 0; s < window.strip; ++s)
                shifted[static_cast<std::size_t>((s * coefficients + c) * reals + s + k)] = v;
        }
    const index_t row = 64, slice = 24 * row, size = rank == 1 ? row : rank == 2 ? slice : 20 * slice;
    // two points a few rows apart, which grids of two axes take together, and one by itself
    const index_t down = rank == 1 ? 0 : 2 * row + (rank == 3 ? slice : 0);
    const std::vector<detail::point_record<T>> points{{{T{0.25}, T{-0.75}, T{0.125}}, 1, 3 + down},
                                                      {{T{1}, T{-0.25}, T{0.75}}, 2, 3 + down + rows_on * row},
                                                      {{T{-0.5}, T{1}, T{-1}}, 0, 22}};
    const std::vector<T> c{T{2}, T{-1}, T{0.5}, T{3}, T{-1.5}, T{0.25}};
    const detail::point_run<T> run{points.data(), 3, rank};
    const index_t step = reals + 2 * padded;
    std::vector<T> values(static_cast<std::size_t>(3 * step)), re(static_cast<std::size_t>(size)), im = re, found(6);
    detail::versions<detail::kernel_values<T>>::of(i)(
        {run, shifted.data(), plain.data(), coefficients, reals, padded, window.strip, values.data(), step, c.data()});
    std::vector<T> strengths = c;
    detail::spreading_arguments<T> a{run,
                                     values.data(),
                                     step,
                                     reals,
                                     padded,
                                     window.strip,
                                     window.vectors,
                                     rank > 1 ? width : 1,
                                     rank == 3 ? width : 1,
                                     row,
                                     slice,
                                     re.data(),
                                     im.data(),
                                     strengths.data(),
                                     T{-1}};
    detail::versions<detail::spread_points<T>>::of(i)(a);

    const auto value = [&](T t, int k) {
        long double sum = 0;
        for (auto const& of_power : power)
            sum = sum * static_cast<long double>(t) + static_cast<long double>(of_power[static_cast<std::size_t>(k)]);
        return sum;
    };
    std::vector<long double> expected_re(static_cast<std::size_t>(size)), expected_im = expected_re;
    std::vector<long double> back(6);
    for (auto const& point : points)
        for (int z = 0; z < (rank == 3 ? width : 1); ++z)
            for (int y = 0; y < (rank > 1 ? width : 1); ++y)
                for (int x = 0; x < width; ++x) {
                    long double weight = value(point.t[2], x);
                    if (rank > 1) weight *= value(point.t[1], y);
                    if (rank == 3) weight *= value(point.t[0], z);
                    const auto at = static_cast<std::size_t>(point.place + z * slice + y * row + x);
                    const std::size_t id = 2 * std::size_t{point.id};
                    expected_re[at] += weight * static_cast<long double>(c[id]);
                    expected_im[at] -= weight * static_cast<long double>(c[id + 1]);
                    back[id] += weight * static_cast<long double>(re[at]);
                    back[id + 1] -= weight * static_cast<long double>(im[at]);
                }
    const long double rounding = std::numeric_limits<T>::epsilon();
    for (std::size_t k = 0; k < re.size(); ++k) {
        REQUIRE(std::abs(static_cast<long double>(re[k]) - expected_re[k]) <= 2000 * rounding);
        REQUIRE(std::abs(static_cast<long double>(im[k]) - expected_im[k]) <= 2000 * rounding);
    }
    long double norm = 0;
    for (std::size_t k = 0; k < re.size(); ++k) norm += std::abs(expected_re[k]) + std::abs(expected_im[k]);
    a.strengths = found.data();
    detail::versions<detail::interpolate_points<T>>::of(i)(a);
    for (std::size_t k = 0; k < back.size(); ++k)
        REQUIRE(std::abs(static_cast<long double>(found[k]) - back[k]) <= 200 * rounding * (1 + norm));
}

}  // namespace

TEST_CASE("spreading and interpolating are the sums that they are said to be") {
    for (const instruction_set i : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (i > detail::best_instruction_set()) continue;
        for (int width = 2; width <= 16; ++width)
            for (const int rank : {1, 2, 3})
                for (index_t rows_on = rank == 2 ? -1 : 0; rows_on <= (rank == 1 ? 0 : rank == 2 ? 4 : 1); ++rows_on) {
                    require_loops<double>(i, width, rank, rows_on);
                    require_loops<float>(i, width, rank, rows_on);
                }
    }
}
