// examples/support/plot.cpp -- signals as bars, and arrays as cells with their numbers
#include "plot.hpp"

#include <algorithm>
#include <cmath>

using faltung::index_t;

box bar_plot::column_of(index_t position) const {
    const index_t count = std::max<index_t>(last - first, 1), i = position - first;
    const index_t left = area.width * i / count, right = area.width * (i + 1) / count;
    return {{area.corner.row, area.corner.column + left}, area.height, std::max<index_t>(right - left - 1, 1)};
}

index_t bar_plot::row_of(double value) const {
    const double share = std::clamp((high - value) / (high - low), 0.0, 1.0);
    return area.corner.row + static_cast<index_t>(std::lround(share * static_cast<double>(area.height - 1)));
}

void bar_plot::draw_axes(canvas& c) const {
    c.frame(area, colours::gray, 1);
    const index_t zero = row_of(0);
    c.line({zero, area.corner.column}, {zero, area.corner.column + area.width - 1}, colours::gray);
}

void bar_plot::bar(canvas& c, index_t position, double value, colour ink) const {
    if (position < first || position >= last || value == 0) return;
    const box column = column_of(position);
    const index_t zero = row_of(0), end = row_of(value), top = std::min(zero, end);
    c.fill({{top, column.corner.column}, std::abs(zero - end) + 1, column.width}, ink);
}

void bar_plot::mark(canvas& c, index_t position, colour ink) const {
    if (position >= first && position < last) c.fill(column_of(position), ink);
}

void cell_plot::cell(canvas& c, index_t row, index_t column, std::string_view number, colour paper, colour ink) const {
    const point corner{origin.row + row * side, origin.column + column * side};
    c.fill({corner, side - 1, side - 1}, paper);
    if (number.empty()) return;
    const index_t scale = std::max<index_t>(side / 20, 1);
    const extent_of_text words = text_extent(number, scale);
    c.write(number, {corner.row + (side - words.height) / 2, corner.column + (side - words.width) / 2}, ink, scale);
}

void cell_plot::frame(canvas& c, index_t row, index_t column, index_t rows, index_t columns, colour ink) const {
    c.frame({{origin.row + row * side + 1, origin.column + column * side + 1}, rows * side - 3, columns * side - 3},
            ink, 2);
}

void draw_legend(canvas& c, point at, std::span<legend_entry const> entries) {
    for (legend_entry const& e : entries) {
        const extent_of_text words = text_extent(e.words, 1);
        const index_t side = words.height - 2;
        c.fill({{at.row + 1, at.column}, side, side}, e.paper);
        c.frame({{at.row + 1, at.column}, side, side}, colours::gray, 1);
        c.write(e.words, {at.row, at.column + side + 6}, colours::black, 1);
        at.column += side + 6 + words.width + 18;
    }
}
