// faltung/method/direct.hpp -- the defining sum, row by row: interior windows read in place, the rim through packed
// lines
#pragma once

#include "../geometry/interior.hpp"
#include "../simd/line_sweep.hpp"
#include "band_worker.hpp"
#include "channel_tiles.hpp"
#include "cost_constants.hpp"
#include "error_bounds.hpp"
#include "few_lines.hpp"
#include "finish.hpp"
#include "method.hpp"
#include "pack.hpp"
#include "rows.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Which sums of vectors a band can hold; band_layout::suits says the same of a problem.
template <class T>
inline constexpr bool has_bands =
    sum_traits<typename T::Acc>::name == algebra::plus_times&& has_vectors<typename T::Acc>;

struct direct {
    static constexpr method name = method::direct;

    static verdict supports(problem const& p) {
        if (p.direction != direction::forward)
            return "direct computes forward problems; the plan lowers its adjoints to them";
        return {};
    }

    static cost predict(problem const& p) {
        const auto c = times_of(p);
        const error_bound e = sum_error(p);
        if (channel_tiles::takes(p)) return {channel_tiles::seconds(p), e.expected, e.certified, c.plan};
        const double seconds = band_layout::suits(p) ? seconds_of_bands(p, c) : seconds_of_rows(p, c);
        return {seconds + static_cast<double>(p.output_count()) * c.output, e.expected, e.certified, c.plan};
    }

    template <class T>
    static index_t workspace(problem const& p) {
        if constexpr (channel_tiles::has<T>)
            if (channel_tiles::takes(p)) return channel_tiles::workspace<T>(p);
        if constexpr (has_bands<T>)
            if (band_layout::suits(p)) {
                if constexpr (few_lines::has<T>())
                    if (few_lines::suits(p)) return few_lines::scratch<T>(p);
                return band_scratch<T>(band_layout(p)).bytes;
            }
        return sizes<T>(p, line_layout(p.last(), longest(p)).length).bytes();
    }

    template <class T>
    static prepared prepare(problem const& p, kernel_taps<typename T::Weight> const& h, prepared const* earlier) {
        if constexpr (channel_tiles::has<T>)
            if (channel_tiles::takes(p)) return channel_tiles::prepare<T>(p, h, earlier);
        auto kernel = std::make_shared<weights<typename T::Weight>>();
        kernel->taps = pack_weights(h);
        if constexpr (may_have_half_sums<T>)
            if (p.in == 1 && p.out == 1 && may_sum_in_halves(p))
                if ((kernel->halves = find_half_taps<T>(p, without_channels(h))))
                    kernel->in_halves.assign(kernel->halves->integers.begin(), kernel->halves->integers.end());
        return {earlier ? earlier->geometry : std::make_shared<lines_and_bands const>(p), kernel};
    }

    static index_t grains(problem const& p) {
        if (channel_tiles::takes(p)) return channel_tiles::grains(p);
        if (few_lines::suits(p)) return 1;
        return band_layout::suits(p) ? band_layout(p).grains(p) : row_grid(p, longest(p)).grains();
    }

    template <class T>
    static void run(problem const& p, prepared const& ready, strided<typename T::X const> const& x,
                    strided<typename T::Y> const& y, std::byte* scratch, grain_range range) noexcept {
        if constexpr (channel_tiles::has<T>)
            if (channel_tiles::takes(p)) return channel_tiles::run<T>(p, ready, x, y, scratch, range);
        auto const& kernel = *static_cast<weights<typename T::Weight> const*>(ready.kernel.get());
        auto const& geometry = *static_cast<lines_and_bands const*>(ready.geometry.get());
        auto const& bands = geometry.bands;
        if constexpr (few_lines::has<T>())
            if (geometry.few)
                return geometry.few->compute<T>(p, kernel.data(), geometry.line.packed.data(), x, y, scratch);
        if constexpr (may_have_half_sums<T> && has_bands<T>)
            if (!kernel.in_halves.empty()) {
                using halves = types_in_halves<T>;
                return compute_bands(band_worker<halves>(p, *bands, kernel.in_halves.data(),
                                                         row_store<halves>(p, *kernel.halves), x, y, scratch),
                                     range);
            }
        if constexpr (has_bands<T>)
            if (bands)
                return compute_bands(band_worker<T>(p, *bands, kernel.data(), row_store<T>(p), x, y, scratch), range);
        const row_grid grid(p, longest(p));
        const worker<T> w(p, ready, x, y, scratch);
        for (index_t g = range.first; g < range.last; ++g) w.compute(grid(g));
        w.finish();
    }

private:
    // Whether there are bands, whose rows fill the vectors that are computed at a time in 16 bits, too.
    static bool may_sum_in_halves(problem const& p) {
        return band_layout::suits(p) && p.last().outputs() >= band_sweep<std::uint16_t>::unit;
    }

