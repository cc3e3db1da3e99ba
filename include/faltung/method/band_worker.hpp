// faltung/method/band_worker.hpp -- how direct computes bands of rows: lines in place or packed, four rows at a time
#pragma once

#include <algorithm>
#include <utility>

#include "../geometry/interior.hpp"
#include "band_layout.hpp"
#include "half_sums.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Scratch of a worker, one after the other: packed lines, three tables of lines, sums of a part of four rows, and a
/// row for outputs that there are none of.
template <class T>
struct band_scratch {
    using D = typename T::Data;
    static constexpr index_t part = 480, sum_step = part + 80;  // sums that are stored while they are near
    index_t packed, tables, sums, spare, bytes;

    explicit band_scratch(band_layout const& layout)
        : packed(0),
          tables(packed + rounded<D>(checked::multiply(
                              checked::multiply(layout.strip_lines(), layout.groups, "lines of a strip"),
                              layout.line.length, "packed lines"))),
          sums(tables + rounded<D const*>(3 * layout.strip_lines() * layout.groups)),
          spare(sums + rounded<typename T::Acc>(band_layout::rows * sum_step)),
          bytes(spare + rounded<typename T::Acc>(layout.line.outputs)) {}

private:
    template <class E>
    static index_t rounded(index_t count) {
        constexpr index_t alignment = static_cast<index_t>(buffer_alignment);
        return checked::multiply(checked::ceil_divide(checked::multiply(count, sizeof(E), "scratch"), alignment),
                                 alignment, "scratch");
    }
};

/// A worker's share of the grains. T = types<...>, or the same in halves.
template <class T>
class band_worker {
    using X = typename T::X;
    using D = typename T::Data;
    using W = typename T::Weight;
    using Acc = typename T::Acc;
    using Y = typename T::Y;
    using sweep = band_sweep<Acc>;
    static_assert(std::is_same_v<D, Acc> && std::is_same_v<W, Acc>);
    static constexpr index_t rows = sweep::rows, unit = std::max<index_t>(sweep::unit, band_layout::least);

    // Fewer outputs inside are swept sooner with their rim, from packed lines, than in three stretches.
    static constexpr index_t least_in_place = 512;

    // Outputs of a piece that are read through the same table: for every line the first sample of the first window.
    struct stretch {
        index_t first = 0, count = 0;
        D const** lines = nullptr;
    };

    problem const& p_;
    band_layout const& layout_;
    W const* weights_;
    row_store<T> store_;
    line_reader<X, D> reader_;
    strided<Y> const& y_;
    band_scratch<T> at_;
    D* packed_;
    D const** tables_;
    Acc *sums_, *spare_;
    typename versions<sweep>::function sweep_;
    output_range interior_;
    index_t step_;       // outputs along a row that are computed at a time
    index_t line_step_;  // from one group's lines to the next one's
    bool in_place_;
    destination where_;

    index_t group_ = 0, grain_ = -1;
    index_list outer_, e_;           // along the axes further out; the position of a line
    index_t plane_ = 0, kept_ = 0;   // in its phase; places of the window whose lines are there already
    index_t phase_ = 0, j_ = 0;      // of the strip's first row
    index_t first_position_ = 0;     // of its first line
    index_t first_ = 0, count_ = 0;  // of the piece's outputs
    bool inside_is_in_place_ = false;
    stretch low_, inside_, high_;

public:
    band_worker(problem const& p, band_layout const& layout, W const* weights, row_store<T> const& store,
                strided<X const> const& x, strided<Y> const& y, std::byte* scratch) noexcept
        : p_(p),
          layout_(layout),
          weights_(weights),
          store_(store),
          reader_(p, x),
          y_(y),
          at_(layout),
          packed_(reinterpret_cast<D*>(scratch + at_.packed)),
          tables_(reinterpret_cast<D const**>(scratch + at_.tables)),
          sums_(reinterpret_cast<Acc*>(scratch + at_.sums)),
          spare_(reinterpret_cast<Acc*>(scratch + at_.spare)),
          sweep_(versions<sweep>::of(p.limits.instruction_set)),
          interior_(interior(p.last())),
          step_(sweep::step(p.limits.instruction_set)),
          line_step_(layout.strip_lines()),
          in_place_(std::is_same_v<X, D> && p.last().window_stride == 1 && reader_.line_step() == 1),
          where_(destination_of_rows()) {}

