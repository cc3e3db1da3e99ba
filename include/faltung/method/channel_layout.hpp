// faltung/method/channel_layout.hpp -- where samples, taps and sums of many channels lie while a band of rows is
// computed
#pragma once

#include "../simd/position_tile.hpp"
#include "line_layout.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// A grain: `rows` outputs from `row` on along the row axis times `count` from `first` on along the last one, at fixed
/// other indices, for output channels [kernel, kernel + kernels) of a group.
struct channel_band {
    index_t group, kernel, kernels;
    index_list leading;  // at the row axis: `row`
    index_t row, rows, first, count;
};

/// Whether sums of 32 bits take the products of four channels at a time: samples, and what is beyond their ends, are
/// bytes, and there are output channels enough for a vector.
inline bool takes_quads(problem const& p) {
    if (p.limits.byte_products != byte_products::quads || bytes_of_vector(p.limits.instruction_set) != 64 ||
        p.types.accumulator != element::int32 || p.types.h != element::int8 ||
        (p.types.x != element::int8 && p.types.x != element::uint8) || p.out / p.groups < 12)
        return false;
    const double least = p.types.x == element::int8 ? -128 : 0;
    for (int a = 0; a < p.rank; ++a)
        if (p[a].edge.re < least || p[a].edge.re > least + 255) return false;
    return true;
}

/// Input channels that are packed into one sample: two or four of 8 bits, where sums have 32.
inline index_t channels_of_sample(problem const& p) {
    return p.types.accumulator != element::int32 ? 1 : takes_quads(p) ? 4 : 2;
}

/// The fixed grid of bands, whatever the instruction set and the number of threads. The row axis is the innermost one
/// but the last that has several outputs.
class channel_grid {
    shape leading_;  // bands along the row axis, outputs of the others
    index_t outputs_, row_outputs_ = 1, groups_, pieces_, chunks_;

public:
    index_t kernels, depth;      // of a group: output channels, samples of its input channels
    index_t width, rows, chunk;  // outputs of a band along the last axis and the row axis; its output channels
    int row_axis = -1;
    bool alone;  // too few output channels for a tile: they are summed one by one

    explicit channel_grid(problem const& p)
        : outputs_(p.last().outputs()),
          groups_(p.groups),
          kernels(p.out / p.groups),
          depth(checked::ceil_divide(p.in / p.groups, channels_of_sample(p))),
          alone(kernels <= 2 && channels_of_sample(p) == 1) {
        constexpr index_t widest = 480, most_kernels = 128, unit = 48;
        const index_t wanted = alone && depth == 1 ? 2048 : 512;  // outputs of a band
        pieces_ = checked::ceil_divide(outputs_, widest);
        width = pieces_ <= 1 ? std::max<index_t>(outputs_, 1)
                             : checked::ceil_divide(checked::ceil_divide(outputs_, pieces_), unit) * unit;
        pieces_ = checked::ceil_divide(outputs_, width);
        for (int a = 0; a + 1 < p.rank; ++a) {
            leading_.push_back(p[a].outputs());
            if (leading_[a] > 1) row_axis = a;
        }
        if (row_axis >= 0) row_outputs_ = leading_[row_axis];
        rows = std::clamp<index_t>(wanted / width, 1, row_outputs_);
        rows = checked::ceil_divide(row_outputs_, checked::ceil_divide(row_outputs_, rows));
        if (row_axis >= 0) leading_[row_axis] = checked::ceil_divide(row_outputs_, rows);
        chunks_ = checked::ceil_divide(kernels, most_kernels);
        chunk = checked::ceil_divide(checked::ceil_divide(kernels, chunks_), 32) * 32;  // whole packs of every kind
        chunks_ = checked::ceil_divide(kernels, chunk);
    }

    index_t grains() const {
        const index_t bands = checked::multiply(checked::product(leading_, "bands of the output"), pieces_, "bands");
        return checked::multiply(bands, checked::multiply(groups_, chunks_, "bands"), "bands of the output");
    }

