// faltung/filter/morphology.hpp -- dilation and erosion, opening and closing
#pragma once

#include "../convolve/apply_in.hpp"
#include "along_axes.hpp"

namespace faltung {
namespace detail {
inline namespace FALTUNG_COMPILED {

/// The sums of samples X and a structuring element: as they are for floating samples, of 64 bits for integers.
template <class X>
using morphology_sum = std::conditional_t<is_floating<X>, X, std::int64_t>;

template <class Algebra, class Y, class X>
struct morphology_types {
    using T = morphology_sum<X>;
    using type = types<X, T, sum_in<Algebra, T>, Y>;
};

/// What is added to the samples: the element's numbers times `sign`; for a flat one, of bool, 0 where it is true, and
/// where it is not the algebra's zero, which leaves the sample out.
template <class Algebra, class X, class H>
auto structure_of(H const& element, int sign) {
    using T = morphology_sum<X>;
    const auto from = as_view(element);
    tensor<T, rank_of<H>> taps(from.shape());
    for_each_index(from.shape(), [&](index_list const& t) {
        if constexpr (std::is_same_v<element_t<H>, bool>)
            taps(t) = from(t) ? T{0} : Algebra::template zero<T>;
        else
            taps(t) = static_cast<T>(sign) * static_cast<T>(from(t));
    });
    return taps;
}

template <class Algebra, class Output, viewable X, viewable H>
void with_structure(request const& r, Output& y, X const& x, H const& element, int sign, filter_options const& how) {
    using E = element_t<X>;
    static_assert(is_floating<E> || sizeof(E) <= 4, "integers of at most 32 bits");
    static_assert(is_floating<E> || (std::is_integral_v<element_t<H>> && sizeof(element_t<H>) <= 4),
                  "the structuring element of integers has integers of at most 32 bits");
    convolve_options o{.padding = mode::same, .boundary = how.boundary, .threads = how.threads};
    per_axis<index_t> middle;
    for (index_t n : as_view(element).shape()) middle.push_back(n / 2);
    o.centre = middle;
    into_given<morphology_types<Algebra, element_t<Output>, E>>(r, y, x, structure_of<Algebra, E>(element, sign), o);
}

inline constexpr request dilation{"dilate", sense::convolution}, erosion{"erode", sense::correlation};

/// y = x after step_into(., ., flat element of size[a] samples along axis a) for one axis after the other.
template <class Output, class X, class StepInto>
void axis_by_axis(request const& r, Output& y, X const& x, per_axis<index_t> const& size, StepInto step_into) {
    constexpr int rank = static_cast<int>(rank_of<X>);
    size.require_axes(rank, "size", r.operation);
    for (int a = 0; a < rank; ++a) require_taps(r.operation, size[a], 1);
    require_given(r.operation, y, x, as_view(x).shape());
    const auto flat = [&](int a) {
        shape n = shape::repeated(rank, 1);
        n[a] = size[a];
        tensor<bool, rank_of<X>> element(n);
        std::fill(element.begin(), element.end(), true);
        return element;
    };
    const auto after = [&](auto const& samples, int a) {
        return new_filled<element_t<X>>(x, [&](auto& next) { step_into(next, samples, flat(a)); });
    };
    if constexpr (rank == 1) {
        step_into(y, x, flat(0));
    } else {
        auto samples = after(x, 0);
        for (int a = 1; a + 1 < rank; ++a) samples = after(samples, a);
        step_into(y, samples, flat(rank - 1));
    }
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// Dilation by a structuring element of n samples: y[o] = max over t of x~[o - t + n / 2] + h[t] along every axis; of a
/// flat element, one of bool, over those t where it is true. scipy.ndimage.grey_dilation; for odd sizes cv::dilate with
/// the element reversed. dilate(image, {3, 3}) takes a flat box.
///
/// The boundary is symmetric unless options.boundary says otherwise; boundary::zero leaves out what is outside, as
/// OpenCV does by default. Types: real samples, integers of at most 32 bits; y has the type of x unless dilate<Result>
/// names it, that of y where y is given; integers are clamped, and a bool is whether the sum is above 0. Errors: those
/// of convolve, of convolve_into where y is given. Cost: the
/// samples of h, for each of x; of a flat box those of its sides.
template <class Output, real_viewable X, viewable H>
    requires(rank_of<X> == rank_of<H> && viewable<std::remove_cvref_t<Output>>)
void dilate_into(Output&& y, X const& x, H const& element, filter_options const& options = {}) {
    detail::with_structure<max_plus>(detail::dilation, y, x, element, 1, options);
}
template <class Output, real_viewable X>
    requires viewable<std::remove_cvref_t<Output>>
void dilate_into(Output&& y, X const& x, per_axis<index_t> const& size, filter_options const& options = {}) {
    detail::axis_by_axis(detail::dilation, y, x, size, [&](auto& next, auto const& samples, auto const& flat) {
        dilate_into(next, samples, flat, options);
    });
}
template <class Result = by_rule, real_viewable X, viewable H>
    requires(rank_of<X> == rank_of<H>)
auto dilate(X const& x, H const& element, filter_options const& options = {}) {
    return detail::new_filled<detail::type_or<Result, element_t<X>>>(
        x, [&](auto& y) { dilate_into(y, x, element, options); });
}
template <real_viewable X>
auto dilate(X const& x, per_axis<index_t> const& size, filter_options const& options = {}) {
    return detail::new_filled<element_t<X>>(x, [&](auto& y) { dilate_into(y, x, size, options); });
}

/// Erosion: y[o] = min over t of x~[o + t - n / 2] - h[t], everything else as dilate: scipy.ndimage.grey_erosion,
/// cv::erode. erode(x, h) = -dilate(-x, flip(h)) where n is odd.
template <class Output, real_viewable X, viewable H>
    requires(rank_of<X> == rank_of<H> && viewable<std::remove_cvref_t<Output>>)
void erode_into(Output&& y, X const& x, H const& element, filter_options const& options = {}) {
    detail::with_structure<min_plus>(detail::erosion, y, x, element, -1, options);
}
template <class Output, real_viewable X>
    requires viewable<std::remove_cvref_t<Output>>
void erode_into(Output&& y, X const& x, per_axis<index_t> const& size, filter_options const& options = {}) {
    detail::axis_by_axis(detail::erosion, y, x, size, [&](auto& next, auto const& samples, auto const& flat) {
        erode_into(next, samples, flat, options);
    });
}
template <class Result = by_rule, real_viewable X, viewable H>
    requires(rank_of<X> == rank_of<H>)
auto erode(X const& x, H const& element, filter_options const& options = {}) {
    return detail::new_filled<detail::type_or<Result, element_t<X>>>(
        x, [&](auto& y) { erode_into(y, x, element, options); });
}
template <real_viewable X>
auto erode(X const& x, per_axis<index_t> const& size, filter_options const& options = {}) {
    return detail::new_filled<element_t<X>>(x, [&](auto& y) { erode_into(y, x, size, options); });
}

/// What erosion and then dilation leave: bright parts into which the element does not fit are gone.
/// scipy.ndimage.grey_opening. `element`: a structuring element, or the sizes of a flat box.
template <class Output, real_viewable X, class Element>
    requires viewable<std::remove_cvref_t<Output>>
void opening_into(Output&& y, X const& x, Element const& element, filter_options const& options = {}) {
    detail::require_given("opening", y, x, as_view(x).shape());
    dilate_into(y, erode(x, element, options), element, options);
}
template <real_viewable X, class Element>
auto opening(X const& x, Element const& element, filter_options const& options = {}) {
    return detail::new_filled<element_t<X>>(x, [&](auto& y) { opening_into(y, x, element, options); });
}

/// What dilation and then erosion leave: dark parts into which the element does not fit are gone.
/// scipy.ndimage.grey_closing.
template <class Output, real_viewable X, class Element>
    requires viewable<std::remove_cvref_t<Output>>
void closing_into(Output&& y, X const& x, Element const& element, filter_options const& options = {}) {
    detail::require_given("closing", y, x, as_view(x).shape());
    erode_into(y, dilate(x, element, options), element, options);
}
template <real_viewable X, class Element>
auto closing(X const& x, Element const& element, filter_options const& options = {}) {
    return detail::new_filled<element_t<X>>(x, [&](auto& y) { closing_into(y, x, element, options); });
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
