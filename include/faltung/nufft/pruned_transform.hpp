// faltung/nufft/pruned_transform.hpp -- from slices of the fine grid to the modes that are wanted, and back
#pragma once

#include "../fft/column_transform.hpp"
#include "../simd/slab_modes.hpp"
#include "grid_layout.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// The transform of a grid, slice by slice along the inner and the middle axis, then along the outer one, with only the
/// modes that are asked for kept after each step; every mode is divided by the kernel's transform on the way. Between
/// the steps stand slabs: `width` columns of all slices, real parts and then imaginary parts.
template <class R>
class pruned_transform {
    struct mode_list {
        std::vector<index_t> place;  // of each mode in the transformed axis
        std::vector<R> factor;       // 1 over the kernel's transform
    };

    grid_layout<R> g_;
    transform_plan inner_;
    int inner_lanes_ = 1;
    column_transform<R> middle_, outer_;
    mode_list modes_[3];
    std::vector<R> squares_;      // of the outer axis' factors
    std::vector<index_t> empty_;  // rows of a transformed slab that are no modes
    typename versions<modes_of_slab<R>>::function modes_of_slab_;
    typename versions<slab_of_modes<R>>::function slab_of_modes_;
    typename versions<slab_times_modes<R>>::function slab_times_modes_;
    index_t columns_ = 0, filled_ = 0, width_ = 0;  // of a middle transform; filled up to whole vectors; of a slab

    static constexpr engine_table const& table = own_engine<R>::table;

public:
    pruned_transform(grid_layout<R> const& g, spreading_kernel const& kernel, mode_order order, instruction_set i)
        : g_(g),
          middle_(g.nodes[1], i),
          outer_(g.nodes[0], i),
          modes_of_slab_(versions<modes_of_slab<R>>::of(i)),
          slab_of_modes_(versions<slab_of_modes<R>>::of(i)),
          slab_times_modes_(versions<slab_times_modes<R>>::of(i)) {
        const transform_request request{{g.nodes[2]}, number_kind::complex, ring_kind::cyclic, i};
        inner_ = table.make(request);
        const spectrum_order found = table.order(request);
        inner_lanes_ = static_cast<int>(found.lanes);
        std::vector<index_t> place(static_cast<std::size_t>(g.nodes[2]));
        for (std::size_t k = 0; k < found.half_turns.size(); ++k) {
            const index_t number = static_cast<index_t>(k), lanes = found.lanes;
            place[static_cast<std::size_t>(found.half_turns[k] / 2)] = number / lanes * 2 * lanes + number % lanes;
        }
        constexpr long double turn = 6.28318530717958647692528676655900577L;
        for (int a = 0; a < 3; ++a) {
            const index_t n = g.modes[a], nodes = g.nodes[a];
            modes_[a].place.reserve(static_cast<std::size_t>(n));
            modes_[a].factor.reserve(static_cast<std::size_t>(n));
            for (index_t m = 0; m < n; ++m) {
                const index_t k = mode_at(m, n, order), wrapped = checked::floor_modulo(k, nodes);
                const long double xi = turn * static_cast<long double>(k) / static_cast<long double>(nodes);
                modes_[a].place.push_back(a == 2   ? place[static_cast<std::size_t>(wrapped)]
                                          : a == 1 ? middle_.place_of(wrapped)
                                                   : outer_.place_of(wrapped));
                modes_[a].factor.push_back(g.has(a) ? static_cast<R>(1 / kernel.transform(xi)) : R{1});
            }
        }
        for (const R f : modes_[0].factor) squares_.push_back(f * f);
        std::vector<char> is_mode(static_cast<std::size_t>(g.nodes[0]));
        for (const index_t row : modes_[0].place) is_mode[static_cast<std::size_t>(row)] = 1;
        for (index_t row = 0; row < g.nodes[0]; ++row)
            if (is_mode[static_cast<std::size_t>(row)] == 0) empty_.push_back(row);
        const index_t lanes = outer_.lanes(), unit = 16;
        filled_ = checked::ceil_divide(g.modes[2], lanes) * lanes;
        columns_ = checked::multiply(g.modes[1], g.modes[2], "modes of a slice");
        // a slab of 256 KB stays in a cache; one that is wider than the columns is of no use
        const index_t fits = (index_t{1} << 18) / (2 * static_cast<index_t>(sizeof(R)) * g.nodes[0]) / unit * unit;
        width_ = std::clamp(fits, unit, std::max(unit, checked::ceil_divide(columns_, unit) * unit));
        checked::multiply(checked::multiply(slabs(), slab(), "numbers of all slabs"), index_t{sizeof(R)},
                          "bytes of all slabs");
    }

    index_t slabs() const { return checked::ceil_divide(columns_, width_); }
    /// Numbers of a slab: half a row more for each plane, so that no two slabs share all sets of a cache.
    index_t slab() const { return 2 * plane(); }
    /// Numbers of scratch for a slice.
    index_t scratch() const {
        if (g_.rank == 1) return 0;
        return inner_.data + inner_.spectrum + (g_.has(1) ? 2 * filled_ * g_.nodes[1] : 0);
    }
    /// Numbers of the row that a grid of one axis is, and of its transform: all workers share them.
    index_t row() const { return g_.rank == 1 ? inner_.data + inner_.spectrum : 0; }
    grid_layout<R> const& layout() const { return g_; }

