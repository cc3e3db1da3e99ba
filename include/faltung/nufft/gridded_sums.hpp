// faltung/nufft/gridded_sums.hpp -- sums over points and modes by way of a grid: both directions, and both at once
#pragma once

#include "band_spreader.hpp"
#include "pruned_transform.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// The grid between points and modes. Each direction mirrors every step of the other one, and nothing but rounding
/// keeps it from being the adjoint.
template <class R>
class gridded_sums {
    band_spreader<R> spreader_;
    pruned_transform<R> transform_;

public:
    gridded_sums(grid_layout<R> const& g, spreading_kernel const& kernel, mode_order order, instruction_set i)
        : spreader_(g, kernel, i), transform_(g, kernel, order, i) {}

    grid_layout<R> const& layout() const { return spreader_.layout(); }

    /// Bytes of a workspace for each worker, and for all of them.
    index_t bytes_per_worker() const {
        return checked::multiply(spreader_.scratch(transform_.scratch()), index_t{sizeof(R)}, "bytes of scratch");
    }
    index_t shared_bytes(index_t points) const {
        const index_t reals =
            checked::add(slabs() + transform_.row(), checked::multiply(2, points, "numbers of the points"), "numbers");
        return checked::multiply(reals, index_t{sizeof(R)}, "bytes of a call");
    }
    bool fits(faltung::workspace const& w, index_t points) const {
        return w.bytes_per_worker() >= bytes_per_worker() && w.shared_bytes() >= shared_bytes(points);
    }

    /// modes[k] = sum over points of c e^(sign i k x), complex numbers; and c = sum over modes of f e^(sign i k x).
    void to_modes(sorted_points<R> const& points, R const* c, R* modes, int sign,
                  faltung::workspace& w) const noexcept {
        const R conjugate = sign < 0 ? R{1} : R{-1};
        spread(points, c, conjugate, w);
        each_slab(w, [&](index_t s, R* slabs, R* row) {
            if (is_row()) transform_.take_modes(s, row, slabs);
            transform_.to_modes(s, slabs, modes, conjugate);
        });
    }
    void to_points(sorted_points<R> const& points, R const* modes, R* c, int sign,
                   faltung::workspace& w) const noexcept {
        const R conjugate = sign > 0 ? R{1} : R{-1};
        if (is_row()) transform_.clear_modes(row_in(w));
        each_slab(w, [&](index_t s, R* slabs, R* row) {
            transform_.from_modes(s, modes, slabs, conjugate);
            if (is_row()) transform_.put_modes(s, slabs, row);
        });
        interpolate(points, c, conjugate, w);
    }
    /// u at `targets` = sum over modes of multiplier e^(i k x) times the modes of c at `sources`, of sign -1;
    /// `conjugate` times the imaginary parts of the multiplier.
    void convolve(sorted_points<R> const& sources, R const* c, R const* multiplier, R conjugate,
                  sorted_points<R> const& targets, R* u, faltung::workspace& w) const noexcept {
        spread(sources, c, R{1}, w);
        each_slab(w, [&](index_t s, R* slabs, R* row) {
            if (is_row()) transform_.take_modes(s, row, slabs);
            transform_.multiply_modes(s, slabs, multiplier, conjugate);
        });
        if (is_row()) {
            transform_.clear_modes(row_in(w));
            each_slab(w, [&](index_t s, R* slabs, R* row) { transform_.put_modes(s, slabs, row); });
        }
        interpolate(targets, u, R{1}, w);
    }

private:
    static constexpr index_t chunk = 4096;  // points that a worker stages at a time

    index_t slabs() const { return transform_.slabs() * transform_.slab(); }
    // of one axis: its transform is that of one row
    bool is_row() const { return layout().rank == 1; }
    R* row_in(faltung::workspace& w) const { return reinterpret_cast<R*>(w.shared()) + slabs(); }
    R* staged(faltung::workspace& w) const { return row_in(w) + transform_.row(); }

    template <class Use>
    void each_slab(faltung::workspace& w, Use const& use) const noexcept {
        R *const slabs = reinterpret_cast<R*>(w.shared()), *const row = row_in(w);
        w.run(transform_.slabs(), [&](grain_range some, std::byte*) noexcept {
            for (index_t s = some.first; s < some.last; ++s) use(s, slabs, row);
        });
    }

    void spread(sorted_points<R> const& points, R const* c, R conjugate, faltung::workspace& w) const noexcept {
        R *const slabs = reinterpret_cast<R*>(w.shared()), *const stage = staged(w), *const row = row_in(w);
        w.run(checked::ceil_divide(points.count(), chunk), [&](grain_range some, std::byte*) noexcept {
            points.stage(c, stage, some.first * chunk, std::min(some.last * chunk, points.count()));
        });
        spreader_.spread(points, stage, conjugate, transform_.scratch(), w,
                         [&](R* re, R* im, index_t z, index_t count, R* room) {
                             if (is_row())
                                 transform_.to_row(re, im, z, count, row);
                             else
                                 transform_.from_slice(re, im, z, slabs, room);
                         });
        if (is_row()) transform_.forward_row(row);
    }
    void interpolate(sorted_points<R> const& points, R* c, R conjugate, faltung::workspace& w) const noexcept {
        R *const slabs = reinterpret_cast<R*>(w.shared()), *const stage = staged(w), *const row = row_in(w);
        if (is_row()) transform_.backward_row(row);
        spreader_.interpolate(points, stage, conjugate, transform_.scratch(), w,
                              [&](index_t z, index_t count, R* re, R* im, R* room) {
                                  if (is_row())
                                      transform_.from_row(row, z, count, re, im);
                                  else
                                      transform_.to_slice(slabs, z, re, im, room);
                              });
        w.run(checked::ceil_divide(points.count(), chunk), [&](grain_range some, std::byte*) noexcept {
            points.take_back(stage, c, some.first * chunk, std::min(some.last * chunk, points.count()));
        });
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
