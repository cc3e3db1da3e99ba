// faltung/method/direct.hpp -- the defining sum, row by row: interior windows read in place, the rim through packed
// lines
#pragma once

#include "band_worker.hpp"
#include "channel_tiles.hpp"
#include "cost_constants.hpp"
#include "error_bounds.hpp"
#include "few_lines.hpp"
#include "method.hpp"
#include "pack.hpp"
#include "row_worker.hpp"

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
        return row_scratch<T>(p, row_layout(p, sizeof(typename T::Data))).bytes;
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
        return {earlier ? earlier->geometry : std::make_shared<lines_and_bands const>(p, sizeof(typename T::Data)),
                kernel};
    }

    static index_t grains(problem const& p) {
        if (channel_tiles::takes(p)) return channel_tiles::grains(p);
        if (few_lines::suits(p)) return 1;
        return band_layout::suits(p) ? band_layout(p).grains(p) : row_grid(p, longest_tile(p)).grains();
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
                return geometry.few->compute<T>(p, kernel.data(), geometry.rows.line.packed.data(), x, y, scratch);
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
        const row_grid grid(p, longest_tile(p));
        row_worker<T>(p, geometry.rows, kernel.data(), x, y, scratch).compute(grid, range);
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
        const double rows = static_cast<double>(row_grid(p, longest_tile(p)).grains()) * static_cast<double>(kernels);
        const double each = outputs / std::max(rows, 1.0);  // outputs of a row
        const double lines = taps / static_cast<double>(p.last().taps);
        const bool packs = p.types.x != p.types.accumulator || p.last().window_stride > 1 || each < 64;
        const double packed =
            packs ? each + static_cast<double>(p.last().span()) / static_cast<double>(p.last().window_stride) : 0;
        const double slow = p.kernel.finite ? 1 : 20;  // sample by sample
        const bool shares = is_along_one_line(p) && p.last().dilation == 1 && p.last().taps > 16;
        const double tap = std::max(each * c.multiply_add * (shares ? shared_loads : 1), least_seconds_of_tap) * slow;
        const index_t pieces = std::max<index_t>(checked::ceil_divide(p.last().outputs(), longest_tile(p)), 1);
        const double beyond = seconds_beyond(p.last(), packs ? 0 : c.row / 2, pieces) / static_cast<double>(pieces);
        const double share = packs && pieces == 1 ? share_of_new_lines(p, packed) : 1;
        return rows * (c.row +
                       lines * (share * ((packs ? c.row : c.row / 2) + beyond + packed * c.packed) +
                                (share < 1 ? seconds_of_kept_line : 0)) +
                       taps * tap);
    }

    static constexpr double seconds_of_kept_line = 6e-9;  // to see that it is there

    // Of the lines of a row, each of so many packed samples, those that no row before has read.
    static double share_of_new_lines(problem const& p, double packed) {
        const double lines = static_cast<double>(row_layout::budget) / static_cast<double>(sizeof(double)) / packed;
        return kept_lines(p, static_cast<index_t>(std::min(lines, 1e9))).share_of_new(p);
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
                     lines = strips / strips_of_phase * (all_rows + strips_of_phase * (across - 1)) * groups *
                             layout.share_of_new_lines();
        const bool packs = p.types.x != p.types.accumulator || p.last().window_stride > 1 || each < 64;
        const double taps = groups * (across * along * band_layout::rows + (across + band_layout::rows - 1) * 4),
                     sum = std::max(each * c.multiply_add * shared_loads_of_bands(p), least_seconds_of_tap / 2) * taps,
                     packed = packs ? (each + static_cast<double>(p.last().span())) * c.packed : 0;
        return bands * (c.row + sum) +
               lines * ((packs ? c.row : c.row / 2) / 2 + seconds_beyond(p.last(), 0, layout.pieces) + packed);
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

    struct lines_and_bands {
        row_layout rows;
        std::optional<band_layout> bands;
        std::optional<few_lines> few;

        lines_and_bands(problem const& p, index_t bytes) : rows(p, bytes) {
            if (band_layout::suits(p)) bands.emplace(p);
            if (few_lines::suits(p)) few.emplace(p);
        }
    };
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