    void compute(index_t grain) noexcept {
        enter(grain);
        const index_t row_count = std::min(layout_.strip_rows, layout_.walk.in_phase(rows_of_axis(), phase_) - j_),
                      lines = row_count + layout_.taps - 1;
        index_t ready = 0;
        for (index_t r = 0; r < row_count; r += rows) {
            const index_t needed = std::min(r + rows + layout_.taps - 1, lines);
            for (; ready < needed; ++ready) produce(ready);
            for (index_t i = needed; i < r + rows + layout_.taps - 1; ++i) repeat(i);  // of rows that there are none of
            for (index_t c = 0, channels = p_.out / p_.groups; c < channels; ++c)
                band(group_ * channels + c, r, std::min(row_count - r, rows));
        }
    }

    /// After the last grain.
    void finish() const noexcept {
        if (where_ == destination::past_caches) finish_stores_past_caches();
    }

private:
    index_t rows_of_axis() const noexcept { return p_[layout_.rows_axis].outputs(); }
    bool is_straight() const noexcept { return store_.is_copy() && y_.stride[p_.rank] == 1; }
    destination destination_of_rows() const noexcept {
        constexpr auto size = static_cast<index_t>(sizeof(Y));
        const destination where = is_straight() ? destination_of(p_.output_count() * size) : destination::caches;
        return where == destination::past_caches && row_step() * size % 64 != 0 ? destination::caches : where;
    }
    static Acc* as_sums(Y* y) noexcept { return reinterpret_cast<Acc*>(y); }  // the same type, or its unsigned one

    index_t row_step() const noexcept { return y_.stride[layout_.rows_axis + 1] * layout_.walk.phases; }

    void enter(index_t grain) noexcept {
        const index_t before = std::exchange(grain_, grain), planes = layout_.planes();
        const auto plane = layout_.plane_walk(planes, grain % planes);
        plane_ = plane.j;
        kept_ = before == grain - 1 && plane_ > 0 ? layout_.shared_taps() : 0;
        grain /= planes;
        const auto next = [&grain](index_t n) {
            const index_t i = grain % n;
            grain /= n;
            return i;
        };
        j_ = next(layout_.strips()) * layout_.strip_rows;
        phase_ = next(layout_.phases(p_));
        const index_t piece = next(layout_.pieces), outputs = p_.last().outputs(), each = outputs / layout_.pieces,
                      rest = outputs % layout_.pieces;
        first_ = piece * each + std::min(piece, rest);
        count_ = each + (piece < rest ? 1 : 0);
        outer_ = layout_.outer;
        for (int a = layout_.rows_axis; a-- > 0;)
            outer_[a] =
                a == layout_.plane_axis ? plane.phase + layout_.plane_walk.phases * plane_ : next(layout_.outer[a]);
        group_ = grain;
        e_ = outer_;
        for (int a = 0; a < layout_.rows_axis; ++a) e_[a] = p_[a].position(outer_[a], 0);
        first_position_ = p_[layout_.rows_axis].position(phase_ + layout_.walk.phases * j_, 0);
        e_.push_back(first_position_);

        // Windows that touch no padding are read in place, where they are enough; the rest is whole vectors, too.
        const index_t begin = std::max<index_t>(interior_.first - first_, 0),
                      low = checked::ceil_divide(begin, 2 * step_) * 2 * step_,
                      end = std::min(interior_.last - first_, count_),
                      high = count_ - checked::ceil_divide(count_ - end, step_) * step_;
        inside_is_in_place_ = in_place_ && high - low >= std::max(least_in_place, p_.last().span());
        const index_t table = line_step_ * layout_.groups;
        low_ = {0, inside_is_in_place_ ? low : 0, tables_ + table};
        inside_ = inside_is_in_place_ ? stretch{low, high - low, tables_} : stretch{0, count_, tables_};
        high_ = {high, inside_is_in_place_ ? count_ - high : 0, tables_ + 2 * table};
        if (kept_ > 0)
            for (stretch const* s : {&low_, &inside_, &high_})
                if (s->count > 0) keep(s->lines);
    }

    // What the plane before has in common with this one moves to the front of the tables.
    void keep(D const** lines) const noexcept {
        const index_t taps = layout_.plane_taps();
        for (index_t g = 0; g < layout_.groups; g += taps, lines += taps * line_step_)
            std::copy(lines + (taps - kept_) * line_step_, lines + taps * line_step_, lines);
    }

