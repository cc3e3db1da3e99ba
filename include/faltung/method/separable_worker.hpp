// faltung/method/separable_worker.hpp -- how separable computes its share: lines in rings, sums across them, rows of
// sums
#pragma once

#include "../geometry/interior.hpp"
#include "../simd/line_sweep.hpp"
#include "half_sums.hpp"
#include "separable_layout.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// A worker's share of the grains. T = types<...>, or the same in halves.
template <class T>
class separable_worker {
    using X = typename T::X;
    using D = typename T::Data;
    using W = typename T::Weight;
    using Acc = typename T::Acc;
    using Y = typename T::Y;
    static constexpr int rows = column_sweep<W, Acc>::rows;
    static constexpr bool is_converted = std::is_same_v<X, std::uint8_t> && std::is_same_v<Acc, std::uint16_t>,
                          sums_in_place = std::is_same_v<X, Acc> || is_converted;
    using inside_sweep = column_sweep<W, Acc, std::conditional_t<is_converted, X, Acc>>;
    static constexpr bool has_line_sweep = std::is_same_v<W, Acc> && has_vectors<Acc>;
    using sum_sweep = std::conditional_t<has_line_sweep, line_sweep<std::conditional_t<has_line_sweep, Acc, float>>,
                                         row_sweep<Acc, W, Acc>>;
    static constexpr index_t nowhere = std::numeric_limits<index_t>::min();

    using ring = separable_ring<T>;

    problem const& p_;
    separable_layout const& layout_;
    product_terms<W> const& terms_;
    W const* taps_;  // where outputs may have to be summed once more
    row_store<T> store_;
    line_reader<X, D> reader_;
    strided<Y> const& y_;
    D* packed_;
    Acc *result_, *sums_;
    X* outside_;
    std::array<ring, max_axes> rings_;
    int levels_;
    typename versions<row_sweep<D, W, Acc>>::function sweep_row_;
    typename versions<column_sweep<W, Acc>>::function sweep_columns_;
    typename versions<inside_sweep>::function sweep_inside_;
    typename versions<sum_sweep>::function sweep_sums_;
    output_range interior_;
    bool in_place_;
    destination where_;
    index_t strips_;

    index_t tile_ = -1;             // the one that the outermost ring is about
    index_list e_, first_, count_;  // position in x~; first output and outputs of the tile, along every axis
    index_t line_ = 0;              // samples of a filtered line
    // of a line that is not filtered: none that stand before its samples so that a line of the cache begins where one
    // of x does, all with its samples, those with the rest of a vector, and from where to where they are read in place
    index_t lead_ = 0, extended_ = 0, whole_ = 0, inside_ = 0, beyond_ = 0;
    X const* inside_line_ = nullptr;  // of the last one

public:
    separable_worker(problem const& p, separable_layout const& layout, product_terms<W> const& terms, W const* taps,
                     row_store<T> const& store, strided<X const> const& x, strided<Y> const& y,
                     std::byte* scratch) noexcept
        : p_(p),
          layout_(layout),
          terms_(terms),
          taps_(taps),
          store_(store),
          reader_(p, x),
          y_(y),
          levels_(static_cast<int>(layout_.levels.size())),
          sweep_row_(versions<row_sweep<D, W, Acc>>::of(p.limits.instruction_set)),
          sweep_columns_(versions<column_sweep<W, Acc>>::of(p.limits.instruction_set)),
          sweep_inside_(versions<inside_sweep>::of(p.limits.instruction_set)),
          sweep_sums_(versions<sum_sweep>::of(p.limits.instruction_set)),
          interior_(interior(p.last())),
          in_place_(std::is_same_v<X, D> && p.last().window_stride == 1 && reader_.line_step() == 1),
          where_(layout.columns_first && terms.count == 1 && is_straight()
                     ? destination_of(p.output_count() * static_cast<index_t>(sizeof(Y)))
                     : destination::caches),
          strips_(layout_.strips(p)),
          e_(index_list::repeated(p.rank, 0)),
          first_(e_),
          count_(e_) {
        const separable_scratch<T> size(layout_, terms_.count);
        sums_ = reinterpret_cast<Acc*>(scratch + size.sums);
        outside_ = reinterpret_cast<X*>(scratch + size.outside);
        packed_ = reinterpret_cast<D*>(scratch + size.packed);
        result_ = reinterpret_cast<Acc*>(scratch + size.result);
        for (std::size_t l = 0; l < layout_.levels.size(); ++l) rings_[l] = ring(scratch, size.levels[l]);
    }

