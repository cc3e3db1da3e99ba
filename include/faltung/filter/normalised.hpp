// faltung/filter/normalised.hpp -- convolution of samples that are not all equally certain, and missing samples filled
// from their neighbours
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "window_sums.hpp"

namespace faltung {

/// Options of normalised_convolve and fill_missing.
struct normalised_options {
    /// The convolution behind it. A zero boundary has no certainty, so that only samples of x take part; samples of any
    /// other boundary have that of the sample they repeat, and a constant has 1.
    convolve_options convolution = {.padding = mode::same};

    /// Outputs whose windows no certainty reaches.
    double undefined = std::numeric_limits<double>::quiet_NaN();
};

namespace detail {
inline namespace FALTUNG_COMPILED {

/// The outputs that a quotient of two convolutions leaves open, one by one.
template <class T>
class certain_windows {
    using Wide = std::common_type_t<T, double>;

    problem const& of_samples_;
    window_samples windows_;
    T const* kernel_;                 // as the problem has it, dense
    T const *weighted_, *certainty_;  // dense

public:
    certain_windows(problem const& of_samples, T const* kernel, T const* weighted, T const* certainty)
        : of_samples_(of_samples), windows_(of_samples), kernel_(kernel), weighted_(weighted), certainty_(certainty) {}

    /// The quotient of the sums over the window of output o, `undefined` where there is none: where no certainty
    /// reaches, or where products of both signs cancel to within the rounding of their sum.
    T quotient(index_list const& o, T undefined) {
        if (windows_.every(o, [&](index_t at, int outside) { return outside < 0 && certainty_[at] == 0; }))
            return undefined;
        Wide weighted = 0, certain = 0, magnitude = 0;
        windows_.for_each(o, [&](index_t t, index_t at, int outside) {
            const Wide tap = static_cast<Wide>(kernel_[t]), c = outside < 0 ? static_cast<Wide>(certainty_[at]) : 1;
            if (tap == 0 || c == 0) return;
            weighted += tap * (outside < 0 ? static_cast<Wide>(weighted_[at])
                                           : static_cast<Wide>(of_samples_[outside].edge.re));
            certain += tap * c;
            magnitude += std::fabs(tap) * c;
        });
        const Wide rounding = static_cast<Wide>(of_samples_.taps_per_output()) * std::numeric_limits<T>::epsilon();
        if (std::fabs(certain) <= std::min(rounding, Wide(0.5)) * magnitude) return undefined;
        return static_cast<T>(weighted / certain);
    }
};

/// x c as a dense array, 0 where c is 0 whatever x is there; and c. Errors: shape_error, option_error.
template <class T, viewable X, viewable C>
std::pair<tensor<T, rank_of<X>>, tensor<T, rank_of<X>>> weighted_by(char const* operation, X const& x, C const& c) {
    const auto samples = as_view(x);
    const auto certainty = as_view(c);
    if (!(certainty.shape() == samples.shape()))
        fail<shape_error>(operation, ": a certainty of shape ", certainty.shape(), " for an input of shape ",
                          samples.shape());
    auto products = tensor<T, rank_of<X>>::uninitialized(samples.shape());
    auto certain = tensor<T, rank_of<X>>::uninitialized(samples.shape());
    T *product = products.data(), *to = certain.data();
    for_each_index(samples.shape(), [&](index_list const& i) {
        const T v = static_cast<T>(certainty(i));
        if (!(v >= 0) || !is_finite(v))
            fail<option_error>(operation, ": the certainty at ", i, " is ", static_cast<long double>(v),
                               ": at least 0 and finite is needed");
        *to++ = v;
        *product++ = v == 0 ? T{0} : static_cast<T>(samples(i)) * v;
    });
    return {std::move(products), std::move(certain)};
}

template <class T>
resolved of_certainty(resolved of_samples) {
    for (int a = 0; a < of_samples.problem.rank; ++a) {
        boundary& edge = of_samples.problem[a].edge;
        if (edge.map == boundary::rule::constant && !edge.is_zero()) edge = boundary::constant(1);
    }
    return of_samples;
}

/// Of samples times certainty, and of certainty, both dense.
template <class T, std::size_t Rank>
tensor<T, Rank> normalised(char const* operation, tensor<T, Rank> const& weighted, tensor<T, Rank> const& certainty,
                           strided<T const> const& h, normalised_options const& o) {
    using all_of_t = types<T, T, T, T>;
    const request r{operation, sense::convolution, 2};
    const resolved to = resolve(r, weighted.shape(), h.n, o.convolution);
    const forward_plan<all_of_t> of_samples(r, to, h, o.convolution.method);
    const forward_plan<all_of_t> of_certain(r, of_certainty<T>(to), h, of_samples.method());
    problem const& p = of_samples.problem();
    if (!p.kernel.finite) fail<option_error>(operation, ": a kernel with a tap that is not finite");

    auto y = sums_of(of_samples, weighted).sums;
    const auto certain = sums_of(of_certain, certainty);
    // Sums of certainty of which the error may be more than the root of the unit roundoff are computed again, one by
    // one, and with them all that may be 0: which outputs are undefined does not depend on the method. A sum of
    // products none of which is negative has no such error.
    T const* const taps = of_samples.kernel().samples->data();
    const bool cancels = std::any_of(taps, taps + of_samples.kernel().samples->count(), [](T tap) { return tap < 0; });
    const T root = std::sqrt(std::numeric_limits<T>::epsilon()),
            most = certainty.count() > 0 ? *std::max_element(certainty.begin(), certainty.end()) : T{0},
            largest = static_cast<T>(p.kernel.norm_1) * std::max(most, T{1}),
            open = std::max((certain.absolute + (cancels ? certain.relative * largest : T{0})) / root,
                            std::numeric_limits<T>::min() / std::numeric_limits<T>::epsilon());
    certain_windows<T> windows(p, taps, weighted.data(), certainty.data());
    T const* sum = certain.sums.data();
    T* to_y = y.data();
    for_each_index(y.shape(), [&](index_list const& i) {
        *to_y = std::fabs(*sum) > open ? *to_y / *sum : windows.quotient(i, static_cast<T>(o.undefined));
        ++sum;
        ++to_y;
    });
    return y;
}

template <class T, viewable H>
tensor<T, rank_of<H>> converted(H const& h) {
    const auto from = as_view(h);
    auto y = tensor<T, rank_of<H>>::uninitialized(from.shape());
    T* to = y.data();
    for_each_index(from.shape(), [&](index_list const& i) { *to++ = static_cast<T>(from(i)); });
    return y;
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// y = conv(x c, h) / conv(c, h): the convolution of samples x with a certainty c >= 0 each, 0 or false for those that
/// are unknown, whatever x holds there. The result does not depend on the scale of c.
///
/// Shapes: c that of x; h and y as for convolve with `.convolution`. Types: real; y is float for float and integers of
/// up to 16 bits, double for others.
/// Where no certainty reaches a tap that is not 0, y is `.undefined`, by every method the same; also where taps of both
/// signs leave no sum of certainty beyond rounding. Outputs of so little certainty that the error of a transform would
/// be more than the root of the unit roundoff are summed one by one. Errors: those of convolve; shape_error for a
/// certainty of another shape, option_error for a negative or non-finite certainty, or tap. Cost: two convolutions.
/// Source: Knutsson and Westin, Normalized and differential convolution (1993).
template <real_viewable X, real_viewable C, real_viewable H>
[[nodiscard]] auto normalised_convolve(X const& x, C const& c, H const& h, normalised_options const& options = {}) {
    using T = detail::quotient_t<element_t<X>, element_t<H>>;
    const auto [weighted, certainty] = detail::weighted_by<T>("normalised_convolve", x, c);
    const auto taps = detail::converted<T>(h);
    return detail::normalised("normalised_convolve", weighted, certainty, as_view(taps).erased(), options);
}

/// The same with certainty 1 for every sample of x: with the default zero boundary, a smoothing that does not darken
/// the rim.
template <real_viewable X, real_viewable H>
[[nodiscard]] auto normalised_convolve(X const& x, H const& h, normalised_options const& options = {}) {
    tensor<bool, rank_of<X>> certain(as_view(x).shape());
    std::fill(certain.begin(), certain.end(), true);
    return normalised_convolve(x, certain, h, options);
}

/// The same into y, of a floating type: rounded to it where it is another one. Errors: also shape_error for another
/// shape, overlap_error where y overlaps x or itself; y is untouched then.
template <class Output, real_viewable X, real_viewable C, real_viewable H>
    requires viewable<std::remove_cvref_t<Output>>
void normalised_convolve_into(Output&& y, X const& x, C const& c, H const& h, normalised_options const& options = {}) {
    detail::store_quotients("normalised_convolve", y, x, normalised_convolve(x, c, h, options));
}
template <class Output, real_viewable X, real_viewable H>
    requires viewable<std::remove_cvref_t<Output>>
void normalised_convolve_into(Output&& y, X const& x, H const& h, normalised_options const& options = {}) {
    detail::store_quotients("normalised_convolve", y, x, normalised_convolve(x, h, options));
}

/// x with each NaN replaced by the normalised convolution of the samples around it that are numbers; all others stay as
/// they are. Types: x of a floating type, which y has too. Only `.boundary`, `.centre`, `.axes`, `.method` and limits
/// of the options may differ from their defaults: y has the shape of x. Errors: option_error also where that is not so.
template <real_viewable X, real_viewable H>
    requires is_floating<element_t<X>>
[[nodiscard]] auto fill_missing(X const& x, H const& h, normalised_options const& options = {}) {
    using R = element_t<X>;
    const auto from = as_view(x);
    tensor<bool, rank_of<X>> known(from.shape());
    bool* to = known.data();
    for_each_index(from.shape(), [&](index_list const& i) { *to++ = !std::isnan(from(i)); });
    const auto smooth = normalised_convolve(x, known, h, options);
    if (!(smooth.shape() == from.shape()))
        detail::fail<option_error>("fill_missing: the convolution makes shape ", smooth.shape(), " of ", from.shape(),
                                   ": use .padding = mode::same and a window stride of 1");
    auto y = tensor<R, rank_of<X>>::uninitialized(from.shape());
    for_each_index(from.shape(), [&](index_list const& i) { y(i) = known(i) ? from(i) : static_cast<R>(smooth(i)); });
    return y;
}
template <class Output, real_viewable X, real_viewable H>
    requires(is_floating<element_t<X>>&& viewable<std::remove_cvref_t<Output>>)
void fill_missing_into(Output&& y, X const& x, H const& h, normalised_options const& options = {}) {
    detail::store_quotients("fill_missing", y, x, fill_missing(x, h, options));
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
