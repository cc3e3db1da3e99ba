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
                const auto run = points.run(p, 1);
                index_t j = 0;  // the point that is staged there
                while (points.staged(j) != static_cast<index_t>(run.at->id)) ++j;
                seen[static_cast<std::size_t>(j)] = 1;
                index_t node[3] = {run.at->place / g.slice + g.first(b), run.at->place % g.slice / g.row,
                                   run.at->place % g.slice % g.row};
                if (rank == 1) node[2] = std::exchange(node[0], 0);
                REQUIRE(run.at->place / g.slice < g.count(b));
                const double t[3] = {run.at->t[rank == 3 ? 0 : 1], run.at->t[1], run.at->t[2]};
                for (int a = 0; a < rank; ++a) {
                    const int axis = g.axis_of(a);
                    REQUIRE(std::abs(t[axis]) <= 1);
                    // node = g - w / 2 + (t + 1) / 2 modulo the nodes, g = x nodes / (2 pi)
                    const double place = x[static_cast<std::size_t>(j * rank + a)] *
                                         static_cast<double>(g.nodes[axis]) / 6.283185307179586;
                    const double difference =
                        (static_cast<double>(node[axis]) - (place - 0.5 * g.width + (t[axis] + 1) / 2)) /
                        static_cast<double>(g.nodes[axis]);
                    REQUIRE(std::abs(difference - std::round(difference)) <= 1e-12);
                }
            }
        REQUIRE(std::count(seen.begin(), seen.end(), 1) == count);
    }
}

TEST_CASE("many points are sorted by band, tile and slice, and again in the same memory") {
    testing::random_source random(5);
    const detail::grid_layout<float> g({60, 50}, 1e-3, 2, detail::best_instruction_set());
    detail::sorted_points<float> points;
    for (const index_t count : {20000, 20001, 300}) {
        std::vector<float> x(static_cast<std::size_t>(count * 2));
        for (float& v : x) v = static_cast<float>(random.between(-700000, 700000)) / 1e5f;
        points.sort(strided<float const>{x.data(), {count, 2}, {2, 1}}, g);
        REQUIRE(points.count() == count);
        REQUIRE(points.first(0) == 0);
        REQUIRE(points.first(g.bands) == count);
        std::vector<char> staged(static_cast<std::size_t>(count)), sorted(staged);
        for (index_t j = 0; j < count; ++j) staged[static_cast<std::size_t>(points.staged(j))] = 1;
        const int strip = std::max(4, g.window.strip);
        for (index_t b = 0; b < g.bands; ++b) {
            std::pair<index_t, index_t> last{0, 0};
            for (index_t p = points.first(b); p < points.first(b + 1); ++p) {
                const auto run = points.run(p, 1);
                sorted[run.at->id] = 1;
                const index_t slice = run.at->place / g.slice, column = run.at->place % g.slice;
                REQUIRE(slice < g.count(b));
                const std::pair<index_t, index_t> here{column / strip, count > 300 ? slice : 0};
                REQUIRE(last <= here);
                last = here;
            }
        }
        REQUIRE(std::count(staged.begin(), staged.end(), 1) == count);
        REQUIRE(std::count(sorted.begin(), sorted.end(), 1) == count);
    }
    const std::vector<float> bad{0, 0, 1, std::nanf("")};
    REQUIRE(testing::message_of<option_error>([&] {
                points.sort(strided<float const>{bad.data(), {2, 2}, {2, 1}}, g);
            }) == "nufft: coordinate 1 of point 1 is not finite");
    REQUIRE(points.count() == 300);
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
