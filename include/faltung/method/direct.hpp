// faltung/method/direct.hpp -- the defining sum, row by row: interior windows read in place, the rim through packed
// lines
#pragma once

#include "../geometry/interior.hpp"
#include "channel_tiles.hpp"
#include "cost_constants.hpp"
#include "error_bounds.hpp"
#include "finish.hpp"
#include "line_layout.hpp"
#include "method.hpp"
#include "pack.hpp"
#include "rows.hpp"
#include "store.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

struct direct {
    static constexpr method name = method::direct;

    static verdict supports(problem const& p) {
        if (p.direction != direction::forward)
            return "direct computes forward problems; the plan lowers its adjoints to them";
        return {};
    }

    static cost predict(problem const& p) {
        auto const& c = cost_constants::of(cost_constants::direct, p.types.accumulator, p.limits.instruction_set);
        const error_bound e = sum_error(p);
        if (channel_tiles::takes(p)) return {channel_tiles::seconds(p), e.expected, e.certified, c.plan};
        const double outputs = static_cast<double>(p.output_count()), taps = static_cast<double>(p.taps_per_output());
        const index_t kernels = p.out / p.groups;  // of a group
        const double rows = static_cast<double>(row_grid(p).grains()) * static_cast<double>(kernels);
        const double each = outputs / std::max(rows, 1.0);  // outputs of a row
        const double lines = taps / static_cast<double>(p.last().taps);
        const bool packs = p.types.x != p.types.accumulator || p.last().window_stride > 1 || each < 64;
        const double packed =
            packs ? each + static_cast<double>(p.last().span()) / static_cast<double>(p.last().window_stride) : 0;
        const double slow = p.kernel.finite ? 1 : 20;  // sample by sample
        const double tap = std::max(each * c.multiply_add, least_seconds_of_tap) * slow;
        const double pieces = static_cast<double>(checked::ceil_divide(p.last().outputs(), row_grid::longest));
        const double beyond = seconds_beyond(p.last(), packs ? 0 : c.row / 2) / std::max(pieces, 1.0);
        return {rows * (c.row + lines * ((packs ? c.row : c.row / 2) + beyond + packed * c.packed) + taps * tap) +
                    outputs * c.output,
                e.expected, e.certified, c.plan};
    }

    template <class T>
    static index_t workspace(problem const& p) {
        if constexpr (channel_tiles::has<T>)
            if (channel_tiles::takes(p)) return channel_tiles::workspace<T>(p);
        return sizes<T>(p, line_layout(p.last(), row_grid::longest).length).bytes();
    }

    template <class T>
    static prepared prepare(problem const& p, strided<typename T::Weight const> const& h, prepared const* earlier) {
        if constexpr (channel_tiles::has<T>)
            if (channel_tiles::takes(p)) return channel_tiles::prepare<T>(p, h, earlier);
        return {earlier ? earlier->geometry : std::make_shared<line_layout const>(p.last(), row_grid::longest),
                pack_weights(h)};
    }

    static index_t grains(problem const& p) {
        return channel_tiles::takes(p) ? channel_tiles::grains(p) : row_grid(p).grains();
    }

    template <class T>
    static void run(problem const& p, prepared const& ready, strided<typename T::X const> const& x,
                    strided<typename T::Y> const& y, std::byte* scratch, grain_range range) noexcept {
        if constexpr (channel_tiles::has<T>)
            if (channel_tiles::takes(p)) return channel_tiles::run<T>(p, ready, x, y, scratch, range);
        const row_grid grid(p);
        const worker<T> w(p, ready, x, y, scratch);
        for (index_t g = range.first; g < range.last; ++g) w.compute(grid(g));
    }

private:
    // Scratch of a worker, one after the other: sums of a tile, a table of lines, packed lines.
    template <class T>
    struct sizes {
        using D = typename T::Data;
        static constexpr index_t budget = index_t{128} * 1024;  // bytes of packed lines: fits the second-level cache
        index_t sums, lines, packed;

        sizes(problem const& p, index_t line_length) : sums(rounded<typename T::Acc>(row_grid::longest)) {
            const index_t fit = budget / static_cast<index_t>(sizeof(D)) / std::max<index_t>(line_length, 1);
            lines = std::clamp<index_t>(fit, 1, lines_per_row(p));
            packed = rounded<D>(checked::multiply(lines, line_length, "packed lines"));
        }
        index_t table() const { return rounded<tap_line<D>>(lines); }
        index_t bytes() const { return sums + table() + packed; }

        template <class E>
        static index_t rounded(index_t count) {
            return checked::multiply(checked::ceil_divide(checked::multiply(count, sizeof(E), "scratch"), 64), 64,
                                     "scratch");
        }
    };

    template <class T>
    class worker {
        using X = typename T::X;
        using D = typename T::Data;
        using W = typename T::Weight;
        using Acc = typename T::Acc;
        using Y = typename T::Y;

        problem const& p_;
        line_layout const& layout_;
        W const* weights_;
        line_reader<X, D> reader_;
        strided<Y> const& y_;
        sizes<T> size_;
        Acc* sums_;
        tap_line<D>* lines_;
        D* packed_;
        typename versions<row_sweep<D, W, Acc>>::function sweep_;
        output_range interior_;
        bool in_place_;
        index_t row_lines_, depth_;  // lines and taps behind one output

