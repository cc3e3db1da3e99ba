// examples/support/canvas.hpp -- a sheet of pixels to paste pictures on, draw lines and write titles
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "picture.hpp"

struct colour {
    std::uint8_t red, green, blue;
};

namespace colours {
inline constexpr colour white{255, 255, 255}, black{0, 0, 0}, gray{150, 150, 150}, yellow{255, 214, 10},
    red{215, 38, 56};
}

/// Row and column of a pixel, counted from the top left corner.
struct point {
    faltung::index_t row, column;
};

/// `height` rows from corner.row on, `width` columns from corner.column on.
struct box {
    point corner;
    faltung::index_t height, width;
};

/// Pixels of a line of text.
struct extent_of_text {
    faltung::index_t height, width;
};
extent_of_text text_extent(std::string_view words, faltung::index_t scale);

/// A colour picture to draw on. What is drawn outside of it is cut off; pictures and texts must fit.
class canvas {
    rgb_picture pixels_;

    void dot(point at, colour ink);

public:
    canvas(faltung::index_t height, faltung::index_t width, colour paper);
    explicit canvas(rgb_picture picture) : pixels_(std::move(picture)) {}

    rgb_picture const& picture() const { return pixels_; }

    /// Copy a picture, its top left corner to `at`. Errors: faltung::error when it does not fit.
    void paste(rgb_view picture, point at);

    /// All pixels of a box; a frame of `thickness` pixels around it, on the outside; a line one pixel wide, ends
    /// included.
    void fill(box b, colour ink);
    void frame(box inside, colour ink, faltung::index_t thickness);
    void line(point from, point to, colour ink);

    /// One line of text, its top left corner at `at`, every dot of the 5 x 9 font `scale` pixels high and wide.
    /// Errors: faltung::error when it does not fit.
    void write(std::string_view words, point at, colour ink, faltung::index_t scale);
};

struct tile {
    std::string title;
    rgb_picture picture;
};

struct sheet_style {
    faltung::index_t columns = 3, spacing = 16, border = 1, scale = 2;
    colour paper = colours::white, ink = colours::black, edge = colours::gray;
};

/// All tiles, row by row, with their titles above them; a column is as wide as its widest tile or title, a row as high
/// as its highest. Errors: faltung::error for no tile or no column.
rgb_picture contact_sheet(std::span<tile const> tiles, sheet_style style = {});
