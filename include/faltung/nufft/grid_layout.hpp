// faltung/nufft/grid_layout.hpp -- the fine grid of a non-uniform transform, and how a band of it lies in memory
#pragma once

#include "../core/checked.hpp"
#include "../fft/length.hpp"
#include "../fft/own_engine.hpp"
#include "nufft_options.hpp"
#include "spreading_kernel.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// A grid has an outer, a middle and an inner axis: of one axis it is the inner one, of two the outer and the inner
/// one. It is cut into bands of slices, a slice being what belongs to one index of the outer axis; of one axis, a slice
/// is a node. Of the grid only a band at a time is in memory, with the slices, rows and columns beyond its end that
/// kernels reach.
template <class R>
struct grid_layout {
    int rank = 0;
    index_t modes[3] = {1, 1, 1}, nodes[3] = {1, 1, 1};
    double oversampling = 2;  // the least of all axes
    int width = 0;
    node_window window;
    instruction_set instructions = instruction_set::baseline;
    index_t height = 1, bands = 1;                     // slices of a band; the last one may have up to twice as many
    index_t row = 1, rows = 1, slice = 1, slices = 1;  // reals from row to row, and from slice to slice

    bool has(int a) const { return a == 2 || (a == 0 && rank >= 2) || (a == 1 && rank == 3); }
    /// Rows beyond the end of a slice, and slices beyond that of a band: of one axis, what a window reaches.
    index_t halo() const { return has(1) ? width - 1 : 0; }
    index_t beyond() const { return rank == 1 ? window.reals() : width - 1; }
    /// Values of the kernel along the outer and the middle axis, filled up to whole vectors: as many as a window has,
    /// or one less.
    int padded() const {
        return std::max((width + window.lanes - 1) / window.lanes, window.vectors - 1) * window.lanes;
    }

    /// Slices of the grid, the first one of a band, and how many there are in it.
    index_t all() const { return rank == 1 ? nodes[2] : nodes[0]; }
    index_t first(index_t band) const { return band * height; }
    index_t count(index_t band) const { return band + 1 == bands ? all() - first(band) : height; }

    /// A grid for so many modes, and one of so many nodes, which has no modes.
    grid_layout(shape const& n, double tolerance, double wanted, instruction_set i) : rank(n.rank()) {
        width = width_for(tolerance, wanted);
        oversampling = 4;
        for (int a = 0; a < rank; ++a) {
            const int axis = axis_of(a);
            modes[axis] = n[a];
            nodes[axis] = nodes_for(axis, wanted, i);
            oversampling = std::min(oversampling, static_cast<double>(nodes[axis]) / static_cast<double>(n[a]));
        }
        lay_out(i);
    }
    grid_layout(shape const& n, int nodes_of_kernel, instruction_set i) : rank(n.rank()), width(nodes_of_kernel) {
        for (int a = 0; a < rank; ++a) nodes[axis_of(a)] = n[a];
        lay_out(i);
    }

    /// Which axis of the grid axis a of the modes is.
    int axis_of(int a) const { return rank == 3 ? a : rank == 2 ? 2 * a : 2; }

private:
    void lay_out(instruction_set i) {
        window = window_of<R>(i, width);
        instructions = i;
        constexpr index_t unit = 16, turn = 32;  // reals of the widest vector; of as many units, 4 KB in double
        if (rank > 1) {
            // Rows are an odd number of units apart, and the rows of a slice follow those of the one before: all that a
            // kernel reaches lies in different sets of a cache. Of 64^3 modes on 96^3 nodes, spreading took 770 ns for
            // a point where rows were 8 units apart, and 310 where they are 9.
            index_t units = checked::add(nodes[2], index_t{window.reals()} + 2 * unit, "nodes of a row") / unit | 1;
            row = units * unit;
            rows = nodes[1] + halo();
            units = checked::multiply(rows, units, "nodes of a slice");
            if (rank == 3)
                units = checked::add(units, ((width * (row / unit) - units) % turn + turn) % turn, "nodes of a slice");
            slice = checked::multiply(units, unit, "nodes of a slice");
        }
        height = rank == 3 ? std::max<index_t>(8, width) : rank == 2 ? 32 : 4096;
        bands = std::max<index_t>(1, all() / height);
        slices = count(bands - 1) + beyond();
        if (rank == 1) slices = checked::ceil_divide(slices, unit) * unit;
        checked::multiply(checked::multiply(slices, slice, "nodes of a band"), 32, "bytes of a band");
    }

    index_t nodes_for(int a, double wanted, instruction_set i) const {
        if (modes[a] > index_t{1} << 40)
            fail<overflow_error>("nufft: an axis of ", modes[a], " modes: at most 2^40 are possible");
        const double least = std::ceil(wanted * static_cast<double>(modes[a]));
        const index_t at_least = std::max<index_t>(static_cast<index_t>(least), index_t{2} * most_nodes);
        if (a != 2) return fast_length(at_least);
        return fast_length(at_least, own_engine<R>::multiple({{1}, number_kind::complex, ring_kind::cyclic, i}, 0));
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