    void compute(index_t grain) noexcept {
        enter(grain / strips_);
        if (levels_ == 0) {
            store(line(0, result_), 0, 0, count_[p_.rank - 1]);
            return;
        }
        auto const& outer = layout_.levels.front();
        const index_t first = grain % strips_ * separable_layout::strip, per_phase = layout_.groups_per_phase(p_),
                      last = std::min(first + separable_layout::strip, layout_.groups(p_));
        for (index_t g = first; g < last; ++g) {
            const index_t phase = g / per_phase, j = g % per_phase * rows;
            const index_t left = outer.walk.in_phase(count_[outer.axis], phase) - j;
            const index_t row_count = std::min<index_t>(left, rows);
            if (left > 0) layout_.columns_first ? group_of_columns(phase, j, row_count) : group(phase, j, row_count);
        }
    }

    /// After the last grain.
    void finish() const noexcept {
        if (where_ == destination::past_caches) finish_stores_past_caches();
    }

private:
    separable_layout::level const& level(int l) const noexcept { return layout_.levels[static_cast<std::size_t>(l)]; }

    // Where a tile lies. The outermost ring is kept from one grain to the next of the same tile.
    void enter(index_t tile) noexcept {
        if (tile == tile_) return;
        tile_ = tile;
        if (levels_ > 0) forget(0, layout_.rings(0, terms_.count));
        for (int a = p_.rank; a-- > 0;) {
            const index_t n = layout_.batch[a] * layout_.tiles[a], i = tile % n;
            tile /= n;
            first_[a] = i * (a + 1 == p_.rank ? layout_.line.outputs : 1);
            count_[a] = a + 1 == p_.rank ? std::min(layout_.line.outputs, p_.last().outputs() - first_[a]) : 1;
            e_[a] = p_[a].position(first_[a], 0);
        }
        constexpr index_t unit = column_sweep<W, Acc>::unit;
        line_ = checked::ceil_divide(count_[p_.rank - 1], unit) * unit;
        for (int l = 0; l < levels_; ++l) {
            const int a = level(l).axis;
            first_[a] *= level(l).tile;  // 0 along the outermost level
            count_[a] = std::min(level(l).tile, p_[a].outputs() - first_[a]);
        }
        axis const& last = p_.last();
        const bool are_in_place = sums_in_place && reader_.line_step() == 1;
        index_t at = last.position(first_[p_.rank - 1], 0);
        extended_ = separable_layout::extended(last, count_[p_.rank - 1]);
        lead_ = are_in_place && extended_ >= separable_layout::least_aligned ? (at % unit + unit) % unit : 0;
        at -= lead_;
        extended_ += lead_;
        inside_ = beyond_ = whole_ = checked::ceil_divide(extended_, unit) * unit;
        if (!are_in_place) return;
        const index_t before = checked::ceil_divide(std::max(-at, lead_), unit) * unit,
                      within = (std::min(last.n - at, extended_) - before) / unit * unit;
        if (within > 0) inside_ = before, beyond_ = before + within;
    }

    void forget(int l, index_t terms) noexcept {
        std::fill_n(rings_[static_cast<std::size_t>(l)].held, level(l).slots * terms, nowhere);
    }

    // samples of a block of level l: those of the levels further in
    index_t block(int l) const noexcept {
        index_t samples = line_;
        for (int inner = l + 1; inner < levels_; ++inner) samples *= count_[level(inner).axis];
        return samples;
    }

