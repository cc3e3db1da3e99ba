// faltung/method/winograd_worker.hpp -- computes panels of Winograd's tiles in a worker's scratch memory
#pragma once

#include <optional>

#include "../simd/winograd_tiles.hpp"
#include "finish.hpp"
#include "method.hpp"
#include "rows.hpp"
#include "store.hpp"
#include "winograd_kernel.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// A panel: its tiles' samples at the points, for all input channels of a group; then for a chunk of output channels
/// the products at every point, summed over input channels, and from them the outputs.
///
/// NaN and Inf need no look at the samples. In every formula of an output the weight of a sample that its window
/// touches is a sum of products A G B over points, and one of them at least takes part: what is not finite there is not
/// finite in the output. So every output that is not finite, be it by a neighbour in its tile or by an overflow that
/// the sum itself does not have, is computed from the definition.
template <class T, int Outputs>
class winograd_worker {
    using X = typename T::X;
    using Y = typename T::Y;
    using Acc = typename T::Acc;
    using points_of = winograd_points<Acc, Outputs>;
    using outputs_of = winograd_outputs<Acc, Outputs>;
    static constexpr index_t side = Outputs + 2;

    problem const& p_;
    winograd_geometry const& geometry_;
    winograd_layout const& layout_;
    winograd_kernel<Acc> const& kernel_;
    winograd_scratch size_;
    strided<X const> const& x_;
    strided<Y> const& y_;
    line_reader<X, Acc> reader_;
    Acc *lines_, *phases_, *points_, *sums_, *rows_;
    index_t depth_, kernels_;
    typename versions<points_of>::function to_points_;
    typename versions<outputs_of>::function to_outputs_;
    typename versions<channel_tile<Acc>>::function multiply_;
    typename versions<line_copy<Acc>>::function copy_;
    winograd_run runs_[winograd_layout::widest];  // of the panel

public:
    winograd_worker(problem const& p, prepared const& ready, strided<X const> const& x, strided<Y> const& y,
                    std::byte* scratch) noexcept
        : p_(p),
          geometry_(*static_cast<winograd_geometry const*>(ready.geometry.get())),
          layout_(geometry_.layout),
          kernel_(*static_cast<winograd_kernel<Acc> const*>(ready.kernel.get())),
          size_(p, layout_),
          x_(x),
          y_(y),
          reader_(p, x),
          depth_(p.in / p.groups),
          kernels_(p.out / p.groups),
          to_points_(versions<points_of>::of(p.limits.instruction_set)),
          to_outputs_(versions<outputs_of>::of(p.limits.instruction_set)),
          multiply_(versions<channel_tile<Acc>>::of(p.limits.instruction_set)),
          copy_(versions<line_copy<Acc>>::of(p.limits.instruction_set)) {
        lines_ = reinterpret_cast<Acc*>(scratch);
        phases_ = reinterpret_cast<Acc*>(scratch += size_.lines);
        points_ = reinterpret_cast<Acc*>(scratch += size_.phases);
        sums_ = reinterpret_cast<Acc*>(scratch += size_.points);
        rows_ = reinterpret_cast<Acc*>(scratch + size_.sums);
        std::fill(lines_, phases_, Acc{});  // lanes without a tile are computed, and never stored
    }

    void compute(index_t grain) noexcept {
        const index_t group = grain % p_.groups, first = grain / p_.groups * layout_.panel;
        const index_t tiles = std::min(layout_.panel, layout_.tiles - first);
        std::size_t count = 0;
        for (index_t at = 0; at < tiles; at += runs_[count++].tiles)
            runs_[count] = layout_.run_at(p_, first + at, at, tiles - at);
        for (std::size_t r = 0; r < count; ++r) load(runs_[r], group);
        const index_t vectors = checked::ceil_divide(tiles, layout_.lanes);
        for (index_t k = 0; k < kernels_; k += layout_.chunk) {
            const index_t chunk = std::min(layout_.chunk, kernels_ - k);
            multiply(group, k, chunk, vectors);
            for (index_t i = 0; i < chunk; ++i) {
                const index_t channel = group * kernels_ + k + i;
                const Acc bias = start_of<Acc>(p_, channel);
                Acc not_finite;
                to_outputs_({sums_ + i * layout_.panel, size_.sum, vectors, p_.store.bias ? &bias : nullptr, rows_,
                             size_.row, &not_finite});
                for (std::size_t r = 0; r < count; ++r) store(runs_[r], group, channel, not_finite);
            }
        }
    }

private:
    // samples that windows of a run's outputs reach along the last axis, and that its tiles have
    static index_t used(winograd_run const& run) noexcept { return run.count + 2; }
    static index_t all(winograd_run const& run) noexcept { return run.tiles * Outputs + 2; }

