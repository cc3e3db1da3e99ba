// tests/method/rows.test.cpp -- the grid of tiles, and lines of the extended input
#include <faltung/method/rows.hpp>

#include <set>
#include <tuple>
#include <vector>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;
using namespace faltung::detail;

TEST_CASE("row_grid: its tiles cover every output of every group once", "[method]") {
    for (index_t n : {1, 2, 1023, 1024, 1025, 3000}) {
        problem p = problem_of({{2, 1, 1, 1, 0, 0, 'z'}, {3, 1, 1, 1, 0, 0, 'z'}, {n, 1, 1, 1, 0, 0, 'z'}});
        p.groups = p.in = p.out = 2;
        const row_grid grid(p);
        CHECK(grid.grains() == 2 * 2 * 3 * ((n + 1023) / 1024));
        std::set<std::tuple<index_t, index_t, index_t, index_t>> seen;
        index_t outputs = 0;
        for (index_t g = 0; g < grid.grains(); ++g) {
            const row_tile tile = grid(g);
            REQUIRE(tile.leading.rank() == 2);
            REQUIRE(tile.count >= 1);
            REQUIRE(tile.count <= row_grid::longest);
            REQUIRE(tile.first % row_grid::longest == 0);
            REQUIRE(tile.first + tile.count <= n);
            REQUIRE(tile.leading[0] < 2);
            REQUIRE(tile.leading[1] < 3);
            REQUIRE(tile.group < 2);
            CHECK(seen.emplace(tile.group, tile.leading[0], tile.leading[1], tile.first).second);
            outputs += tile.count;
        }
        CHECK(outputs == 2 * 2 * 3 * n);
    }
}

TEST_CASE("row_grid: no tile where an axis has no output; too many are refused", "[method]") {
    CHECK(row_grid(problem_of({{0, 1, 1, 1, 0, 0, 'z'}, {5, 1, 1, 1, 0, 0, 'z'}})).grains() == 0);
    CHECK(row_grid(problem_of({{5, 1, 1, 1, 0, 0, 'z'}, {0, 1, 1, 1, 0, 0, 'z'}})).grains() == 0);
    const index_t huge = index_t{1} << 40;
    CHECK(message_of<overflow_error>([&] {
              row_grid(problem_of({{huge, 1, 1, 1, 0, 0, 'z'}, {huge, 1, 1, 1, 0, 0, 'z'}})).grains();
          }) == "tiles of the output: 1099511627776 * 1073741824 does not fit 64 bits");
}

// every line of a small image, at every leading position and through every step, against the walking index map
TEST_CASE("line_reader: lines of x~ along the last axis, inside and far outside", "[method]") {
    random_source r(1);
    for (const char rows : {'z', 'c', 'e', 'r', 's', 'w'})
        for (const char columns : {'z', 'c', 'e', 'r', 's', 'w'})
            for (index_t n = 1; n <= 4; ++n) {
                const reference::line outer{3, 2, 1, 1, 5, 5, rows, 7}, inner{n, 1, 1, 1, 0, 0, columns, 9};
                const problem p = problem_of({outer, inner});
                const auto x = r.many_small<std::int16_t>(2 * 3 * n);  // two channels
                const line_reader<std::int16_t, double> reader(p, array_of(x.data(), {2, 3, n}));
                REQUIRE(reader.line_step() == 1);
                for (index_t channel = 0; channel < 2; ++channel)
                    for (index_t o = 0; o < 12; ++o)
                        for (index_t t = 0; t < 2; ++t) {
                            const auto line = reader.find(channel, {o}, {t});
                            const index_t row = reference::walk(o + t - 5, 3, rows);
                            CHECK((line.data == nullptr) == (row < 0));
                            if (!line.data) CHECK(line.outside == 0);
                            for (const index_t step : {1, 2, 5}) {
                                std::vector<double> got(30), want;
                                std::vector<bool> contributes;
                                reader.read(line, -13, step, got.data(), 30);
                                for (index_t i = 0; i < 30; ++i) {
                                    const index_t column = reference::walk(-13 + i * step, n, columns);
                                    const char last_outside = column < 0 ? columns : row < 0 ? rows : ' ';
                                    const double constant = column < 0 ? 9 : 7;
                                    want.push_back(last_outside == ' '
                                                       ? x[static_cast<std::size_t>((channel * 3 + row) * n + column)]
                                                   : last_outside == 'c' ? constant
                                                                         : 0);
                                    double value = -1;
                                    CHECK(reader.sample(line, -13 + i * step, value) == (last_outside != 'z'));
                                    CHECK(value == want.back());
                                    contributes.push_back(last_outside != 'z');
                                }
                                CHECK(got == want);
                                if (std::count(contributes.begin(), contributes.end(), true) > 0)
                                    CHECK(reader.contributes(line));
                            }
                        }
            }
}

TEST_CASE("line_reader: a line that lies in zero padding alone does not contribute", "[method]") {
    const std::vector<float> x{1, 2, 3};
    const auto contributes = [&](char rows, char columns) {
        const problem p = problem_of({{1, 3, 1, 1, 2, 2, rows, 1}, {3, 1, 1, 1, 0, 0, columns, 1}});
        const line_reader<float, float> reader(p, array_of(x.data(), {1, 1, 3}));
        return reader.contributes(reader.find(0, {0}, {0}));
    };
    CHECK_FALSE(contributes('z', 'z'));
    CHECK_FALSE(contributes('z', 'w'));
    CHECK(contributes('z', 'c'));
    CHECK(contributes('c', 'z'));
    CHECK(contributes('e', 'z'));
}

TEST_CASE("line_walk: channels of the group, then leading taps, last axis fastest", "[method]") {
    problem p = problem_of({{4, 2, 1, 1, 0, 0, 'z'}, {5, 3, 1, 1, 0, 0, 'z'}, {6, 1, 1, 1, 0, 0, 'z'}});
    p.in = 4;
    p.out = p.groups = 2;
    CHECK(lines_per_row(p) == 2 * 2 * 3);
    const std::vector<float> x(4 * 4 * 5 * 6);
    const line_reader<float, float> reader(p, array_of(x.data(), {4, 4, 5, 6}));
    line_walk walk(p, 1);
    for (index_t channel = 2; channel < 4; ++channel)
        for (index_t t = 0; t < 2; ++t)
            for (index_t u = 0; u < 3; ++u)
                CHECK(walk.next(reader, {1, 2}).data == x.data() + ((channel * 4 + 1 + t) * 5 + 2 + u) * 6);
}

TEST_CASE("row_start: where a tile's outputs begin, for any strides", "[method]") {
    std::vector<double> y(1000);
    row_tile tile;
    tile.leading = {2, 1};
    tile.first = 3;
    const strided<double> v{y.data() + 500, {2, 4, 3, 5}, {200, -20, 7, 2}};
    CHECK(row_start(v, 1, tile) == y.data() + 500 + 200 - 40 + 7 + 6);
}