    /// A finished slice, re and im as in a band, into row z of the slabs.
    void from_slice(R* re, R* im, index_t z, R* slabs, R* scratch) const noexcept {
        fold(re);
        fold(im);
        R *data = scratch, *spectrum = scratch + inner_.data, *middle = spectrum + inner_.spectrum;
        R* const middle_im = middle + filled_ * g_.nodes[1];
        for (index_t y = 0; y < g_.nodes[1]; ++y) {
            std::memcpy(data, re + y * g_.row, bytes(g_.nodes[2]));
            std::memcpy(data + g_.nodes[2], im + y * g_.row, bytes(g_.nodes[2]));
            table.forward(inner_, data, spectrum);
            if (g_.has(1)) {
                take(spectrum, 0, g_.modes[2], middle + y * filled_, middle_im + y * filled_);
                std::fill(middle + y * filled_ + g_.modes[2], middle + (y + 1) * filled_, R{});
                std::fill(middle_im + y * filled_ + g_.modes[2], middle_im + (y + 1) * filled_, R{});
            } else {
                pieces(0, g_.modes[2], z, slabs, [&](index_t from, index_t count, R* to_re, R* to_im) {
                    take(spectrum, from, count, to_re, to_im);
                });
            }
        }
        if (!g_.has(1)) return;
        middle_.forward(middle, middle_im, filled_);
        for (index_t m = 0; m < g_.modes[1]; ++m) {
            const index_t row = modes_[1].place[static_cast<std::size_t>(m)] * filled_;
            const R factor = modes_[1].factor[static_cast<std::size_t>(m)];
            pieces(m * g_.modes[2], g_.modes[2], z, slabs, [&](index_t from, index_t count, R* to_re, R* to_im) {
                for (index_t q = 0; q < count; ++q) {
                    to_re[q] = factor * middle[row + from + q];
                    to_im[q] = factor * middle_im[row + from + q];
                }
            });
        }
    }

    /// Its adjoint, up to what lies beyond the ends of rows and slices: that is a copy of their beginning.
    void to_slice(R* slabs, index_t z, R* re, R* im, R* scratch) const noexcept {
        R *data = scratch, *spectrum = scratch + inner_.data, *middle = spectrum + inner_.spectrum;
        R* const middle_im = middle + filled_ * g_.nodes[1];
        if (g_.has(1)) {
            std::fill_n(middle, 2 * filled_ * g_.nodes[1], R{});
            for (index_t m = 0; m < g_.modes[1]; ++m) {
                const index_t row = modes_[1].place[static_cast<std::size_t>(m)] * filled_;
                const R factor = modes_[1].factor[static_cast<std::size_t>(m)];
                pieces(m * g_.modes[2], g_.modes[2], z, slabs, [&](index_t from, index_t count, R* of_re, R* of_im) {
                    for (index_t q = 0; q < count; ++q) {
                        middle[row + from + q] = factor * of_re[q];
                        middle_im[row + from + q] = factor * of_im[q];
                    }
                });
            }
            middle_.backward(middle, middle_im, filled_);
        }
        for (index_t y = 0; y < g_.nodes[1]; ++y) {
            std::fill_n(spectrum, inner_.spectrum, R{});
            if (g_.has(1))
                put(spectrum, 0, g_.modes[2], middle + y * filled_, middle_im + y * filled_);
            else
                pieces(0, g_.modes[2], z, slabs, [&](index_t from, index_t count, R* of_re, R* of_im) {
                    put(spectrum, from, count, of_re, of_im);
                });
            table.backward(inner_, data, spectrum);
            std::memcpy(re + y * g_.row, data, bytes(g_.nodes[2]));
            std::memcpy(im + y * g_.row, data + g_.nodes[2], bytes(g_.nodes[2]));
        }
        unfold(re);
        unfold(im);
    }

    /// Of one axis: nodes into the row and out of it, its transform, and the modes of slab s out of that and into it,
    /// where all others are 0.
    void to_row(R const* re, R const* im, index_t first, index_t count, R* row) const noexcept {
        std::memcpy(row + first, re, bytes(count));
        std::memcpy(row + g_.nodes[2] + first, im, bytes(count));
    }
    void from_row(R const* row, index_t first, index_t count, R* re, R* im) const noexcept {
        std::memcpy(re, row + first, bytes(count));
        std::memcpy(im, row + g_.nodes[2] + first, bytes(count));
    }
    void forward_row(R* row) const noexcept { table.forward(inner_, row, row + inner_.data); }
    void backward_row(R* row) const noexcept { table.backward(inner_, row, row + inner_.data); }
    void clear_modes(R* row) const noexcept { std::fill_n(row + inner_.data, inner_.spectrum, R{}); }
    void take_modes(index_t s, R const* row, R* slabs) const noexcept {
        R* const re = slabs + s * slab();
        take(row + inner_.data, s * width_, filled(s), re, re + plane());
    }
    void put_modes(index_t s, R const* slabs, R* row) const noexcept {
        R const* const re = slabs + s * slab();
        put(row + inner_.data, s * width_, filled(s), re, re + plane());
    }

