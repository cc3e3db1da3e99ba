// faltung/method/rows.hpp -- the grid of output rows, and the lines of the extended input that a row reads
#pragma once

#include <algorithm>
#include <utility>

#include "../core/strided.hpp"
#include "../core/workspace.hpp"
#include "../geometry/problem.hpp"
#include "../simd/byte_rows.hpp"
#include "../simd/every_other.hpp"
#include "../simd/plane_packing.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// A grain of the spatial methods: `count` outputs from `first` on along the last axis, at fixed leading indices, for
/// all output channels of one group.
struct row_tile {
    index_t group = 0;
    index_list leading;
    index_t first = 0, count = 0;
};

/// The fixed grid of such tiles, whatever the number of threads.
class row_grid {
    shape leading_;
    index_t longest_, outputs_, pieces_, rows_, groups_;

public:
    static constexpr index_t longest = 1024;  // outputs of a tile: its sums stay in the first-level cache

    explicit row_grid(problem const& p, index_t longest_tile = longest)
        : longest_(longest_tile),
          outputs_(p.last().outputs()),
          pieces_(checked::ceil_divide(outputs_, longest_)),
          groups_(p.groups) {
        for (int a = 0; a + 1 < p.rank; ++a) leading_.push_back(p[a].outputs());
        rows_ = checked::product(leading_, "rows of the output");
    }

    index_t grains() const {
        return checked::multiply(checked::multiply(rows_, pieces_, "tiles of the output"), groups_,
                                 "tiles of the output");
    }

    row_tile operator()(index_t grain) const noexcept {
        row_tile tile;
        tile.leading = leading_;
        tile.first = grain % pieces_ * longest_;
        tile.count = std::min(longest_, outputs_ - tile.first);
        grain /= pieces_;
        for (int a = leading_.rank(); a-- > 0; grain /= leading_[a]) tile.leading[a] = grain % leading_[a];
        tile.group = grain;
        return tile;
    }

    /// `visit(tile)` for each grain of the range. Only the first one costs divisions.
    template <class Visit>
    void for_each(grain_range range, Visit const& visit) const noexcept {
        if (range.first >= range.last) return;
        row_tile tile = (*this)(range.first);
        for (index_t g = range.first;;) {
            visit(std::as_const(tile));
            if (++g == range.last) return;
            advance(tile);
        }
    }

private:
    void advance(row_tile& tile) const noexcept {
        tile.first += longest_;
        if (tile.first >= outputs_) {
            tile.first = 0;
            if (!next_index(tile.leading, leading_)) ++tile.group;
        }
        tile.count = std::min(longest_, outputs_ - tile.first);
    }
};

/// A line of x~ along the last axis. Where a leading index falls on a constant boundary there is no data, and the
/// constant of axis `outside` stands instead.
template <class X>
struct source_line {
    X const* data;
    int outside;
};

/// Samples of a line whose places a plan has worked out: [begin, end) are those from `first` on, the others are
/// `beyond_count` of a list of samples beyond its ends.
struct listed_samples {
    index_t begin, end, first, beyond, beyond_count;
};

/// Reads lines of x~, converted to D: the middle straight from memory, the ends through the boundary's index map.
/// Never touches an address outside the array.
template <class X, class D>
class line_reader {
    // bytes on their way to vectors of sums
    static constexpr bool widens_bytes = std::is_same_v<X, std::uint8_t> &&
                                         std::endian::native == std::endian::little &&
                                         (std::is_same_v<D, float> || std::is_same_v<D, std::uint16_t>);
    using widening = bytes_in<std::conditional_t<widens_bytes, D, float>>;

    problem const& problem_;
    strided<X const> x_;
    std::array<D, max_axes> constant_;
    typename versions<widening>::function widen_;
    // windows two apart, of samples that are there as sums have them
    static constexpr bool halves_rows = std::is_same_v<X, D> && has_vectors<X>;
    using halving = every_other<std::conditional_t<halves_rows, X, float>>;
    typename versions<halving>::function halve_;

public:
    /// `nothing` stands where a zero boundary adds nothing.
    line_reader(problem const& p, strided<X const> const& x, D nothing = D{}) noexcept
        : problem_(p),
          x_(x),
          widen_(versions<widening>::of(p.limits.instruction_set)),
          halve_(versions<halving>::of(p.limits.instruction_set)) {
        for (int a = 0; a < p.rank; ++a) {
            boundary const& edge = p[a].edge;
            if (edge.is_zero())
                constant_[static_cast<std::size_t>(a)] = nothing;
            else if constexpr (is_complex<D>)
                constant_[static_cast<std::size_t>(a)] =
                    D(static_cast<real_t<D>>(edge.re), static_cast<real_t<D>>(edge.im));
            else
                constant_[static_cast<std::size_t>(a)] = static_cast<D>(edge.re);
        }
    }

