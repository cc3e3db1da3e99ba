// faltung/method/row_worker.hpp -- how direct computes rows of outputs by themselves: windows read in place, the rim
// through packed lines
#pragma once

#include "../geometry/interior.hpp"
#include "../simd/line_sweep.hpp"
#include "../simd/loops.hpp"
#include "finish.hpp"
#include "kept_lines.hpp"
#include "line_layout.hpp"
#include "store.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Which sums are those of vectors of numbers.
template <class T>
inline constexpr bool has_bands =
    sum_traits<typename T::Acc>::name == algebra::plus_times&& has_vectors<typename T::Acc>;

/// Whether an output is a sum along one line, whose windows follow one another sample by sample.
inline bool is_along_one_line(problem const& p) { return lines_per_row(p) == 1 && p.last().window_stride == 1; }

/// Outputs of a row tile. One line needs little room, and its tiles take little time.
inline index_t longest_tile(problem const& p) {
    return is_along_one_line(p) ? 4 * row_grid::longest : row_grid::longest;
}

/// What a plan knows of its rows, and the scratch of a worker, one after the other: sums of a tile, a table of lines,
/// what is packed where, packed lines. `bytes` of a packed sample.
struct row_layout {
    static constexpr index_t budget = index_t{128} * 1024;  // bytes of packed lines: fits the second-level cache
    line_layout line;
    index_t fit;  // lines
    kept_lines kept;
    index_t lines;  // swept at a time

    row_layout(problem const& p, index_t bytes)
        : line(p.last(), longest_tile(p)),
          fit(std::max<index_t>(budget / bytes / std::max<index_t>(line.length, 1), 1)),
          kept(p, p.last().outputs() == line.outputs ? fit : 0),
          lines(std::min(fit, lines_per_row(p))) {}
};

template <class T>
struct row_scratch {
    using D = typename T::Data;
    index_t lines, slots, packed, bytes;

    row_scratch(problem const& p, row_layout const& layout)
        : lines(rounded<typename T::Acc>(longest_tile(p))),
          slots(lines + rounded<tap_line<D>>(layout.lines)),
          packed(slots + rounded<kept_lines::slot>(layout.kept.count())),
          bytes(packed + rounded<D>(checked::multiply(std::max(layout.lines, layout.kept.count()), layout.line.length,
                                                      "packed lines"))) {}

private:
    template <class E>
    static index_t rounded(index_t count) {
        return checked::multiply(checked::ceil_divide(checked::multiply(count, sizeof(E), "scratch"), 64), 64,
                                 "scratch");
    }
};

/// A worker's share of the tiles.
template <class T>
class row_worker {
    using X = typename T::X;
    using D = typename T::Data;
    using W = typename T::Weight;
    using Acc = typename T::Acc;
    using Y = typename T::Y;

    problem const& p_;
    row_layout const& layout_;
    W const* weights_;
    line_reader<X, D> reader_;
    strided<Y> const& y_;
    Acc* sums_;
    tap_line<D>* lines_;
    kept_lines::slot* slots_;
    D* packed_;
    // along one line, taps share vectors
    using along_line = line_sweep<std::conditional_t<has_bands<T>, Acc, float>>;
    typename versions<row_sweep<D, W, Acc>>::function sweep_;
    typename versions<along_line>::function sweep_line_;
    output_range interior_;
    bool in_place_, along_one_line_, keeps_;
    destination where_;
    index_t row_lines_, depth_;  // lines and taps behind one output
    index_list no_taps_;

public:
    row_worker(problem const& p, row_layout const& layout, W const* weights, strided<X const> const& x,
               strided<Y> const& y, std::byte* scratch) noexcept
        : p_(p),
          layout_(layout),
          weights_(weights),
          reader_(p, x, nothing()),
          y_(y),
          sums_(reinterpret_cast<Acc*>(scratch)),
          sweep_(versions<row_sweep<D, W, Acc>>::of(p.limits.instruction_set)),
          sweep_line_(versions<along_line>::of(p.limits.instruction_set)),
          interior_(interior(p.last())),
          in_place_(std::is_same_v<X, D> && p.last().window_stride == 1 && reader_.line_step() == 1),
          along_one_line_(has_bands<T> && is_along_one_line(p)),
          where_(along_one_line_ && std::is_same_v<Y, Acc> && y.stride[p.rank] == 1
                     ? destination_of(p.output_count() * static_cast<index_t>(sizeof(Y)))
                     : destination::caches),
          row_lines_(lines_per_row(p)),
          depth_(row_lines_ * p.last().taps),
          no_taps_(index_list::repeated(p.rank, 0)) {
        const row_scratch<T> at(p, layout);
        lines_ = reinterpret_cast<tap_line<D>*>(scratch + at.lines);
        slots_ = reinterpret_cast<kept_lines::slot*>(scratch + at.slots);
        packed_ = reinterpret_cast<D*>(scratch + at.packed);
        keeps_ = layout.kept.count() > 0 && !(in_place_ && is_worth_splitting(interior_.count(), p.last().outputs()));
        if (keeps_) std::fill_n(slots_, layout.kept.count(), kept_lines::slot{-1, false});
    }