    // The run's samples of every input channel at the points; 0 where no window of an output reaches.
    void load(winograd_run const& run, index_t group) noexcept {
        source_line<X> source[std::size_t{side}];
        index_list e = run.leading;
        for (int a = 0; a + 1 < p_.rank; ++a) e[a] = p_[a].position(run.leading[a], 0);
        const index_t lines = run.rows + 2;
        for (index_t i = 0; i < lines; ++i, ++e[p_.rank - 2]) source[i] = reader_.at(0, e);
        for (index_t i = lines; i < side; ++i) std::fill_n(lines_ + i * size_.line, all(run), Acc{});
        copied_line<Acc> copied[std::size_t{side}];
        auto copies = find_copy(run, source, lines, copied);
        const index_t first = copies ? copies->shift : 0;
        for (index_t c = 0; c < depth_; ++c) {
            const index_t channel = (group * depth_ + c) * x_.stride[0];
            if (copies) {
                if (copies->count > 0) copies->shift = first + channel;
                copy_(*copies);
            } else {
                read(run, source, lines, channel);
            }
            if (used(run) < all(run))
                for (index_t i = 0; i < lines; ++i)
                    std::fill(lines_ + i * size_.line + used(run), lines_ + i * size_.line + all(run), Acc{});
            to_points_({lines_, size_.line, run.tiles, phases_, size_.phase, points_ + c * layout_.pitch() + run.at,
                        size_.point});
        }
    }

    // the lines of a channel that lies so far from channel 0
    void read(winograd_run const& run, source_line<X> const* source, index_t lines, index_t channel) noexcept {
        for (index_t i = 0; i < lines; ++i) {
            source_line<X> line = source[i];
            if (line.data) line.data += channel;
            reader_.read(line, p_.last().position(run.first, 0), 1, lines_ + i * size_.line, used(run));
        }
    }

    // The same for channel 0 where samples are copied as they are, and a constant lies beyond the ends.
    std::optional<typename line_copy<Acc>::arguments> find_copy(winograd_run const& run, source_line<X> const* source,
                                                                index_t lines, copied_line<Acc>* copied) noexcept {
        if constexpr (std::is_same_v<X, Acc>) {
            axis const& k = p_.last();
            if (k.edge.map != boundary::rule::constant) return std::nullopt;
            for (index_t i = 0; i < lines; ++i)
                copied[i] = {source[i].data, source[i].data ? Acc{} : reader_.constant_of(source[i])};
            const index_t first = k.position(run.first, 0), count = used(run);
            const index_t begin = std::clamp<index_t>(-first, 0, count), end = std::clamp(k.n - first, begin, count);
            const index_t step = reader_.line_step(), shift = end > begin ? (first + begin) * step : 0;
            return {{copied, lines, shift, step, begin, end - begin, count - end,
                     reader_.constant_of({nullptr, p_.rank - 1}), lines_, size_.line}};
        } else {
            return std::nullopt;
        }
    }

    // sums of products for output channels k, ..., k + count - 1 of the group
    void multiply(index_t group, index_t k, index_t count, index_t vectors) noexcept {
        Acc const* weights = kernel_.chunk(p_, layout_, group, k);
        const index_t lanes = layout_.lanes;
        for (index_t e = 0; e < side * side; ++e, weights += winograd_kernel<Acc>::step(p_, layout_, k)) {
            Acc const* const from = points_ + e * size_.point;
            Acc* const to = sums_ + e * size_.sum;
            for (index_t v = 0; v < vectors; v += tile_vectors)
                multiply_({{from + v * lanes, from + (v + 1) * lanes, from + (v + 2) * lanes},
                           std::min<index_t>(tile_vectors, vectors - v),
                           geometry_.offset.data(),
                           depth_,
                           weights,
                           count,
                           kernel_.zeros(),
                           nullptr,
                           {to + v * lanes, to + (v + 1) * lanes, to + (v + 2) * lanes},
                           layout_.panel,
                           0,
                           nullptr});
        }
    }

    // one output channel of a run; `not_finite` is NaN if some sum of the panel is not
    void store(winograd_run run, index_t group, index_t channel, Acc not_finite) noexcept {
        Y* to = y_.data + channel * y_.stride[0] + run.first * y_.stride[p_.rank];
        for (int a = 0; a + 1 < p_.rank; ++a) to += run.leading[a] * y_.stride[a + 1];
        for (index_t i = 0; i < run.rows; ++i, ++run.leading[p_.rank - 2], to += y_.stride[p_.rank - 1]) {
            Acc* const row = rows_ + i * size_.row + run.at * Outputs;
            if (!(not_finite == 0) && !all_finite(row, run.count)) mend(run, group, channel, row);
            if (!p_.store.epilogue.is_none()) finish_row<Y>(p_, channel, run.leading, run.first, row, run.count);
            store_row(row, to, y_.stride[p_.rank], run.count, p_.store);
        }
    }

    void mend(winograd_run const& run, index_t group, index_t channel, Acc* row) const noexcept {
        index_list output = run.leading;
        output.push_back(run.first);
        for (index_t j = 0; j < run.count; ++j, ++output[p_.rank - 1])
            if (!is_finite(row[j]))
                row[j] = window_sum<Acc>(p_, reader_, kernel_.taps() + channel * p_.taps_per_output(), group, output,
                                         start_of<Acc>(p_, channel));
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