    // The lines that rows (phase, j), ... of level l need, computed where the ring does not hold them.
    ring const& gather(int l, index_t term, index_t phase, index_t j, index_t row_count) noexcept {
        ring const& r = rings_[static_cast<std::size_t>(l)];
        auto const& of = level(l);
        axis const& k = p_[of.axis];
        const index_t base = k.position(first_[of.axis] + phase, 0);
        const index_t own = l == 0 && !layout_.columns_first ? term * of.slots : 0;  // the first slot of this term
        const index_t all = rows * of.line_step() + of.taps - of.line_step();
        for (index_t i = 0; i < all; ++i) {
            // by rows of taps where nothing is shared
            const index_t row = of.overlapping ? 0 : i / of.taps, u = of.overlapping ? i : i % of.taps;
            const index_t tap = of.walk.step * (j + row) + u;
            if (of.overlapping ? i >= (row_count - 1) * of.walk.step + of.taps : row >= row_count) {
                r.lines[i] = r.lines[0];  // of a row that there is none of
                r.inside[i] = r.inside[0];
                continue;
            }
            const index_t slot = own + (of.overlapping ? tap % of.slots : i), e = base + k.dilation * tap;
            if (r.held[slot] != e) {
                e_[of.axis] = e;
                r.at[slot] = produce(l + 1, term, r.samples + slot * of.block);
                r.inside_at[slot] = inside_line_;
                r.held[slot] = e;
            }
            r.lines[i] = r.at[slot];
            r.inside[i] = r.inside_at[slot];
        }
        return r;
    }

    // The block of level l at position e_, in `to` or where it lies anyway.
    Acc const* produce(int l, index_t term, Acc* to) noexcept {
        if (l == levels_) return layout_.columns_first ? samples(to) : line(term, to);
        forget(l, 1);
        auto const& of = level(l);
        const index_t samples = block(l), outputs = count_[of.axis];
        for (index_t phase = 0; phase < std::min(of.walk.phases, outputs); ++phase)
            for (index_t j = 0, all = of.walk.in_phase(outputs, phase); j < all; j += rows) {
                const index_t row_count = std::min<index_t>(all - j, rows);
                ring const& r = gather(l, term, phase, j, row_count);
                Acc* out[std::size_t{rows}];
                for (index_t i = 0; i < rows; ++i)
                    out[i] = i < row_count ? to + (phase + of.walk.phases * (j + i)) * samples : r.spare;
                sweep_columns_(
                    {r.lines, of.line_step(), terms_.factor(term, of.axis), of.taps, out, 0, samples, false});
            }
        return to;
    }

    // Rows (phase, j), ... of the outermost level, summed over all terms, and stored.
    void group(index_t phase, index_t j, index_t row_count) noexcept {
        auto const& of = level(0);
        const index_t samples = block(0), straight = straight_to_output() ? samples_of_whole_vectors() : 0;
        Acc *result[std::size_t{rows}], *to[std::size_t{rows}];
        for (index_t i = 0; i < rows; ++i) {
            to[i] = result[i] = result_ + i * samples;
            if constexpr (std::is_same_v<Y, Acc>)
                if (i < row_count && straight > 0) to[i] = output(phase + of.walk.phases * (j + i));
        }
        // sums that are stored by themselves are stored while they are near
        const index_t piece = levels_ == 1 ? 1024 : samples;
        for (index_t first = 0, last = 0; first < samples; first = last) {
            const bool in_place = first < straight;
            last = in_place ? straight : std::min(first + piece, samples);
            for (index_t term = 0; term < terms_.count; ++term) {
                ring const& r = gather(0, term, phase, j, row_count);
                sweep_columns_({r.lines, of.line_step(), terms_.factor(term, of.axis), of.taps, in_place ? to : result,
                                first, last, term > 0});
            }
            for (index_t i = 0; i < row_count && !in_place; ++i) {
                const index_t o = phase + of.walk.phases * (j + i);
                const index_t end = levels_ == 1 ? std::min(last, count_[p_.rank - 1]) : count_[p_.rank - 1];
                if (taps_) sum_again(result[i], o, first, end);
                store(result[i], o, first, end);
            }
        }
    }