    // What share of a multiply-add is left where products wait for fewer loads than in a row by itself.
    static constexpr double shared_loads = 0.65;
    // In bands 32 registers hold more sums; bytes on their way to floats take as long as they did.
    static double shared_loads_of_bands(problem const& p) {
        const bool are_floats = cost_constants::kind_of(p.types.accumulator) != cost_constants::kind::other;
        return are_floats && p.types.x == p.types.accumulator && bytes_of_vector(p.limits.instruction_set) == 64
                   ? 0.45
                   : shared_loads;
    }

    // Integers of 32 bits are multiplied in half as many lanes at a time as floats are, those of 16 bits in twice as
    // many: bytes, where the norm of an integer kernel alone says that these hold their sums.
    static cost_constants::times times_of(problem const& p) {
        const element sums = p.types.accumulator;
        const bool is_short = sums == element::int32 || sums == element::uint32;
        auto c =
            cost_constants::of(cost_constants::direct, is_short ? element::float32 : sums, p.limits.instruction_set);
        const bool are_halves = sums < element::float32 && p.types.x == element::uint8 && may_sum_in_halves(p) &&
                                p.types.y >= element::int8 && p.types.y <= element::uint16 &&
                                (p.store.overflow == overflow::wrap || 255 * p.kernel.norm_1 < 32768);
        if (are_halves) c = cost_constants::of(cost_constants::direct, element::float32, p.limits.instruction_set);
        if (are_halves || is_short) c.multiply_add *= are_halves ? 0.5 : 2;
        return c;
    }

    static double seconds_of_rows(problem const& p, cost_constants::times const& c) {
        const double outputs = static_cast<double>(p.output_count()), taps = static_cast<double>(p.taps_per_output());
        const index_t kernels = p.out / p.groups;  // of a group
        const double rows = static_cast<double>(row_grid(p, longest(p)).grains()) * static_cast<double>(kernels);
        const double each = outputs / std::max(rows, 1.0);  // outputs of a row
        const double lines = taps / static_cast<double>(p.last().taps);
        const bool packs = p.types.x != p.types.accumulator || p.last().window_stride > 1 || each < 64;
        const double packed =
            packs ? each + static_cast<double>(p.last().span()) / static_cast<double>(p.last().window_stride) : 0;
        const double slow = p.kernel.finite ? 1 : 20;  // sample by sample
        const bool shares = is_along_one_line(p) && p.last().dilation == 1 && p.last().taps > 16;
        const double tap = std::max(each * c.multiply_add * (shares ? shared_loads : 1), least_seconds_of_tap) * slow;
        const double pieces = static_cast<double>(checked::ceil_divide(p.last().outputs(), longest(p)));
        const double beyond = seconds_beyond(p.last(), packs ? 0 : c.row / 2) / std::max(pieces, 1.0);
        const double alone = is_along_one_line(p) ? 3 : 1;  // a sweep along one line begins more slowly
        return rows * (alone * c.row + lines * ((packs ? c.row : c.row / 2) + beyond + packed * c.packed) + taps * tap);
    }

    // A band takes its time for rows that it lacks, too; every line begins and ends with fewer rows, which costs as
    // much as 4 of its taps for one row.
    static double seconds_of_bands(problem const& p, cost_constants::times const& c) {
        const band_layout layout(p);
        const index_t channels = p.out / p.groups;
        const double strips = static_cast<double>(layout.grains(p)), kernels = static_cast<double>(channels),
                     each = static_cast<double>(p.last().outputs()) / static_cast<double>(layout.pieces),
                     all_rows = static_cast<double>(layout.in_phase), groups = static_cast<double>(layout.groups),
                     across = static_cast<double>(layout.taps), along = static_cast<double>(p.last().taps),
                     strips_of_phase = static_cast<double>(layout.strips()),
                     bands = strips / strips_of_phase * std::ceil(all_rows / band_layout::rows) * kernels,
                     lines = strips / strips_of_phase * (all_rows + strips_of_phase * (across - 1)) * groups;
        const bool packs = p.types.x != p.types.accumulator || p.last().window_stride > 1 || each < 64;
        const double taps = groups * (across * along * band_layout::rows + (across + band_layout::rows - 1) * 4),
                     sum = std::max(each * c.multiply_add * shared_loads_of_bands(p), least_seconds_of_tap / 2) * taps,
                     packed = packs ? (each + static_cast<double>(p.last().span())) * c.packed : 0;
        return bands * (c.row + sum) + lines * ((packs ? c.row : c.row / 2) / 2 + seconds_beyond(p.last(), 0) + packed);
    }

