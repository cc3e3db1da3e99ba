// faltung/convolve/kernel_gradient.hpp -- the derivatives of a forward problem's sums by its taps, a band of outputs at
// a time
#pragma once

#include <algorithm>
#include <cstring>

#include "../method/channel_lines.hpp"
#include "../simd/gradient_tile.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// The fixed grid of a kernel's gradient, and where its parts lie. A grain is the taps of a block of input channels by
/// a chunk of a group's output channels, over a slab of the bands that channel_grid cuts the outputs into: there are
/// several slabs, whose sums are added afterwards, where there are few such parts. Neither the grid nor the order of a
/// sum depends on the number of threads.
struct gradient_layout {
    channel_layout lines;
    index_t lanes;  // of a vector
    index_t chunks, blocks, places, slabs;
    index_t padded_taps, slot;  // taps of a block as tiles have them; sums of a grain

    /// `bytes` of a sum, of a vector.
    gradient_layout(problem const& p, index_t bytes, int vector_bytes)
        : lines(p, bytes),
          lanes(vector_bytes / bytes),
          chunks(checked::ceil_divide(lines.grid.kernels, lines.grid.chunk)),
          blocks(checked::ceil_divide(lines.grid.depth, lines.block)),
          places(lines.grid.grains() / (p.groups * chunks)) {
        constexpr index_t wanted_grains = 16;
        const index_t parts = checked::multiply(checked::multiply(p.groups, chunks, "parts"), blocks, "parts"),
                      tile = lines.grid.alone ? lane_taps : tile_taps;
        slabs = std::clamp<index_t>(wanted_grains / parts, 1, std::max<index_t>(places, 1));
        padded_taps = checked::ceil_divide(lines.block * lines.taps, tile) * tile;
        slot = checked::multiply(
            padded_taps,
            lines.grid.alone ? lines.grid.kernels * lanes : checked::ceil_divide(lines.grid.chunk, lanes) * lanes,
            "sums");
    }

    struct part {
        index_t slab, group, chunk, block;
    };
    index_t parts(problem const& p) const { return p.groups * chunks * blocks; }
    part operator()(problem const& p, index_t grain) const noexcept {
        part to{};
        to.block = grain % blocks;
        grain /= blocks;
        to.chunk = grain % chunks;
        grain /= chunks;
        to.group = grain % p.groups;
        to.slab = grain / p.groups;
        return to;
    }
    channel_band band(problem const& p, part const& of, index_t place) const noexcept {
        return lines.grid((place * p.groups + of.group) * chunks + of.chunk);
    }
    /// Input channels of a block.
    index_t depth(part const& of) const noexcept {
        return std::min(lines.block, lines.grid.depth - of.block * lines.block);
    }
};

/// One worker's share: sums of products in its own scratch memory, which holds a table of lines, packed lines of x~,
/// and a panel of gradients, one after the other.
template <class T>
class gradient_worker {
    using X = typename T::X;
    using H = typename T::H;
    using Acc = typename T::Acc;
    using tile = gradient_tile<Acc>;
    using in_lanes = gradient_lanes<Acc>;
    using transposed = transposed_copy<Acc>;

    problem const& p_;
    gradient_layout const& layout_;
    strided<H const> const& dy_;
    Acc* lines_;
    channel_lines<T> packed_;
    Acc* panel_;
    typename versions<tile>::function tile_;
    typename versions<in_lanes>::function in_lanes_;
    typename versions<transposed>::function transposed_;

    template <class E>
    static index_t rounded(index_t count) {
        return checked::ceil_divide(checked::multiply(count, sizeof(E), "scratch"), 64) * 64;
    }
    static index_t bytes_of_panel(gradient_layout const& l) {
        channel_grid const& g = l.lines.grid;
        return rounded<Acc>(g.alone ? g.rows * checked::ceil_divide(g.width, l.lanes) * l.lanes
                                    : g.rows * g.width * std::min(most_lanes(l), l.slot / l.padded_taps));
    }
    static index_t bytes_of_sources(gradient_layout const& l) {
        return rounded<source_of<T>>(checked::multiply(l.lines.planes, l.lines.rows.length, "lines"));
    }
    static index_t bytes_of_lines(gradient_layout const& l) { return rounded<Acc>(l.lines.samples() + l.lines.pitch); }
    static index_t most_lanes(gradient_layout const& l) {
        return gradient_vectors(static_cast<int>(l.lanes * static_cast<index_t>(sizeof(Acc)))) * l.lanes;
    }

public:
    /// Sums of its own are those of a grain that needs no others.
    static index_t workspace(gradient_layout const& l) {
        return bytes_of_sources(l) + bytes_of_lines(l) + bytes_of_panel(l) + (l.slabs == 1 ? rounded<Acc>(l.slot) : 0);
    }

