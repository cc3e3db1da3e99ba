// tests/nufft/sorted_points.test.cpp -- angles in turns, and where points lie
#include <faltung/nufft/sorted_points.hpp>

#include <algorithm>
#include <cmath>

#include "support/catch.hpp"
#include "support/random.hpp"

using namespace faltung;

TEST_CASE("an angle in turns, of any size") {
    constexpr long double turn = 6.28318530717958647692528676655900577L;
    for (const double x : {0.0, 1.0, -1.0, 3.2, -3.2, 100.25, -12345.678, 1e9, -3e14, 1e20, 1e300}) {
        const long double exact = std::remainder(static_cast<long double>(x), turn) / turn;
        const double found = detail::turns_of(x);
        REQUIRE(std::abs(found) <= 0.5);
        // the quotient has 64 bits
        const long double lost = std::abs(static_cast<long double>(x)) < 1e15L ? std::abs(x / turn) * 0x1p-63L : 0;
        REQUIRE(std::abs(static_cast<long double>(found) - exact) <= lost + 0x1p-53L);
    }
}

TEST_CASE("every point is there once, in its band, where its kernel begins") {
    testing::random_source random(4);
    for (const int rank : {1, 2, 3}) {
        const shape n = rank == 1 ? shape{300} : rank == 2 ? shape{90, 40} : shape{12, 20, 17};
        const detail::grid_layout<double> g(n, 1e-6, 2, instruction_set::baseline);
        const index_t count = 500;
        std::vector<double> x(static_cast<std::size_t>(count * rank));
        for (double& v : x) v = static_cast<double>(random.between(-1000000, 1000000)) / 1e5;
        const detail::sorted_points<double> points(strided<double const>{x.data(), {count, rank}, {rank, 1}}, g);
        REQUIRE(points.first(0) == 0);
        REQUIRE(points.first(g.bands) == count);
        std::vector<char> seen(static_cast<std::size_t>(count));
        for (index_t b = 0; b < g.bands; ++b)
            for (index_t p = points.first(b); p < points.first(b + 1); ++p) {
                const auto run = points.run(g, p, 1);
                index_t j = 0;  // the point that is staged there
                while (points.staged(j) != static_cast<index_t>(*run.id)) ++j;
                seen[static_cast<std::size_t>(j)] = 1;
                index_t node[3] = {run.place[0] / g.slice + g.first(b), run.place[0] % g.slice / g.row,
                                   run.place[0] % g.row};
                REQUIRE(run.place[0] / g.slice < g.count(b));
                double const* t[3] = {rank == 3 ? run.t[0] : run.t[1], run.t[1], run.t[2]};
                for (int a = 0; a < rank; ++a) {
                    const int axis = g.axis_of(a);
                    REQUIRE(std::abs(*t[axis]) <= 1);
                    // node = g - w / 2 + (t + 1) / 2 modulo the nodes, g = x nodes / (2 pi)
                    const double place = x[static_cast<std::size_t>(j * rank + a)] *
                                         static_cast<double>(g.nodes[axis]) / 6.283185307179586;
                    const double difference =
                        (static_cast<double>(node[axis]) - (place - 0.5 * g.width + (*t[axis] + 1) / 2)) /
                        static_cast<double>(g.nodes[axis]);
                    REQUIRE(std::abs(difference - std::round(difference)) <= 1e-12);
                }
            }
        REQUIRE(std::count(seen.begin(), seen.end(), 1) == count);
    }
}

TEST_CASE("points that are not finite or too many to number are refused") {
    const detail::grid_layout<double> g({8, 8}, 1e-6, 2, instruction_set::baseline);
    const std::vector<double> x{0, 1, 2, 3, HUGE_VAL, 5};
    REQUIRE(testing::message_of<option_error>([&] {
                detail::sorted_points<double>(strided<double const>{x.data(), {3, 2}, {2, 1}}, g);
            }) == "nufft: coordinate 0 of point 2 is not finite");
    REQUIRE(testing::message_of<option_error>([&] {
                detail::sorted_points<double>(strided<double const>{x.data(), {index_t{1} << 32, 2}, {0, 0}}, g);
            }) == "nufft: 4294967296 points: fewer than 2^32 are possible");
}
