// faltung/method/channel_tiles.hpp -- the defining sum for many channels: bands of rows, packed, times packed kernels
#pragma once

#include "../simd/gradient_tile.hpp"
#include "../view/layout.hpp"
#include "channel_worker.hpp"
#include "cost_constants.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// How direct computes problems of several channels: y[k] = sum over input channels of a group, then taps, for all
/// output channels of a tile at once.
struct channel_tiles {
private:
    static constexpr bool is_taken(element x, element h, element sum) {
        const bool bytes = (x == element::int8 || x == element::uint8) && (h == element::int8 || h == element::uint8);
        return x < element::complex32 && h < element::complex32 &&
               (sum == element::float32 || sum == element::float64 || (sum == element::int32 && bytes));
    }

public:
    /// Whether sums of these types are made of vectors: floating ones of real samples, and 32 bits of samples and taps
    /// of 8 bits.
    template <class T>
    static constexpr bool has = is_taken(element_of<real_t<typename T::X>>(), element_of<real_t<typename T::H>>(),
                                         element_of<real_t<typename T::Acc>>()) &&
                                sum_traits<typename T::Acc>::name == algebra::plus_times &&
                                !is_complex<typename T::Acc>;

    static bool takes(problem const& p) {
        const bool many = p.in > 1 || p.out > 1;
        if (!many || p.types.algebra != algebra::plus_times || !p.kernel.finite ||
            !is_taken(p.types.x, p.types.h, p.types.accumulator))
            return false;
        for (int a = 0; a < p.rank; ++a)  // a constant has 16 bits where samples have
            if (p.types.accumulator == element::int32 && std::fabs(p[a].edge.re) > 32767) return false;
        return channel_layout::fits(p);
    }

    /// Predicted seconds of a call. `c` was measured for direct row by row; sums of 32 bits are as fast as floats.
    static double seconds(problem const& p) {
        const element like = p.types.accumulator == element::int32 ? element::float32 : p.types.accumulator;
        auto const& c = cost_constants::of(cost_constants::direct, like, p.limits.instruction_set);
        const channel_grid g(p);
        const double outputs = static_cast<double>(p.output_count()), grains = static_cast<double>(g.grains());
        const double taps = static_cast<double>(p.taps_per_output()), lanes = 8;
        const double width = static_cast<double>(g.width);
        const double padded = g.alone ? width : std::ceil(width / lanes) * lanes;
        const double kernels = static_cast<double>(g.kernels), rows = g.alone ? 1 : 4;
        const double waste = padded / width * std::ceil(kernels / rows) * rows / kernels;
        const index_t depth = p.in / p.groups;
        double lines = static_cast<double>(depth);  // that a band packs
        for (int a = 0; a + 1 < p.rank; ++a)
            lines *= a == g.row_axis ? static_cast<double>(g.rows + p[a].span() - 1) : static_cast<double>(p[a].taps);
        const double line = (width + static_cast<double>(p.last().span())) * c.packed + 5e-9;
        const double share = g.alone ? 1.2 : cost_constants::in_tile[static_cast<int>(p.limits.instruction_set)];
        return outputs * taps * waste * c.multiply_add * share + outputs * c.output +
               grains * (lines * line + 10 * c.row);
    }

    static index_t grains(problem const& p) { return channel_grid(p).grains(); }

    template <class T>
    static index_t workspace(problem const& p) {
        const channel_layout layout(p, sizeof(typename T::Acc));
        return channel_scratch<T>(layout, bytes_of_vector(p.limits.instruction_set)).all;
    }

    template <class T>
    static prepared prepare(problem const& p, kernel_taps<typename T::Weight> const& h, prepared const* earlier) {
        using W = typename T::Weight;
        prepared ready{earlier ? earlier->geometry : std::make_shared<channel_layout const>(p, sizeof(W)), nullptr};
        auto const& layout = *static_cast<channel_layout const*>(ready.geometry.get());
        ready.kernel = pack(p, layout, h);
        return ready;
    }

    template <class T>
    static void run(problem const& p, prepared const& ready, strided<typename T::X const> const& x,
                    strided<typename T::Y> const& y, std::byte* scratch, grain_range range) noexcept {
        channel_worker<T> w(p, ready, x, y, scratch);
        for (index_t g = range.first; g < range.last; ++g) w.compute(g);
    }

private:
    /// The weights of `shared` input channels as one, of which so many are there.
    template <class W>
    static W joined(W const* tap, index_t step, index_t shared, index_t there) {
        if constexpr (std::is_same_v<W, std::int32_t>) {
            if (shared == 2) return halves(*tap, there == 2 ? tap[step] : 0);
            std::uint32_t all = 0;
            for (index_t i = 0; i < there; ++i) all |= (static_cast<std::uint32_t>(tap[i * step]) & 255u) << 8 * i;
            return static_cast<W>(all);
        } else {
            return *tap;
        }
    }

