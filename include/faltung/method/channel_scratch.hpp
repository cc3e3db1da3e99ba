// faltung/method/channel_scratch.hpp -- the scratch memory of a worker that computes bands of many channels
#pragma once

#include "channel_lines.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Output channels that are packed beside one another.
inline index_t pack_rows(problem const& p, channel_layout const& layout) {
    const int bytes = bytes_of_vector(p.limits.instruction_set);
    if (layout.by_positions) return bytes / (p.types.accumulator == element::float64 ? 8 : 4);
    if (layout.grid.alone) return 1;
    return p.types.accumulator == element::int32 ? tile_rows(bytes) : tile_rows(bytes, layout.grid.kernels);
}

// Scratch of a worker, one after the other: a table of lines, packed lines, a panel, sums.
template <class T>
struct channel_scratch {
    using Acc = typename T::Acc;
    using source = source_of<T>;
    index_t lanes, width;  // outputs of a vector, of a tile
    index_t row;           // positions whose sums a row has, where they are those of position_tile
    index_t sources, lines, table, panel, all;

    channel_scratch(channel_layout const& layout, int bytes) : lanes(bytes / static_cast<index_t>(sizeof(Acc))) {
        channel_grid const& g = layout.grid;
        width = lanes * vectors_of<Acc>;
        row = std::max(lanes, checked::ceil_divide(g.width, index_t{2}) * 2);
        sources = rounded<source>(layout.planes * layout.rows.length);
        lines = rounded<Acc>(layout.samples() + layout.pitch);  // and one that is joined with another
        table = g.alone ? 0 : 2 * rounded<std::int32_t>(layout.block * layout.taps);
        panel = g.alone               ? 0
                : layout.by_positions ? rounded<Acc>(2 * lanes * g.width)
                                      : rounded<Acc>(layout.block * layout.taps * width + lanes);
        // a row may begin a vector of its own
        const index_t vectors = g.rows * checked::ceil_divide(g.width, lanes) + 2;
        index_t sums = layout.block < g.depth ? g.chunk * vectors * lanes : g.chunk * width;
        if (g.alone) sums = g.rows * (g.width + lanes);
        if (layout.by_positions)
            sums = layout.packed < g.depth ? g.chunk * g.rows * row : 2 * lanes * layout.most_sums(row, lanes);
        all = sources + lines + table + panel + rounded<Acc>(sums);
    }

    template <class E>
    static index_t rounded(index_t count) {
        return checked::ceil_divide(checked::multiply(count, sizeof(E), "scratch"), 64) * 64;
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
