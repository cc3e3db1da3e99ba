// faltung/method/band_layout.hpp -- which problems direct computes in bands of rows, and what belongs to a grain then
#pragma once

#include "../simd/band_sweep.hpp"
#include "line_layout.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Outputs of the last two axes, some rows and a piece of each at a time. Rows whose windows lie one line apart stand
/// together, as `axis_walk` has it: a strip is `strip_rows` of them, and reads strip_rows + taps - 1 lines of every
/// group, that is for every place of the window along the axes further out. Where the same strip of the next plane
/// reads some of these, it comes next.
struct band_layout {
    static constexpr int rows = 4;                          // of a band
    static constexpr index_t least_taps = 3, least = 16;    // along the axis of the rows; outputs along the last axis
    static constexpr index_t most_kept = index_t{1} << 16;  // samples of packed lines: half of the second-level cache

    int rows_axis;
    int plane_axis;  // along which planes share lines, or -1
    axis_walk walk, plane_walk;
    index_t taps, groups;
    index_t in_phase, strip_rows, pieces;
    line_layout line;
    shape outer, outer_taps;  // outputs and taps along the axes further out

    /// One channel, or each by itself, where rows share lines, every row has three neighbours and a vector to stand in,
    /// and the lines fit a cache.
    static bool suits(problem const& p) {
        if (p.in != p.groups || p.out != p.groups || p.store.bias || p.store.epilogue.count > 0) return false;
        if (p.rank < 2 || !p.kernel.finite || p.types.algebra != algebra::plus_times) return false;
        if (p.types.accumulator < element::int32 || p.types.accumulator > element::float64) return false;
        axis const &across = p[p.rank - 2], &last = p.last();
        const axis_walk walk(across);
        if (across.taps < least_taps || walk.step != 1 || last.outputs() < least) return false;
        if (walk.in_phase(across.outputs(), 0) < rows - 1) return false;
        const index_t room = 4 * most_kept / rows / (lines_per_row(p) / across.taps);
        if (across.taps > room || last.span() > room) return false;
        const band_layout layout(p);
        return layout.line.length <= 4 * most_kept / layout.strip_lines() / layout.groups &&
               (last.window_stride > 1 || layout.line.segment_count == 1);
    }

    explicit band_layout(problem const& p)
        : rows_axis(p.rank - 2),
          plane_axis(rows_axis > 0 && axis_walk(p[rows_axis - 1]).step < p[rows_axis - 1].taps ? rows_axis - 1 : -1),
          walk(p[rows_axis]),
          plane_walk(plane_axis < 0 ? axis{} : p[plane_axis]),
          taps(p[rows_axis].taps),
          groups(lines_per_row(p) / taps),
          in_phase(walk.in_phase(p[rows_axis].outputs(), 0)),
          strip_rows(longest_strip(groups, taps, in_phase)),
          pieces(checked::ceil_divide(p.last().outputs(),
                                      std::clamp<index_t>(most_kept / strip_lines() / groups, 512, 8192))),
          line(p.last(), checked::ceil_divide(p.last().outputs(), pieces)) {
        for (int a = 0; a < rows_axis; ++a) {
            outer.push_back(p[a].outputs());
            outer_taps.push_back(p[a].taps);
        }
    }

    index_t strip_lines() const { return strip_rows + taps - 1; }
    index_t phases(problem const& p) const { return std::min(walk.phases, p[rows_axis].outputs()); }
    index_t planes() const { return plane_axis < 0 ? 1 : outer[plane_axis]; }
    index_t plane_taps() const { return plane_axis < 0 ? 1 : outer_taps[plane_axis]; }
    /// Places of a window, of those along that axis, that the plane before has read already.
    index_t shared_taps() const { return plane_axis < 0 ? 0 : plane_taps() - plane_walk.step; }
    /// Of all lines of a grain those that no plane before has read, on average.
    double share_of_new_lines() const {
        const double walked =
                         static_cast<double>(checked::ceil_divide(std::max<index_t>(planes(), 1), plane_walk.phases)),
                     shared = static_cast<double>(shared_taps()) / static_cast<double>(plane_taps());
        return 1 - shared * (walked - 1) / walked;
    }
    index_t strips() const { return checked::ceil_divide(in_phase, strip_rows); }
    index_t grains(problem const& p) const {
        const index_t tiles = checked::multiply(checked::product(outer, "rows of the output"), pieces, "tiles"),
                      strips_of_tile = checked::multiply(phases(p), strips(), "tiles");
        return checked::multiply(checked::multiply(tiles, strips_of_tile, "tiles of the output"), p.groups,
                                 "tiles of the output");
    }

private:
    // Short ones read more lines again, long ones keep more.
    static index_t longest_strip(index_t groups, index_t taps, index_t in_phase) {
        index_t longest = 16;
        while (longest > rows && (longest + taps - 1) * groups * 512 > 2 * most_kept) longest /= 2;
        return std::min(longest, checked::ceil_divide(in_phase, rows) * rows);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