    // The same where lines are filtered last: what is summed are the samples, and the sums are filtered while near.
    void group_of_columns(index_t phase, index_t j, index_t row_count) noexcept {
        auto const& of = level(0);
        const index_t count = count_[p_.rank - 1];
        Acc *column[std::size_t{rows}], *inside[std::size_t{rows}];
        for (index_t i = 0; i < rows; ++i) {
            column[i] = result_ + i * of.block;
            inside[i] = column[i] + inside_;
        }
        ring const& r = gather(0, 0, phase, j, row_count);
        for (index_t term = 0; term < terms_.count; ++term) {
            W const* const weights = terms_.factor(term, of.axis);
            sweep_columns_({r.lines, of.line_step(), weights, of.taps, column, 0, inside_, false});
            if constexpr (sums_in_place)
                sweep_inside_({r.inside, of.line_step(), weights, of.taps, inside, 0, beyond_ - inside_, false});
            sweep_columns_({r.lines, of.line_step(), weights, of.taps, column, beyond_, whole_, false});
            for (index_t i = 0; i < row_count; ++i) {
                const index_t o = phase + of.walk.phases * (j + i);
                // a row of several terms is kept until the last one
                Acc* const to = is_straight() ? as_sums(output(o)) : sums_ + (terms_.count > 1 ? i * layout_.piece : 0);
                sweep_sums(column[i] + lead_, term, to, count);
                if (is_straight() || term + 1 < terms_.count) continue;
                if (taps_) sum_again(to, o, 0, count);
                store(to, o, 0, count);
            }
        }
    }

    bool is_straight() const noexcept { return store_.is_copy() && y_.stride[p_.rank] == 1 && !taps_; }
    static Acc* as_sums(Y* y) noexcept { return reinterpret_cast<Acc*>(y); }  // the same type, or its unsigned one

    // A row of sums across lines, filtered along the last axis.
    void sweep_sums(Acc const* column, index_t term, Acc* to, index_t count) const noexcept {
        axis const& k = p_.last();
        W const* const weights = terms_.factor(term, p_.rank - 1);
        if constexpr (has_line_sweep) {
            sweep_sums_({column, k.dilation, weights, k.taps, to, count, term > 0, where_});
        } else {
            const tap_line<Acc> line{column, 0};
            sweep_sums_({&line, 1, layout_.line.in_place.data(), k.taps, weights, to, count, term > 0});
        }
    }

    bool straight_to_output() const noexcept {
        return std::is_same_v<Y, Acc> && levels_ == 1 && y_.stride[p_.rank] == 1 && !taps_;
    }
    index_t samples_of_whole_vectors() const noexcept {
        constexpr index_t unit = column_sweep<W, Acc>::unit;
        return count_[p_.rank - 1] / unit * unit;
    }

    // The output of the tile with index o along the outermost level, and the first along the others.
    Y* output(index_t o) const noexcept {
        Y* at = y_.data;
        for (int a = 0; a < p_.rank; ++a) at += first_[a] * y_.stride[a + 1];
        return levels_ > 0 ? at + o * y_.stride[level(0).axis + 1] : at;
    }

    // each(index of the inner levels, number of the line in a block of sums), line by line
    template <class Each>
    void for_lines_of_block(Each each) const noexcept {
        shape inner;
        for (int l = 1; l < levels_; ++l) inner.push_back(count_[level(l).axis]);
        index_list i = index_list::repeated(inner.rank(), 0);
        index_t number = 0;
        do {
            each(i, number++);
        } while (next_index(i, inner));
    }

    // A block of sums as outputs: of every line those in [first, end).
    void store(Acc const* from, index_t o, index_t first, index_t end) const noexcept {
        const index_t step = y_.stride[p_.rank];
        Y* const to = output(o) + first * step;
        strides inner;
        for (int l = 1; l < levels_; ++l) inner.push_back(y_.stride[level(l).axis + 1]);
        for_lines_of_block([&](index_list const& i, index_t line) {
            store_(from + line * line_ + first, to + offset(i, inner), step, end - first);
        });
    }

