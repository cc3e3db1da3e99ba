// faltung/filter/sharpen.hpp -- the unit impulse, what is added to it to sharpen, and what is taken from it
#pragma once

#include "kernel_data.hpp"

namespace faltung {

/// 8 times the sample less its 8 neighbours: 0 where x is constant. Types of both: a signed scalar T, double unless
/// named.
template <scalar T = double>
constexpr fixed_kernel<T, 3, 3> high_pass() {
    return {{{-1, -1, -1}, {-1, 8, -1}, {-1, -1, -1}}};
}

/// The sample and its slope towards the bottom right: a relief lit from the top left.
template <scalar T = double>
constexpr fixed_kernel<T, 3, 3> emboss() {
    return {{{2, 1, 0}, {1, 1, -1}, {0, -1, -2}}};
}

inline namespace FALTUNG_COMPILED {

/// The kernel that changes nothing: 1 in the middle, 0 elsewhere. unit_impulse<float, 2>({3, 3}).
/// Errors: shape_error for an axis with an even number of taps, and as tensor.
template <scalar T = double, std::size_t Rank = 2>
tensor<T, Rank> unit_impulse(shape const& taps) {
    tensor<T, Rank> h{taps};
    index_list middle;
    for (index_t n : taps) {
        detail::require_middle("unit_impulse", n);
        middle.push_back(n / 2);
    }
    h(middle) = T{1};
    return h;
}

/// The mean of as many samples as the kernel has taps. Errors: shape_error without taps, and as tensor.
template <std::floating_point T = double, std::size_t Rank = 2>
tensor<T, Rank> box_kernel(shape const& taps) {
    auto h = tensor<T, Rank>::uninitialized(taps);
    for (index_t n : taps) detail::require_taps("box_kernel", n, 1);
    for (T& tap : h) tap = static_cast<T>(1.0L / static_cast<long double>(h.count()));
    return h;
}

/// delta + amount h: x * sharpening_kernel(a, h) = x + a (x * h), for a high pass h.
/// Types: the common type of amount and taps. Errors: shape_error for an axis with an even number of taps.
template <scalar A, viewable H>
auto sharpening_kernel(A amount, H const& h) {
    using T = std::common_type_t<A, element_t<H>>;
    return weighted_sum(T{1}, unit_impulse<T, rank_of<H>>(as_view(h).shape()), amount, h);
}

/// delta + amount (delta - h): x and what a low pass h takes from it, once more. Types and errors: likewise.
template <scalar A, viewable H>
auto unsharp_kernel(A amount, H const& h) {
    using T = std::common_type_t<A, element_t<H>>;
    const T a = static_cast<T>(amount);
    return weighted_sum(T{1} + a, unit_impulse<T, rank_of<H>>(as_view(h).shape()), -a, h);
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