    void compute(row_grid const& grid, grain_range range) const noexcept {
        grid.for_each(range, [&](row_tile const& tile) { compute(tile); });
        if (where_ == destination::past_caches) finish_stores_past_caches();
    }

private:
    void compute(row_tile const& tile) const noexcept {
        const index_t end = tile.first + tile.count;
        if (!p_.kernel.finite) return piece(tile, tile.first, end, &row_worker::sample_by_sample);
        if (!in_place_) return piece(tile, tile.first, end, &row_worker::sweep_packed);
        const index_t low = std::clamp(interior_.first, tile.first, end), high = std::clamp(interior_.last, low, end);
        if (!is_worth_splitting(high - low, tile.count)) return piece(tile, tile.first, end, &row_worker::sweep_packed);
        piece(tile, tile.first, low, &row_worker::sweep_packed);
        piece(tile, low, high, &row_worker::sweep_in_place);
        piece(tile, high, end, &row_worker::sweep_packed);
    }

    // beside a zero boundary: the zero of the sums' algebra, of a complex one its real part
    static constexpr D nothing() {
        if constexpr (is_complex<Acc>)
            return D{};
        else
            return sum_traits<Acc>::zero;
    }

    // Few interior outputs cost less packed than in three pieces.
    bool is_worth_splitting(index_t inside, index_t outputs) const noexcept {
        return inside == outputs || inside >= (along_one_line_ ? row_grid::longest : 64);
    }

    using sum = void (row_worker::*)(row_tile const&, index_t channel, index_t first, index_t count,
                                     Acc* out) const noexcept;

    // outputs [first, end) of a tile, for every output channel of its group
    void piece(row_tile const& tile, index_t first, index_t end, sum method) const noexcept {
        if (first == end) return;
        const index_t channels = p_.out / p_.groups, step = y_.stride[p_.rank];
        for (index_t c = tile.group * channels; c < (tile.group + 1) * channels; ++c) {
            Y* to = row_start(y_, c, tile) + (first - tile.first) * step;
            if constexpr (std::is_same_v<Y, Acc>)
                if (step == 1) {
                    (this->*method)(tile, c, first, end - first, to);
                    finish_row<Y>(p_, c, tile.leading, first, to, end - first);
                    continue;
                }
            (this->*method)(tile, c, first, end - first, sums_);
            finish_row<Y>(p_, c, tile.leading, first, sums_, end - first);
            store_row(sums_, to, step, end - first, p_.store);
        }
    }

    // The first sweep of a piece begins its sums, even without a line.
    void sweep(index_t channel, index_t lines, index_t const* tap_offset, index_t count, Acc* out,
               bool& continued) const noexcept {
        if constexpr (has_bands<T>)
            if (along_one_line_ && lines > 0) {
                const index_t taps = p_.last().taps;
                return sweep_line_({lines_->data, taps > 1 ? tap_offset[1] : 1, weights_ + channel * taps, taps, out,
                                    count, continued, continued ? destination::caches : where_});
            }
        if (lines > 0 || !continued)
            sweep_({lines_, lines, tap_offset, p_.last().taps, weights_ + channel * depth_, out, count, continued});
        continued = true;
    }

    // the samples of a line that `count` windows from position `at` on read, as the layout says
    tap_line<D> pack(source_line<X> const& line, index_t at, index_t first_weight, index_t count,
                     D* to) const noexcept {
        layout_.line.pack(reader_, line, at, p_.last().window_stride, to, count);
        return {to, first_weight};
    }

