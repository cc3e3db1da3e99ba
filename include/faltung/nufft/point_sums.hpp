// faltung/nufft/point_sums.hpp -- sums between two sets of points and one set of modes: by a grid, or directly
#pragma once

#include <optional>

#include "../simd/mode_sums.hpp"
#include "gridded_sums.hpp"
#include "nufft_call.hpp"

namespace faltung {

/// How the sums of a point convolution are computed: every term, or by way of a grid; or whichever is faster.
enum class point_method : unsigned char { automatic, direct, grid };

constexpr char const* name_of(point_method m) {
    constexpr char const* names[] = {"automatic", "direct", "grid"};
    return names[static_cast<int>(m)];
}

namespace detail {
inline namespace FALTUNG_COMPILED {

/// The waves e^(-i k x) of some points: of each, a number for every row of the modes and one for every column.
template <class R>
struct wave_table {
    index_t count = 0, rows = 1, columns = 0;  // columns are filled up with zeros
    buffer<R> outer, inner;

    wave_table() = default;
    /// Angles of shape (count, rank), modes in the natural order.
    wave_table(strided<double const> const& x, shape const& n) : count(x.n[0]) {
        const int last = n.rank() - 1;
        for (int a = 0; a < last; ++a) rows = checked::multiply(rows, n[a], "rows of modes");
        columns = checked::ceil_divide(n[last], mode_sum_unit) * mode_sum_unit;
        outer = buffer<R>(checked::multiply(2 * count, rows, "waves of all points"));
        inner = buffer<R>(checked::multiply(2 * count, columns, "waves of all points"));
        std::vector<std::complex<double>> of_axis[3];
        for (int a = 0; a <= last; ++a) of_axis[a].resize(static_cast<std::size_t>(n[a]));
        for (index_t j = 0; j < count; ++j) {
            for (int a = 0; a <= last; ++a) fill(turns_of(x.data[j * x.stride[0] + a * x.stride[1]]), of_axis[a]);
            R* to = outer.data() + 2 * j * rows;
            for (index_t row = 0; row < rows; ++row, to += 2) {
                std::complex<double> w = 1;
                if (last == 1) w = of_axis[0][static_cast<std::size_t>(row)];
                if (last == 2)
                    w = of_axis[0][static_cast<std::size_t>(row / n[1])] *
                        of_axis[1][static_cast<std::size_t>(row % n[1])];
                to[0] = static_cast<R>(w.real());
                to[1] = static_cast<R>(w.imag());
            }
            R *re = inner.data() + 2 * j * columns, *im = re + columns;
            std::fill_n(re, 2 * columns, R{});
            for (index_t m = 0; m < n[last]; ++m) {
                re[m] = static_cast<R>(of_axis[last][static_cast<std::size_t>(m)].real());
                im[m] = static_cast<R>(of_axis[last][static_cast<std::size_t>(m)].imag());
            }
        }
    }

private:
    static std::complex<double> wave_of(double turns, index_t k) {
        const long double angle = static_cast<long double>(turns) * static_cast<long double>(k);
        const double part = static_cast<double>(angle - static_cast<long double>(static_cast<index_t>(angle)));
        return {std::cos(6.28318530717958648 * part), -std::sin(6.28318530717958648 * part)};
    }

    // e^(-2 pi i k turns) for k from -floor(n / 2) up; those of -k are conjugates, and of k = 16 l + m a product
    static void fill(double turns, std::vector<std::complex<double>>& w) {
        const index_t n = static_cast<index_t>(w.size());
        std::complex<double> fine[16], coarse = 1;
        for (index_t m = 0; m < 16; ++m) fine[m] = wave_of(turns, m);
        for (index_t k = 0; k <= n / 2; ++k) {
            if (k % 16 == 0) coarse = wave_of(turns, k);
            std::complex<double> const& f = fine[k % 16];
            const std::complex<double> v(coarse.real() * f.real() - coarse.imag() * f.imag(),
                                         coarse.real() * f.imag() + coarse.imag() * f.real());
            if (k < n - n / 2) w[static_cast<std::size_t>(n / 2 + k)] = v;
            w[static_cast<std::size_t>(n / 2 - k)] = std::conj(v);
        }
    }
};

/// Nanoseconds that a convolution is expected to take on a core with AVX2, as measured with up to a million points.
struct point_costs {
    double direct = 0, grid = 0;
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
    wave_table<R> waves_[2];
    typename versions<modes_of_points<R>>::function modes_of_points_;
    typename versions<points_of_modes<R>>::function points_of_modes_;

public:
    /// Angles of the sources and of the targets, which are the sources where `targets` has no data.
    point_sums(shape const& n, strided<double const> const& sources, strided<double const> const& targets,
               nufft_options const& o, point_method method, instruction_set i)
        : n_(n),
          modes_of_points_(versions<modes_of_points<R>>::of(i)),
          points_of_modes_(versions<points_of_modes<R>>::of(i)) {
        count_[0] = sources.n[0];
        count_[1] = targets.data ? targets.n[0] : count_[0];
        const double wanted =
            o.oversampling > 0 ? o.oversampling : best_oversampling<R>(n, count_[0] + count_[1], o, i);
        costs_ = expected(wanted, o, i);
        method_ = method != point_method::automatic ? method
                  : costs_.direct <= costs_.grid    ? point_method::direct
                                                    : point_method::grid;
        if (method_ == point_method::grid) {
            const grid_layout<R> g(n, o.tolerance, wanted, i);
            grid_.emplace(g, spreading_kernel(g.width, o.tolerance, g.oversampling), mode_order::natural, i);
            sorted_[0] = sorted_points<R>(sources, g);
            if (targets.data) sorted_[1] = sorted_points<R>(targets, g);
        } else {
            waves_[0] = wave_table<R>(sources, n);
            if (targets.data) waves_[1] = wave_table<R>(targets, n);
        }
        is_same_ = targets.data == nullptr;
    }

    point_method method() const { return method_; }
    point_costs costs() const { return costs_; }
    shape modes() const { return n_; }
    int width() const { return grid_ ? grid_->layout().width : 0; }
    double oversampling() const { return grid_ ? grid_->layout().oversampling : 0; }
    index_t count(point_side s) const { return count_[static_cast<int>(s)]; }

    index_t bytes_per_worker() const { return grid_ ? grid_->bytes_per_worker() : 0; }
    index_t shared_bytes() const {
        if (grid_) return grid_->shared_bytes(std::max(count_[0], count_[1]));
        return checked::multiply(2 * waves_[0].rows * waves_[0].columns, index_t{sizeof(R)}, "bytes of the modes");
    }

    /// Complex numbers: of the points in their own order, and of the modes row-major.
    void to_modes(point_side from, R const* c, R* modes, workspace& w) const noexcept {
        if (grid_) return grid_->to_modes(sorted(from), c, modes, -1, w);
        wave_table<R> const& waves = table(from);
        const planes p = planes_in(w);
        modes_of_points_({waves.outer.data(), waves.inner.data(), waves.count, waves.rows, waves.columns, p.re, p.im,
                          const_cast<R*>(c)});  // the loops of both directions have the same arguments
        const index_t columns = n_[n_.rank() - 1];
        for (index_t row = 0; row < waves.rows; ++row)
            for (index_t m = 0; m < columns; ++m) {
                *modes++ = p.re[row * waves.columns + m];
                *modes++ = p.im[row * waves.columns + m];
            }
    }
    void to_points(point_side to, R const* modes, R* u, workspace& w) const noexcept {
        if (grid_) return grid_->to_points(sorted(to), modes, u, 1, w);
        wave_table<R> const& waves = table(to);
        const planes p = planes_in(w);
        const index_t columns = n_[n_.rank() - 1];
        for (index_t row = 0; row < waves.rows; ++row)
            for (index_t m = 0; m < waves.columns; ++m) {  // what fills up the last vector is read, too
                p.re[row * waves.columns + m] = m < columns ? *modes++ : R{};
                p.im[row * waves.columns + m] = m < columns ? *modes++ : R{};
            }
        points_of_modes_(
            {waves.outer.data(), waves.inner.data(), waves.count, waves.rows, waves.columns, p.re, p.im, u});
    }
    /// Both, with every mode times a complex number in between, or its conjugate where `conjugate` is -1.
    void convolve(point_side from, R const* c, R const* multiplier, R conjugate, point_side to, R* u,
                  workspace& w) const noexcept {
        if (grid_) return grid_->convolve(sorted(from), c, multiplier, conjugate, sorted(to), u, w);
        wave_table<R> const &of_c = table(from), &of_u = table(to);
        const planes p = planes_in(w);
        modes_of_points_(
            {of_c.outer.data(), of_c.inner.data(), of_c.count, of_c.rows, of_c.columns, p.re, p.im, const_cast<R*>(c)});
        const index_t columns = n_[n_.rank() - 1];
        for (index_t row = 0; row < of_c.rows; ++row) {
            R *re = p.re + row * of_c.columns, *im = p.im + row * of_c.columns;
            for (index_t m = 0; m < columns; ++m, multiplier += 2) {
                const R x = re[m], y = im[m], h = multiplier[0], of_y = conjugate * multiplier[1];
                re[m] = x * h - y * of_y;
                im[m] = x * of_y + y * h;
            }
        }
        points_of_modes_({of_u.outer.data(), of_u.inner.data(), of_u.count, of_u.rows, of_u.columns, p.re, p.im, u});
    }

private:
    struct planes {
        R *re, *im;
    };
    bool is_same_ = true;

    int number_of(point_side s) const { return is_same_ ? 0 : static_cast<int>(s); }
    sorted_points<R> const& sorted(point_side s) const { return sorted_[number_of(s)]; }
    wave_table<R> const& table(point_side s) const { return waves_[number_of(s)]; }
    planes planes_in(workspace& w) const {
        R* const re = reinterpret_cast<R*>(w.shared());
        return {re, re + waves_[0].rows * waves_[0].columns};
    }

    point_costs expected(double oversampling, nufft_options const& o, instruction_set i) const {
        const int width = width_for(o.tolerance, oversampling);
        double nodes = 1, modes = 1, of_point = window_of<R>(i, width).vectors;
        for (int a = 0; a < n_.rank(); ++a) {
            nodes *= std::max(oversampling * static_cast<double>(n_[a]), 2.0 * most_nodes);
            modes *= static_cast<double>(a + 1 == n_.rank() ? checked::ceil_divide(n_[a], mode_sum_unit) * mode_sum_unit
                                                            : n_[a]);
            if (a > 0) of_point *= width;
        }
        const double points = static_cast<double>(count_[0]) + static_cast<double>(count_[1]);
        const double columns = static_cast<double>(n_[n_.rank() - 1]);
        constexpr double of_real = static_cast<double>(sizeof(R)) / 8;
        // more than a cache of half a megabyte holds costs twice as much, and a point's own waves are read each time
        const double of_mode = modes * of_real > 0x1p15 ? 0.8 : 0.35, of_slice = n_.rank() == 3 ? 1.8 : 1,
                     of_node = of_slice * (nodes * of_real > 0x1p17 ? 28 : 13);
        return {points * (of_mode * modes + columns) * of_real + 1000,
                points * (30 + 0.7 * of_point) * of_real + of_node * nodes * of_real + 5000};
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace detail
}  // namespace faltung