    index_t line_step() const noexcept { return x_.stride[problem_.rank]; }

    /// The constant boundary that a line stands on, if it has no data.
    boundary const& edge_of(source_line<X> const& line) const noexcept { return problem_[line.outside].edge; }

    /// What stands for the data of a line that has none.
    D constant_of(source_line<X> const& line) const noexcept {
        return constant_[static_cast<std::size_t>(line.outside)];
    }

    /// False where every sample of the line, on the data and beyond its ends, is on a zero boundary.
    bool contributes(source_line<X> const& line) const noexcept {
        boundary const& end = problem_.last().edge;
        return line.data || !edge_of(line).is_zero() || (end.map == boundary::rule::constant && !end.is_zero());
    }

    /// The line behind input channel `channel` and leading taps `t`, for the output row at leading indices `o`.
    source_line<X> find(index_t channel, index_list const& o, index_list const& t) const noexcept {
        return line_of(channel, [&](axis const& k, int a) { return k.position(o[a], t[a]); });
    }

    /// The line of x~ at leading indices `e`.
    source_line<X> at(index_t channel, index_list const& e) const noexcept {
        return line_of(channel, [&](axis const&, int a) { return e[a]; });
    }

private:
    template <class Position>
    source_line<X> line_of(index_t channel, Position const& position) const noexcept {
        X const* at = x_.data + channel * x_.stride[0];
        int outside = -1;
        for (int a = 0; a + 1 < problem_.rank; ++a) {
            axis const& k = problem_[a];
            const index_t i = k.edge.source(position(k, a), k.n);
            if (i < 0)
                outside = a;  // outside on several axes: the last one wins, as numpy.pad has it
            else
                at += i * x_.stride[a + 1];
        }
        return outside < 0 ? source_line<X>{at, -1} : source_line<X>{nullptr, outside};
    }

public:
    /// `value` = x~[e] on the line; false, with 0, where a zero boundary contributes nothing.
    bool sample(source_line<X> const& line, index_t e, D& value) const noexcept {
        axis const& k = problem_.last();
        const index_t i = k.edge.source(e, k.n);
        const int outside = i < 0 ? problem_.rank - 1 : line.outside;
        if (outside < 0)
            value = convert<D>(line.data[i * line_step()]);
        else
            value = constant_[static_cast<std::size_t>(outside)];
        return outside < 0 || !problem_[outside].edge.is_zero();
    }

    /// to[i] = x~[first + i * step] for i in [0, count).
    void read(source_line<X> const& line, index_t first, index_t step, D* to, index_t count) const noexcept {
        const index_t n = problem_.last().n;
        index_t begin = 0, end = count;  // of what is no further than the ends
        if (step == 1) {
            if (first < 0) begin = std::min(-first, count);
            if (first > n - count) end = std::clamp(n - first, begin, count);
        } else if (first < 0 || first + (count - 1) * step >= n) {
            begin = std::clamp<index_t>(checked::ceil_divide(-first, step), 0, count);
            end = std::clamp<index_t>(checked::floor_divide(n - 1 - first, step) + 1, begin, count);
        }
        if (line.data)
            load(line, first + begin * step, step, to + begin, end - begin);
        else
            std::fill(to + begin, to + end, constant_[static_cast<std::size_t>(line.outside)]);
        if (begin > 0) beyond(line, first, step, to, begin);
        if (end < count) beyond(line, first + end * step, step, to + end, count - end);
    }

    /// The same of listed samples, `step` apart; `list` holds those beyond the ends.
    void read(source_line<X> const& line, listed_samples const& listed, index_t step, outer_sample const* list,
              D* to) const noexcept {
        const D beside = constant_[static_cast<std::size_t>(problem_.rank - 1)];
        outer_sample const *const first = list + listed.beyond, *const last = first + listed.beyond_count;
        if (line.data) {
            load(line, listed.first, step, to + listed.begin, listed.end - listed.begin);
            for (auto const* s = first; s < last; ++s)
                to[s->to] = s->from < 0 ? beside : convert<D>(line.data[s->from * line_step()]);
            return;
        }
        const D above = constant_[static_cast<std::size_t>(line.outside)];
        std::fill(to + listed.begin, to + listed.end, above);
        for (auto const* s = first; s < last; ++s) to[s->to] = s->from < 0 ? beside : above;
    }

private:
    // as read(), of samples that all lie beyond the ends
    void beyond(source_line<X> const& line, index_t first, index_t step, D* to, index_t count) const noexcept {
        axis const& k = problem_.last();
        if (k.edge.map == boundary::rule::constant) {
            std::fill_n(to, count, constant_[static_cast<std::size_t>(problem_.rank - 1)]);
            return;
        }
        if (line.data && (k.edge.map == boundary::rule::symmetric || k.edge.map == boundary::rule::reflect)) {
            // neighbours stay neighbours: where the ends are so far apart, all lie in order, backwards
            const index_t begin = k.edge.source(first, k.n), reach = (count - 1) * step;
            if (begin - k.edge.source(first + reach, k.n) == reach) return load(line, begin, -step, to, count);
        }
        if (k.edge.map != boundary::rule::circular || !line.data || step != 1) {
            for (index_t i = 0; i < count; ++i) sample(line, first + i * step, to[i]);
            return;
        }
        while (count > 0) {  // period by period
            const index_t from = k.edge.source(first, k.n), run = std::min(count, k.n - from);
            load(line, from, 1, to, run);
            first += run;
            to += run;
            count -= run;
        }
    }

