// examples/support/plot.hpp -- signals as bars, and arrays as cells with their numbers
#pragma once

#include <span>
#include <string_view>

#include <faltung/geometry.hpp>

#include "canvas.hpp"

/// A part of a canvas in which the samples at positions [first, last) of a line stand beside each other, values from
/// `low` to `high` from its lower to its upper edge.
struct bar_plot {
    box area;
    faltung::index_t first, last;
    double low, high;

    /// The columns of a position, with a column free at its right; and the row of a value, clamped to the area.
    box column_of(faltung::index_t position) const;
    faltung::index_t row_of(double value) const;

    /// A frame, and a line at 0.
    void draw_axes(canvas& c) const;
    /// A bar from 0 to the value.
    void bar(canvas& c, faltung::index_t position, double value, colour ink) const;
    /// The whole height of a position: samples that are read, or padding.
    void mark(canvas& c, faltung::index_t position, colour ink) const;
};

/// A part of a canvas with cells of `side` pixels, the one of row and column 0 at `origin`.
struct cell_plot {
    point origin;
    faltung::index_t side;

    /// A cell and the number in it, up to three digits.
    void cell(canvas& c, faltung::index_t row, faltung::index_t column, std::string_view number, colour paper,
              colour ink) const;
    /// A frame around so many cells.
    void frame(canvas& c, faltung::index_t row, faltung::index_t column, faltung::index_t rows,
               faltung::index_t columns, colour ink) const;
};

namespace colours {
inline constexpr colour data{52, 101, 164}, padding{236, 236, 236}, given{158, 185, 214}, read{255, 226, 110},
    read_outside{222, 188, 98}, dim{110, 110, 110}, result{78, 154, 6}, kernel{204, 78, 0}, light{225, 236, 247};
}

/// What a colour means.
struct legend_entry {
    colour paper;
    std::string_view words;
};
/// The entries in one line, each a patch and its words; the top left corner is `at`. Errors: those of canvas::write.
void draw_legend(canvas& c, point at, std::span<legend_entry const> entries);
