// faltung/filter/morphology.hpp -- dilation and erosion, opening and closing
#pragma once

#include "../convolve/apply_in.hpp"
#include "../view/copy.hpp"
#include "along_axes.hpp"

namespace faltung {
namespace detail {
inline namespace FALTUNG_COMPILED {

/// The sums of samples X and a structuring element: as they are for floating samples, of 64 bits for integers.
template <class X>
using morphology_sum = std::conditional_t<is_floating<X>, X, std::int64_t>;

template <class Algebra, class Result, class X>
struct morphology_types {
    using T = morphology_sum<X>;
    using type = types<X, T, sum_in<Algebra, T>, type_or<Result, X>>;
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

template <class Algebra, class Result, viewable X, viewable H>
auto with_structure(request const& r, X const& x, H const& element, int sign, filter_options const& how) {
    using E = element_t<X>;
    static_assert(is_floating<E> || sizeof(E) <= 4, "integers of at most 32 bits");
    static_assert(is_floating<E> || (std::is_integral_v<element_t<H>> && sizeof(element_t<H>) <= 4),
                  "the structuring element of integers has integers of at most 32 bits");
    convolve_options o{.padding = mode::same, .boundary = how.boundary, .threads = how.threads};
    per_axis<index_t> middle;
    for (index_t n : as_view(element).shape()) middle.push_back(n / 2);
    o.centre = middle;
    return into_new<morphology_types<Algebra, Result, E>>(r, x, structure_of<Algebra, E>(element, sign), o);
}

inline constexpr request dilation{"dilate", sense::convolution}, erosion{"erode", sense::correlation};

/// One axis after the other, with a flat element of `size` samples along each.
template <class Step, class X>
auto axis_by_axis(Step step, X const& x, per_axis<index_t> const& size) {
    constexpr int rank = static_cast<int>(rank_of<X>);
    size.require_axes(rank, "size");
    auto y = copy(as_view(x));
    for (int a = 0; a < rank; ++a) {
        require_taps("size", size[a], 1);
        shape n = shape::repeated(rank, 1);
        n[a] = size[a];
        tensor<bool, rank_of<X>> flat(n);
        std::fill(flat.begin(), flat.end(), true);
        y = step(y, flat);
    }
    return y;
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
/// names it; integers are clamped, and a bool is whether the sum is above 0. Errors: those of convolve. Cost: the
/// samples of h, for each of x; of a flat box those of its sides.
template <class Result = by_rule, real_viewable X, viewable H>
    requires(rank_of<X> == rank_of<H>)
auto dilate(X const& x, H const& element, filter_options const& options = {}) {
    return detail::with_structure<max_plus, Result>(detail::dilation, x, element, 1, options);
}
template <real_viewable X>
auto dilate(X const& x, per_axis<index_t> const& size, filter_options const& options = {}) {
    return detail::axis_by_axis([&](auto const& y, auto const& flat) { return dilate(y, flat, options); }, x, size);
}

/// Erosion: y[o] = min over t of x~[o + t - n / 2] - h[t], everything else as dilate: scipy.ndimage.grey_erosion,
/// cv::erode. erode(x, h) = -dilate(-x, flip(h)) where n is odd.
template <class Result = by_rule, real_viewable X, viewable H>
    requires(rank_of<X> == rank_of<H>)
auto erode(X const& x, H const& element, filter_options const& options = {}) {
    return detail::with_structure<min_plus, Result>(detail::erosion, x, element, -1, options);
}
template <real_viewable X>
auto erode(X const& x, per_axis<index_t> const& size, filter_options const& options = {}) {
    return detail::axis_by_axis([&](auto const& y, auto const& flat) { return erode(y, flat, options); }, x, size);
}

/// What erosion and then dilation leave: bright parts into which the element does not fit are gone.
/// scipy.ndimage.grey_opening. `element`: a structuring element, or the sizes of a flat box.
template <real_viewable X, class Element>
auto opening(X const& x, Element const& element, filter_options const& options = {}) {
    return dilate(erode(x, element, options), element, options);
}

/// What dilation and then erosion leave: dark parts into which the element does not fit are gone.
/// scipy.ndimage.grey_closing.
template <real_viewable X, class Element>
auto closing(X const& x, Element const& element, filter_options const& options = {}) {
    return erode(dilate(x, element, options), element, options);
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
