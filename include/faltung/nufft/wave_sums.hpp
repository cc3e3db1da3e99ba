// faltung/nufft/wave_sums.hpp -- sums between points and modes, every term of them
#pragma once

#include <complex>
#include <vector>

#include "../core/workspace.hpp"
#include "../simd/mode_sums.hpp"
#include "nufft_call.hpp"
#include "sorted_points.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Modes in rows. A row is a part of the last axis, of `columns` modes, the last one filled up. Counted from its
/// middle, its modes are half integers, m + 1/2 and their negatives: so a row has a cosine and a sine for every two
/// modes.
struct wave_rows {
    shape n;
    index_t parts = 1, columns = 0, rows = 1;

    explicit wave_rows(shape const& modes) : n(modes) {
        constexpr index_t unit = 16, most = 256;
        const index_t last = n[n.rank() - 1];
        parts = checked::ceil_divide(last, most);
        columns = checked::ceil_divide(checked::ceil_divide(last, parts), unit) * unit;
        parts = checked::ceil_divide(last, columns);
        for (int a = 0; a + 1 < n.rank(); ++a) rows = checked::multiply(rows, n[a], "rows of modes");
        rows = checked::multiply(rows, parts, "rows of modes");
    }
    /// Modes before the row, and in it.
    index_t first(index_t row) const { return row / parts * n[n.rank() - 1] + row % parts * columns; }
    index_t count(index_t row) const { return std::min(columns, n[n.rank() - 1] - row % parts * columns); }
    /// Twice the mode that the middle of part q stands for.
    index_t twice_middle(index_t q) const { return 2 * (q * columns - n[n.rank() - 1] / 2) + columns - 1; }
    /// Rows that are summed one after the other: threads take whole groups.
    index_t groups() const { return std::min<index_t>(rows, 8); }
    index_t first_of_group(index_t g) const { return rows / groups() * g + std::min(rows % groups(), g); }
};

/// e^(-2 pi i k turns)
inline std::complex<double> wave_of(long double turns, index_t k) {
    const long double angle = turns * static_cast<long double>(k);
    const double part = static_cast<double>(angle - static_cast<long double>(static_cast<index_t>(angle)));
    return {std::cos(6.28318530717958648 * part), -std::sin(6.28318530717958648 * part)};
}

/// e^(-2 pi i step k turns) for k from 0 up: a product for each digit of k, so that few roundings add up.
inline void fill_waves(long double turns, index_t step, std::vector<std::complex<double>>& w) {
    index_t unit = 1;  // the highest power of 16 up to k
    for (index_t k = 0; k < static_cast<index_t>(w.size()); ++k) {
        if (k == 16 * unit) unit = k;
        const index_t rest = k & (unit - 1), high = rest > 0 ? k - rest : k - unit, low = rest > 0 ? rest : unit;
        if (k == 0)
            w[0] = 1;
        else
            w[static_cast<std::size_t>(k)] =
                k == unit ? wave_of(turns, step * k)
                          : finite_product(w[static_cast<std::size_t>(high)], w[static_cast<std::size_t>(low)]);
    }
}

/// The waves e^(-i k x) of some points.
template <class R>
class wave_table {
    using wave = std::complex<double>;