    public:
        worker(problem const& p, prepared const& ready, strided<X const> const& x, strided<Y> const& y,
               std::byte* scratch) noexcept
            : p_(p),
              layout_(*static_cast<line_layout const*>(ready.geometry.get())),
              weights_(static_cast<W const*>(ready.kernel.get())),
              reader_(p, x, nothing()),
              y_(y),
              size_(p, layout_.length),
              sums_(reinterpret_cast<Acc*>(scratch)),
              lines_(reinterpret_cast<tap_line<D>*>(scratch + size_.sums)),
              packed_(reinterpret_cast<D*>(scratch + size_.sums + size_.table())),
              sweep_(versions<row_sweep<D, W, Acc>>::of(p.limits.instruction_set)),
              interior_(interior(p.last())),
              in_place_(std::is_same_v<X, D> && p.last().window_stride == 1 && reader_.line_step() == 1),
              row_lines_(lines_per_row(p)),
              depth_(row_lines_ * p.last().taps) {}

        void compute(row_tile const& tile) const noexcept {
            const index_t end = tile.first + tile.count;
            if (!p_.kernel.finite) return piece(tile, tile.first, end, &worker::sample_by_sample);
            if (!in_place_) return piece(tile, tile.first, end, &worker::sweep_packed);
            const index_t low = std::clamp(interior_.first, tile.first, end),
                          high = std::clamp(interior_.last, low, end);
            if (high - low < worth_splitting) return piece(tile, tile.first, end, &worker::sweep_packed);
            piece(tile, tile.first, low, &worker::sweep_packed);
            piece(tile, low, high, &worker::sweep_in_place);
            piece(tile, high, end, &worker::sweep_packed);
        }

    private:
        // beside a zero boundary: the zero of the sums' algebra, of a complex one its real part
        static constexpr D nothing() {
            if constexpr (is_complex<Acc>)
                return D{};
            else
                return sum_traits<Acc>::zero;
        }

        static constexpr index_t worth_splitting = 64;  // fewer interior outputs cost less packed than in three pieces

        using sum = void (worker::*)(row_tile const&, index_t channel, index_t first, index_t count,
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
            if (lines > 0 || !continued)
                sweep_({lines_, lines, tap_offset, p_.last().taps, weights_ + channel * depth_, out, count, continued});
            continued = true;
        }

        // the samples of a line that `count` windows from position `at` on read, as the layout says
        tap_line<D> pack(source_line<X> const& line, index_t at, index_t first_weight, index_t count,
                         D* to) const noexcept {
            layout_.pack(reader_, line, at, p_.last().window_stride, to, count);
            return {to, first_weight};
        }

        void sweep_in_place(row_tile const& tile, index_t channel, index_t first, index_t count,
                            Acc* out) const noexcept {
            const index_t at = p_.last().position(first, 0), taps = p_.last().taps;
            line_walk walk(p_, tile.group);
            index_t filled = 0;
            bool continued = begin_row(p_, channel, out, count);
            for (index_t j = 0, all = row_lines_; j < all; ++j) {
                const auto line = walk.next(reader_, tile.leading);
                const bool is_constant = !line.data && !reader_.edge_of(line).is_zero();
                if constexpr (std::is_same_v<X, D>)
                    if (line.data) lines_[filled++] = {line.data + at, j * taps};
                if (filled == size_.lines || j + 1 == all || is_constant) {
                    sweep(channel, filled, layout_.in_place.data(), count, out, continued);
                    filled = 0;
                }
                if (is_constant) {  // nothing in memory: packed, and swept by itself
                    lines_[0] = pack(line, at, j * taps, count, packed_);
                    sweep(channel, 1, layout_.packed.data(), count, out, continued);
                }
            }
        }

        void sweep_packed(row_tile const& tile, index_t channel, index_t first, index_t count,
                          Acc* out) const noexcept {
            const index_t at = p_.last().position(first, 0), taps = p_.last().taps;
            line_walk walk(p_, tile.group);
            index_t filled = 0;
            bool continued = begin_row(p_, channel, out, count);
            for (index_t j = 0, all = row_lines_; j < all; ++j) {
                const auto line = walk.next(reader_, tile.leading);
                if (reader_.contributes(line)) {
                    lines_[filled] = pack(line, at, j * taps, count, packed_ + filled * layout_.length);
                    ++filled;
                }
                if (filled == size_.lines || j + 1 == all) {
                    sweep(channel, filled, layout_.packed.data(), count, out, continued);
                    filled = 0;
                }
            }
        }

        // for kernels with NaN or Inf: a zero boundary must be skipped, not multiplied
        void sample_by_sample(row_tile const& tile, index_t channel, index_t first, index_t count,
                              Acc* out) const noexcept {
            index_list o = tile.leading;
            o.push_back(first);
            for (index_t j = 0; j < count; ++j, ++o[p_.rank - 1])
                out[j] = window_sum<Acc>(p_, reader_, weights_ + channel * depth_, tile.group, o,
                                         start_of<Acc>(p_, channel));
        }
    };
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
