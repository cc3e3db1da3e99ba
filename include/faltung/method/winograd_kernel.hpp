// faltung/method/winograd_kernel.hpp -- a kernel at the points of Winograd's tiles, packed for channel_tile
#pragma once

#include <memory>

#include "pack.hpp"
#include "winograd_layout.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// What depends on shapes alone: the layout, and where a panel's line of every input channel begins.
struct winograd_geometry {
    winograd_layout layout;
    buffer<std::int32_t> offset;

    winograd_geometry(problem const& p, winograd_layout const& l) : layout(l), offset(p.in / p.groups) {
        for (index_t c = 0; c < offset.count(); ++c) offset.data()[c] = static_cast<std::int32_t>(c * layout.pitch());
    }
};

/// G h G' for every pair of channels, in more precision, rounded once. For every group, chunk of its output channels,
/// point, and pack of output channels: the points of all input channels, the pack's beside one another, zeros for
/// channels that do not exist. And the taps as they are, for sums from the definition.
template <class R>
class winograd_kernel {
    buffer<R> points_, zeros_;
    std::shared_ptr<void const> taps_;

public:
    winograd_kernel(problem const& p, winograd_layout const& l, kernel_taps<R> const& h)
        : points_(count(p, l)), zeros_(l.chunk), taps_(pack_weights(h)) {
        std::fill_n(zeros_.data(), zeros_.count(), R{});
        std::fill_n(points_.data(), points_.count(), R{});
        const index_t kernels = p.out / p.groups, depth = p.in / p.groups;
        R const* tap = taps();
        for (index_t group = 0; group < p.groups; ++group)
            for (index_t k = 0; k < kernels; ++k)
                for (index_t c = 0; c < depth; ++c, tap += 9)
                    if (l.outputs == 4)
                        transform<4>(tap, place(p, l, group, k) + c * l.rows, step(p, l, k));
                    else
                        transform<2>(tap, place(p, l, group, k) + c * l.rows, step(p, l, k));
    }

    static index_t count(problem const& p, winograd_layout const& l) {
        const index_t pairs = checked::multiply(checked::multiply(l.padded(p), p.groups, "taps of the kernel"),
                                                p.in / p.groups, "taps of the kernel");
        return checked::multiply(pairs, l.points(), "points of the kernel");
    }

    R const* taps() const noexcept { return static_cast<R const*>(taps_.get()); }
    /// As many as a chunk has output channels.
    R const* zeros() const noexcept { return zeros_.data(); }
    /// Of a chunk that begins at output channel k of a group: its weights, and how far it is to the next point's.
    R const* chunk(problem const& p, winograd_layout const& l, index_t group, index_t k) const noexcept {
        return points_.data() + (group * l.padded(p) + k) * (p.in / p.groups) * l.points();
    }
    static index_t step(problem const& p, winograd_layout const& l, index_t k) noexcept {
        const index_t first = k / l.chunk * l.chunk;
        return std::min(l.chunk, l.padded(p) - first) * (p.in / p.groups);
    }

private:
    R* place(problem const& p, winograd_layout const& l, index_t group, index_t k) const noexcept {
        const index_t first = k / l.chunk * l.chunk, depth = p.in / p.groups, within = k - first;
        return points_.data() + (group * l.padded(p) + first) * depth * l.points() + within / l.rows * l.rows * depth +
               within % l.rows;
    }

    // G h along one axis, of three taps `stride` apart
    template <int Outputs>
    static void line(long double const* h, index_t stride, long double* to) noexcept {
        const long double first = h[0], middle = h[stride], last = h[2 * stride];
        if constexpr (Outputs == 4) {
            const long double even = (first + last) / 6, far_even = first / 24 + last / 6;
            to[0] = first / 4;
            to[1] = -even - middle / 6;
            to[2] = -even + middle / 6;
            to[3] = far_even + middle / 12;
            to[4] = far_even - middle / 12;
        } else {
            const long double even = (first + last) / 2;
            to[0] = first;
            to[1] = even + middle / 2;
            to[2] = even - middle / 2;
        }
        to[Outputs + 1] = last;
    }

    template <int Outputs>
    static void transform(R const* tap, R* to, index_t each) noexcept {
        constexpr index_t side = Outputs + 2;
        long double h[9], along[std::size_t{3 * side}], points[std::size_t{side}];
        std::copy_n(tap, 9, h);
        for (index_t i = 0; i < 3; ++i) line<Outputs>(h + 3 * i, 1, along + i * side);
        for (index_t s = 0; s < side; ++s) {
            line<Outputs>(along + s, side, points);
            for (index_t i = 0; i < side; ++i) to[(i * side + s) * each] = static_cast<R>(points[i]);
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