    template <class W>
    struct weights {
        std::shared_ptr<void const> taps;
        std::optional<half_taps> halves;
        std::vector<std::uint16_t> in_halves;
        W const* data() const { return static_cast<W const*>(taps.get()); }
    };

    template <class Worker>
    static void compute_bands(Worker worker, grain_range range) noexcept {
        for (index_t g = range.first; g < range.last; ++g) worker.compute(g);
        worker.finish();
    }

    /// Whether an output is a sum along one line, whose windows follow one another sample by sample.
    static bool is_along_one_line(problem const& p) { return lines_per_row(p) == 1 && p.last().window_stride == 1; }

    // Outputs of a row tile. One line needs little room, and its tiles take little time.
    static index_t longest(problem const& p) {
        return is_along_one_line(p) ? 4 * row_grid::longest : row_grid::longest;
    }

    struct lines_and_bands {
        line_layout line;
        std::optional<band_layout> bands;
        std::optional<few_lines> few;

        explicit lines_and_bands(problem const& p) : line(p.last(), longest(p)) {
            if (band_layout::suits(p)) bands.emplace(p);
            if (few_lines::suits(p)) few.emplace(p);
        }
    };

    // Scratch of a worker, one after the other: sums of a tile, a table of lines, packed lines.
    template <class T>
    struct sizes {
        using D = typename T::Data;
        static constexpr index_t budget = index_t{128} * 1024;  // bytes of packed lines: fits the second-level cache
        index_t sums, lines, packed;

        sizes(problem const& p, index_t line_length) : sums(rounded<typename T::Acc>(longest(p))) {
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
        // along one line, taps share vectors
        using along_line = line_sweep<std::conditional_t<has_bands<T>, Acc, float>>;
        typename versions<row_sweep<D, W, Acc>>::function sweep_;
        typename versions<along_line>::function sweep_line_;
        output_range interior_;
        bool in_place_, along_one_line_;
        destination where_;
        index_t row_lines_, depth_;  // lines and taps behind one output

    public:
        worker(problem const& p, prepared const& ready, strided<X const> const& x, strided<Y> const& y,
               std::byte* scratch) noexcept
            : p_(p),
              layout_(static_cast<lines_and_bands const*>(ready.geometry.get())->line),
              weights_(static_cast<weights<W> const*>(ready.kernel.get())->data()),
              reader_(p, x, nothing()),
              y_(y),
              size_(p, layout_.length),
              sums_(reinterpret_cast<Acc*>(scratch)),
              lines_(reinterpret_cast<tap_line<D>*>(scratch + size_.sums)),
              packed_(reinterpret_cast<D*>(scratch + size_.sums + size_.table())),
              sweep_(versions<row_sweep<D, W, Acc>>::of(p.limits.instruction_set)),
              sweep_line_(versions<along_line>::of(p.limits.instruction_set)),
              interior_(interior(p.last())),
              in_place_(std::is_same_v<X, D> && p.last().window_stride == 1 && reader_.line_step() == 1),
              along_one_line_(has_bands<T> && is_along_one_line(p)),
              where_(along_one_line_ && std::is_same_v<Y, Acc> && y.stride[p.rank] == 1
                         ? destination_of(p.output_count() * static_cast<index_t>(sizeof(Y)))
                         : destination::caches),
              row_lines_(lines_per_row(p)),
              depth_(row_lines_ * p.last().taps) {}

        void compute(row_tile const& tile) const noexcept {
            const index_t end = tile.first + tile.count;
            if (!p_.kernel.finite) return piece(tile, tile.first, end, &worker::sample_by_sample);
            if (!in_place_) return piece(tile, tile.first, end, &worker::sweep_packed);
            const index_t low = std::clamp(interior_.first, tile.first, end),
                          high = std::clamp(interior_.last, low, end);
            if (high - low < (along_one_line_ ? row_grid::longest : worth_splitting))
                return piece(tile, tile.first, end, &worker::sweep_packed);
            piece(tile, tile.first, low, &worker::sweep_packed);
            piece(tile, low, high, &worker::sweep_in_place);
            piece(tile, high, end, &worker::sweep_packed);
        }

        /// After the last tile.
        void finish() const noexcept {
            if (where_ == destination::past_caches) finish_stores_past_caches();
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
            if constexpr (has_bands<T>)
                if (along_one_line_ && lines > 0) {
                    const index_t taps = p_.last().taps;
                    return sweep_line_({lines_->data, taps > 1 ? tap_offset[1] : 1, weights_ + channel * taps, taps,
                                        out, count, continued, continued ? destination::caches : where_});
                }
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