    channel_band operator()(index_t grain) const noexcept {
        channel_band band;
        // channels before places: those of one place find the same lines
        band.kernel = grain % chunks_ * chunk;
        band.kernels = std::min(chunk, kernels - band.kernel);
        grain /= chunks_;
        band.group = grain % groups_;
        grain /= groups_;
        band.first = grain % pieces_ * width;
        band.count = std::min(width, outputs_ - band.first);
        grain /= pieces_;
        band.leading = leading_;
        for (int a = leading_.rank(); a-- > 0; grain /= leading_[a]) band.leading[a] = grain % leading_[a];
        band.row = row_axis < 0 ? 0 : band.leading[row_axis] * rows;
        band.rows = std::min(rows, row_outputs_ - band.row);
        if (row_axis >= 0) band.leading[row_axis] = band.row;
        return band;
    }
};

/// Whether a sample has one output, and rows of samples are rows of outputs: those of a band are one row, where they
/// lie one behind the other.
inline bool has_flat_rows(problem const& p, channel_grid const& g) {
    const int last = p.rank - 1;
    if (g.row_axis < 0 || g.row_axis + 1 != last || g.width != p.last().n) return false;
    for (int a = 0; a <= last; ++a)
        if (p[a].taps != 1 || (a >= g.row_axis && (p[a].window_stride != 1 || p[a].low != 0 || p[a].high != 0)))
            return false;
    return true;
}

/// Whether a vector holds output channels, one in each lane, and not outputs beside one another: where there are as
/// many, and rows of outputs would leave lanes empty. (Or come one at a time: that was found by measuring.)
inline bool channels_in_lanes(problem const& p, channel_grid const& g) {
    if (takes_quads(p)) return true;
    const int bytes = bytes_of_vector(p.limits.instruction_set);
    const index_t lanes = bytes / (p.types.accumulator == element::float64 ? 8 : 4);
    const auto leaves_lanes_empty = [&](index_t count) {
        return 20 * checked::ceil_divide(count, lanes) * lanes > 21 * count;
    };
    return bytes == 64 && !g.alone && 4 * g.kernels >= 3 * lanes &&
           (has_flat_rows(p, g) ? leaves_lanes_empty(g.width * g.rows) : leaves_lanes_empty(g.width) || g.rows == 1);
}

/// The packed samples of a band: for every input channel of a block, for every tap of the axes that are neither row
/// axis nor last, the lines that the band's rows read, each as line_layout packs it; and where each tap finds its own.
struct channel_layout {
    channel_grid grid;
    line_layout columns, rows;
    index_t planes = 1, pitch, plane, channel;  // taps of the other axes; samples of a line, a plane, a channel
    index_t plane_lines;                        // of a plane, where rows share them; 0: they do not
    bool by_positions;                          // sums are those of position_tile
    index_t taps, block;                        // of a channel; input channels of a block
    index_t packed;                             // input channels whose lines are there at a time: whole blocks
    buffer<std::int32_t> offset;                // of a block's taps, in the order of the sum

