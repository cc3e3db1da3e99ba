// faltung/nufft/band_spreader.hpp -- between scattered points and a grid of which one band at a time is in memory
#pragma once

#include "../core/workspace.hpp"
#include "sorted_points.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Where kernels lie, and how their values are found.
template <class R>
struct kernel_tables {
    buffer<R> shifted, plain;
    int coefficients = 0;

    kernel_tables(spreading_kernel const& kernel, grid_layout<R> const& g) : coefficients(kernel.coefficients()) {
        const index_t window = index_t{g.window.reals()} * coefficients;
        shifted = buffer<R>(window * g.window.strip);
        plain = buffer<R>(index_t{g.padded()} * coefficients);
        for (int s = 0; s < g.window.strip; ++s) kernel.fill(shifted.data() + s * window, g.window.reals(), s);
        kernel.fill(plain.data(), g.padded(), 0);
    }
};

/// Points are spread band by band into a buffer that stays in a cache, from where a finished slice goes on; the slices
/// that kernels reach beyond the end of a band begin the next one. A worker begins with a band before its own, for
/// those slices alone, so that no sum depends on how many workers there are. Interpolation is the mirror image.
template <class R>
class band_spreader {
    static constexpr index_t chunk = 32;  // points whose values are found before they are used

    grid_layout<R> g_;
    kernel_tables<R> tables_;
    typename versions<kernel_values<R>>::function values_;
    typename versions<spread_points<R>>::function spread_;
    typename versions<interpolate_points<R>>::function interpolate_;

public:
    band_spreader(grid_layout<R> const& g, spreading_kernel const& kernel, instruction_set i)
        : g_(g),
          tables_(kernel, g),
          values_(versions<kernel_values<R>>::of(i)),
          spread_(versions<spread_points<R>>::of(i)),
          interpolate_(versions<interpolate_points<R>>::of(i)) {}

    grid_layout<R> const& layout() const { return g_; }

    /// Numbers of scratch for a worker; `room` more of them are for who takes and makes slices.
    index_t scratch(index_t room) const {
        return checked::add(2 * band(), checked::add(room, chunk * step(), "numbers of scratch"), "numbers of scratch");
    }

    /// take(re, im, z, count, scratch) for all finished slices of the grid, z and the next ones, in any order: of one
    /// axis, as many as a band has, else one. The planes are the first nodes[1] rows of it, what kernels reached beyond
    /// its ends behind them, and may be written. `conjugate` times the
    /// imaginary parts of the strengths is spread.
    template <class Take>
    void spread(sorted_points<R> const& points, R const* c, R conjugate, index_t room, faltung::workspace& w,
                Take const& take) const noexcept {
        w.run(g_.bands, [&](grain_range some, std::byte* memory) noexcept {
            const scratch_parts s = divided(memory, room);
            R* const strengths = const_cast<R*>(c);  // the loops of both directions have the same arguments
            std::fill_n(s.re, 2 * band(), R{});
            const bool is_whole = g_.bands == 1;  // what reaches beyond the end belongs to the beginning
            if (!is_whole) {
                const index_t before = (some.first + g_.bands - 1) % g_.bands;
                each_chunk(points, before, s, strengths, conjugate, spread_);
                keep_halo(before, s);
            }
            for (index_t b = some.first; b < some.last; ++b) {
                each_chunk(points, b, s, strengths, conjugate, spread_);
                if (is_whole) fold(s);
                const index_t step = g_.rank == 1 ? g_.count(b) : 1;
                for (index_t z = 0; z < g_.count(b); z += step)
                    take(s.re + z * g_.slice, s.im + z * g_.slice, g_.first(b) + z, step, s.room);
                keep_halo(b, s);
            }
        });
    }

    /// make(z, count, re, im, scratch) must write all of slice z and the next ones, with what kernels reach beyond
    /// their ends.
    template <class Make>
    void interpolate(sorted_points<R> const& points, R* c, R conjugate, index_t room, faltung::workspace& w,
                     Make const& make) const noexcept {
        w.run(g_.bands, [&](grain_range some, std::byte* memory) noexcept {
            const scratch_parts s = divided(memory, room);
            index_t there = 0;  // slices of this band that the band before has left
            for (index_t b = some.first; b < some.last; ++b) {
                const index_t height = g_.count(b);
                const index_t last = height + g_.beyond();
                for (index_t z = there, step = 1; z < last; z += step) {
                    const index_t slice = (g_.first(b) + z) % g_.all();
                    if (g_.rank == 1) step = std::min(last - z, g_.all() - slice);
                    make(slice, step, s.re + z * g_.slice, s.im + z * g_.slice, s.room);
                }
                each_chunk(points, b, s, c, conjugate, interpolate_);
                there = g_.beyond();
                for (R* plane : {s.re, s.im})
                    std::copy(plane + height * g_.slice, plane + (height + there) * g_.slice, plane);
            }
        });
    }

private:
    struct scratch_parts {
        R *re, *im, *room, *values;
    };

    index_t band() const { return g_.slices * g_.slice; }
    index_t step() const { return g_.window.reals() + 2 * g_.padded(); }
    scratch_parts divided(std::byte* memory, index_t room) const {
        R* const re = reinterpret_cast<R*>(memory);
        return {re, re + band(), re + 2 * band(), re + 2 * band() + room};
    }

    // The slices beyond a band become the first of the next one; all others are empty.
    void keep_halo(index_t b, scratch_parts const& s) const noexcept {
        const index_t kept = g_.beyond() * g_.slice, from = g_.count(b) * g_.slice;
        for (R* plane : {s.re, s.im}) {
            std::copy(plane + from, plane + from + kept, plane);
            std::fill(plane + kept, plane + from + kept, R{});
        }
    }

    void fold(scratch_parts const& s) const noexcept {
        const index_t end = g_.count(0) * g_.slice;
        for (R* plane : {s.re, s.im})
            for (index_t k = 0; k < g_.beyond() * g_.slice; ++k) plane[k] += plane[end + k];
    }

    template <class Loop>
    void each_chunk(sorted_points<R> const& points, index_t b, scratch_parts const& s, R* c, R conjugate,
                    Loop const& loop) const noexcept {
        const index_t end = points.first(b + 1);
        for (index_t from = points.first(b); from < end; from += chunk) {
            const point_run<R> run = points.run(from, std::min(chunk, end - from));
            const int window = g_.window.reals(), padded = g_.padded();
            values_({run, tables_.shifted.data(), tables_.plain.data(), tables_.coefficients, window, padded,
                     g_.window.strip, s.values, step(), c});
            loop({run, s.values, step(), window, padded, g_.window.strip, g_.window.vectors,
                  g_.rank >= 2 ? g_.width : 1, g_.rank == 3 ? g_.width : 1, g_.rank == 3 ? g_.row : g_.slice, g_.slice,
                  s.re, s.im, c, conjugate});
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
