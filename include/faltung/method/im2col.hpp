// faltung/method/im2col.hpp -- windows copied into a panel, panel by panel, and a small matrix product with the kernels
#pragma once

#include "../core/buffer.hpp"
#include "cost_constants.hpp"
#include "error_bounds.hpp"
#include "finish.hpp"
#include "method.hpp"
#include "pack.hpp"
#include "rows.hpp"
#include "store.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

struct im2col {
    static constexpr method name = method::im2col;

    static verdict supports(problem const& p) {
        if (p.direction != direction::forward)
            return "im2col computes forward problems; the plan lowers its adjoints to them";
        if (!p.kernel.finite) return "a kernel with NaN or Inf needs direct: im2col multiplies zero padding by it";
        return {};
    }

    static cost predict(problem const& p) {
        auto const& c = cost_constants::of(cost_constants::im2col, p.types.accumulator, p.limits.instruction_set);
        const double outputs = static_cast<double>(p.output_count()), taps = static_cast<double>(p.taps_per_output());
        const index_t sharing = p.out / p.groups;  // kernels of a panel
        const double kernels = static_cast<double>(sharing);
        const double rows = static_cast<double>(row_grid(p).grains());
        const double each = outputs / kernels / std::max(rows, 1.0), unit = micro_product<float, float, float>::unit;
        const double covered = std::ceil(each / unit) * unit;
        const error_bound e = sum_error(p);
        const double copy = cost_constants::panel_row, beyond = seconds_beyond(p.last(), copy, p.last().taps) / 2;
        const double tap = copy + beyond + each * c.packed + covered * kernels * c.multiply_add;
        return {rows * (c.row + taps * tap) + outputs * c.output, e.expected, e.certified, c.plan};
    }

    template <class T>
    static index_t workspace(problem const& p) {
        const panel_size<T> panel(p);
        return panel.bytes() + panel.sums() * static_cast<index_t>(sizeof(typename T::Acc));
    }

    template <class T>
    static prepared prepare(problem const&, kernel_taps<typename T::Weight> const& h, prepared const*) {
        return {nullptr, pack_weights(h)};
    }

    static index_t grains(problem const& p) { return row_grid(p).grains(); }

    template <class T>
    static void run(problem const& p, prepared const& ready, strided<typename T::X const> const& x,
                    strided<typename T::Y> const& y, std::byte* scratch, grain_range range) noexcept {
        using Acc = typename T::Acc;
        using D = typename T::Data;
        using W = typename T::Weight;
        const row_grid grid(p);
        const panel_size<T> panel(p);
        const line_reader<typename T::X, D> reader(p, x);
        using product_loop = micro_product<D, W, Acc>;
        const auto product = versions<product_loop>::of(p.limits.instruction_set);
        D* const columns = reinterpret_cast<D*>(scratch);
        Acc* const sums = reinterpret_cast<Acc*>(scratch + panel.bytes());
        const index_t kernels = p.out / p.groups, taps = p.last().taps, depth = p.taps_per_output();

        grid.for_each(range, [&](row_tile const& tile) {
            W const* const weights = static_cast<W const*>(ready.kernel.get()) + tile.group * kernels * depth;
            for (index_t first = 0; first < tile.count; first += panel.width) {
                const index_t count = std::min(panel.width, tile.count - first),
                              covered = checked::ceil_divide(count, product_loop::unit) * product_loop::unit;
                for (index_t k = 0; k < kernels; ++k)
                    std::fill_n(sums + k * panel.width, covered, start_of<Acc>(p, tile.group * kernels + k));
                line_walk walk(p, tile.group);
                source_line<typename T::X> line{};
                index_t filled = 0;
                for (index_t j = 0; j < depth; ++j) {  // one row of the panel per tap
                    if (j % taps == 0) line = walk.next(reader, tile.leading);
                    reader.read(line, p.last().position(tile.first + first, j % taps), p.last().window_stride,
                                columns + filled * panel.width, count);
                    std::fill(columns + filled * panel.width + count, columns + filled * panel.width + covered, D{});
                    if (++filled == panel.depth || j + 1 == depth) {
                        product({columns, panel.width, filled, weights + (j + 1 - filled), depth, kernels, sums,
                                 panel.width, covered});
                        filled = 0;
                    }
                }
                for (index_t k = 0; k < kernels; ++k) {
                    const index_t step = y.stride[p.rank];
                    finish_row<typename T::Y>(p, tile.group * kernels + k, tile.leading, tile.first + first,
                                              sums + k * panel.width, count);
                    store_row(sums + k * panel.width, row_start(y, tile.group * kernels + k, tile) + first * step, step,
                              count, p.store);
                }
            }
        });
    }

private:
    static constexpr index_t panel_bytes = index_t{256} * 1024;  // it stays in the second-level cache

    /// A panel of `width` outputs times `depth` taps; taps beyond go into further panels that continue the same sums.
    template <class T>
    struct panel_size {
        static constexpr index_t sample = sizeof(typename T::Data), narrowest = 16;
        index_t width, depth, kernels;

        explicit panel_size(problem const& p) : kernels(p.out / p.groups) {
            const index_t taps = p.taps_per_output(), samples = panel_bytes / sample;
            depth = std::min(taps, samples / narrowest);
            width = std::clamp(samples / depth / narrowest * narrowest, narrowest, row_grid::longest);
        }
        index_t bytes() const { return checked::ceil_divide(width * depth * sample, 64) * 64; }
        index_t sums() const { return checked::multiply(width, kernels, "sums of a panel"); }
    };
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
