// tests/nufft/gridded_sums.test.cpp -- both directions and their product by way of a grid, for every instruction set
#include <faltung/nufft/gridded_sums.hpp>

#include "direct_sums.hpp"
#include "support/catch.hpp"

using namespace faltung;

namespace {

template <class R>
R* reals(std::vector<std::complex<R>>& v) {
    return reinterpret_cast<R*>(v.data());
}

template <class R>
void require_grid(instruction_set i, shape const& n, double tolerance, double oversampling) {
    INFO(text(name_of(i), " ", n, " tolerance ", tolerance, " bytes ", sizeof(R)));
    testing::random_source random(91);
    const detail::grid_layout<R> g(n, tolerance, oversampling, i);
    const detail::gridded_sums<R> sums(g, detail::spreading_kernel(g.width, tolerance, g.oversampling),
                                       mode_order::natural, i);
    const auto sorted = [&](testing::cloud const& x) {
        return detail::sorted_points<R>(strided<double const>{x.at.data(), {x.count(), n.rank()}, {n.rank(), 1}}, g);
    };
    const auto x = testing::random_cloud(random, 37, n.rank()), y = testing::random_cloud(random, 23, n.rank());
    const auto sources = sorted(x), targets = sorted(y);
    auto c = testing::random_numbers<R>(random, 37);
    const index_t count = checked::product(n, "modes");
    auto multiplier = testing::random_numbers<R>(random, count);
    std::vector<std::complex<R>> modes(multiplier.size()), u(23), back(23);
    workspace w(sums.bytes_per_worker(), sums.shared_bytes(37), 1);
    REQUIRE(sums.fits(w, 37));
    REQUIRE(!sums.fits(w, 60));
    const double allowed = std::max(sizeof(R) == 4 ? 2e-5 : 3e-14, 4 * tolerance);
    const auto all_of_n = testing::all_modes(n, false);
    for (const int sign : {-1, 1}) {
        sums.to_modes(sources, reals(c), reals(modes), sign, w);
        REQUIRE(testing::relative_error(modes, testing::direct_modes(x, c, all_of_n, sign)) <= allowed);
        sums.to_points(targets, reals(multiplier), reals(u), sign, w);
        REQUIRE(testing::relative_error(u, testing::direct_points(y, multiplier, all_of_n, sign)) <= allowed);
    }
    for (const R conjugate : {R{1}, R{-1}}) {
        sums.convolve(sources, reals(c), reals(multiplier), conjugate, targets, reals(back), w);
        const auto exact = testing::direct_modes(x, c, all_of_n, -1);
        std::vector<std::complex<double>> product;
        for (std::size_t m = 0; m < exact.size(); ++m) {
            const std::complex<double> h(multiplier[m]);
            product.push_back(std::complex<double>(exact[m]) * (conjugate > 0 ? h : std::conj(h)));
        }
        REQUIRE(testing::relative_error(back, testing::direct_points(y, product, all_of_n, 1)) <= 2 * allowed);
    }
}

}  // namespace

TEST_CASE("every instruction set sums by way of a grid") {
    for (const instruction_set i : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (i > detail::best_instruction_set()) continue;
        for (shape const& n : {shape{50}, shape{33, 20}, shape{70, 40}, shape{9, 11, 20}}) {
            for (const double tolerance : {1e-2, 1e-6, 1e-9, 1e-13}) require_grid<double>(i, n, tolerance, 2);
            require_grid<double>(i, n, 1e-7, 1.25);
            require_grid<float>(i, n, 1e-3, 2);
            require_grid<float>(i, n, 1e-6, 1.25);
        }
    }
}

TEST_CASE("points that share the columns of a window are spread together") {
    for (const instruction_set i : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (i > detail::best_instruction_set()) continue;
        for (const double tolerance : {1e-1, 1e-4, 1e-6, 1e-9, 1e-13}) {
            INFO(text(name_of(i), " tolerance ", tolerance));
            testing::random_source random(92);
            const shape n{34, 12};
            const detail::grid_layout<double> g(n, tolerance, 2, i);
            const detail::gridded_sums<double> sums(g, detail::spreading_kernel(g.width, tolerance, g.oversampling),
                                                    mode_order::natural, i);
            const auto x = testing::random_cloud(random, 700, 2);
            const detail::sorted_points<double> sorted(strided<double const>{x.at.data(), {700, 2}, {2, 1}}, g);
            auto c = testing::random_numbers<double>(random, 700);
            std::vector<std::complex<double>> modes(34 * 12), back(700);
            workspace w(sums.bytes_per_worker(), sums.shared_bytes(700), 1);
            sums.to_modes(sorted, reals(c), reals(modes), -1, w);
            const auto all_of_n = testing::all_modes(n, false);
            REQUIRE(testing::relative_error(modes, testing::direct_modes(x, c, all_of_n, -1)) <=
                    std::max(3e-14, 4 * tolerance));
            auto f = testing::random_numbers<double>(random, 34 * 12);
            sums.to_points(sorted, reals(f), reals(back), 1, w);
            // the adjoint, exactly: <f, A c> = <A^H f, c>
            const testing::wide l = testing::product(f, modes), r = testing::product(back, c);
            REQUIRE(std::abs(l - r) <= 1e-12L * std::abs(l) + 1e-10L);
        }
    }
}

TEST_CASE("bands of one axis, and threads that share them", "[threads]") {
    testing::random_source random(93);
    for (const instruction_set i : {instruction_set::baseline, detail::best_instruction_set()}) {
        const shape n{9001};
        const detail::grid_layout<double> g(n, 1e-9, 2, i);
        REQUIRE(g.bands > 3);
        const detail::gridded_sums<double> sums(g, detail::spreading_kernel(g.width, 1e-9, g.oversampling),
                                                mode_order::natural, i);
        auto x = testing::random_cloud(random, 150, 1);
        for (std::size_t j = 0; j < 8; ++j) x.at[j] = 1e-4 * static_cast<double>(j) - 4e-4;  // around the ends
        const detail::sorted_points<double> sorted(strided<double const>{x.at.data(), {150, 1}, {1, 1}}, g);
        auto c = testing::random_numbers<double>(random, 150);
        auto f = testing::random_numbers<double>(random, 9001);
        std::vector<std::complex<double>> modes(9001), back(150), u(150), other_modes(modes), other(150);
        workspace w(sums.bytes_per_worker(), sums.shared_bytes(150), 1),
            three(sums.bytes_per_worker(), sums.shared_bytes(150), 3);
        sums.to_modes(sorted, reals(c), reals(modes), -1, w);
        const auto all_of_n = testing::all_modes(n, false);
        REQUIRE(testing::relative_error(modes, testing::direct_modes(x, c, all_of_n, -1)) <= 4e-9);
        sums.to_modes(sorted, reals(c), reals(other_modes), -1, three);
        REQUIRE(modes == other_modes);
        sums.to_points(sorted, reals(f), reals(back), 1, w);
        REQUIRE(testing::relative_error(back, testing::direct_points(x, f, all_of_n, 1)) <= 4e-9);
        sums.to_points(sorted, reals(f), reals(other), 1, three);
        REQUIRE(back == other);
        std::vector<std::complex<double>> product;
        for (std::size_t m = 0; m < f.size(); ++m) product.push_back(modes[m] * f[m]);
        sums.convolve(sorted, reals(c), reals(f), 1, sorted, reals(u), w);
        REQUIRE(testing::relative_error(u, testing::direct_points(x, product, all_of_n, 1)) <= 8e-9);
        sums.convolve(sorted, reals(c), reals(f), 1, sorted, reals(other), three);
        REQUIRE(u == other);
    }
}
