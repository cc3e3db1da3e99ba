// faltung/method/separable.hpp -- one line per axis, axis after axis, a few rows at a time
#pragma once

#include "cost_constants.hpp"
#include "error_bounds.hpp"
#include "method.hpp"
#include "pack.hpp"
#include "product_terms.hpp"
#include "separable_worker.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

struct separable {
    static constexpr method name = method::separable;

    static verdict supports(problem const& p) {
        if (p.direction != direction::forward)
            return "separable computes forward problems; the plan lowers its adjoints to them";
        if (p.in != 1 || p.out != 1) return "separable filters one channel; give channels as an axis of the batch";
        if (p.store.bias || !p.store.epilogue.is_none()) return "separable has neither bias nor epilogue";
        if (!p.kernel.finite) return "a kernel with NaN or Inf needs direct: separable multiplies zero padding by it";
        if (p.kernel.terms == 0)
            return text("its kernel ", p.taps(), " is no sum of few products of one line per axis");
        return {};
    }

    static cost predict(problem const& p) {
        auto const& c = cost_constants::of(cost_constants::separable, p.types.accumulator, p.limits.instruction_set);
        const separable_layout layout(p);
        axis const& last = p.last();
        const double outputs = static_cast<double>(last.outputs()), terms = static_cast<double>(p.kernel.terms);
        const double unit = column_sweep<float, float>::unit, covered = std::ceil(outputs / unit) * unit;
        double blocks = 1, sums = 0;  // blocks that are computed at a level; seconds for sums across lines
        for (index_t n : layout.batch) blocks *= static_cast<double>(n);
        double each = covered;  // outputs of the levels further in
        for (auto const& l : layout.levels) each *= static_cast<double>(p[l.axis].outputs());
        for (auto const& l : layout.levels) {
            const double all = static_cast<double>(std::max<index_t>(p[l.axis].outputs(), 1));
            const double tiles = static_cast<double>(std::max<index_t>(layout.tiles[l.axis], 1)),
                         per_tile = all / tiles;
            const double phases = std::min(static_cast<double>(l.walk.phases), per_tile);
            const double lines =
                std::min(per_tile * static_cast<double>(l.taps),
                         per_tile * static_cast<double>(l.walk.step) + phases * static_cast<double>(l.taps));
            const double groups = blocks * tiles * std::ceil(per_tile / separable_layout::rows);
            sums += blocks * each * static_cast<double>(l.taps) * c.multiply_add +
                    groups * (1 + static_cast<double>(l.slots) / 8) * c.row;
            each /= all;
            blocks *= tiles * lines;
        }
        const bool packs = p.types.x != p.types.accumulator || last.window_stride > 1;
        const double pieces = static_cast<double>(layout.tiles[p.rank - 1]);
        const double tap = std::max(outputs * c.multiply_add, pieces * least_seconds_of_tap);
        const double line = pieces * c.row + seconds_beyond(last, packs ? 0 : c.row, layout.tiles[p.rank - 1]) +
                            outputs * c.packed + static_cast<double>(last.taps) * tap;
        // nothing is gained where there is but one axis to filter along, or none
        constexpr double by_axes[] = {1.4, 1.4, 1};
        const double alone = by_axes[std::min<std::size_t>(layout.levels.size() + (last.taps > 1 ? 1 : 0), 2)];
        // only one product is summed where it lies: 1920 x 1080 doubles, 11 x 11 taps: 4.4 ms, of two 10.3
        const double products = terms > 1 ? 1.5 * terms : 1;
        const error_bound e = product_error(p);
        return {alone * products * (sums + blocks * line) + static_cast<double>(p.output_count()) * c.output,
                e.expected, e.certified, c.plan};
    }

    template <class T>
    static index_t workspace(problem const& p) {
        return separable_scratch<T>(separable_layout(p), p.kernel.terms).bytes;
    }

    template <class T>
    static prepared prepare(problem const& p, kernel_taps<typename T::Weight> const& h, prepared const* earlier) {
        using W = typename T::Weight;
        const auto taps = without_channels(h);
        separated_kernel<W> kernel{find_terms(taps, allowed_residual(p)).value(), {}, {}};
        if constexpr (may_have_half_sums<T>)
            if (separable_layout(p).columns_first)
                if (auto halves = find_half_kernel<T>(p, taps))
                    kernel.halves = std::make_shared<half_kernel const>(*std::move(halves));
        const bool keeps_infinities = kernel.terms.count == 1 && !is_complex<W> && !is_complex<typename T::X>;
        if (!keeps_infinities) kernel.taps = pack_weights(h);
        return {earlier ? earlier->geometry : std::make_shared<separable_layout const>(p),
                std::make_shared<separated_kernel<W> const>(std::move(kernel))};
    }

    static index_t grains(problem const& p) {
        const separable_layout layout(p);
        return checked::multiply(
            checked::multiply(checked::product(layout.batch, "rows of the output"),
                              checked::product(layout.tiles, "tiles of the output"), "tiles of the output"),
            layout.strips(p), "tiles of the output");
    }

    template <class T>
    static void run(problem const& p, prepared const& ready, strided<typename T::X const> const& x,
                    strided<typename T::Y> const& y, std::byte* scratch, grain_range range) noexcept {
        using W = typename T::Weight;
        auto const& layout = *static_cast<separable_layout const*>(ready.geometry.get());
        auto const& kernel = *static_cast<separated_kernel<W> const*>(ready.kernel.get());
        if constexpr (may_have_half_sums<T>)
            if (kernel.halves) {
                using halves = types_in_halves<T>;
                const row_store<halves> store(p, *kernel.halves);
                return compute(separable_worker<halves>(p, layout, kernel.halves->terms, nullptr, store, x, y, scratch),
                               range);
            }
        compute(separable_worker<T>(p, layout, kernel.terms, static_cast<W const*>(kernel.taps.get()), row_store<T>(p),
                                    x, y, scratch),
                range);
    }

private:
    template <class Worker>
    static void compute(Worker worker, grain_range range) noexcept {
        for (index_t g = range.first; g < range.last; ++g) worker.compute(g);
        worker.finish();
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