    // Sums that are not finite, from the definition.
    void sum_again(Acc* sums, index_t o, index_t first, index_t end) const noexcept {
        const int last = p_.rank - 1;
        for_lines_of_block([&](index_list const& i, index_t line) {
            index_list at = first_;
            at[level(0).axis] += o;
            if (all_finite(sums + line * line_ + first, end - first)) return;
            for (int l = 1; l < levels_; ++l) at[level(l).axis] += i[l - 1];
            at[last] += first;
            for (index_t k = first; k < end; ++k, ++at[last])
                if (!is_finite(sums[line * line_ + k]))
                    sums[line * line_ + k] = window_sum<Acc>(p_, reader_, taps_, 0, at);
        });
    }

    // The line of x~ at position e_ as it is, in `to` and, between inside_ and beyond_, at inside_line_.
    Acc const* samples(Acc* to) noexcept {
        if constexpr (std::is_same_v<D, Acc>) {
            const auto source = reader_.at(0, e_);
            const index_t at = p_.last().position(first_[p_.rank - 1], 0) - lead_;
            std::fill_n(to, lead_, Acc{});
            reader_.read(source, at + lead_, 1, to + lead_, std::min(inside_, extended_) - lead_);
            if (beyond_ < extended_) reader_.read(source, at + beyond_, 1, to + beyond_, extended_ - beyond_);
            std::fill(to + extended_, to + whole_, Acc{});
            inside_line_ = source.data && inside_ < beyond_ ? source.data + at + inside_ : outside_;
            if (!source.data) std::fill_n(outside_, beyond_ - inside_, convert<X>(reader_.constant_of(source)));
        }
        return to;
    }

    // The line of x~ at position e_, filtered along the last axis.
    Acc const* line(index_t term, Acc* to) noexcept {
        const index_t count = count_[p_.rank - 1], at = p_.last().position(first_[p_.rank - 1], 0);
        const auto source = reader_.at(0, e_);
        W const* const weights = terms_.factor(term, p_.rank - 1);
        const bool as_it_is = p_.last().taps == 1 && *weights == W(1);
        if constexpr (std::is_same_v<X, Acc>)
            if (as_it_is && in_place_ && source.data && at >= 0 && at + line_ <= p_.last().n) return source.data + at;
        if constexpr (std::is_same_v<D, Acc>)
            if (as_it_is) {
                reader_.read(source, at, p_.last().window_stride, to, count);
                std::fill(to + count, to + line_, Acc{});
                return to;
            }
        std::fill(to + count, to + line_, Acc{});
        if (!reader_.contributes(source)) {
            std::fill_n(to, count, Acc{});
            return to;
        }
        if constexpr (std::is_same_v<X, D>) {
            if (in_place_ && source.data) {
                const index_t first = first_[p_.rank - 1], end = first + count,
                              low = std::clamp(interior_.first, first, end),
                              high = std::clamp(interior_.last, low, end);
                packed(source, at, weights, to, low - first);
                if (low < high) {
                    const tap_line<D> in_place{source.data + at + (low - first), 0};
                    sweep_row_({&in_place, 1, layout_.line.in_place.data(), p_.last().taps, weights, to + (low - first),
                                high - low, false});
                }
                packed(source, at + (high - first), weights, to + (high - first), end - high);
                return to;
            }
        }
        packed(source, at, weights, to, count);
        return to;
    }

    // `count` outputs whose windows begin at position `at`, through a packed line
    void packed(source_line<X> const& source, index_t at, W const* weights, Acc* to, index_t count) noexcept {
        if (count <= 0) return;
        const tap_line<D> line{packed_, 0};
        layout_.line.pack(reader_, source, at, p_.last().window_stride, packed_, count);
        sweep_row_({&line, 1, layout_.line.packed.data(), p_.last().taps, weights, to, count, false});
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
