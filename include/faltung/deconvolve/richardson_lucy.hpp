// faltung/deconvolve/richardson_lucy.hpp -- the non-negative image that makes counted samples most likely
#pragma once

#include "../geometry/solve.hpp"
#include "operator_of.hpp"

namespace faltung {

/// The iteration alone.
struct likelihood_options {
    index_t iterations = 50;  // the fewer, the smoother: their number is the regularisation
    double residual = 0;      // ends as soon as |y - A x - background| is no more than this
    double background = 0;    // is part of the data and not of x
    progress_function progress = {};
};

struct richardson_lucy_options {
    /// y = convolve(x, h, convolution) + background. With mode::valid nothing is said about what lies beyond the data:
    /// x is larger, by span - 1 samples along each axis.
    convolve_options convolution = {.padding = mode::valid};
    likelihood_options likelihood = {};
};

template <class T, std::size_t Rank>
struct richardson_lucy_result {
    tensor<T, Rank> x;
    solver_report report;
};

namespace detail {
inline namespace FALTUNG_COMPILED {

template <class T>
void require_counts(char const* name, tensor_view<T const, 1> const& b) {
    for (index_t o = 0; o < b.extent(0); ++o)
        if (!(b(o) >= 0) || !is_finite(b(o)))
            fail<option_error>(name, ": sample ", o, " is ", b(o), ": at least 0 and finite is needed");
}

/// The shape of x for outputs of shape m: whatever windows reach.
inline shape estimate_shape(shape const& m, shape const& h, convolve_options const& o) {
    const request r{"richardson_lucy", sense::convolution};
    const resolved to = resolve(r, m, h, o);
    shape n;
    for (int a = 0; a < m.rank(); ++a) {
        const auto extent = solve(unknown::extent, to.problem[a], m[a], a);
        if (!extent)
            fail<shape_error>(r.operation, ": axis ", a, ": no extent of x has ", m[a],
                              m[a] == 1 ? " output" : " outputs");
        n.push_back(*extent.value);
    }
    return n;
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// x >= 0 that makes b most likely where b[o] is Poisson of mean (A x)[o] + background, for an A without negative
/// elements, as far as the iterations go:
///
///     x <- x * A^T(b / (A x + background)) / A^T 1
///
/// Every iteration keeps x non-negative and never lowers the likelihood; without background, sum(A x) = sum(b). An
/// unknown that reaches no sample keeps its start: `start`, or the same positive number for all. Types: float, double.
/// Errors: shape_error; option_error for a sample that is negative or not finite, with its index, and for a negative
/// start. Cost: a product with A and one with its adjoint per iteration.
/// Source: Richardson (1972); Lucy (1974); for A^T 1 at the border, Bertero and Boccacci (2005).
template <class T>
    requires std::floating_point<T> solver_result<T> richardson_lucy(linear_operator<T> const& a,
                                                                     std::vector<T> const& b,
                                                                     likelihood_options const& o = {},
                                                                     std::vector<T> const& start = {}) {
        constexpr char const* name = "richardson_lucy";
        detail::require_iterations(name, o.iterations);
        detail::require_from_0(name, ".residual", o.residual);
        detail::require_from_0(name, ".background", o.background);
        detail::require_counts<T>(name, as_view(b));
        detail::require_system(name, a, b, start);
        for (std::size_t i = 0; i < start.size(); ++i)
            if (!(start[i] >= 0))
                detail::fail<option_error>(name, ": number ", i, " of the start is ", start[i],
                                           ": at least 0 is needed");
        const T background = static_cast<T>(o.background);
        std::vector<T> reach(static_cast<std::size_t>(a.unknowns)), ax(b.size(), T{1}), ratio(b.size()),
            back(reach.size());
        a.adjoint(ax, reach);
        double total = 0, of_reach = 0;
        for (T s : b) total += std::max(static_cast<double>(s) - o.background, 0.0);
        T most = 0;
        for (T s : reach) {
            most = std::max(most, s);
            of_reach += static_cast<double>(s);
        }
        // A transform leaves rounding where there is nothing: what is below these shares of the largest counts as that.
        constexpr T rounding = 16 * std::numeric_limits<T>::epsilon();
        const T least_reach = rounding * most;
        solver_result<T> s{start, {}};
        if (start.empty()) s.x.assign(reach.size(), of_reach > 0 ? static_cast<T>(total / of_reach) : T{0});
        for (;; ++s.report.iterations) {
            a.apply(s.x, ax);
            double squares = 0;
            T largest = 0;
            for (std::size_t i = 0; i < b.size(); ++i) {
                ax[i] += background;
                const double off = static_cast<double>(b[i]) - static_cast<double>(ax[i]);
                squares += off * off;
                largest = std::max(largest, ax[i]);
            }
            s.report.residual = std::sqrt(squares);
            const bool good = s.report.residual <= o.residual, broken = !std::isfinite(s.report.residual);
            if (good) s.report.reason = stop_reason::converged;
            if (broken) s.report.reason = stop_reason::breakdown;
            if (good || broken || s.report.iterations >= o.iterations) break;
            if (s.report.iterations > 0 && o.progress && !o.progress(s.report)) {
                s.report.reason = stop_reason::stopped;
                break;
            }
            const T least = std::max(rounding * largest, std::numeric_limits<T>::min());
            for (std::size_t i = 0; i < b.size(); ++i) ratio[i] = b[i] / std::max(ax[i], least);
            a.adjoint(ratio, back);
            for (std::size_t i = 0; i < reach.size(); ++i)
                if (reach[i] > least_reach) s.x[i] *= std::max(back[i], T{0}) / reach[i];
        }
        return s;
    }

/// The same for y = convolve(x, h, options.convolution) + background, where mask is true: what y holds elsewhere is not
/// read. With the default mode::valid there is no edge that artefacts could come from: y[o] is made of the samples of x
/// from o to o + span - 1 along each axis.
/// Types: float or double, y and h alike. Errors: those of convolver; option_error for a tap that is negative or not
/// finite. Cost: two convolutions per iteration.
template <viewable Y, viewable H, viewable Mask>
[[nodiscard]] auto richardson_lucy(Y const& y, H const& h, Mask const& mask, richardson_lucy_options const& o = {}) {
    using T = element_t<Y>;
    static_assert(std::floating_point<T> && std::same_as<T, element_t<H>>, "float or double, y and h alike");
    const auto samples = as_view(y);
    const auto taps = as_view(h);
    const auto known = as_view(mask);
    for_each_index(taps.shape(), [&](index_list const& t) {
        if (!(taps(t) >= 0) || !is_finite(taps(t)))
            detail::fail<option_error>("richardson_lucy: the tap at ", t, " is ", taps(t),
                                       ": at least 0 and finite is needed");
    });
    if (!(known.shape() == samples.shape()))
        detail::fail<shape_error>("richardson_lucy: a mask of shape ", known.shape(), " for data of shape ",
                                  samples.shape());
    std::vector<T> b;
    bool complete = true;
    for_each_index(samples.shape(), [&](index_list const& i) {
        complete = complete && known(i);
        if (known(i) && (!(samples(i) >= 0) || !is_finite(samples(i))))
            detail::fail<option_error>("richardson_lucy: the sample at ", i, " is ", samples(i),
                                       ": at least 0 and finite is needed");
        if (known(i)) b.push_back(samples(i));
    });
    const shape n = detail::estimate_shape(samples.shape(), taps.shape(), o.convolution);
    convolver<T> plan(n, h, o.convolution);
    if (!(plan.output_shape() == samples.shape()))
        detail::fail<shape_error>("richardson_lucy: an x of shape ", n, " has outputs ", plan.output_shape(), ", not ",
                                  samples.shape());
    linear_operator<T> a = operator_of(std::move(plan));
    if (!complete) a = masked(a, mask);
    auto found = richardson_lucy(a, b, o.likelihood);
    return richardson_lucy_result<T, rank_of<Y>>{tensor<T, rank_of<Y>>(n, found.x), found.report};
}

/// The same where every sample is known.
template <viewable Y, viewable H>
[[nodiscard]] auto richardson_lucy(Y const& y, H const& h, richardson_lucy_options const& o = {}) {
    tensor<bool, rank_of<Y>> mask(as_view(y).shape());
    std::fill(mask.begin(), mask.end(), true);
    return richardson_lucy(y, h, mask, o);
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