    // A window stride is multiplied by that of the memory only where two samples are read: it may be near 2^61.
    void load(source_line<X> const& line, index_t first, index_t step, D* to, index_t count) const noexcept {
        if (count <= 0) return;
        if constexpr (widens_bytes)
            if (step == 1 && line_step() == 1) return widen_({line.data + first, to, count});
        if constexpr (halves_rows)
            if (step == 2 && line_step() == 1) return halve_({line.data + first, to, count});
        load_row(line.data + first * line_step(), count > 1 ? step * line_step() : 1, to, count);
    }
};

/// Lines that one output row reads: input channels of a group times the taps of the leading axes.
inline index_t lines_per_row(problem const& p) { return p.taps_per_output() / p.last().taps; }

/// As many samples beyond the ends of a line as a plan finds in advance: more of them would take it too long.
inline constexpr index_t most_listed_samples = 256;

/// Predicted seconds for what a line has beyond its ends, one of so many pieces: twice `piece`, and the way to every
/// sample that is not constant.
inline double seconds_beyond(axis const& k, double piece, index_t pieces) {
    const index_t low = std::max<index_t>(k.low, 0), high = std::max<index_t>(k.high, 0);
    if (low == 0 && high == 0) return 0;
    const double there = static_cast<double>(low) + static_cast<double>(high),
                 read = static_cast<double>(k.outputs()) * static_cast<double>(k.taps), samples = std::min(there, read);
    const double each = pieces == 1 && low + high <= most_listed_samples ? 1e-9 : 5e-9;
    return 2 * piece + (k.edge.map == boundary::rule::constant ? 0 : each * samples);
}

/// The taps of a few outputs wait for one another: no tap of a row takes fewer seconds than this.
inline constexpr double least_seconds_of_tap = 4e-9;

/// Walks the lines of a row in the order of the sum: channels, then leading taps with the last axis fastest.
class line_walk {
    index_t channel_;
    index_list t_;
    shape taps_;

public:
    line_walk(problem const& p, index_t group) noexcept : channel_(group * (p.in / p.groups)) {
        for (int a = 0; a + 1 < p.rank; ++a) {
            taps_.push_back(p[a].taps);
            t_.push_back(0);
        }
    }

    index_t channel() const noexcept { return channel_; }
    index_list const& taps() const noexcept { return t_; }

    template <class X, class D>
    source_line<X> find(line_reader<X, D> const& reader, index_list const& o) const noexcept {
        return reader.find(channel_, o, t_);
    }
    void advance() noexcept {
        if (!next_index(t_, taps_)) ++channel_;
    }
    template <class X, class D>
    source_line<X> next(line_reader<X, D> const& reader, index_list const& o) noexcept {
        const auto line = find(reader, o);
        advance();
        return line;
    }
};

/// The sum of one output, added to `sum` sample by sample: a zero boundary is skipped, not multiplied. `weights` are
/// the output channel's.
template <class Acc, class X, class D, class W>
Acc window_sum(problem const& p, line_reader<X, D> const& reader, W const* weights, index_t group, index_list const& o,
               Acc sum = {}) noexcept {
    const axis& k = p.last();
    line_walk walk(p, group);
    for (index_t j = 0, lines = lines_per_row(p); j < lines; ++j, weights += k.taps) {
        const auto line = walk.next(reader, o);
        for (index_t t = 0; t < k.taps; ++t) {
            D value;
            if (reader.sample(line, k.position(o[p.rank - 1], t), value)) sum = multiply_add(sum, weights[t], value);
        }
    }
    return sum;
}

/// Where a row of outputs begins in memory, for one output channel.
template <class Y>
Y* row_start(strided<Y> const& y, index_t channel, row_tile const& tile) noexcept {
    Y* at = y.data + channel * y.stride[0];
    for (int a = 0; a < tile.leading.rank(); ++a) at += tile.leading[a] * y.stride[a + 1];
    return at + tile.first * y.stride[tile.leading.rank() + 1];
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
