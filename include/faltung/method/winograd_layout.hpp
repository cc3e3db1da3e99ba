// faltung/method/winograd_layout.hpp -- tiles of outputs for Winograd: which size, how many at a time, at what error
// and cost
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "../core/buffer.hpp"
#include "../simd/channel_tile.hpp"
#include "cost_constants.hpp"
#include "error_bounds.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// |e| <= gamma_n |A| ((|G| |h| |G'|) (|B'| |x~| |B|)) |A'| in a tile of outputs x outputs, summed over the channels: n
/// = C - 1 additions of channels, a product, 2 roundings of the kernel's points, and along both axes 3 and 3 roundings
/// of samples and sums (1 and 2 where outputs = 2). Over a tile that is at most gamma_n `norm` |h|_2 |x~|_2, `norm` =
/// the square of the largest singular value of T[o][t, s] = sum over p of |A[o][p] G[p][t] B[p][s]|; a sample lies in
/// up to two tiles along an axis, four in all: the square root of that is the factor. docs/methods.md has the
/// derivation. The share that random data lose was measured: less and less with more channels, whose roundings have
/// random signs, too.
inline error_bound winograd_error(problem const& p, int outputs) {
    const index_t channels = p.in / p.groups;
    const double u = unit_roundoff(p.types.accumulator), depth = static_cast<double>(channels);
    const double norm = outputs == 4 ? 395.32 : 18;
    const double typical = outputs == 4 ? 12 + 200 / std::max(depth, 1.0) : 0.4 + 4.5 / std::max(depth, 1.0);
    bool x_is_rounded = digits(p.types.x) > digits(p.types.accumulator);
    for (int a = 0; a < p.rank; ++a)
        x_is_rounded = x_is_rounded || (p[a].edge.map == boundary::rule::constant && !p[a].edge.is_zero());
    const double roundings = depth + 2 + (outputs == 4 ? 12 : 6) + (x_is_rounded ? 1 : 0) +
                             (digits(p.types.h) > digits(p.types.accumulator) ? 1 : 0);
    const double gamma =
        roundings * u < 1 ? roundings * u / (1 - roundings * u) : std::numeric_limits<double>::infinity();
    return stored(p, {std::sqrt(typical) * u, 2 * norm * gamma});
}

/// Outputs first, ..., first + count - 1 of the row axis are `rows` rows of tiles; this is a piece of one of them:
/// `tiles` tiles side by side, at place `at` of a panel.
struct winograd_run {
    index_list leading;  // at the row axis: of the first row
    index_t rows = 0, first = 0, count = 0;
    index_t at = 0, tiles = 0;
};

/// Tiles of all outputs in one order (leading axes, rows of tiles, then along the last axis), so many to a panel. A
/// grain is a panel of one group. A tile's sums depend on its samples alone: neither on its panel nor on its lane.
struct winograd_layout {
    static constexpr index_t widest = 48;  // tiles of a panel

    int outputs;    // of a tile, along each of the two axes
    index_t panel;  // tiles
    index_t chunk;  // output channels whose sums are held at a time
    index_t lanes, rows;
    shape leading;                         // outputs of the other axes
    index_t across, along, tiles, panels;  // rows of tiles, tiles of a row, of all

    winograd_layout(problem const& p, int outputs_of_tile) : outputs(outputs_of_tile) {
        const int bytes = bytes_of_vector(p.limits.instruction_set);
        lanes = bytes / (p.types.accumulator == element::float32 ? 4 : 8);
        rows = tile_rows(bytes);
        panel = std::max<index_t>(24, tile_vectors * lanes);
        chunk = 32;
        for (int a = 0; a + 2 < p.rank; ++a) leading.push_back(p[a].outputs());
        across = checked::ceil_divide(p[p.rank - 2].outputs(), index_t{outputs});
        along = checked::ceil_divide(p.last().outputs(), index_t{outputs});
        tiles = checked::multiply(checked::product(leading, "tiles of the output"),
                                  checked::multiply(across, along, "tiles of the output"), "tiles of the output");
        panels = checked::ceil_divide(tiles, panel);
    }

    /// Points of a tile.
    index_t points() const { return index_t{outputs + 2} * (outputs + 2); }
    /// Samples from one point to the next in a panel's line: room for vectors that begin at its last tile.
    index_t pitch() const { return panel + 16; }
    /// Output channels of a group, to whole packs.
    index_t padded(problem const& p) const { return checked::ceil_divide(p.out / p.groups, rows) * rows; }

