// faltung/method/few_lines.hpp -- a plane of a few lines by direct: where each packed sample comes from is worked out
// once, in the plan
#pragma once

#include <vector>

#include "band_layout.hpp"
#include "store.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// One channel and two axes whose extended input, all of it, is a few kilobytes: it is packed line by line as the plan
/// says, and then swept. What a call decides by itself would take longer than the sums.
class few_lines {
    static constexpr index_t most = 4096;  // packed samples
    static constexpr index_t rows = band_layout::rows, alignment = 16;

    // What stands beyond an end of the lines: a sample of the line, or the constant of the last axis.
    struct outer_sample {
        index_t to, from;  // from < 0: the constant
    };

    index_t height_, width_;                   // outputs
    index_t lines_, length_;                   // packed: that of a line is its distance from the next one, too
    index_t begin_ = 0, end_ = 0, first_ = 0;  // packed samples [begin, end) are those from `first` on
    std::vector<index_t> source_;              // of a packed line, or < 0: the constant of the axis of the rows
    std::vector<outer_sample> beyond_;

    static index_t length_of(problem const& p) {
        return checked::ceil_divide(p.last().outputs() + p.last().span() - 1, alignment) * alignment;
    }
    static index_t lines_of(problem const& p) { return p[0].outputs() + p[0].taps - 1; }

    template <class D>
    static D constant_of(axis const& k) noexcept {
        return static_cast<D>(k.edge.re);
    }

    // as load_row, which calls a function for a few samples
    template <class X, class D>
    static FALTUNG_ALWAYS_INLINE void copy(X const* from, index_t step, D* to, index_t count) noexcept {
        constexpr index_t some = 64 / static_cast<index_t>(sizeof(D));
        if constexpr (!std::is_same_v<X, D>) return load_row(from, step, to, count);
        if (step != 1 || count < some) return load_row(from, step, to, count);
        for (index_t i = 0; i < count - some; i += some) std::memcpy(to + i, from + i, 64);
        std::memcpy(to + count - some, from + count - some, 64);
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
        const index_t lines = lines_of(p), length = length_of(p);
        return lines <= most && length <= most && lines * length <= most;
    }

    explicit few_lines(problem const& p)
        : height_(p[0].outputs()), width_(p.last().outputs()), lines_(lines_of(p)), length_(length_of(p)) {
        axis const &across = p[0], &last = p.last();
        for (index_t i = 0; i < lines_; ++i)
            source_.push_back(across.edge.source(across.position(0, 0) + i * across.dilation, across.n));
        const index_t low = last.position(0, 0), packed = width_ + last.span() - 1;
        begin_ = std::clamp<index_t>(-low, 0, packed);
        end_ = std::clamp<index_t>(last.n - low, begin_, packed);
        first_ = low + begin_;
        for (index_t i = 0; i < packed; ++i)
            if (i < begin_ || i >= end_) beyond_.push_back({i, last.edge.source(low + i, last.n)});
    }

    /// Bytes of scratch: packed lines, four rows of sums that are not outputs in place, a table of the lines that ends
    /// with the last one three more times.
    template <class T>
    static index_t scratch(problem const& p) {
        using D = typename T::Data;
        constexpr auto sample = static_cast<index_t>(sizeof(D)), pointer = static_cast<index_t>(sizeof(D*));
        return (lines_of(p) + rows) * length_of(p) * sample + (lines_of(p) + rows) * pointer;
    }

    /// All outputs, for weights in the order of the taps.
    template <class T>
    void compute(problem const& p, typename T::Weight const* weights, index_t const* tap_offset,
                 strided<typename T::X const> const& x, strided<typename T::Y> const& y,
                 std::byte* scratch) const noexcept {
        using X = typename T::X;
        using D = typename T::Data;
        using Y = typename T::Y;
        using sweep = band_sweep<D>;
        // in locals: what memcpy writes might be a member
        const index_t lines = lines_, length = length_, begin = begin_, count = end_ - begin_, row_step = x.stride[1],
                      step = x.stride[2];
        index_t const* const source = source_.data();
        X const* const from = x.data;
        D* const packed = reinterpret_cast<D*>(scratch);
        D* const spare = packed + lines * length;
        D const** const table = reinterpret_cast<D const**>(spare + rows * length);
        const D above = constant_of<D>(p[0]), beside = constant_of<D>(p.last());
        for (index_t i = 0; i < lines + rows; ++i) table[i] = packed + std::min(i, lines - 1) * length;
        const index_t first = count > 0 ? first_ * step : 0;
        D* to = packed + begin;
        for (index_t i = 0; i < lines; ++i, to += length)
            if (source[i] < 0)
                std::fill_n(to, count, above);
            else
                copy(from + source[i] * row_step + first, step, to, count);
        for (outer_sample const& s : beyond_) {
            to = packed + s.to;
            for (index_t i = 0; i < lines; ++i, to += length)
                *to = s.from < 0      ? beside
                      : source[i] < 0 ? above
                                      : convert<D>(from[source[i] * row_step + s.from * step]);
        }
        constexpr auto set = static_cast<std::size_t>(rows);
        const auto run = versions<sweep>::of(p.limits.instruction_set);
        const bool straight = std::is_same_v<Y, D> && y.stride[2] == 1;
        for (index_t r = 0; r < height_; r += rows) {
            const index_t there = std::min(height_ - r, rows);
            Y* const row = y.data + r * y.stride[1];
            D* out[set];
            for (index_t i = 0; i < rows; ++i)
                out[i] = straight && i < there ? reinterpret_cast<D*>(row + i * y.stride[1]) : spare + i * length;
            run({table + r, 0, 1, p[0].taps, tap_offset, p.last().taps, weights, out, 0, width_, destination::caches});
            for (index_t i = 0; i < there && !straight; ++i)
                store_row(out[i], row + i * y.stride[1], y.stride[2], width_, p.store);
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
