// faltung/nufft/sorted_points.hpp -- points in the order of the grid's memory
#pragma once

#include <array>

#include "../core/buffer.hpp"
#include "../core/strided.hpp"
#include "grid_layout.hpp"

namespace faltung::detail {

/// x modulo 2 pi in turns, from -1/2 to 1/2, for any finite x. The quotient keeps 64 bits, so that of x = 1e6 there are
/// as many digits as x has itself.
inline double turns_of(double x) {
    constexpr long double turn = 6.28318530717958647692528676655900577L;
    constexpr double big = 0x1p50, shift = 0x1.8p52;  // adding and taking away `shift` rounds to an integer
    const double q = x * static_cast<double>(1 / turn);
    if (!(q < big && q > -big)) return static_cast<double>(std::remainder(static_cast<long double>(x), turn) / turn);
    const double rounded = (q + shift) - shift;
    if (q < 1 && q > -1) return q - rounded;  // half a unit in the last place of 1 is lost at most
    return static_cast<double>(static_cast<long double>(x) * (1 / turn) - static_cast<long double>(rounded));
}

inline namespace FALTUNG_COMPILED {

/// Points of a grid, sorted by band, by tiles of the middle axis and of the inner one; within a tile in their own
/// order. Numbers that belong to points are staged for it first: put into some tens of groups, each of them a stretch
/// of the sorted order. Writing to as many places in turn is fast, and within a group everything stays in a cache,
/// which reading in the sorted order from all of memory does not. Cost: 16 bytes for a point, and a real number for
/// each axis.
template <class R>
class sorted_points {
    static constexpr index_t tile = 8;  // nodes along the inner and the middle axis
    static constexpr index_t most_groups = 64;

    index_t count_ = 0;
    std::array<buffer<R>, 3> t_;
    buffer<std::int64_t> place_;
    buffer<std::uint32_t> staged_, id_;  // where point j is staged; where the s-th sorted point is
    std::vector<index_t> first_;         // of each band, and the end

    struct located {
        index_t node;
        double t;
    };

    // The first of the nodes around a point, at most half a width to its left.
    static located locate(double turns, index_t nodes, int width) {
        double g = turns * static_cast<double>(nodes);
        if (g < 0) g += static_cast<double>(nodes);
        const double left = g - 0.5 * width + 16;  // from 0 on
        index_t node = static_cast<index_t>(left);
        if (static_cast<double>(node) < left) ++node;
        const double t = 2 * (static_cast<double>(node) - left) - 1;
        node -= 16;
        if (node < 0) node += nodes;
        return {node >= nodes ? node - nodes : node, t};
    }

public:
    sorted_points() = default;

    /// Points of shape (count, rank). Errors: option_error for a point that is not finite, and for too many.
    template <class P>
    sorted_points(strided<P const> const& x, grid_layout<R> const& g) : count_(x.n[0]) {
        constexpr index_t most = index_t{1} << 32;
        if (count_ >= most) fail<option_error>("nufft: ", count_, " points: fewer than 2^32 are possible");
        const index_t columns = checked::ceil_divide(g.nodes[2], tile), rows = checked::ceil_divide(g.nodes[1], tile);
        const index_t bins = checked::multiply(checked::multiply(columns, rows, "tiles"), g.bands, "tiles");
        if (bins >= most) fail<overflow_error>("nufft: ", bins, " tiles of 8 nodes: fewer than 2^32 are possible");
        buffer<std::uint32_t> bin(count_);
        std::vector<std::uint32_t> ends(static_cast<std::size_t>(bins) + 1);
        for (index_t p = 0; p < count_; ++p) {
            index_t node[3] = {};
            for (int a = 0; a < g.rank; ++a) {
                const double v = static_cast<double>(x.data[p * x.stride[0] + a * x.stride[1]]);
                if (!std::isfinite(v)) fail<option_error>("nufft: coordinate ", a, " of point ", p, " is not finite");
                node[g.axis_of(a)] = locate(turns_of(v), g.nodes[g.axis_of(a)], g.width).node;
            }
            const index_t b = (g.band_of(node[0]) * rows + node[1] / tile) * columns + node[2] / tile;
            bin.data()[p] = static_cast<std::uint32_t>(b);
            ++ends[static_cast<std::size_t>(b) + 1];
        }
        for (std::size_t b = 1; b < ends.size(); ++b) ends[b] += ends[b - 1];
        first_.reserve(static_cast<std::size_t>(g.bands) + 1);
        for (index_t band = 0; band <= g.bands; ++band)
            first_.push_back(ends[static_cast<std::size_t>(band * rows * columns)]);
        const index_t of_group = checked::ceil_divide(bins, most_groups);
        std::vector<std::uint32_t> next;  // place in each group
        next.reserve(static_cast<std::size_t>(most_groups));
        for (index_t first = 0; first < bins; first += of_group) next.push_back(ends[static_cast<std::size_t>(first)]);
        staged_ = buffer<std::uint32_t>(count_);
        id_ = buffer<std::uint32_t>(count_);
        buffer<std::uint32_t> order(count_);
        for (index_t p = 0; p < count_; ++p) {
            const std::uint32_t b = bin.data()[p], staged = next[b / static_cast<std::uint32_t>(of_group)]++;
            const std::uint32_t sorted = ends[b]++;
            staged_.data()[p] = staged;
            id_.data()[sorted] = staged;
            order.data()[sorted] = static_cast<std::uint32_t>(p);
        }
        place_ = buffer<std::int64_t>(count_);
        for (int a = 0; a < g.rank; ++a) t_[static_cast<std::size_t>(g.axis_of(a))] = buffer<R>(count_);
        for (index_t s = 0; s < count_; ++s) {
            const index_t p = order.data()[s], later = order.data()[std::min(s + 16, count_ - 1)];
            __builtin_prefetch(x.data + later * x.stride[0]);
            index_t node[3] = {};
            for (int a = 0; a < g.rank; ++a) {
                const int axis = g.axis_of(a);
                const double v = static_cast<double>(x.data[p * x.stride[0] + a * x.stride[1]]);
                const located l = locate(turns_of(v), g.nodes[axis], g.width);
                node[axis] = l.node;
                t_[static_cast<std::size_t>(axis)].data()[s] = static_cast<R>(l.t);
            }
            const index_t z = node[0] - g.first(g.band_of(node[0]));
            place_.data()[s] = z * g.slice + node[1] * g.row + node[2];
        }
    }

    index_t count() const { return count_; }
    index_t first(index_t band) const { return first_[static_cast<std::size_t>(band)]; }

    index_t staged(index_t j) const { return staged_.data()[j]; }
    /// Complex numbers of the points first, ..., last - 1 to their stages, and back.
    void stage(R const* c, R* to, index_t first, index_t last) const noexcept {
        for (index_t j = first; j < last; ++j) {
            to[2 * staged(j)] = c[2 * j];
            to[2 * staged(j) + 1] = c[2 * j + 1];
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
    point_run<R> run(grid_layout<R> const& g, index_t from, index_t count) const {
        point_run<R> r;
        r.t[2] = t_[2].data() + from;
        if (g.rank >= 2) r.t[1] = t_[g.rank == 3 ? 1 : 0].data() + from;
        if (g.rank == 3) r.t[0] = t_[0].data() + from;
        r.place = place_.data() + from;
        r.id = id_.data() + from;
        r.count = count;
        return r;
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