    // Line i of the strip, of every group, into the tables.
    void produce(index_t i) noexcept {
        e_[layout_.rows_axis] = first_position_ + p_[layout_.rows_axis].dilation * i;
        if (layout_.groups == 1) return take(reader_.at(group_, e_), i, i);
        const int along = layout_.rows_axis - 1;
        const index_t taps = layout_.outer_taps[along];
        index_list t = index_list::repeated(layout_.rows_axis, 0);
        index_t place = i;
        do {
            if (t[along] >= kept_) {
                for (int a = 0; a <= along; ++a) e_[a] = p_[a].position(outer_[a], t[a]);
                const index_t in_ring = (layout_.plane_walk.step * plane_ + t[along]) % taps;
                take(reader_.at(group_, e_), place, place + (in_ring - t[along]) * line_step_);
            }
            place += line_step_;
        } while (next_index(t, layout_.outer_taps));
    }

    // A line, at this place of the tables; its samples, where they are packed, stand at another one.
    void take(source_line<X> const& line, index_t place, index_t packed_place) noexcept {
        D* const to = packed_ + packed_place * layout_.line.length;
        axis const& last = p_.last();
        const index_t at = last.position(first_, 0);
        if (!inside_is_in_place_) {
            layout_.line.pack(reader_, line, at, last.window_stride, to, count_);
            inside_.lines[place] = to;
            return;
        }
        const index_t more = last.span() - 1;
        if (!line.data) {  // a constant: packed
            reader_.read(line, at, 1, to, count_ + more);
            low_.lines[place] = to;
            inside_.lines[place] = to + inside_.first;
            high_.lines[place] = to + high_.first;
            return;
        }
        if constexpr (std::is_same_v<X, D>) inside_.lines[place] = line.data + at + inside_.first;
        D* const behind = to + (low_.count > 0 ? low_.count + more : 0);
        if (low_.count > 0) reader_.read(line, at, 1, to, low_.count + more);
        if (high_.count > 0) reader_.read(line, at + high_.first, 1, behind, high_.count + more);
        low_.lines[place] = to;
        high_.lines[place] = behind;
    }

    // Line i - 1 once more.
    void repeat(index_t i) noexcept {
        for (index_t g = 0; g < layout_.groups; ++g)
            for (stretch const* s : {&low_, &inside_, &high_})
                if (s->count > 0) s->lines[g * line_step_ + i] = s->lines[g * line_step_ + i - 1];
    }

    // Rows [r, r + row_count) of the strip.
    void band(index_t channel, index_t r, index_t row_count) const noexcept {
        Y* to = y_.data + channel * y_.stride[0] + first_ * y_.stride[p_.rank];
        for (int a = 0; a < layout_.rows_axis; ++a) to += outer_[a] * y_.stride[a + 1];
        to += (phase_ + layout_.walk.phases * (j_ + r)) * y_.stride[layout_.rows_axis + 1];
        for (stretch const* s : {&low_, &inside_, &high_})
            if (s->count > 0) sum(*s, channel, r, to, row_count);
    }

    void sum(stretch const& s, index_t channel, index_t r, Y* to, index_t row_count) const noexcept {
        const index_t step = y_.stride[p_.rank];
        to += s.first * step;
        Acc* out[static_cast<std::size_t>(rows)];
        const bool straight = is_straight();
        for (index_t i = 0; i < rows; ++i)
            out[i] = i >= row_count ? spare_
                     : straight     ? as_sums(to + i * row_step())
                                    : sums_ + i * band_scratch<T>::sum_step;
        constexpr index_t part = band_scratch<T>::part;
        for (index_t first = 0, last = 0; first < s.count; first = last) {
            last = straight || s.count - first < part + unit ? s.count : first + part;
            sweep_({s.lines + r, line_step_, layout_.groups, layout_.taps, tap_offset(), p_.last().taps,
                    weights_ + channel * layout_.groups * layout_.taps * p_.last().taps, out, first, last,
                    row_count == rows ? where_ : destination::caches});
            for (index_t i = 0; i < row_count && !straight; ++i)
                store_(out[i], to + i * row_step() + first * step, step, last - first);
        }
    }

    // lines in place have a window stride of 1, and packed ones lie as they do then
    index_t const* tap_offset() const noexcept { return layout_.line.packed.data(); }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