    gradient_worker(problem const& p, gradient_layout const& l, strided<X const> const& x, strided<H const> const& dy,
                    std::byte* scratch) noexcept
        : p_(p),
          layout_(l),
          dy_(dy),
          lines_(reinterpret_cast<Acc*>(scratch + bytes_of_sources(l))),
          packed_(p, l.lines, x, reinterpret_cast<source_of<T>*>(scratch), lines_),
          panel_(reinterpret_cast<Acc*>(scratch + bytes_of_sources(l) + bytes_of_lines(l))),
          tile_(versions<tile>::of(p.limits.instruction_set)),
          in_lanes_(versions<in_lanes>::of(p.limits.instruction_set)),
          transposed_(versions<transposed>::of(p.limits.instruction_set)) {}

    Acc* own_sums() const noexcept { return panel_ + bytes_of_panel(layout_) / static_cast<index_t>(sizeof(Acc)); }

    /// All sums of a grain: for every panel of its output channels, line by line the taps of its input channels.
    void compute(index_t grain, Acc* sums) noexcept {
        const auto of = layout_(p_, grain);
        const index_t channels = layout_.depth(of), each = layout_.places / layout_.slabs,
                      rest = layout_.places % layout_.slabs, first = each * of.slab + std::min(of.slab, rest),
                      last = first + each + (of.slab < rest ? 1 : 0);
        if (layout_.lines.grid.alone) std::fill_n(sums, layout_.slot, Acc{});
        for (index_t place = first; place < last; ++place) {
            const channel_band band = layout_.band(p_, of, place);
            packed_.pack(band, of.block * layout_.lines.block, channels);
            if (layout_.lines.grid.alone)
                add_in_lanes(band, channels * layout_.lines.taps, sums);
            else
                add_tiles(band, channels * layout_.lines.taps, place - first, sums);
        }
    }

    /// The sums of a part, added over its slabs, become dw[o * step + tap], of all input channels' taps.
    void finish(index_t part_number, Acc* sums, Acc* dw) const noexcept {
        const auto of = layout_(p_, part_number);
        channel_grid const& g = layout_.lines.grid;
        const index_t taps = layout_.depth(of) * layout_.lines.taps, step = g.depth * layout_.lines.taps,
                      kernels = std::min(g.chunk, g.kernels - of.chunk * g.chunk);
        for (index_t s = 1; s < layout_.slabs; ++s)
            versions<added_line<Acc>>::of(p_.limits.instruction_set)(
                {sums + s * layout_.parts(p_) * layout_.slot, sums, layout_.slot});
        Acc* const to = dw + (of.group * g.kernels + of.chunk * g.chunk) * step +
                        of.block * layout_.lines.block * layout_.lines.taps;
        if (g.alone) {
            for (index_t k = 0; k < kernels; ++k)
                for (index_t t = 0; t < taps; ++t)
                    to[k * step + t] = sum_of_lanes(sums + (k * layout_.padded_taps + t) * layout_.lanes);
            return;
        }
        for (index_t k = 0; k < kernels;) {
            const index_t width = lanes_of_panel(kernels - k);
            transposed_(
                {sums + k * layout_.padded_taps, width, taps, std::min(width, kernels - k), to + k * step, step});
            k += width;
        }
    }

private:
    index_t lanes_of_panel(index_t kernels) const noexcept {
        return std::min(checked::ceil_divide(kernels, layout_.lanes) * layout_.lanes, most_lanes(layout_));
    }

    Acc sum_of_lanes(Acc const* sums) const noexcept {
        Acc sum{};
        for (index_t l = 0; l < layout_.lanes; ++l) sum += sums[l];
        return sum;
    }

    H const* gradient(channel_band const& band, index_t kernel, index_t row) const noexcept {
        H const* at = dy_.data + (band.group * layout_.lines.grid.kernels + band.kernel + kernel) * dy_.stride[0] +
                      band.first * dy_.stride[p_.rank];
        for (int a = 0; a + 1 < p_.rank; ++a)
            at += (band.leading[a] + (a == layout_.lines.grid.row_axis ? row : 0)) * dy_.stride[a + 1];
        return at;
    }

    void add_tiles(channel_band const& band, index_t taps, index_t bands_before, Acc* sums) const noexcept {
        for (index_t k = 0; k < band.kernels;) {
            const index_t width = lanes_of_panel(band.kernels - k);
            fill_panel(band, k, std::min(width, band.kernels - k), width);
            tile_({lines_, layout_.lines.pitch, layout_.lines.offset.data(), taps, panel_, band.rows, band.count,
                   width / layout_.lanes, sums + k * layout_.padded_taps, bands_before > 0});
            k += width;
        }
    }