    index_t grains(problem const& p) const { return checked::multiply(panels, p.groups, "tiles of the output"); }

    /// The run that begins at tile `tile`, at place `at` of a panel that has room for `room` tiles from there on.
    winograd_run run_at(problem const& p, index_t tile, index_t at, index_t room) const noexcept {
        winograd_run r;
        const index_t column = tile % along, row = tile / along % across;
        r.at = at;
        r.tiles = std::min(along - column, room);
        r.first = column * outputs;
        r.count = std::min(r.tiles * outputs, p.last().outputs() - r.first);
        r.leading = index_list::repeated(p.rank - 1, row * outputs);
        r.rows = std::min<index_t>(outputs, p[p.rank - 2].outputs() - row * outputs);
        tile /= along * across;
        for (int a = p.rank - 2; a-- > 0; tile /= leading[a]) r.leading[a] = tile % leading[a];
        return r;
    }

    /// Predicted seconds of a call: products as direct has them in tiles; a point of a sample or a sum costs as much as
    /// several; points of a kernel that fill the second-level cache are fetched for every panel.
    double seconds(problem const& p) const {
        auto const& c = cost_constants::of(cost_constants::direct, p.types.accumulator, p.limits.instruction_set);
        const index_t channels = p.in / p.groups;
        const double vectors = std::ceil(static_cast<double>(tiles) / static_cast<double>(lanes)),
                     all = vectors * static_cast<double>(lanes * points()), depth = static_cast<double>(channels),
                     groups = static_cast<double>(p.groups), kernels = static_cast<double>(padded(p));
        constexpr double product = 0.75, of_sample = 6, of_sum = 3, line = 1.5e-8, fetch = 3e-10;
        const double rows_of_tiles = static_cast<double>(tiles) / static_cast<double>(std::max<index_t>(along, 1)),
                     runs = static_cast<double>(panels) + rows_of_tiles,
                     weights = kernels * depth * static_cast<double>(points());
        const double fetched = weights * groups < 0x1p17 ? 0 : weights * groups * static_cast<double>(panels);
        return all * groups * c.multiply_add * (kernels * depth * product + depth * of_sample + kernels * of_sum) +
               static_cast<double>(p.output_count()) * c.output +
               runs * groups * (depth + kernels) * static_cast<double>(outputs + 2) * line + fetched * fetch;
    }
};

/// The larger tiles where their certified error stays within the tolerance and they are predicted to be faster.
inline winograd_layout winograd_layout_of(problem const& p) {
    const winograd_layout small(p, 2), large(p, 4);
    const bool may = winograd_error(p, 4).certified <= p.limits.tolerance;
    return may && large.seconds(p) < small.seconds(p) ? large : small;
}

/// Scratch of a worker in bytes, one part after the other: lines of a run, those by phases, points of all input
/// channels of a group, sums of a chunk, rows of outputs.
struct winograd_scratch {
    index_t line, phase, row;  // samples of one
    index_t point, sum;        // from one point to the next, of all input channels and of a chunk's sums
    index_t lines, phases, points, sums, rows, all;

    winograd_scratch(problem const& p, winograd_layout const& l) {
        const index_t bytes = p.types.accumulator == element::float32 ? 4 : 8, side = l.outputs + 2;
        line = rounded((l.panel + l.lanes) * l.outputs, 1, 16);
        phase = l.panel + 2 * l.lanes + 16;
        row = l.panel * l.outputs;
        const auto part = [&](index_t count, index_t each) {
            return rounded(checked::multiply(count, each, "scratch of a panel"), bytes, 64);
        };
        lines = part(side, line);
        phases = part(side * l.outputs, phase);
        // points a power of two apart would meet in the same sets of the first-level cache
        point = apart(checked::multiply(p.in / p.groups, l.pitch(), "points of a panel"), 64 / bytes);
        sum = apart(l.chunk * l.panel, 64 / bytes);
        points = part(l.points(), point);
        sums = part(l.points(), sum);
        rows = part(l.outputs, row);
        all = checked::add(points, lines + phases + sums + rows, "scratch of a panel");
    }

private:
    // so many samples, an odd number of lines of the cache
    static index_t apart(index_t count, index_t line) { return (checked::ceil_divide(count, line) | 1) * line; }
    static index_t rounded(index_t count, index_t each, index_t unit) {
        return checked::ceil_divide(checked::multiply(count, each, "scratch of a panel"), unit) * unit;
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