    index_t count_ = 0, points_ = 0, stride_ = 0;  // points_: filled up to whole vectors
    buffer<R> outer_, inner_, turned_;

public:
    wave_table() = default;
    /// Angles of shape (count, rank).
    wave_table(strided<double const> const& x, wave_rows const& r, instruction_set i) : count_(x.n[0]) {
        const int last = r.n.rank() - 1;
        const index_t lanes = window_of<R>(i, 2).lanes, half = r.columns / 2;
        points_ = checked::ceil_divide(count_, lanes) * lanes;
        constexpr index_t line = 64 / index_t{sizeof(R)};
        stride_ = r.columns + line;  // points do not share sets of a cache
        outer_ = buffer<R>(checked::multiply(2 * points_, r.rows, "waves of all points"));
        inner_ = buffer<R>(checked::multiply(points_, stride_, "waves of all points"));
        turned_ = buffer<R>(points_ * r.columns);
        if (points_ > count_) {
            std::fill_n(outer_.data(), outer_.count(), R{});
            std::fill_n(inner_.data(), inner_.count(), R{});
            std::fill_n(turned_.data(), turned_.count(), R{});
        }
        std::vector<wave> of_axis[2], of_part(static_cast<std::size_t>(r.parts)),
            of_column(static_cast<std::size_t>(half));
        for (int a = 0; a < last; ++a) of_axis[a].resize(static_cast<std::size_t>(r.n[a] / 2) + 1);
        for (index_t j = 0; j < count_; ++j) {
            const long double turns = precise_turns_of(x.data[j * x.stride[0] + last * x.stride[1]]);
            for (int a = 0; a < last; ++a)
                fill_waves(precise_turns_of(x.data[j * x.stride[0] + a * x.stride[1]]), 1, of_axis[a]);
            fill_waves(turns, r.columns, of_part);
            fill_waves(turns, 1, of_column);
            const wave middle = wave_of(turns / 2, r.twice_middle(0)), half_mode = wave_of(turns / 2, 1);
            R* to = outer_.data() + j;
            const index_t lines = r.rows / r.parts;
            for (index_t at = 0; at < lines; ++at) {
                wave w = middle;
                if (last == 1) w = finite_product(w, mode_of(of_axis[0], r.n[0], at));
                if (last == 2)
                    w = finite_product(finite_product(w, mode_of(of_axis[0], r.n[0], at / r.n[1])),
                                       mode_of(of_axis[1], r.n[1], at % r.n[1]));
                for (index_t q = 0; q < r.parts; ++q, to += 2 * points_) {
                    const wave v = q == 0 ? w : finite_product(w, of_part[static_cast<std::size_t>(q)]);
                    to[0] = static_cast<R>(v.real());
                    to[points_] = static_cast<R>(v.imag());
                }
            }
            R *const row = inner_.data() + j * stride_, *const column = turned_.data() + j;
            for (index_t m = 0; m < half; ++m) {
                const wave v = finite_product(half_mode, of_column[static_cast<std::size_t>(m)]);
                row[m] = column[m * points_] = static_cast<R>(v.real());
                row[half + m] = column[(half + m) * points_] = static_cast<R>(-v.imag());
            }
        }
    }

    index_t count() const { return count_; }
    index_t points() const { return points_; }
    mode_sum_arguments<R> arguments(index_t row, index_t columns, R* re, R* im, R* numbers) const {
        return {outer_.data() + 2 * points_ * row,
                inner_.data(),
                turned_.data(),
                points_,
                columns,
                stride_,
                re,
                im,
                numbers,
                numbers + points_};
    }

private:
    // e^(-i k x) of the mode that stands at m of n, from those of k from 0 up
    static wave mode_of(std::vector<wave> const& w, index_t n, index_t m) {
        const index_t k = m - n / 2;
        return k < 0 ? std::conj(w[static_cast<std::size_t>(-k)]) : w[static_cast<std::size_t>(k)];
    }
};

/// Both directions, and both at once, row by row: a row stays in the cache between them. No sum depends on the number
/// of threads.
template <class R>
class wave_sums {
    wave_rows rows_;
    typename versions<modes_of_points<R>>::function modes_of_points_;
    typename versions<points_of_modes<R>>::function points_of_modes_;

public:
    wave_sums(shape const& n, instruction_set i)
        : rows_(n),
          modes_of_points_(versions<modes_of_points<R>>::of(i)),
          points_of_modes_(versions<points_of_modes<R>>::of(i)) {}

    wave_rows const& rows() const { return rows_; }
    index_t bytes_per_worker() const { return 2 * rows_.columns * index_t{sizeof(R)}; }
    index_t shared_bytes(index_t points) const {
        return checked::multiply(2 * points, (rows_.groups() + 1) * index_t{sizeof(R)}, "bytes of the sums");
    }

