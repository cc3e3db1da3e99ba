// tests/simd/spreading.test.cpp -- points onto a small grid and back, for every instruction set, against plain sums
#include <faltung/simd/spreading.hpp>

#include <vector>

#include "support/catch.hpp"
#include "support/random.hpp"

using namespace faltung;

namespace {

/// One point with any numbers as polynomials, so that nothing is known but the loops' own contract.
template <class T>
void require_loops(instruction_set i, int width, int rank) {
    INFO(text(name_of(i), " width ", width, " axes ", rank, " bytes ", sizeof(T)));
    testing::random_source random(6, static_cast<std::uint64_t>(width));
    const detail::node_window window = detail::window_of<T>(i, width);
    REQUIRE(window.reals() >= width + window.strip - 1);
    const int coefficients = 5, reals = window.reals(),
              padded = (width + window.lanes - 1) / window.lanes * window.lanes;
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
    const index_t row = 64, slice = row * (rank == 3 ? 20 : 1), slices = rank == 1 ? 1 : 20, size = slice * slices;
    const std::vector<T> t[3] = {{T{0.25}, T{-0.5}}, {T{-0.75}, T{1}}, {T{0.125}, T{-1}}};
    const std::vector<std::int64_t> place{3 + 2 * slice * (rank > 1), 22};
    const std::vector<std::uint32_t> id{1, 0};
    const std::vector<T> c{T{2}, T{-1}, T{0.5}, T{3}};
    detail::point_run<T> run;
    run.t[2] = t[2].data();
    if (rank >= 2) run.t[1] = t[rank == 3 ? 1 : 0].data();
    if (rank == 3) run.t[0] = t[0].data();
    run.place = place.data();
    run.id = id.data();
    run.count = 2;
    const index_t step = reals + 2 * padded;
    std::vector<T> values(static_cast<std::size_t>(2 * step)), re(static_cast<std::size_t>(size)), im = re, found(4);
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
                                     rank == 3 ? row : slice,
                                     slice,
                                     re.data(),
                                     im.data(),
                                     strengths.data(),
                                     T{-1}};
    detail::versions<detail::spread_points<T>>::of(i)(a);

    const auto value = [&](std::vector<T> const& at, std::size_t p, int k) {
        long double sum = 0;
        for (auto const& of_power : power)
            sum =
                sum * static_cast<long double>(at[p]) + static_cast<long double>(of_power[static_cast<std::size_t>(k)]);
        return sum;
    };
    std::vector<long double> expected_re(static_cast<std::size_t>(size)), expected_im = expected_re;
    std::vector<long double> back(4);
    for (int pass = 0; pass < 2; ++pass)
        for (std::size_t p = 0; p < 2; ++p)
            for (int z = 0; z < (rank > 1 ? width : 1); ++z)
                for (int y = 0; y < (rank == 3 ? width : 1); ++y)
                    for (int x = 0; x < width; ++x) {
                        long double weight = value(t[2], p, x);
                        if (rank > 1) weight *= value(t[0], p, z);
                        if (rank == 3) weight *= value(t[1], p, y);
                        const auto at = static_cast<std::size_t>(place[p] + z * slice + y * row + x);
                        if (pass == 0) {
                            expected_re[at] += weight * static_cast<long double>(c[2 * id[p]]);
                            expected_im[at] -= weight * static_cast<long double>(c[2 * id[p] + 1]);
                        } else {
                            back[2 * id[p]] += weight * static_cast<long double>(re[at]);
                            back[2 * id[p] + 1] -= weight * static_cast<long double>(im[at]);
                        }
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
    for (std::size_t k = 0; k < 4; ++k)
        REQUIRE(std::abs(static_cast<long double>(found[k]) - back[k]) <= 200 * rounding * (1 + norm));
}

}  // namespace

TEST_CASE("spreading and interpolating are the sums that they are said to be") {
    for (const instruction_set i : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (i > detail::best_instruction_set()) continue;
        for (int width = 2; width <= 16; ++width)
            for (const int rank : {1, 2, 3}) {
                require_loops<double>(i, width, rank);
                require_loops<float>(i, width, rank);
            }
    }
}
