// faltung/convolve/late_kernel.hpp -- a forward problem whose kernel comes with every call, and nothing is allocated
// then
#pragma once

#include "../core/for_each.hpp"
#include "../method/row_worker.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Computed by direct, row by row, as the sums of the channels of a gradient are: x and y have their channels first, h
/// has output channels, then axes, and each group one input channel. `p` is as `typed` makes it.
template <class T>
class late_kernel {
    using X = typename T::X;
    using H = typename T::H;
    using W = typename T::Weight;
    using Y = typename T::Y;

    problem p_;
    row_layout rows_;

    // Row by row into `to`; whether all taps are finite.
    template <class Map>
    static bool pack(strided<H const> const& h, W* to, Map const& map) noexcept {
        bool are_finite = true;
        const int last = h.n.rank() - 1;
        for_each_line(h.n, [&](index_list const& i) {
            H const* from = h.data + offset(i, h.stride);
            for (index_t j = 0; j < h.n[last]; ++j, from += h.stride[last], ++to) {
                *to = map(convert<W>(*from));
                are_finite = are_finite && is_finite(*to);
            }
        });
        return are_finite;
    }

public:
    explicit late_kernel(problem const& p) : p_(p), rows_(p, sizeof(typename T::Data)) {}

    index_t workspace() const { return row_scratch<T>(p_, rows_).bytes; }
    /// Bytes that all workers share: the packed kernel.
    index_t shared() const {
        return checked::multiply(checked::multiply(p_.out, lines_per_row(p_) * p_.last().taps, "taps"), sizeof(W),
                                 "bytes of a kernel");
    }
    int workers() const {
        return static_cast<int>(std::clamp<index_t>(row_grid(p_, longest_tile(p_)).grains(), 1, p_.limits.threads));
    }

    /// Every tap is `map` of what h has.
    template <class Map>
    void run(strided<X const> const& x, strided<H const> const& h, Map const& map, strided<Y> const& y,
             faltung::workspace& scratch) const noexcept {
        W* const taps = reinterpret_cast<W*>(scratch.shared());
        problem p = p_;
        p.kernel.finite = pack(h, taps, map);
        const row_grid grid(p, longest_tile(p));
        scratch.run(grid.grains(), [&](grain_range range, std::byte* bytes) noexcept {
            row_worker<T>(p, rows_, taps, x, y, bytes).compute(grid, range);
        });
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