    /// Complex numbers: of the points in their own order, and of the modes row-major.
    void to_modes(wave_table<R> const& x, R const* c, R* modes, workspace& w) const noexcept {
        R* const numbers = staged(x, c, w);
        each_row(w, [&](index_t, index_t row, R* re, R* im) {
            modes_of_points_(x.arguments(row, rows_.columns, re, im, numbers));
            R* const to = modes + 2 * rows_.first(row);
            each_pair(row, [&](index_t m, index_t upper, index_t lower, index_t count) {
                const mode_pair p = pair_of(re, im, m);
                if (upper < count) {
                    to[2 * upper] = p.re[0];
                    to[2 * upper + 1] = p.im[0];
                }
                if (lower < count) {
                    to[2 * lower] = p.re[1];
                    to[2 * lower + 1] = p.im[1];
                }
            });
        });
    }
    void to_points(wave_table<R> const& y, R const* modes, R* u, workspace& w) const noexcept {
        R* const sums = reinterpret_cast<R*>(w.shared()) + 2 * y.points();
        clear_sums(y, sums);
        each_row(w, [&](index_t group, index_t row, R* re, R* im) {
            R const* const from = modes + 2 * rows_.first(row);
            each_pair(row, [&](index_t m, index_t upper, index_t lower, index_t count) {
                put(re, im, m,
                    {{upper < count ? from[2 * upper] : R{}, lower < count ? from[2 * lower] : R{}},
                     {upper < count ? from[2 * upper + 1] : R{}, lower < count ? from[2 * lower + 1] : R{}}});
            });
            points_of_modes_(y.arguments(row, rows_.columns, re, im, sums + 2 * y.points() * group));
        });
        add_sums(y, sums, u);
    }
    /// Both, with every mode times a complex number in between, or its conjugate where `conjugate` is -1.
    void convolve(wave_table<R> const& x, R const* c, R const* multiplier, R conjugate, wave_table<R> const& y, R* u,
                  workspace& w) const noexcept {
        R *const numbers = staged(x, c, w), *const sums = numbers + 2 * x.points();
        clear_sums(y, sums);
        each_row(w, [&](index_t group, index_t row, R* re, R* im) {
            modes_of_points_(x.arguments(row, rows_.columns, re, im, numbers));
            R const* const h = multiplier + 2 * rows_.first(row);
            each_pair(row, [&](index_t m, index_t upper, index_t lower, index_t count) {
                mode_pair p = pair_of(re, im, m);
                p.multiply(0, upper < count ? h + 2 * upper : nullptr, conjugate);
                p.multiply(1, lower < count ? h + 2 * lower : nullptr, conjugate);
                put(re, im, m, p);
            });
            points_of_modes_(y.arguments(row, rows_.columns, re, im, sums + 2 * y.points() * group));
        });
        add_sums(y, sums, u);
    }

private:
    // The modes m + 1/2 and -(m + 1/2) of a row.
    struct mode_pair {
        R re[2], im[2];

        void multiply(int which, R const* by, R conjugate) {
            const R x = re[which], y = im[which], h = by ? by[0] : R{}, i = by ? conjugate * by[1] : R{};
            re[which] = x * h - y * i;
            im[which] = x * i + y * h;
        }
    };

    // From sums over cosines and sines, the first ones minus and plus i times the second ones, and back.
    mode_pair pair_of(R const* re, R const* im, index_t m) const noexcept {
        const index_t half = rows_.columns / 2;
        const R a = re[m], b = im[m], c = re[half + m], d = im[half + m];
        return {{a + d, a - d}, {b - c, b + c}};
    }
    void put(R* re, R* im, index_t m, mode_pair const& p) const noexcept {
        const index_t half = rows_.columns / 2;
        re[m] = p.re[0] + p.re[1];
        im[m] = p.im[0] + p.im[1];
        re[half + m] = p.im[1] - p.im[0];
        im[half + m] = p.re[0] - p.re[1];
    }
    // use(m, the columns of both modes, modes in the row)
    template <class Use>
    void each_pair(index_t row, Use const& use) const noexcept {
        const index_t half = rows_.columns / 2, count = rows_.count(row);
        for (index_t m = 0; m < half; ++m) use(m, half + m, half - 1 - m, count);
    }

    template <class Use>
    void each_row(workspace& w, Use const& use) const noexcept {
        w.run(rows_.groups(), [&](grain_range some, std::byte* memory) noexcept {
            R* const re = reinterpret_cast<R*>(memory);
            for (index_t g = some.first; g < some.last; ++g)
                for (index_t row = rows_.first_of_group(g); row < rows_.first_of_group(g + 1); ++row)
                    use(g, row, re, re + rows_.columns);
        });
    }

    R* staged(wave_table<R> const& x, R const* c, workspace& w) const noexcept {
        R *const re = reinterpret_cast<R*>(w.shared()), *const im = re + x.points();
        for (index_t j = 0; j < x.points(); ++j) {
            re[j] = j < x.count() ? c[2 * j] : R{};
            im[j] = j < x.count() ? c[2 * j + 1] : R{};
        }
        return re;
    }
    void clear_sums(wave_table<R> const& y, R* sums) const noexcept {
        std::fill_n(sums, 2 * y.points() * rows_.groups(), R{});
    }
    void add_sums(wave_table<R> const& y, R const* sums, R* u) const noexcept {
        for (index_t j = 0; j < y.count(); ++j) {
            R re{}, im{};
            for (index_t g = 0; g < rows_.groups(); ++g) {
                re += sums[2 * y.points() * g + j];
                im += sums[2 * y.points() * g + y.points() + j];
            }
            u[2 * j] = re;
            u[2 * j + 1] = im;
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
