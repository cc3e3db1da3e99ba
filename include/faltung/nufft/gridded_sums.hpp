// faltung/nufft/gridded_sums.hpp -- sums over points and modes by way of a grid: both directions, and both at once
#pragma once

#include "../core/workspace.hpp"
#include "pruned_transform.hpp"
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

/// The grid between points and modes. Points are spread band by band into a buffer that stays in a cache, from where a
/// finished slice goes into its transform; the slices that kernels reach beyond the end of a band begin the next one.
/// A worker begins with a band before its own, for those slices alone, so that no sum depends on how many workers there
/// are. The other direction is the mirror image, and nothing but rounding keeps it from being the adjoint.
template <class R>
class gridded_sums {
    static constexpr index_t chunk = 32;  // points whose values are found before they are used

    grid_layout<R> g_;
    kernel_tables<R> tables_;
    pruned_transform<R> transform_;
    typename versions<kernel_values<R>>::function values_;
    typename versions<spread_points<R>>::function spread_;
    typename versions<interpolate_points<R>>::function interpolate_;

public:
    gridded_sums(grid_layout<R> const& g, spreading_kernel const& kernel, mode_order order, instruction_set i)
        : g_(g),
          tables_(kernel, g),
          transform_(g, kernel, order, i),
          values_(versions<kernel_values<R>>::of(i)),
          spread_(versions<spread_points<R>>::of(i)),
          interpolate_(versions<interpolate_points<R>>::of(i)) {}

    grid_layout<R> const& layout() const { return g_; }

    faltung::workspace workspace(int threads) const {
        const index_t reals = checked::add(2 * band(), transform_.scratch() + chunk * step(), "numbers of scratch"),
                      bytes = checked::multiply(reals, index_t{sizeof(R)}, "bytes of scratch");
        return {bytes, transform_.slabs() * transform_.slab() * static_cast<index_t>(sizeof(R)), threads};
    }
    bool fits(faltung::workspace const& w) const {
        const index_t reals = 2 * band() + transform_.scratch() + chunk * step();
        return w.bytes_per_worker() >= reals * static_cast<index_t>(sizeof(R)) &&
               w.shared_bytes() >= transform_.slabs() * transform_.slab() * static_cast<index_t>(sizeof(R));
    }

    /// modes[k] = sum over points of c e^(sign i k x), complex numbers; and c = sum over modes of f e^(sign i k x).
    void to_modes(sorted_points<R> const& points, R const* c, R* modes, int sign,
                  faltung::workspace& w) const noexcept {
        const R conjugate = sign < 0 ? R{1} : R{-1};
        spread(points, c, conjugate, w);
        R* const slabs = reinterpret_cast<R*>(w.shared());
        w.run(transform_.slabs(), [&](grain_range some, std::byte*) noexcept {
            for (index_t s = some.first; s < some.last; ++s) transform_.to_modes(s, slabs, modes, conjugate);
        });
    }
    void to_points(sorted_points<R> const& points, R const* modes, R* c, int sign,
                   faltung::workspace& w) const noexcept {
        const R conjugate = sign > 0 ? R{1} : R{-1};
        R* const slabs = reinterpret_cast<R*>(w.shared());
        w.run(transform_.slabs(), [&](grain_range some, std::byte*) noexcept {
            for (index_t s = some.first; s < some.last; ++s) transform_.from_modes(s, modes, slabs, conjugate);
        });
        interpolate(points, c, conjugate, w);
    }
    /// u at `targets` = sum over modes of multiplier e^(i k x) times the modes of c at `sources`, of sign -1.
    void convolve(sorted_points<R> const& sources, R const* c, R const* multiplier, sorted_points<R> const& targets,
                  R* u, faltung::workspace& w) const noexcept {
        spread(sources, c, R{1}, w);
        R* const slabs = reinterpret_cast<R*>(w.shared());
        w.run(transform_.slabs(), [&](grain_range some, std::byte*) noexcept {
            for (index_t s = some.first; s < some.last; ++s) transform_.multiply_modes(s, slabs, multiplier);
        });
        interpolate(targets, u, R{1}, w);
    }

private:
    struct scratch {
        R *re, *im, *of_slice, *values;
    };

    index_t band() const { return g_.slices * g_.slice; }
    index_t step() const { return g_.window.reals() + 2 * g_.padded(); }
    scratch divided(std::byte* memory) const {
        R* const re = reinterpret_cast<R*>(memory);
        R* const of_slice = re + 2 * band();
        return {re, re + band(), of_slice, of_slice + transform_.scratch()};
    }

    void spread(sorted_points<R> const& points, R const* c, R conjugate, faltung::workspace& w) const noexcept {
        R* const slabs = reinterpret_cast<R*>(w.shared());
        w.run(g_.bands, [&](grain_range some, std::byte* memory) noexcept {
            const scratch s = divided(memory);
            std::fill_n(s.re, 2 * band(), R{});
            if (g_.halo(0) > 0) {
                const index_t before = (some.first + g_.bands - 1) % g_.bands;
                each_chunk(points, before, s, const_cast<R*>(c), conjugate, spread_);
                keep_halo(before, s);
            }
            for (index_t b = some.first; b < some.last; ++b) {
                each_chunk(points, b, s, const_cast<R*>(c), conjugate, spread_);
                for (index_t z = 0; z < g_.count(b); ++z)
                    transform_.from_slice(s.re + z * g_.slice, s.im + z * g_.slice, g_.first(b) + z, slabs, s.of_slice);
                keep_halo(b, s);
            }
        });
    }

    // The slices beyond a band become the first of the next one; all others are empty.
    void keep_halo(index_t b, scratch const& s) const noexcept {
        const index_t kept = g_.halo(0) * g_.slice, from = g_.count(b) * g_.slice;
        for (R* plane : {s.re, s.im}) {
            std::copy(plane + from, plane + from + kept, plane);
            std::fill(plane + kept, plane + from + kept, R{});
        }
    }

    void interpolate(sorted_points<R> const& points, R* c, R conjugate, faltung::workspace& w) const noexcept {
        R* const slabs = reinterpret_cast<R*>(w.shared());
        w.run(g_.bands, [&](grain_range some, std::byte* memory) noexcept {
            const scratch s = divided(memory);
            index_t there = 0;  // slices of this band that the band before has left
            for (index_t b = some.first; b < some.last; ++b) {
                const index_t height = g_.count(b);
                for (index_t z = there; z < height + g_.halo(0); ++z)
                    transform_.to_slice(slabs, (g_.first(b) + z) % g_.nodes[0], s.re + z * g_.slice,
                                        s.im + z * g_.slice, s.of_slice);
                each_chunk(points, b, s, c, conjugate, interpolate_);
                there = g_.halo(0);
                for (R* plane : {s.re, s.im})
                    std::copy(plane + height * g_.slice, plane + (height + there) * g_.slice, plane);
            }
        });
    }

    template <class Loop>
    void each_chunk(sorted_points<R> const& points, index_t b, scratch const& s, R* c, R conjugate,
                    Loop const& loop) const noexcept {
        const index_t end = points.first(b + 1);
        for (index_t from = points.first(b); from < end; from += chunk) {
            const point_run<R> run = points.run(g_, from, std::min(chunk, end - from));
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
