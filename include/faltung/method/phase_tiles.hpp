// faltung/method/phase_tiles.hpp -- layers of the same samples whose outputs lie between one another, computed from the
// same packed lines
#pragma once

#include <optional>
#include <vector>

#include "../simd/position_pairs.hpp"
#include "channel_tiles.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// A problem that direct computes by channel_tiles, without an epilogue, as it was prepared.
struct phase_part {
    faltung::problem const* problem;
    prepared ready;
    index_list position;  // of its output 0 in y
};

/// The phases of an adjoint whose window stride along the last axis is 2: problems of the same samples and channels,
/// each with taps of its own, that differ in where a window begins. They come in pairs: the outputs of a pair take
/// turns along the last axis. One band of lines serves them all, and rows of y are written whole.
///
/// Only where all of them have output channels in lanes.
template <class T>
class phase_tiles {
    using X = typename T::X;
    using Y = typename T::Y;
    using Acc = typename T::Acc;

    struct phase {
        faltung::problem problem;
        prepared ready;
        buffer<std::int32_t> offset;  // of a block's taps
        index_t block, taps;
        index_list position;
    };
    struct plan {
        faltung::problem problem;  // whose windows have room for those of all phases
        channel_layout layout;
        index_list strides;  // from output to output of a phase, per axis
        std::vector<phase> phases;

        plan(faltung::problem const& p, index_list const& s) : problem(p), layout(p, sizeof(Acc)), strides(s) {}
    };
    struct sizes {
        index_t sources, lines, row, rows, all;  // of sums: samples of a row, rows
    };
    std::shared_ptr<plan const> plan_;
    sizes size_;

    explicit phase_tiles(std::shared_ptr<plan const> p) : plan_(std::move(p)) {
        using scratch = channel_scratch<T>;
        channel_layout const& layout = plan_->layout;
        const position_sums<T> sums(plan_->problem);
        size_.sources = scratch::template rounded<source_of<T>>(layout.planes * layout.rows.length);
        size_.lines = scratch::template rounded<Acc>(layout.samples());
        size_.row = sums.row_step(layout.grid.width);
        size_.rows = std::max<index_t>(layout.rows_of_sums(size_.row / sums.lanes) / 2, 1);  // of both phases
        size_.all =
            size_.sources + size_.lines + scratch::template rounded<Acc>(2 * sums.at_a_time * size_.rows * size_.row);
    }

public:
    static constexpr bool has =
        channel_tiles::has<T> && is_floating<Acc> && std::is_same_v<X, Acc> && std::is_same_v<Y, Acc>;

    /// Nothing where it is not possible, or not faster.
    static std::optional<phase_tiles> of(std::vector<phase_part> const& parts, index_list const& strides) {
        if constexpr (!has) {
            return {};
        } else {
            if (parts.size() < 2 || parts.size() % 2 != 0) return {};
            const std::optional<problem> common = common_problem(parts);
            if (!common) return {};
            const auto made = std::make_shared<plan>(*common, strides);
            if (!made->layout.by_positions || made->layout.packed < made->layout.grid.depth) return {};
            for (phase_part const& p : parts) {
                auto const& own = *static_cast<channel_layout const*>(p.ready.geometry.get());
                if (!own.by_positions || own.grid.chunk != made->layout.grid.chunk) return {};
                made->phases.push_back(
                    {*p.problem, p.ready, buffer<std::int32_t>(own.block * own.taps), own.block, own.taps, p.position});
                find_taps(*made, made->phases.back());
            }
            return phase_tiles(made);
        }
    }

    index_t workspace() const { return size_.all; }
    index_t grains() const { return plan_->layout.grid.grains(); }

    /// The samples of y lie one behind the other along the last axis.
    void run(strided<X const> const& x, strided<Y> const& y, std::byte* scratch, grain_range range) const noexcept {
        channel_layout const& layout = plan_->layout;
        Acc* const lines = reinterpret_cast<Acc*>(scratch + size_.sources);
        Acc* const sums = reinterpret_cast<Acc*>(scratch + size_.sources + size_.lines);
        channel_lines<T> packed(plan_->problem, layout, x, reinterpret_cast<source_of<T>*>(scratch), lines);
        const position_sums<T> sum(plan_->problem);
        const auto store = versions<position_pairs<Acc>>::of(plan_->problem.limits.instruction_set);
        for (index_t g = range.first; g < range.last; ++g) {
            const channel_band band = layout.grid(g);
            packed.pack(band, 0, layout.grid.depth);
            for (std::size_t i = 0; i < plan_->phases.size(); i += 2) compute(band, i, y, sum, store, lines, sums);
        }
    }

private:
    using storing = typename versions<position_pairs<Acc>>::function;

