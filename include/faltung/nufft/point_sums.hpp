// faltung/nufft/point_sums.hpp -- sums between two sets of points and one set of modes: by a grid, or directly
#pragma once

#include <optional>

#include "gridded_sums.hpp"
#include "nufft_call.hpp"
#include "wave_sums.hpp"

namespace faltung {

/// How a point convolution is computed: every point times every mode; by way of a grid; the kernel at every pair of
/// points, if its coefficients are real products of one number for each axis; or whichever is faster.
enum class point_method : unsigned char { automatic, direct, grid, pairs };

constexpr char const* name_of(point_method m) {
    constexpr char const* names[] = {"automatic", "direct", "grid", "pairs"};
    return names[static_cast<int>(m)];
}

namespace detail {
inline namespace FALTUNG_COMPILED {

/// Nanoseconds that a convolution is expected to take, as of transform_cost.
struct point_costs {
    double direct = 0, grid = 0;

    double least() const { return std::min(direct, grid); }
};

enum class point_side : unsigned char { sources, targets };

/// Modes in the natural order. The sign from points to modes is -1, from modes to points 1.
template <class R>
class point_sums {
    shape n_;
    point_method method_ = point_method::direct;
    point_costs costs_;
    index_t count_[2] = {};
    std::optional<gridded_sums<R>> grid_;
    sorted_points<R> sorted_[2];
    std::optional<wave_sums<R>> direct_;
    wave_table<R> waves_[2];

public:
    /// Angles of the sources and of the targets, which are the sources where `targets` has no data.
    point_sums(shape const& n, strided<double const> const& sources, strided<double const> const& targets,
               nufft_options const& o, point_method method, instruction_set i)
        : n_(n) {
        count_[0] = sources.n[0];
        count_[1] = targets.data ? targets.n[0] : count_[0];
        const double wanted = oversampling_for(n, count_[0] + count_[1], o, i);
        costs_ = expected(n, count_[0] + count_[1], o, i);
        method_ = method != point_method::automatic ? method
                  : costs_.direct <= costs_.grid    ? point_method::direct
                                                    : point_method::grid;
        if (method_ == point_method::grid) {
            const grid_layout<R> g(n, o.tolerance, wanted, i);
            grid_.emplace(g, spreading_kernel(g.width, o.tolerance, g.oversampling), mode_order::natural, i);
            sorted_[0] = sorted_points<R>(sources, g);
            if (targets.data) sorted_[1] = sorted_points<R>(targets, g);
        } else {
            direct_.emplace(n, i);
            waves_[0] = wave_table<R>(sources, direct_->rows(), i);
            if (targets.data) waves_[1] = wave_table<R>(targets, direct_->rows(), i);
        }
        is_same_ = targets.data == nullptr;
    }

    point_method method() const { return method_; }
    point_costs costs() const { return costs_; }
    shape modes() const { return n_; }
    int width() const { return grid_ ? grid_->layout().width : 0; }
    double oversampling() const { return grid_ ? grid_->layout().oversampling : 0; }
    index_t count(point_side s) const { return count_[static_cast<int>(s)]; }

    index_t bytes_per_worker() const { return grid_ ? grid_->bytes_per_worker() : direct_->bytes_per_worker(); }
    index_t shared_bytes() const {
        if (grid_) return grid_->shared_bytes(std::max(count_[0], count_[1]));
        return direct_->shared_bytes(std::max(waves_[0].points(), waves_[1].points()));
    }

    /// What a convolution is expected to take, with so many sources and targets together.
    static point_costs expected(shape const& n, index_t points, nufft_options const& o, instruction_set i) {
        const double oversampling = oversampling_for(n, points, o, i), count = static_cast<double>(points);
        const transform_cost grid = cost_of<R>(n, width_for(o.tolerance, oversampling), oversampling, i);
        double modes = 1;
        for (index_t extent : n) modes *= static_cast<double>(extent);
        constexpr double of_term = sizeof(R) == 4 ? 0.05 : 0.1;
        return {modes * (3 + count * of_term) + 20 * count + 500, count * grid.of_point + 2 * grid.of_grid + 2000};
    }

    /// Complex numbers: of the points in their own order, and of the modes row-major.
    void to_modes(point_side from, R const* c, R* modes, workspace& w) const noexcept {
        if (grid_) return grid_->to_modes(sorted(from), c, modes, -1, w);
        direct_->to_modes(table(from), c, modes, w);
    }
    void to_points(point_side to, R const* modes, R* u, workspace& w) const noexcept {
        if (grid_) return grid_->to_points(sorted(to), modes, u, 1, w);
        direct_->to_points(table(to), modes, u, w);
    }
    /// Both, with every mode times a complex number in between, or its conjugate where `conjugate` is -1.
    void convolve(point_side from, R const* c, R const* multiplier, R conjugate, point_side to, R* u,
                  workspace& w) const noexcept {
        if (grid_) return grid_->convolve(sorted(from), c, multiplier, conjugate, sorted(to), u, w);
        direct_->convolve(table(from), c, multiplier, conjugate, table(to), u, w);
    }

private:
    bool is_same_ = true;

    int number_of(point_side s) const { return is_same_ ? 0 : static_cast<int>(s); }
    sorted_points<R> const& sorted(point_side s) const { return sorted_[number_of(s)]; }
    wave_table<R> const& table(point_side s) const { return waves_[number_of(s)]; }

    // `points` are in two transforms
    static double oversampling_for(shape const& n, index_t points, nufft_options const& o, instruction_set i) {
        return o.oversampling > 0 ? o.oversampling : best_oversampling<R>(n, points / 2, o, i);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace detail
}  // namespace faltung
