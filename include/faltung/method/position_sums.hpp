// faltung/method/position_sums.hpp -- rows of sums of output channels in lanes, a block of input channels after the
// other
#pragma once

#include "channel_layout.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Where sums of position_tile find the samples of an output of row 0 and column 0: those of channel 0, the taps of a
/// block of channels from there, the next row, the next channel.
template <class Acc>
struct position_samples {
    Acc const* data;
    std::int32_t const* offset;
    index_t row_step, channel;
    index_t block, taps;  // channels of a block, taps of a channel
};

/// Sums of two vectors of output channels at a time, for rows whose sums stay in the first-level cache beside the
/// weights of a block.
template <class T>
class position_sums {
    using Acc = typename T::Acc;
    using positions = position_tile<Acc>;

    typename versions<positions>::function positions_;
    index_t most_positions_;

public:
    static constexpr index_t at_a_time = 2;
    index_t lanes;

    explicit position_sums(problem const& p) noexcept
        : positions_(versions<positions>::of(p.limits.instruction_set)),
          most_positions_(tile_positions(bytes_of_vector(p.limits.instruction_set))),
          lanes(bytes_of_vector(p.limits.instruction_set) / static_cast<index_t>(sizeof(Acc))) {
        if constexpr (std::is_same_v<Acc, std::int32_t>)
            if (takes_quads(p)) positions_ = versions<position_tile<Acc, quad_lanes>>::of(p.limits.instruction_set);
    }

    /// From one row of so many sums to the next. They are read to the end of a vector's positions.
    index_t row_step(index_t count) const noexcept {
        return std::max(lanes, checked::ceil_divide(count, index_t{2}) * 2) * lanes;
    }

    /// Vectors k and k + 1 of `packs` output channels, for rows [row, row + rows) of `count` outputs: sums[v *
    /// pack_step
    /// + r * row_step(count) + i * lanes + lane]. `weights` are those of all vectors, block by block; `start` is where
    /// sums of vector 0 begin, null where they go on.
    void operator()(position_samples<Acc> const& x, index_t channels, Acc const* weights, Acc const* start,
                    index_t packs, index_t k, index_t row, index_t rows, index_t count, Acc* sums,
                    index_t pack_step) const noexcept {
        // tiles of a row; the first ones are two positions wider than the others
        const index_t tiles = checked::ceil_divide(count, most_positions_), pairs = (count + 1) / 2,
                      narrow = pairs / tiles * 2, wide = pairs % tiles, step = row_step(count);
        for (index_t c = 0; c < channels; c += x.block) {
            const index_t taps = std::min(x.block, channels - c) * x.taps;
            typename positions::arguments a{nullptr,
                                            0,
                                            x.offset,
                                            taps,
                                            weights + k * lanes * taps,
                                            std::min(at_a_time, packs - k),
                                            start && c == 0 ? start + k * lanes : nullptr,
                                            nullptr,
                                            pack_step};
            for (index_t r = 0; r < rows; ++r) {
                a.data = x.data + c * x.channel + (row + r) * x.row_step;
                a.sums = sums + r * step;
                for (index_t i = 0; i < tiles; ++i, a.data += a.positions, a.sums += a.positions * lanes) {
                    a.positions = narrow + (i < wide ? 2 : 0);
                    positions_(a);
                }
            }
            weights += packs * lanes * taps;
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