    // A problem with as many outputs as the largest phase has, whose windows have the taps of all.
    static std::optional<problem> common_problem(std::vector<phase_part> const& parts) {
        problem p = *parts[0].problem;
        for (int a = 0; a < p.rank; ++a) {
            index_t low = p[a].low, high = 0, outputs = 0;
            for (phase_part const& part : parts) low = std::max(low, (*part.problem)[a].low);
            for (phase_part const& part : parts) {
                axis const& k = (*part.problem)[a];
                if (k.window_stride != 1 || k.dilation != 1) return {};
                high = std::max(high, k.taps + low - k.low);
                outputs = std::max(outputs, k.outputs());
            }
            p[a].low = low;
            p[a].taps = high;
            p[a].high = outputs - 1 + high - p[a].n - low;
        }
        if (!channel_layout::fits(p)) return {};
        return p;
    }

    // Where a phase's taps find their samples in the common lines.
    static void find_taps(plan const& all, phase& to) {
        std::int32_t* at = to.offset.data();
        for (index_t c = 0; c < to.block; ++c)
            for_each_index(to.problem.taps(), [&](index_list const& t) {
                index_t tap = 0;
                for (int a = 0; a < all.problem.rank; ++a)
                    tap = tap * all.problem[a].taps + t[a] + all.problem[a].low - to.problem[a].low;
                *at++ = static_cast<std::int32_t>(c * all.layout.channel + all.layout.offset.data()[tap]);
            });
    }

    static Acc const* start_of(phase const& f) noexcept { return static_cast<Acc const*>(f.ready.kernel.get()); }

    void compute(channel_band const& band, std::size_t first, strided<Y> const& y, position_sums<T> const& sum,
                 storing store, Acc const* lines, Acc* sums) const noexcept {
        channel_layout const& layout = plan_->layout;
        channel_grid const& grid = layout.grid;
        phase const* const both = plan_->phases.data() + first;
        const int last = plan_->problem.rank - 1;
        const auto outputs = [&](int number, int a) { return both[number].problem[a].outputs(); };
        for (int a = 0; a < last; ++a)
            if (a != grid.row_axis && band.leading[a] >= outputs(0, a)) return;
        const index_t here = grid.row_axis < 0 ? 1 : std::min(band.rows, outputs(0, grid.row_axis) - band.row);
        const index_t lanes = sum.lanes, packs = checked::ceil_divide(band.kernels, lanes),
                      padded = checked::ceil_divide(grid.kernels, lanes) * lanes,
                      kernel = band.group * padded + band.kernel, row_step = sum.row_step(band.count),
                      most_rows = std::max<index_t>(size_.rows * size_.row / row_step, 1),
                      pack_step = most_rows * row_step;
        const index_t counts[] = {std::min(band.count, outputs(0, last) - band.first),
                                  std::min(band.count, outputs(1, last) - band.first)};
        Acc* const of_phase[] = {sums, sums + sum.at_a_time * pack_step};
        Y* to = y.data + (band.group * grid.kernels + band.kernel) * y.stride[0] + 2 * band.first;
        for (int a = 0; a < last; ++a)
            to += (both[0].position[a] + band.leading[a] * plan_->strides[a]) * y.stride[a + 1];
        const int row = grid.row_axis;
        const index_t next_row = row < 0 ? 0 : plan_->strides[row] * y.stride[row + 1];
        for (index_t r = 0; r < here; r += most_rows) {
            const index_t rows = std::min(most_rows, here - r);
            for (index_t k = 0; k < packs; k += sum.at_a_time) {
                for (int f = 0; f < 2; ++f) {
                    const position_samples<Acc> from{lines,          both[f].offset.data(), layout.pitch,
                                                     layout.channel, both[f].block,         both[f].taps};
                    Acc const* const start = start_of(both[f]);
                    sum(from, grid.depth, start + padded * plan_->problem.groups + kernel * grid.depth * both[f].taps,
                        start + kernel, packs, k, r, rows, band.count, of_phase[f], pack_step);
                }
                for (index_t i = 0; i < rows; ++i)
                    store({of_phase[0] + i * row_step, of_phase[1] + i * row_step, pack_step,
                           std::min(sum.at_a_time * lanes, band.kernels - k * lanes), counts[0], counts[1],
                           to + k * lanes * y.stride[0] + (r + i) * next_row, y.stride[0]});
            }
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
