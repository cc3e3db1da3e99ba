// faltung/method/kept_lines.hpp -- which packed lines stay for the rows of outputs that follow
#pragma once

#include "rows.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Where the lines of a window are packed, each at a place of its own, so that the next rows find those that they
/// share. Along a leading axis places follow the windows in a ring; where there is room, all lines along it have one,
/// so that windows further along the axes outside of it find theirs, too. Whether a place holds the line that is looked
/// for, its number says: no two lines of x~ have the same.
class kept_lines {
    struct axis_places {
        index_t places, of_output, of_tap;        // how far apart those of neighbours are
        index_t extent, window_stride, dilation;  // of the positions along the axis, from the first window's on
    };
    int axes_;
    std::array<axis_places, max_axes> axis_{};
    index_t count_ = 0;

public:
    struct slot {
        index_t line;      // its number
        bool contributes;  // false: all of it is on a zero boundary, and nothing is packed
    };
    struct place {
        index_t at, line;
    };

    /// At most `most` lines have a place.
    kept_lines(problem const& p, index_t most) : axes_(p.rank - 1) {
        bool are_shared = p.out > p.groups;
        index_t numbers = p.in;
        for (int a = 0; a < axes_; ++a) {
            axis const& k = p[a];
            if (k.outputs() == 0) return;
            const index_t extent = (k.outputs() - 1) * k.window_stride + k.span();
            if (extent > index_limit / numbers) return;
            numbers *= extent;
            are_shared = are_shared || k.taps > 1;
            axis_[static_cast<std::size_t>(a)] = {
                k.taps, k.dilation == 1 ? k.window_stride : 0, 1, extent, k.window_stride, k.dilation};
        }
        const index_t lines = lines_per_row(p);
        if (!are_shared || lines > most) return;
        count_ = lines;
        index_t taps_outside = lines / (p.in / p.groups);
        for (int a = axes_ - 1; a > 0; --a) {
            axis_places& k = axis_[static_cast<std::size_t>(a)];
            taps_outside /= p[a].taps;
            const index_t others = count_ / k.places;
            if (taps_outside == 1 || k.extent > most / others) return;
            count_ = others * k.extent;
            k.places = k.extent;
            k.of_output = k.window_stride;
            k.of_tap = k.dilation;
        }
    }

    /// Places in all; 0: no lines are kept.
    index_t count() const noexcept { return count_; }

    /// Of the lines of a row those that no row before has packed, about.
    double share_of_new(problem const& p) const {
        if (count_ == 0) return 1;
        double share = static_cast<double>(p.groups) / static_cast<double>(p.out);
        for (int a = axes_; a-- > 0;) {
            axis_places const& k = axis_[static_cast<std::size_t>(a)];
            if (k.of_output == 0) return share;
            share *= std::min(static_cast<double>(k.window_stride) / static_cast<double>(p[a].taps), 1.0);
            if (k.places < k.extent) return share;
        }
        return share;
    }

    /// The lines of one row of outputs.
    class row {
        kept_lines const& all_;
        index_list o_, first_;

    public:
        row(kept_lines const& all, index_list const& o) noexcept : all_(all), o_(o), first_(o) {
            for (int a = 0; a < all.axes_; ++a) {
                axis_places const& k = all.axis_[static_cast<std::size_t>(a)];
                first_[a] = o[a] * k.of_output;
                if (first_[a] >= k.places) first_[a] %= k.places;
            }
        }

        /// Of a channel, counted in its group and in all, and leading taps.
        place operator()(index_t in_group, index_t channel, index_list const& t) const noexcept {
            place to{in_group, channel};
            for (int a = 0; a < all_.axes_; ++a) {
                axis_places const& k = all_.axis_[static_cast<std::size_t>(a)];
                const index_t i = first_[a] + t[a] * k.of_tap;
                to.at = to.at * k.places + (i < k.places ? i : i - k.places);
                to.line = to.line * k.extent + o_[a] * k.window_stride + t[a] * k.dilation;
            }
            return to;
        }
    };
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
