// faltung/method/few_lines.hpp -- a plane of a few lines by direct: where each packed sample comes from is worked out
// once, in the plan
#pragma once

#include <vector>

#include "../simd/narrow_bands.hpp"
#include "../simd/plane_packing.hpp"
#include "band_layout.hpp"
#include "store.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// One channel and two axes whose extended input, all of it, is a few kilobytes: it is packed line by line as the plan
/// says, and then swept. What a call decides by itself would take longer than the sums.
class few_lines {
    static constexpr index_t most = 4096;  // packed samples, but for unused ones in front of a line
    static constexpr index_t rows = band_layout::rows, alignment = 16;

    index_t height_, width_;               // outputs
    index_t lines_, length_;               // packed: that of a line is its distance from the next one, too
    index_t begin_, end_ = 0, first_ = 0;  // packed samples [begin, end) are those from `first` on
    index_t lead_;                         // unused samples in front, so that stores do not split lines of the cache
    std::vector<index_t> source_;          // of a packed line, or < 0: the constant of the axis of the rows
    std::vector<outer_sample> beyond_;

    static index_t packed_of(problem const& p) { return p.last().outputs() + p.last().span() - 1; }
    static index_t begin_of(problem const& p) { return std::clamp<index_t>(-p.last().position(0, 0), 0, packed_of(p)); }
    static index_t lead_of(problem const& p) { return alignment - 1 - (begin_of(p) + alignment - 1) % alignment; }
    static index_t length_of(problem const& p) {
        return checked::ceil_divide(lead_of(p) + packed_of(p), alignment) * alignment;
    }
    static index_t lines_of(problem const& p) { return p[0].outputs() + p[0].taps - 1; }

    template <class D>
    static D constant_of(axis const& k) noexcept {
        return static_cast<D>(k.edge.re);
    }

public:
    /// Of types whose samples, sums and outputs are the same numbers.
    template <class T>
    static constexpr bool has() {
        if constexpr (sum_traits<typename T::Acc>::name == algebra::plus_times && has_vectors<typename T::Acc>) {
            constexpr element sums = element_of<typename T::Acc>();
            return element_of<typename T::X>() == sums && element_of<typename T::Y>() == sums;
        }
        return false;
    }

    /// Among the problems with bands those whose rows follow one another line by line.
    static bool suits(problem const& p) {
        if (p.types.x != p.types.accumulator || p.types.y != p.types.accumulator) return false;
        if (p.rank != 2 || p.out != 1 || p.last().window_stride != 1) return false;
        if (p[0].dilation != p[0].window_stride || !band_layout::suits(p)) return false;
        const index_t lines = lines_of(p), length = checked::ceil_divide(packed_of(p), alignment) * alignment;
        return lines <= most && length <= most && lines * length <= most;
    }

    explicit few_lines(problem const& p)
        : height_(p[0].outputs()),
          width_(p.last().outputs()),
          lines_(lines_of(p)),
          length_(length_of(p)),
          begin_(begin_of(p)),
          lead_(lead_of(p)) {
        axis const &across = p[0], &last = p.last();
        for (index_t i = 0; i < lines_; ++i)
            source_.push_back(across.edge.source(across.position(0, 0) + i * across.dilation, across.n));
        const index_t low = last.position(0, 0), packed = packed_of(p);
        end_ = std::clamp<index_t>(last.n - low, begin_, packed);
        first_ = low + begin_;
        for (index_t i = 0; i < packed; ++i)
            if (i < begin_ || i >= end_) beyond_.push_back({i, last.edge.source(low + i, last.n)});
    }

    /// Bytes of scratch: packed lines, four rows of sums that are not outputs in place, a table of the outputs, and
    /// one of the lines that ends with the last one four more times.
    template <class T>
    static index_t scratch(problem const& p) {
        using D = typename T::Data;
        constexpr auto sample = static_cast<index_t>(sizeof(D)), pointer = static_cast<index_t>(sizeof(D*));
        const index_t outputs = checked::ceil_divide(p[0].outputs(), rows) * rows;
        return (lines_of(p) + rows) * length_of(p) * sample + (lines_of(p) + rows + outputs) * pointer;
    }

    /// All outputs, for weights in the order of the taps.
    template <class T>
    void compute(problem const& p, typename T::Weight const* weights, index_t const* tap_offset,
                 strided<typename T::X const> const& x, strided<typename T::Y> const& y,
                 std::byte* scratch) const noexcept {
        using D = typename T::Data;
        using Y = typename T::Y;
        using sweep = band_sweep<D>;
        const index_t lines = lines_, length = length_;
        D* const packed = reinterpret_cast<D*>(scratch);
        D* const spare = packed + lines * length;
        D** const out = reinterpret_cast<D**>(spare + rows * length);
        D const** const table =
            static_cast<D const**>(static_cast<void*>(out + checked::ceil_divide(height_, rows) * rows));
        versions<plane_packing<D>>::of(p.limits.instruction_set)(
            {reinterpret_cast<D const*>(x.data), x.stride[1], x.stride[2], source_.data(), lines, length,
             end_ > begin_ ? first_ : 0, begin_, end_ - begin_, constant_of<D>(p[0]), constant_of<D>(p.last()),
             beyond_.data(), static_cast<index_t>(beyond_.size()), packed + lead_, table});
        for (index_t i = lines; i < lines + rows; ++i) table[i] = table[lines - 1];
        const bool straight = std::is_same_v<Y, D> && y.stride[2] == 1;
        const index_t in_place = straight ? height_ : 0, all = checked::ceil_divide(height_, rows) * rows;
        for (index_t i = 0; i < in_place; ++i) out[i] = reinterpret_cast<D*>(y.data + i * y.stride[1]);
        for (index_t i = in_place; i < all; ++i) out[i] = spare + i % rows * length;
        const typename sweep::arguments band{table,   0,   1, p[0].taps, tap_offset,         p.last().taps,
                                             weights, out, 0, width_,    destination::caches};
        if (straight && width_ < sweep::step(p.limits.instruction_set))
            return versions<narrow_bands<D>>::of(p.limits.instruction_set)({band, all / rows});
        const auto run = versions<sweep>::of(p.limits.instruction_set);
        for (index_t r = 0; r < height_; r += rows) {
            auto next = band;
            next.lines += r;
            next.out += r;
            run(next);
            for (index_t i = r; i < std::min(height_, r + rows) && !straight; ++i)
                store_row(out[i], y.data + i * y.stride[1], y.stride[2], width_, p.store);
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