    // panel[(r * count + i) * width + k] = dy of output channel first + k, and 0 where there is none
    void fill_panel(channel_band const& band, index_t first, index_t kernels, index_t width) const noexcept {
        if (kernels < width)
            for (index_t i = 0; i < band.rows * band.count; ++i)
                std::fill_n(panel_ + i * width + kernels, width - kernels, Acc{});
        const int row_axis = layout_.lines.grid.row_axis;
        const index_t step = dy_.stride[p_.rank],
                      row_step = band.rows > 1 ? dy_.stride[row_axis + 1] : band.count * step;
        if constexpr (std::is_same_v<H, Acc>)
            if (step == 1 && (band.rows == 1 || row_step == band.count))
                return transposed_(
                    {gradient(band, first, 0), dy_.stride[0], kernels, band.rows * band.count, panel_, width});
        for (index_t r = 0; r < band.rows; ++r) {
            Acc* const to = panel_ + r * band.count * width;
            if constexpr (std::is_same_v<H, Acc>)
                if (step == 1 || band.count == 1) {
                    transposed_({gradient(band, first, r), dy_.stride[0], kernels, band.count, to, width});
                    continue;
                }
            for (index_t k = 0; k < kernels; ++k) {
                H const* const from = gradient(band, first + k, r);
                for (index_t i = 0; i < band.count; ++i) to[i * width + k] = convert<Acc>(from[i * step]);
            }
        }
    }

    void add_in_lanes(channel_band const& band, index_t taps, Acc* sums) const noexcept {
        const index_t row = checked::ceil_divide(band.count, layout_.lanes) * layout_.lanes, step = dy_.stride[p_.rank];
        for (index_t k = 0; k < band.kernels; ++k) {
            for (index_t r = 0; r < band.rows; ++r) {
                H const* const from = gradient(band, k, r);
                Acc* const to = panel_ + r * row;
                std::fill(to + row - layout_.lanes, to + row, Acc{});
                if (std::is_same_v<H, Acc> && step == 1)
                    std::memcpy(to, from, static_cast<std::size_t>(band.count) * sizeof(Acc));
                else
                    for (index_t i = 0; i < band.count; ++i) to[i] = convert<Acc>(from[i * step]);
            }
            in_lanes_({lines_, layout_.lines.pitch, layout_.lines.offset.data(), taps, panel_, row, band.rows,
                       band.count, sums + k * layout_.padded_taps * layout_.lanes});
        }
    }
};

/// dw = the sum of x~ dy over all outputs, for floating sums of real samples. T = types<X, H, Acc, Acc>, with dy of
/// type H.
template <class T>
class kernel_gradient {
    using X = typename T::X;
    using H = typename T::H;
    using Acc = typename T::Acc;

    problem p_;
    gradient_layout layout_;

public:
    static constexpr bool has = (std::is_same_v<Acc, float> || std::is_same_v<Acc, double>)&&!is_complex<X> &&
                                !is_complex<H> && sum_traits<Acc>::name == algebra::plus_times;

    /// Whether the lines of a band are few enough, for a problem with at least one output.
    static bool takes(problem const& p) { return channel_layout::fits(p); }

    explicit kernel_gradient(problem const& p)
        : p_(p), layout_(p, sizeof(Acc), bytes_of_vector(p.limits.instruction_set)) {}

    index_t workspace() const { return gradient_worker<T>::workspace(layout_); }
    /// Bytes that all workers share: the sums of all slabs.
    index_t shared() const {
        if (layout_.slabs == 1) return 0;
        return checked::multiply(checked::multiply(layout_.parts(p_) * layout_.slabs, layout_.slot, "sums"),
                                 sizeof(Acc), "bytes of sums");
    }
    /// As many as were asked for, but no more than there are grains.
    int workers() const {
        return static_cast<int>(std::min<index_t>(p_.limits.threads, layout_.parts(p_) * layout_.slabs));
    }

    /// Arrays have a leading axis of channels; dw is row-major: output channels, input channels of a group, taps.
    void run(strided<X const> const& x, strided<H const> const& dy, Acc* dw,
             faltung::workspace& scratch) const noexcept {
        if (layout_.slabs == 1)
            return scratch.run(layout_.parts(p_), [&](grain_range grains, std::byte* bytes) noexcept {
                gradient_worker<T> worker(p_, layout_, x, dy, bytes);
                for (index_t g = grains.first; g < grains.last; ++g) {
                    worker.compute(g, worker.own_sums());
                    worker.finish(g, worker.own_sums(), dw);
                }
            });
        Acc* const sums = reinterpret_cast<Acc*>(scratch.shared());
        scratch.run(layout_.parts(p_) * layout_.slabs, [&](grain_range grains, std::byte* bytes) noexcept {
            gradient_worker<T> worker(p_, layout_, x, dy, bytes);
            for (index_t g = grains.first; g < grains.last; ++g) worker.compute(g, sums + g * layout_.slot);
        });
        scratch.run(layout_.parts(p_), [&](grain_range grains, std::byte* bytes) noexcept {
            const gradient_worker<T> worker(p_, layout_, x, dy, bytes);
            for (index_t g = grains.first; g < grains.last; ++g) worker.finish(g, sums + g * layout_.slot, dw);
        });
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
