// faltung/nufft/sorted_points.hpp -- points in the order of the grid's memory
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "../core/buffer.hpp"
#include "../core/strided.hpp"
#include "../simd/point_location.hpp"
#include "grid_layout.hpp"

namespace faltung::detail {

/// x modulo 2 pi in turns, from -1/2 to 1/2, for any finite x, with 64 bits of the quotient: a wave of mode k
/// multiplies what is lost by k.
inline long double precise_turns_of(double x) {
    constexpr long double turn = 6.28318530717958647692528676655900577L;
    constexpr double big = 0x1p50, shift = 0x1.8p52;  // adding and taking away `shift` rounds to an integer
    const double q = x * static_cast<double>(1 / turn);
    if (!(q < big && q > -big)) return std::remainder(static_cast<long double>(x), turn) / turn;
    return static_cast<long double>(x) * (1 / turn) - static_cast<long double>((q + shift) - shift);
}

/// The same in double: of x = 1e6 there are as many digits as x has itself.
inline double turns_of(double x) {
    constexpr double of_one = static_cast<double>(1 / 6.28318530717958647692528676655900577L), shift = 0x1.8p52;
    const double q = x * of_one;
    if (q < 1 && q > -1) return q - ((q + shift) - shift);  // half a unit in the last place of 1 is lost at most
    return static_cast<double>(precise_turns_of(x));
}

inline namespace FALTUNG_COMPILED {

/// Points of a grid, sorted by band, by tiles of the middle axis and of the inner one, and of one or two axes also
/// by slice where there are points for that; within a tile in their own order. Numbers that belong to points are staged
/// for it first: put into some tens of groups, each of them a stretch of the sorted order. Writing to as many places in
/// turn is fast, and within a group everything stays in a cache, which reading in the sorted order from all of memory
/// does not. The points themselves are sorted in the same way: into groups, then within each. Cost: 24 bytes for a
/// point in float and 40 in double, and 4.
template <class R>
class sorted_points {
    static constexpr index_t most_groups = 64, least_of_group = 1024;  // points
    static constexpr index_t ahead = 5;  // points of a group, whose lines are asked for before they are written

    using record = point_record<R>;

    // What the loops find of a block of points.
    struct located_block {
        alignas(64) double x[3][location_block] = {}, node[3][location_block] = {}, t[3][location_block] = {},
                           place[location_block] = {}, tile[location_block] = {};
    };

    // How the grid is cut: tiles, and groups of 2^shift of them.
    struct cut {
        index_t rows = 1, columns = 1, thickness = 1, tiles = 1, groups = 1;
        int shift = 0;

        std::size_t group(double tile) const { return static_cast<std::size_t>(static_cast<index_t>(tile) >> shift); }
        index_t of_band() const { return rows * columns * thickness; }
    };

    index_t count_ = 0;
    int axes_ = 1;
    buffer<record> records_, within_;  // within_: one group, before it is sorted
    buffer<std::uint32_t> staged_;     // where point j is staged
    std::vector<index_t> first_;       // of each band, and the end

    static constexpr index_t tile_row = 8;
    // Of two axes, tiles are as narrow as the loops' windows move: points of one tile and slice share a window.
    static index_t tile_column(grid_layout<R> const& g) { return g.rank == 2 ? std::max(4, g.window.strip) : 8; }

    static cut cut_of(grid_layout<R> const& g, index_t count) {
        constexpr index_t most = index_t{1} << 32;
        cut c;
        c.columns = g.rank == 1 ? 1 : checked::ceil_divide(g.nodes[2], tile_column(g));
        c.rows = checked::ceil_divide(g.nodes[1], tile_row);
        c.tiles = checked::multiply(checked::multiply(c.columns, c.rows, "tiles"), g.bands, "tiles");
        if (c.tiles >= most)
            fail<overflow_error>("nufft: ", c.tiles, " tiles of ", tile_column(g),
                                 " nodes: fewer than 2^32 are possible");
        const index_t thickness = g.count(g.bands - 1);
        if (g.rank <= 2 && c.tiles < 4 * count / thickness) {
            c.thickness = thickness;
            c.tiles *= thickness;
        }
        const index_t groups = std::clamp(count / least_of_group, index_t{1}, most_groups);
        while ((c.tiles >> c.shift) + 1 > groups && c.shift < 32) ++c.shift;
        c.groups = ((c.tiles - 1) >> c.shift) + 1;
        return c;
    }

    // Points from `first` on. Errors: option_error for one that is not finite.
    template <class P>
    static void locate(strided<P const> const& x, index_t first, grid_layout<R> const& g, cut const& c,
                       located_block& b) {
        const index_t some = std::min(location_block, x.n[0] - first);
        constexpr double turn = 6.28318530717958647692528676655900577;
        bool is_far = false;  // or not finite
        for (int a = 0; a < g.rank; ++a) {
            double* const to = b.x[g.axis_of(a)];
            P const* from = x.data + first * x.stride[0] + a * x.stride[1];
            for (index_t p = 0; p < some; ++p, from += x.stride[0]) {
                to[p] = static_cast<double>(*from);
                is_far |= !(std::abs(to[p]) < turn);
            }
        }
        if (is_far)
            for (index_t p = 0; p < some; ++p)
                for (int a = 0; a < g.rank; ++a) {
                    double& v = b.x[g.axis_of(a)][p];
                    if (!std::isfinite(v))
                        fail<option_error>("nufft: coordinate ", a, " of point ", first + p, " is not finite");
                    v = turns_of(v);
                }
        for (int a = 0; a < g.rank; ++a) {
            const int axis = g.axis_of(a);
            versions<locate_nodes>::of(g.instructions)({b.x[axis], is_far ? 1 : 1 / turn,
                                                        static_cast<double>(g.nodes[axis]), 0.5 * g.width, b.node[axis],
                                                        b.t[axis]});
        }
        // of one axis, nodes are slices, and there is nothing along the other axes
        const int slices = g.rank == 1 ? 2 : 0;
        versions<place_points>::of(g.instructions)({{b.node[slices], b.node[1], b.node[2 - slices]},
                                                    static_cast<double>(g.height),
                                                    static_cast<double>(g.bands - 1),
                                                    static_cast<double>(g.slice),
                                                    static_cast<double>(g.row),
                                                    1.0 / static_cast<double>(tile_row),
                                                    1.0 / static_cast<double>(tile_column(g)),
                                                    static_cast<double>(c.rows),
                                                    static_cast<double>(c.columns),
                                                    static_cast<double>(c.thickness),
                                                    c.thickness > 1 ? 1.0 : 0.0,
                                                    b.place,
                                                    b.tile});
    }

public:
    sorted_points() = default;

    /// Points of shape (count, rank). Errors: as sort.
    template <class P>
    sorted_points(strided<P const> const& x, grid_layout<R> const& g) {
        sort(x, g);
    }

    /// Other points, in the memory of the earlier ones where that is enough: fresh memory costs as much as sorting.
    /// Errors: option_error for a point that is not finite, and for too many; then nothing has changed.
    template <class P>
    void sort(strided<P const> const& x, grid_layout<R> const& g) {
        constexpr index_t most = index_t{1} << 32;
        const index_t count = x.n[0];
        if (count >= most) fail<option_error>("nufft: ", count, " points: fewer than 2^32 are possible");
        const cut c = cut_of(g, count);
        located_block b;
        std::vector<std::uint32_t> next(static_cast<std::size_t>(c.groups) + 1);
        for (index_t first = 0; first < count; first += location_block) {
            locate(x, first, g, c, b);
            for (index_t p = 0; p < std::min(location_block, count - first); ++p) ++next[c.group(b.tile[p]) + 1];
        }
        const index_t largest = static_cast<index_t>(*std::max_element(next.begin(), next.end()));
        std::vector<std::uint32_t> ends(std::size_t{1} << c.shift);
        std::vector<index_t> first_of_band(static_cast<std::size_t>(g.bands) + 1, count);
        buffer<record> records, within;
        buffer<std::uint32_t> staged;
        if (records_.count() < count) records = buffer<record>(count);
        if (within_.count() < largest) within = buffer<record>(largest);
        if (staged_.count() < count) staged = buffer<std::uint32_t>(count);
        if (records.count() > 0) records_ = std::move(records);
        if (within.count() > 0) within_ = std::move(within);
        if (staged.count() > 0) staged_ = std::move(staged);

        for (std::size_t k = 1; k < next.size(); ++k) next[k] += next[k - 1];
        for (index_t first = 0; first < count; first += location_block) {
            locate(x, first, g, c, b);
            for (index_t p = 0; p < std::min(location_block, count - first); ++p) {
                const std::uint32_t at = next[c.group(b.tile[p])]++;
                staged_.data()[first + p] = at;
                record& r = records_.data()[at];
                __builtin_prefetch(&r + ahead, 1);
                r.t[2] = static_cast<R>(b.t[2][p]);
                r.t[1] = static_cast<R>(b.t[g.rank == 2 ? 0 : 1][p]);
                r.t[0] = static_cast<R>(b.t[0][p]);
                r.id = static_cast<std::uint32_t>(static_cast<index_t>(b.tile[p]));
                r.place = static_cast<std::int64_t>(b.place[p]);
            }
        }
        std::uint32_t begin = 0;  // now next[k] is the end of group k
        for (index_t k = 0; k < c.groups; begin = next[static_cast<std::size_t>(k++)])
            sort_group(begin, next[static_cast<std::size_t>(k)], k << c.shift, c, ends, first_of_band);
        first_ = std::move(first_of_band);
        count_ = count;
        axes_ = g.rank;
    }

    index_t count() const { return count_; }
    index_t first(index_t band) const { return first_[static_cast<std::size_t>(band)]; }

    index_t staged(index_t j) const { return staged_.data()[j]; }
    /// Complex numbers of the points first, ..., last - 1 to their stages, and back.
    void stage(R const* c, R* to, index_t first, index_t last) const noexcept {
        for (index_t j = first; j < last; ++j) {
            R* const at = to + 2 * staged(j);
            __builtin_prefetch(at + 2 * ahead, 1);
            at[0] = c[2 * j];
            at[1] = c[2 * j + 1];
        }
    }
    void take_back(R const* from, R* c, index_t first, index_t last) const noexcept {
        for (index_t j = first; j < last; ++j) {
            c[2 * j] = from[2 * staged(j)];
            c[2 * j + 1] = from[2 * staged(j) + 1];
        }
    }

    /// Points from `from` on as the loops want them: a grid of two axes has slices of one row, so the loops' rows are
    /// its slices.
    point_run<R> run(index_t from, index_t count) const { return {records_.data() + from, count, axes_}; }

private:
    // The records begin, ..., end - 1, of the tiles from `tile` on.
    void sort_group(std::uint32_t begin, std::uint32_t end, index_t tile, cut const& c,
                    std::vector<std::uint32_t>& ends, std::vector<index_t>& first_of_band) noexcept {
        record *const from = within_.data(), *const to = records_.data() + begin;
        const std::uint32_t count = end - begin, base = static_cast<std::uint32_t>(tile);
        std::fill(ends.begin(), ends.end(), 0u);
        for (std::uint32_t p = 0; p < count; ++p) {
            from[p] = to[p];
            ++ends[from[p].id - base];
        }
        std::uint32_t sum = 0;
        for (std::uint32_t& e : ends) sum += std::exchange(e, sum);
        const index_t of_band = c.of_band(), tiles = static_cast<index_t>(ends.size());
        for (index_t band = checked::ceil_divide(tile, of_band);
             band < static_cast<index_t>(first_of_band.size()) && band * of_band < tile + tiles; ++band)
            first_of_band[static_cast<std::size_t>(band)] =
                begin + ends[static_cast<std::size_t>(band * of_band - tile)];
        for (std::uint32_t p = 0; p < count; ++p) {
            record& r = to[ends[from[p].id - base]++];
            r = from[p];
            r.id = begin + p;
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