    /// All modes of slab s, sign times their imaginary parts, and back. The slab is scratch.
    void to_modes(index_t s, R* slabs, R* modes, R sign) const noexcept {
        R *re = slabs + s * slab(), *im = re + plane();
        clear_rest(s, re, im);
        outer_.forward(re, im, width_);
        modes_of_slab_(between(s, re, im, modes, modes_[0].factor.data(), sign));
    }
    void from_modes(index_t s, R const* modes, R* slabs, R sign) const noexcept {
        R *re = slabs + s * slab(), *im = re + plane();
        clear_rest(s, re, im);
        clear_empty(re, im);
        slab_of_modes_(between(s, re, im, const_cast<R*>(modes), modes_[0].factor.data(), sign));
        outer_.backward(re, im, width_);
    }

    /// Every mode times a complex number, `multiplier` with the shape of the modes and `sign` times its imaginary
    /// parts, and back to slices at once.
    void multiply_modes(index_t s, R* slabs, R const* multiplier, R sign) const noexcept {
        R *re = slabs + s * slab(), *im = re + plane();
        clear_rest(s, re, im);
        outer_.forward(re, im, width_);
        clear_empty(re, im);
        slab_times_modes_(between(s, re, im, const_cast<R*>(multiplier), squares_.data(), sign));
        outer_.backward(re, im, width_);
    }

private:
    static std::size_t bytes(index_t reals) { return static_cast<std::size_t>(reals) * sizeof(R); }
    index_t plane() const { return g_.nodes[0] * width_ + width_ / 2; }
    index_t filled(index_t s) const { return std::min(width_, columns_ - s * width_); }

    // the loops of both directions have the same arguments
    slab_arguments<R> between(index_t s, R* re, R* im, R* modes, R const* factor, R sign) const noexcept {
        return {re,        im,     modes + 2 * s * width_, 2 * columns_, g_.modes[0],
                filled(s), width_, modes_[0].place.data(), factor,       sign};
    }
    void clear_empty(R* re, R* im) const noexcept {
        for (const index_t row : empty_) {
            std::fill_n(re + row * width_, width_, R{});
            std::fill_n(im + row * width_, width_, R{});
        }
    }
    void clear_rest(index_t s, R* re, R* im) const noexcept {
        const index_t count = filled(s);
        for (index_t z = 0; count < width_ && z < g_.nodes[0]; ++z) {
            std::fill(re + z * width_ + count, re + (z + 1) * width_, R{});
            std::fill(im + z * width_ + count, im + (z + 1) * width_, R{});
        }
    }

    // use(from, count, re, im) for the parts of `count` columns, from number `first` on, that lie in one slab each
    static constexpr std::uintptr_t bytes_ahead = 128;
    template <class Use>
    void pieces(index_t first, index_t count, index_t z, R* slabs, Use const& use) const noexcept {
        for (index_t from = 0; from < count;) {
            const index_t s = (first + from) / width_, column = (first + from) % width_,
                          some = std::min(count - from, width_ - column);
            R* const re = slabs + s * slab() + z * width_ + column;
            fetch_nearer(re, bytes_ahead);  // of a slice soon after this one
            fetch_nearer(re + plane(), bytes_ahead);
            use(from, some, re, re + plane());
            from += some;
        }
    }

    void take(R const* spectrum, index_t from, index_t count, R* re, R* im) const noexcept {
        index_t const* place = modes_[2].place.data() + from;
        R const* factor = modes_[2].factor.data() + from;
        for (index_t m = 0; m < count; ++m) {
            re[m] = factor[m] * spectrum[place[m]];
            im[m] = factor[m] * spectrum[place[m] + inner_lanes_];
        }
    }
    void put(R* spectrum, index_t from, index_t count, R const* re, R const* im) const noexcept {
        index_t const* place = modes_[2].place.data() + from;
        R const* factor = modes_[2].factor.data() + from;
        for (index_t m = 0; m < count; ++m) {
            spectrum[place[m]] = factor[m] * re[m];
            spectrum[place[m] + inner_lanes_] = factor[m] * im[m];
        }
    }

    // What kernels wrote beyond the end belongs to the beginning.
    void fold(R* plane) const noexcept {
        const index_t whole = g_.rows * g_.row, middle = g_.nodes[1] * g_.row;
        for (index_t k = middle; k < whole; ++k) plane[k - middle] += plane[k];
        for (index_t y = 0; y < g_.nodes[1]; ++y) {
            R* const row = plane + y * g_.row;
            for (index_t k = 0; k < g_.window.reals(); ++k) row[k] += row[g_.nodes[2] + k];
        }
    }
    void unfold(R* plane) const noexcept {
        for (index_t y = 0; y < g_.nodes[1]; ++y) {
            R* const row = plane + y * g_.row;
            std::copy_n(row, g_.window.reals(), row + g_.nodes[2]);
        }
        std::copy_n(plane, g_.halo() * g_.row, plane + g_.nodes[1] * g_.row);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
