// examples/support/canvas.cpp -- a sheet of pixels to paste pictures on, draw lines and write titles
#include "canvas.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "file.hpp"
#include "font.hpp"

using faltung::all;
using faltung::error;
using faltung::index_t;
using faltung::range;
using faltung::text;

namespace {

range rows_of(box b) { return {b.corner.row, b.corner.row + b.height}; }
range columns_of(box b) { return {b.corner.column, b.corner.column + b.width}; }

void require_inside(box b, rgb_picture const& canvas, char const* what) {
    const index_t height = canvas.extent(0), width = canvas.extent(1);
    if (b.corner.row < 0 || b.corner.column < 0 || b.corner.row > height - b.height ||
        b.corner.column > width - b.width)
        throw error(text("canvas: ", what, " of ", b.height, " x ", b.width, " at row ", b.corner.row, ", column ",
                         b.corner.column, " leaves the canvas of ", height, " x ", width));
}

}  // namespace

canvas::canvas(index_t height, index_t width, colour paper) {
    file::checked_count({height, width, 3}, "canvas");
    const std::uint8_t channels[] = {paper.red, paper.green, paper.blue};
    pixels_ = copy(faltung::broadcast_to<3>(channels, {height, width, 3}));
}

void canvas::dot(point at, colour ink) {
    if (at.row < 0 || at.column < 0 || at.row >= pixels_.extent(0) || at.column >= pixels_.extent(1)) return;
    pixels_(at.row, at.column, 0) = ink.red;
    pixels_(at.row, at.column, 1) = ink.green;
    pixels_(at.row, at.column, 2) = ink.blue;
}

void canvas::paste(rgb_view picture, point at) {
    const box b{at, picture.extent(0), picture.extent(1)};
    require_inside(b, pixels_, "a picture");
    copy_into(slice(pixels_, rows_of(b), columns_of(b), all), picture);
}

void canvas::fill(box b, colour ink) {
    const index_t last_row = std::min(rows_of(b).last, pixels_.extent(0)),
                  last_column = std::min(columns_of(b).last, pixels_.extent(1));
    for (index_t i = std::max(b.corner.row, index_t{0}); i < last_row; ++i)
        for (index_t j = std::max(b.corner.column, index_t{0}); j < last_column; ++j) dot({i, j}, ink);
}

void canvas::line(point from, point to, colour ink) {
    const index_t rows = to.row - from.row, columns = to.column - from.column;
    const index_t steps = std::max({std::abs(rows), std::abs(columns), index_t{1}});
    const auto nearest = [steps](index_t distance, index_t step) {
        return faltung::checked::floor_divide(2 * distance * step + steps, 2 * steps);
    };
    for (index_t i = 0; i <= steps; ++i) dot({from.row + nearest(rows, i), from.column + nearest(columns, i)}, ink);
}

void canvas::frame(box inside, colour ink, index_t thickness) {
    const auto [corner, height, width] = inside;
    const index_t top = corner.row - thickness, left = corner.column - thickness;
    const index_t wide = width + 2 * thickness, high = height + 2 * thickness;
    fill({{top, left}, thickness, wide}, ink);
    fill({{corner.row + height, left}, thickness, wide}, ink);
    fill({{top, left}, high, thickness}, ink);
    fill({{top, corner.column + width}, high, thickness}, ink);
}

void canvas::write(std::string_view words, point at, colour ink, index_t scale) {
    const extent_of_text size = text_extent(words, scale);
    require_inside({at, size.height, size.width}, pixels_, "a text");
    for (std::size_t k = 0; k < words.size(); ++k, at.column += (font::width + 1) * scale) {
        font::glyph const& rows = font::glyph_of(words[k]);
        for (index_t i = 0; i < font::height; ++i)
            for (index_t j = 0; j < font::width; ++j)
                if ((rows[static_cast<std::size_t>(i)] >> (font::width - 1 - j) & 1) != 0)
                    fill({{at.row + i * scale, at.column + j * scale}, scale, scale}, ink);
    }
}

extent_of_text text_extent(std::string_view words, index_t scale) {
    return {font::height * scale,
            words.empty() ? 0 : (static_cast<index_t>(words.size()) * (font::width + 1) - 1) * scale};
}

rgb_picture contact_sheet(std::span<tile const> tiles, sheet_style style) {
    const auto count = static_cast<index_t>(tiles.size());
    if (count == 0 || style.columns < 1)
        throw error(text("contact_sheet: ", count, " tiles in ", style.columns, " columns"));
    const index_t columns = std::min(style.columns, count), rows = faltung::checked::ceil_divide(count, columns);

    // Where every row and column begins; the last entry is the end of the sheet.
    std::vector<index_t> top(static_cast<std::size_t>(rows + 1), style.spacing),
        left(static_cast<std::size_t>(columns + 1), style.spacing);
    std::vector<index_t> heights(top.size()), widths(left.size());
    index_t title = 0;
    for (std::size_t k = 0; k < tiles.size(); ++k) {
        tile const& t = tiles[k];
        index_t& height = heights[k / static_cast<std::size_t>(columns)];
        index_t& width = widths[k % static_cast<std::size_t>(columns)];
        const extent_of_text words = text_extent(t.title, style.scale);
        height = std::max(height, t.picture.extent(0) + 2 * style.border);
        width = std::max({width, t.picture.extent(1) + 2 * style.border, words.width});
        if (!t.title.empty()) title = words.height + style.scale * 2;
    }
    for (std::size_t i = 1; i < top.size(); ++i) top[i] = top[i - 1] + title + heights[i - 1] + style.spacing;
    for (std::size_t j = 1; j < left.size(); ++j) left[j] = left[j - 1] + widths[j - 1] + style.spacing;

    canvas sheet(top.back(), left.back(), style.paper);
    for (std::size_t k = 0; k < tiles.size(); ++k) {
        tile const& t = tiles[k];
        const point corner{top[k / static_cast<std::size_t>(columns)], left[k % static_cast<std::size_t>(columns)]};
        const point inside{corner.row + title + style.border, corner.column + style.border};
        if (!t.title.empty()) sheet.write(t.title, corner, style.ink, style.scale);
        sheet.frame({inside, t.picture.extent(0), t.picture.extent(1)}, style.edge, style.border);
        sheet.paste(t.picture.view(), inside);
    }
    return sheet.picture();
}