    /// What begins the sum of an output channel of four input channels at a time: samples of int8 are taken as unsigned
    /// ones, 128 larger.
    template <class W>
    static W start_of_quads(problem const& p, strided<W const> const& h, index_t k) {
        const W start = start_of<W>(p, k);
        if constexpr (std::is_same_v<W, std::int32_t>)
            if (p.types.x == element::int8) {
                shape taps{p.in / p.groups};
                strides step{h.stride[1]};
                for (int a = 0; a < p.rank; ++a) {
                    taps.push_back(p[a].taps);
                    step.push_back(h.stride[a + 2]);
                }
                std::uint32_t sum = 0;  // wraps, as sums do
                for_each_index(taps, [&](index_list const& t) {
                    sum += static_cast<std::uint32_t>(h.data[k * h.stride[0] + faltung::offset(t, step)]);
                });
                return static_cast<W>(static_cast<std::uint32_t>(start) - 128u * sum);
            }
        return start;
    }

    /// Kernels of every output channel: where the sums begin (one for each), then for every group, chunk of its output
    /// channels, block of input channels, and pack of output channels: the block's taps, the pack's weights beside one
    /// another, zeros for channels that do not exist.
    template <class W>
    static std::shared_ptr<void const> pack(problem const& p, channel_layout const& layout, strided<W const> const& h) {
        channel_grid const& g = layout.grid;
        const index_t rows = pack_rows(p, layout), taps = layout.taps,
                      padded = checked::ceil_divide(g.kernels, rows) * rows;
        const index_t weights = checked::multiply(checked::multiply(padded, p.groups, "taps"),
                                                  checked::multiply(taps, g.depth, "taps"), "taps of the kernel");
        const index_t begins = checked::multiply(padded, p.groups, "output channels");
        auto packed = std::make_shared<buffer<W>>(checked::add(begins, weights, "taps of the kernel"));
        W* to = packed->data();
        for (index_t group = 0; group < p.groups; ++group)
            for (index_t k = 0; k < padded; ++k) {
                const index_t channel = group * g.kernels + k;
                *to++ = k >= g.kernels ? W{} : takes_quads(p) ? start_of_quads(p, h, channel) : start_of<W>(p, channel);
            }
        const bool lies_dense = h.stride == row_major(h.n);
        shape of_channel = p.taps();
        strides step;
        for (int a = 0; a < p.rank; ++a) step.push_back(h.stride[a + 2]);
        for (index_t group = 0; group < p.groups; ++group)
            for (index_t chunk = 0; chunk < g.kernels; chunk += g.chunk) {
                const index_t kernels = std::min(g.chunk, g.kernels - chunk);
                for (index_t c0 = 0; c0 < g.depth; c0 += layout.block) {
                    const index_t channels = std::min(layout.block, g.depth - c0);
                    for (index_t k = 0; k < kernels; k += rows, to += rows * channels * taps) {
                        if constexpr (std::is_floating_point_v<W>)
                            if (lies_dense) {
                                const index_t there = std::min(rows, kernels - k);
                                if (there < rows) std::fill_n(to, rows * channels * taps, W{});
                                versions<transposed_copy<W>>::of(p.limits.instruction_set)(
                                    {h.data + (group * g.kernels + chunk + k) * h.stride[0] + c0 * h.stride[1],
                                     h.stride[0], there, channels * taps, to, rows});
                                continue;
                            }
                        for (index_t i = 0; i < rows; ++i)
                            for (index_t c = 0; c < channels; ++c) {
                                W* at = to + c * taps * rows + i;
                                if (k + i >= kernels) {
                                    for (index_t t = 0; t < taps; ++t) at[t * rows] = W{};
                                    continue;
                                }
                                const index_t shared = channels_of_sample(p), channel = (c0 + c) * shared;
                                W const* from =
                                    h.data + (group * g.kernels + chunk + k + i) * h.stride[0] + channel * h.stride[1];
                                const index_t there = std::min(shared, p.in / p.groups - channel);
                                for_each_index(of_channel, [&](index_list const& t) {
                                    W const* const tap = from + faltung::offset(t, step);
                                    *at = joined(tap, h.stride[1], shared, there);
                                    at += rows;
                                });
                            }
                    }
                }
            }
        return {packed, packed->data()};
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
