// tests/examples/plot.test.cpp -- where bars and cells are drawn
#include "examples/support/plot.hpp"

#include "support/catch.hpp"

using faltung::index_t;

namespace {

bool is(canvas const& c, index_t row, index_t column, colour ink) {
    auto const& p = c.picture();
    return p(row, column, 0) == ink.red && p(row, column, 1) == ink.green && p(row, column, 2) == ink.blue;
}

}  // namespace

TEST_CASE("bar_plot: bars reach from 0 to their value") {
    canvas c(20, 50, colours::white);
    const bar_plot plot{{{5, 10}, 11, 30}, -1, 2, -1, 1};  // a row is 0.2, a position 10 columns
    CHECK(plot.row_of(1) == 5);
    CHECK(plot.row_of(0) == 10);
    CHECK(plot.row_of(-7) == 15);
    plot.bar(c, 0, 0.4, colours::black);
    plot.bar(c, 1, -1, colours::red);
    plot.bar(c, 2, 1, colours::red);  // no position of this plot
    for (index_t i = 0; i < 20; ++i)
        for (index_t j = 0; j < 50; ++j) {
            const bool upper = i >= 8 && i <= 10 && j >= 20 && j < 29, lower = i >= 10 && i <= 15 && j >= 30 && j < 39;
            CHECK(is(c, i, j, upper ? colours::black : lower ? colours::red : colours::white));
        }
    plot.mark(c, -1, colours::gray);
    CHECK(is(c, 5, 10, colours::gray));
    CHECK(is(c, 15, 18, colours::gray));
    CHECK(is(c, 15, 19, colours::white));
}

TEST_CASE("cell_plot: a cell is one pixel smaller than its place, its number in the middle") {
    canvas c(70, 70, colours::white);
    const cell_plot plot{{4, 4}, 30};
    plot.cell(c, 1, 0, "7", colours::yellow, colours::black);
    CHECK(is(c, 34, 4, colours::yellow));
    CHECK(is(c, 62, 32, colours::yellow));
    CHECK(is(c, 63, 33, colours::white));
    index_t dots = 0;
    for (index_t i = 34; i < 63; ++i)
        for (index_t j = 4; j < 33; ++j) dots += is(c, i, j, colours::black);
    CHECK(dots > 4);
    CHECK_NOTHROW(cell_plot{{0, 0}, 4}.cell(c, 0, 0, "", colours::red, colours::black));
    plot.frame(c, 0, 0, 1, 2, colours::red);
    CHECK(is(c, 3, 20, colours::red));
    CHECK(is(c, 20, 3, colours::red));
}

TEST_CASE("draw_legend: patches in one line, each before its words") {
    canvas c(12, 80, colours::white);
    const legend_entry entries[] = {{colours::red, "ab"}, {colours::yellow, "c"}};
    draw_legend(c, {2, 1}, entries);
    // a patch of 7 pixels, 6 free, 2 letters of 11 pixels, 18 free
    CHECK(is(c, 3, 1, colours::red));
    CHECK(is(c, 9, 7, colours::red));
    CHECK(is(c, 3, 8, colours::gray));
    CHECK(is(c, 3, 43, colours::yellow));
    CHECK(is(c, 3, 42, colours::gray));
    CHECK_THROWS_AS(draw_legend(c, {2, 40}, entries), faltung::error);
}