    /// `bytes` of a sample.
    channel_layout(problem const& p, index_t bytes)
        : grid(p),
          columns(p.last(), grid.width),
          rows(row_axis_of(p, grid), grid.rows),
          by_positions(channels_in_lanes(p, grid)) {
        for (int a = 0; a + 1 < p.rank; ++a)
            if (a != grid.row_axis) planes = checked::multiply(planes, p[a].taps, "planes of samples");
        const index_t line = 64 / bytes;
        if (by_positions && columns.segment_count == 1) {  // what is written beyond a line is the next one's place
            pitch = checked::ceil_divide(columns.length, line) * line;
        } else {
            pitch = checked::ceil_divide(columns.length + line, line) * line;  // a vector is written beyond
            if (pitch / line % 2 == 0) pitch += line;  // lines do not meet in the same sets of the cache
        }
        plane = checked::multiply(pitch, rows.length, "packed samples");
        channel = checked::multiply(plane, planes, "packed samples");
        if (channel / line % 2 == 0) channel += line;
        const axis row = row_axis_of(p, grid);
        plane_lines = row.window_stride == 1 && row.dilation == 1 && p.last().taps == 3 &&
                              p.last().window_stride == 1 && p.last().dilation == 1 && row_axis_is_last(p)
                          ? row.taps
                          : 0;
        taps = checked::product(p.taps(), "taps of the kernel");
        const bool are_in_place = !by_positions && has_flat_rows(p, grid);
        const index_t fit = (are_in_place ? flat_bytes : packed_bytes) / bytes / std::max<index_t>(channel, 1);
        const index_t most_taps = by_positions ? weight_bytes / bytes_of_vector(p.limits.instruction_set) : tap_count;
        block = std::clamp<index_t>(std::min(fit, most_taps / taps), 1, grid.depth);
        if (grid.alone) block = grid.depth;
        block = checked::ceil_divide(grid.depth, checked::ceil_divide(grid.depth, block));
        packed = block;
        if (by_positions) {
            const index_t most = std::max<index_t>(flat_bytes / bytes / channel / block, 1) * block;
            packed = std::min(most, checked::ceil_divide(grid.depth, block) * block);
        }
        offset = buffer<std::int32_t>(block * taps);
        std::int32_t* to = offset.data();
        for (index_t c = 0; c < block; ++c) {
            index_t line_taps = 0;
            for_each_line(p.taps(), [&](index_list const& t) {
                index_t at = 0;
                for (int a = 0; a + 1 < p.rank; ++a)
                    if (a != grid.row_axis) at = at * p[a].taps + t[a];
                at = c * channel + at * plane + (grid.row_axis < 0 ? 0 : rows.packed.data()[t[grid.row_axis]]) * pitch;
                for (index_t i = 0; i < p.last().taps; ++i)
                    *to++ = static_cast<std::int32_t>(at + columns.packed.data()[i]);
                ++line_taps;
            });
        }
    }

    /// Samples that are packed at a time, and what the last vectors read beyond.
    index_t samples() const {
        return checked::add(checked::multiply(packed, channel, "packed samples"), 64, "samples");
    }

    /// Rows whose sums of two vectors of output channels, one in each lane, stay in the first-level cache.
    index_t rows_of_sums(index_t row) const { return std::clamp<index_t>(sum_count / row, 1, grid.rows); }
    /// Positions of as many rows as that, of at most `row` each; or of all rows of a band, as one.
    index_t most_sums(index_t row, index_t lanes) const {
        const index_t as_one = std::max(lanes, grid.rows * (grid.width + 1));
        return std::max(std::min(grid.rows * row, std::max(sum_count, row)), as_one);
    }

    /// Whether the lines of one input channel are few enough to be packed at a time (of all, where they are summed in
    /// one go).
    static bool fits(problem const& p) {
        const channel_grid g(p);
        double most = g.alone ? static_cast<double>(g.depth) : 1;
        for (int a = 0; a < p.rank; ++a) {
            axis const& k = p[a];
            const double outputs = static_cast<double>(a + 1 == p.rank   ? g.width
                                                       : a == g.row_axis ? g.rows
                                                                         : index_t{1});
            most *= std::min(static_cast<double>(k.taps) * outputs,
                             (outputs - 1) * static_cast<double>(k.window_stride) + static_cast<double>(k.span()));
        }
        return most <= 0x1p19;
    }

private:
    static constexpr index_t packed_bytes = index_t{160} * 1024, tap_count = 320;
    static constexpr index_t flat_bytes = index_t{352} * 1024;  // packed where they are not read in place
    // of a vector of output channels: those of two stay in the first-level cache while a band's tiles go by
    static constexpr index_t weight_bytes = index_t{13} * 512;
    static constexpr index_t sum_count = 224;  // positions

    // rows may be shared where their taps follow those of the last axis
    bool row_axis_is_last(problem const& p) const {
        for (int a = grid.row_axis + 1; a + 1 < p.rank; ++a)
            if (p[a].taps > 1) return false;
        return grid.row_axis >= 0;
    }

    static axis row_axis_of(problem const& p, channel_grid const& g) { return g.row_axis < 0 ? axis{} : p[g.row_axis]; }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