    void sweep_in_place(row_tile const& tile, index_t channel, index_t first, index_t count, Acc* out) const noexcept {
        const index_t at = p_.last().position(first, 0), taps = p_.last().taps;
        line_walk walk(p_, tile.group);
        index_t filled = 0;
        bool continued = begin_row(p_, channel, out, count);
        for (index_t j = 0, all = row_lines_; j < all; ++j) {
            const auto line = walk.next(reader_, tile.leading);
            const bool is_constant = !line.data && !reader_.edge_of(line).is_zero();
            if constexpr (std::is_same_v<X, D>)
                if (line.data) lines_[filled++] = {line.data + at, j * taps};
            if (filled == layout_.lines || j + 1 == all || is_constant) {
                sweep(channel, filled, layout_.line.in_place.data(), count, out, continued);
                filled = 0;
            }
            if (is_constant) {  // nothing in memory: packed, and swept by itself
                lines_[0] = pack(line, at, j * taps, count, packed_);
                sweep(channel, 1, layout_.line.packed.data(), count, out, continued);
            }
        }
    }

    void sweep_packed(row_tile const& tile, index_t channel, index_t first, index_t count, Acc* out) const noexcept {
        const index_t at = p_.last().position(first, 0), taps = p_.last().taps;
        if (keeps_) return sweep_kept(tile, channel, count, out);
        if (row_lines_ == 1) return sweep_one_packed(tile, channel, at, count, out);
        line_walk walk(p_, tile.group);
        index_t filled = 0;
        bool continued = begin_row(p_, channel, out, count);
        for (index_t j = 0, all = row_lines_; j < all; ++j) {
            const auto line = walk.next(reader_, tile.leading);
            if (reader_.contributes(line)) {
                lines_[filled] = pack(line, at, j * taps, count, packed_ + filled * layout_.line.length);
                ++filled;
            }
            if (filled == layout_.lines || j + 1 == all) {
                sweep(channel, filled, layout_.line.packed.data(), count, out, continued);
                filled = 0;
            }
        }
    }

    void sweep_one_packed(row_tile const& tile, index_t channel, index_t at, index_t count, Acc* out) const noexcept {
        const auto line = reader_.find(tile.group, tile.leading, no_taps_);
        const index_t lines = reader_.contributes(line);
        if (where_ != destination::caches && in_place_ && line.data)  // two kilobytes further on are the next rows'
            for (std::uintptr_t i = 0; i < static_cast<std::uintptr_t>(count) * sizeof(D); i += 64)
                fetch_ahead(line.data, 2048 + i);
        if (lines > 0) *lines_ = pack(line, at, 0, count, packed_);
        bool continued = begin_row(p_, channel, out, count);
        sweep(channel, lines, layout_.line.packed.data(), count, out, continued);
    }

    // a whole row, of lines that other rows may have left
    void sweep_kept(row_tile const& tile, index_t channel, index_t count, Acc* out) const noexcept {
        const index_t at = p_.last().position(0, 0), taps = p_.last().taps,
                      first_channel = tile.group * (p_.in / p_.groups);
        const kept_lines::row row(layout_.kept, tile.leading);
        line_walk walk(p_, tile.group);
        index_t filled = 0;
        for (index_t j = 0, all = row_lines_; j < all; ++j, walk.advance()) {
            const auto place = row(walk.channel() - first_channel, walk.channel(), walk.taps());
            kept_lines::slot& slot = slots_[place.at];
            D* const to = packed_ + place.at * layout_.line.length;
            if (slot.line != place.line) {
                const auto line = walk.find(reader_, tile.leading);
                slot = {place.line, reader_.contributes(line)};
                if (slot.contributes) pack(line, at, 0, count, to);
            }
            if (slot.contributes) lines_[filled++] = {to, j * taps};
        }
        bool continued = begin_row(p_, channel, out, count);
        sweep(channel, filled, layout_.line.packed.data(), count, out, continued);
    }

    // for kernels with NaN or Inf: a zero boundary must be skipped, not multiplied
    void sample_by_sample(row_tile const& tile, index_t channel, index_t first, index_t count,
                          Acc* out) const noexcept {
        index_list o = tile.leading;
        o.push_back(first);
        for (index_t j = 0; j < count; ++j, ++o[p_.rank - 1])
            out[j] =
                window_sum<Acc>(p_, reader_, weights_ + channel * depth_, tile.group, o, start_of<Acc>(p_, channel));
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
