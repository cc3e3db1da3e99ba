// faltung/filter/recursive_gaussian.hpp -- Gaussian smoothing at a cost that does not depend on sigma
#pragma once

#include <complex>

#include "../core/workspace.hpp"
#include "../simd/loops.hpp"
#include "../simd/recursive_sweep.hpp"
#include "along_axes.hpp"

namespace faltung {

/// How exact, and what lies beyond the ends.
struct recursive_gaussian_options {
    /// Pairs of exponentials that stand for the Gaussian. No tap is further from the Gaussian's than 3.7e-4 (2), 4e-6
    /// (3) or 9e-8 (4) of the largest one, and all deviations together are below 1e-3, 9e-6, 1.5e-7 of the sum of all
    /// taps: so many times the largest sample may a result be off.
    int pairs = 3;
    per_axis<faltung::boundary> boundary = faltung::boundary::symmetric;
    int threads = 1;
    faltung::overflow overflow = faltung::overflow::wrap;
    faltung::rounding rounding = faltung::rounding::nearest_even;
};

namespace detail {
inline namespace FALTUNG_COMPILED {

inline constexpr char const* recursive_gaussian_name = "recursive_gaussian_filter";

/// exp(-decay t) (cosine cos(frequency t) + sine sin(frequency t)), t >= 0 in units of sigma.
struct decaying_wave {
    double decay, frequency, cosine, sine;
};

/// Sums of such waves whose largest distance from exp(-t^2 / 2) is the least; found by reweighted least squares.
template <int Pairs>
inline constexpr std::array<decaying_wave, std::size_t{Pairs}> waves_of_gaussian;
template <>
inline constexpr std::array<decaying_wave, 2> waves_of_gaussian<2>{
    {{1.7401290163685235, 0.6286605295807041, 1.6551518234469873, 3.4056766346679233},
     {1.6731003648135327, 1.9905267124699646, -0.6553150807451713, -0.17490663461524536}}};
template <>
inline constexpr std::array<decaying_wave, 3> waves_of_gaussian<3>{
    {{2.1528153998165953, 0.5240154804007495, 3.0804169743586134, 6.770962330618078},
     {2.1185053022440994, 1.6091946434859767, -2.224125317329308, -0.7236417100287297},
     {2.040168927045583, 2.8480036467042313, 0.1437064216616455, -0.05985904313428092}}};
template <>
inline constexpr std::array<decaying_wave, 4> waves_of_gaussian<4>{
    {{2.4957449380017533, 0.4588140034733694, 5.991086037567011, 13.62996557558106},
     {2.4739995874532688, 1.394690253556167, -5.811858662196033, -2.0793412246335996},
     {2.4274924368673685, 2.395187270018067, 0.8368877202852083, -0.36480860256953984},
     {2.3459744317468507, 3.5604123580059386, -0.016115117994769612, 0.0246111982725028}}};

/// The taps Re(sum over j of amplitude[j] pole[j]^|i|), whose sum over all i is 1.
template <int Pairs>
struct recursive_taps {
    std::complex<double> pole[std::size_t{Pairs}], amplitude[std::size_t{Pairs}];

    explicit recursive_taps(double sigma) {
        double sum = 0;
        for (std::size_t j = 0; j < std::size_t{Pairs}; ++j) {
            decaying_wave const& w = waves_of_gaussian<Pairs>[j];
            pole[j] = std::exp(std::complex<double>(-w.decay, w.frequency) / sigma);
            amplitude[j] = {w.cosine, -w.sine};
            sum += std::real(amplitude[j] * (1.0 + pole[j]) / (1.0 - pole[j]));
        }
        for (auto& a : amplitude) a /= sum;
    }
};

/// Smoothing along one axis, 16 lines at a time.
template <class T, int Pairs>
class recursive_smoother {
    using sweep = recursive_sweep<T, Pairs>;
    using arguments = typename sweep::arguments;
    static constexpr index_t unit = sweep::unit;

    index_t n_;
    boundary edge_;
    recursive_taps<Pairs> taps_;
    index_t warm_ = 0;
    std::vector<index_t> onwards_, backwards_;  // rows in the order of the two sweeps
    arguments common_{};

public:
    recursive_smoother(index_t n, boundary const& edge, double sigma) : n_(n), edge_(edge), taps_(sigma) {
        const index_t period = edge.period(n);
        for (std::size_t j = 0; j < std::size_t{Pairs}; ++j) {
            common_.pole[j] = as_complex(taps_.pole[j]);
            common_.weight[j] = as_complex(taps_.amplitude[j] * taps_.pole[j]);
            common_.centre += static_cast<T>(taps_.amplitude[j].real());
            common_.closing[j] = {1, 0};
        }
        if (period > 0) {
            // what is further away than this is smaller than a rounding
            const double far = std::ceil(-std::log(std::numeric_limits<T>::epsilon() / 16) * sigma /
                                         waves_of_gaussian<Pairs>.back().decay);
            warm_ = far < static_cast<double>(period) ? static_cast<index_t>(far) : period;
            for (std::size_t j = 0; warm_ == period && j < std::size_t{Pairs}; ++j)
                common_.closing[j] = as_complex(1.0 / (1.0 - std::pow(taps_.pole[j], static_cast<double>(period))));
        }
        for (index_t i = -warm_; i < n; ++i) {
            onwards_.push_back(edge.source(i, n));
            backwards_.push_back(edge.source(n - 1 - i, n));
        }
        common_.warm = warm_;
        common_.count = n;
    }

    /// Bytes of scratch: samples, sums, and where a sweep begins.
    index_t scratch() const {
        const index_t rows =
            checked::add(checked::multiply(n_, 2, "rows of scratch"), index_t{2} * Pairs, "rows of scratch");
        return checked::multiply(rows, unit * static_cast<index_t>(sizeof(T)), "scratch");
    }
    T* samples(std::byte* scratch) const noexcept { return reinterpret_cast<T*>(scratch); }

    /// Smooths the lines in samples(scratch), sample i of line l at [i * unit + l]; returns where the sums are,
    /// likewise.
    T const* smooth(std::byte* scratch, instruction_set set) const noexcept {
        T* const in = samples(scratch);
        T* const out = in + n_ * unit;
        T* const start = out + n_ * unit;
        const auto run = versions<sweep>::of(set);
        arguments a = common_;
        a.in = in;
        a.out = out;
        a.start = start;
        begin(start, in);
        a.order = onwards_.data();
        run(a);
        begin(start, in + (n_ - 1) * unit);
        a.order = backwards_.data();
        a.continued = true;
        run(a);
        return out;
    }

private:
    static typename sweep::complex as_complex(std::complex<double> v) {
        return {static_cast<T>(v.real()), static_cast<T>(v.imag())};
    }

    // The sums behind a sweep's first row, where all samples before it have one value: v / (1 - pole).
    void begin(T* start, T const* end_samples) const noexcept {
        std::fill_n(start, index_t{2} * Pairs * unit, T{});
        if (warm_ > 0 || edge_.is_zero()) return;
        for (index_t j = 0; j < Pairs; ++j) {
            const auto sum = as_complex(1.0 / (1.0 - taps_.pole[static_cast<std::size_t>(j)]));
            for (index_t l = 0; l < unit; ++l) {
                const T v = edge_.map == boundary::rule::constant ? static_cast<T>(edge_.re) : end_samples[l];
                start[2 * j * unit + l] = v * sum.re;
                start[(2 * j + 1) * unit + l] = v * sum.im;
            }
        }
    }
};

/// 16 lines of an array along one axis: where they begin, and how they are brought into rows of 16 samples and back.
template <class E>
struct line_block {
    static constexpr index_t unit = 16;
    E* first[std::size_t{unit}];
    index_t count, step;  // lines; from sample to sample
    bool adjacent;        // each line one element behind the one before it

    line_block(strided<E> const& x, int axis, index_t number, index_t lines) noexcept
        : count(std::min(unit, lines - number * unit)), step(x.stride[axis]), adjacent(count == unit) {
        for (index_t l = 0; l < count; ++l) {
            index_t rest = number * unit + l;
            first[l] = x.data;
            for (int a = x.n.rank(); a-- > 0;) {
                if (a == axis) continue;
                first[l] += rest % x.n[a] * x.stride[a];
                rest /= x.n[a];
            }
            adjacent = adjacent && first[l] == first[0] + l;
        }
    }

    template <class T>
    void load(T* rows, index_t n) const noexcept {
        if (adjacent) {
            for (index_t i = 0; i < n; ++i) load_row(first[0] + i * step, 1, rows + i * unit, unit);
            return;
        }
        T tile[std::size_t{unit}][std::size_t{unit}]{};
        for (index_t i = 0; i < n; i += unit) {
            const index_t some = std::min(unit, n - i);
            for (index_t l = 0; l < count; ++l) load_row(first[l] + i * step, step, tile[l], some);
            for (index_t k = 0; k < some; ++k)
                for (index_t l = 0; l < unit; ++l) rows[(i + k) * unit + l] = tile[l][k];
        }
    }

    void store(E const* rows, index_t n) const noexcept {
        if (adjacent) {
            for (index_t i = 0; i < n; ++i) load_row(rows + i * unit, 1, first[0] + i * step, unit);
            return;
        }
        E tile[std::size_t{unit}][std::size_t{unit}];
        for (index_t i = 0; i < n; i += unit) {
            const index_t some = std::min(unit, n - i);
            for (index_t k = 0; k < some; ++k)
                for (index_t l = 0; l < unit; ++l) tile[l][k] = rows[(i + k) * unit + l];
            for (index_t l = 0; l < count; ++l)
                for (index_t k = 0; k < some; ++k) first[l][(i + k) * step] = tile[l][k];
        }
    }
};

/// y = x smoothed along an axis; y may be x.
template <int Pairs, class X, class T>
void smooth_along(int axis, strided<X const> const& x, strided<T> const& y, boundary const& edge, double sigma,
                  int threads) {
    const index_t n = x.n[axis];
    index_t lines = 1;
    for (int a = 0; a < x.n.rank(); ++a) lines *= a == axis ? 1 : x.n[a];
    const recursive_smoother<T, Pairs> smoother(n, edge, sigma);
    const index_t blocks = checked::ceil_divide(lines, line_block<T>::unit);
    const instruction_set set = best_instruction_set();
    workspace scratch(smoother.scratch(), 0, static_cast<int>(std::clamp<index_t>(blocks, 1, threads)));
    scratch.run(blocks, [&](grain_range range, std::byte* bytes) noexcept {
        for (index_t g = range.first; g < range.last; ++g) {
            line_block<X const>(x, axis, g, lines).load(smoother.samples(bytes), n);
            line_block<T>(y, axis, g, lines).store(smoother.smooth(bytes, set), n);
        }
    });
}

/// y = x smoothed along all axes.
template <int Pairs, class X, class T>
void smooth(strided<X const> const& x, strided<T> const& y, per_axis<double> const& sigma,
            recursive_gaussian_options const& how, int threads) {
    if (is_empty(y.n)) return;
    smooth_along<Pairs, X, T>(0, x, y, how.boundary[0], sigma[0], threads);
    for (int a = 1; a < y.n.rank(); ++a)
        smooth_along<Pairs, T, T>(a, strided<T const>{y.data, y.n, y.stride}, y, how.boundary[a], sigma[a], threads);
}

/// The same with as many pairs as the options say. Errors: option_error, shape_error.
template <class X, class T>
void smooth(strided<X const> const& x, strided<T> const& y, per_axis<double> const& sigma,
            recursive_gaussian_options const& how) {
    const int rank = x.n.rank(), threads = threads_of(recursive_gaussian_name, how.threads);
    sigma.require_axes(rank, "sigma", recursive_gaussian_name);
    how.boundary.require_axes(rank, "boundary", recursive_gaussian_name);
    for (int a = 0; a < rank; ++a) require_positive(recursive_gaussian_name, "sigma", sigma[a]);
    if (how.pairs == 2) return smooth<2>(x, y, sigma, how, threads);
    if (how.pairs == 3) return smooth<3>(x, y, sigma, how, threads);
    if (how.pairs == 4) return smooth<4>(x, y, sigma, how, threads);
    fail<option_error>(recursive_gaussian_name, ": ", how.pairs, " pairs of exponentials; 2, 3 or 4 are possible");
}

/// Whose sums are stored as another type.
inline filter_options storage_of(recursive_gaussian_options const& o) {
    return {.boundary = o.boundary, .threads = o.threads, .overflow = o.overflow, .rounding = o.rounding};
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// x smoothed by a Gaussian of this sigma along every axis, as gaussian_filter with a window without end, to the
/// deviation that recursive_gaussian_options says; in floating sums it is rounded, besides, by about sigma / 4 units in
/// the last place. For large sigma: it takes about the time of gaussian_filter at sigma = 10, and half of it at 50.
/// A sample that is NaN or infinite spreads over its whole line, and along the next axis over the array.
/// Shapes: any rank; sigma and boundary are one value or one per axis. Types: as gaussian_filter.
/// Errors: option_error unless sigma is finite and above 0, and pairs 2, 3 or 4; shape_error for lists of another
/// length; std::bad_alloc. Cost: 24 * pairs multiplications and additions a sample and axis; what lies beyond the ends
/// is walked through once, up to 9 sigma (float) or 18 sigma (double) samples at each end.
/// Source: Deriche, INRIA report 1893 (1993), with exponentials of our own.
template <class Result = by_rule, real_viewable X>
auto recursive_gaussian_filter(X const& x, per_axis<double> const& sigma,
                               recursive_gaussian_options const& options = {}) {
    return detail::new_filled<detail::type_or<Result, detail::smoothing_t<element_t<X>>>>(
        x, [&](auto& y) { recursive_gaussian_filter_into(y, x, sigma, options); });
}

/// The same into y: straight into it where its elements are the sums, else from sums of the shape of x. Errors: also
/// shape_error for another shape and overlap_error where y overlaps x or itself; y is untouched then.
template <class Output, real_viewable X>
    requires viewable<std::remove_cvref_t<Output>>
void recursive_gaussian_filter_into(Output&& y, X const& x, per_axis<double> const& sigma,
                                    recursive_gaussian_options const& options = {}) {
    detail::fill_given<detail::smoothing_t<element_t<X>>>(
        detail::recursive_gaussian_name, y, x, detail::storage_of(options), [&](auto& sums) {
            detail::smooth(strided<element_t<X> const>(as_view(x).erased()), as_view(sums).erased(), sigma, options);
        });
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
