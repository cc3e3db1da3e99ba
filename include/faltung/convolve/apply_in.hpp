// faltung/convolve/apply_in.hpp -- convolution and correlation in other algebras: the largest sum instead of the sum of
// products, and the like
#pragma once

#include "apply.hpp"

namespace faltung {

/// The algebras that convolve_in and correlate_in take.
template <class Algebra>
concept other_algebra = requires {
    { Algebra::name } -> std::convertible_to<algebra>;
};

namespace detail {

/// The element types of a call in another algebra.
template <class Algebra, class Result, class Input, class Kernel>
struct call_types_in {
    using X = element_t<Input>;
    using H = element_t<Kernel>;
    static constexpr bool integers = std::is_integral_v<X> && std::is_integral_v<H>;
    static_assert(!is_complex<X> && !is_complex<H>, "samples and taps of other algebras are real");
    static_assert(!integers || (sizeof(X) <= 4 && sizeof(H) <= 4),
                  "integers of at most 32 bits: nothing that they add up to may come near the algebra's zero");
    static_assert(Algebra::name != algebra::log_plus || !integers,
                  "the logarithm of a sum is no integer: name a floating kernel, convolve_in<log_plus>(x, h)");
    using R = std::conditional_t<integers && Algebra::name == algebra::or_and, std::int32_t, accumulator_t<X, H>>;
    using Rule = std::conditional_t<Algebra::name == algebra::or_and, bool, R>;
    using type = types<X, H, sum_in<Algebra, R>, type_or<Result, Rule>>;
};

inline constexpr request convolution_in{"convolve_in", sense::convolution},
    correlation_in{"correlate_in", sense::correlation};

}  // namespace detail

/// The convolution of x with h in an algebra: y[o] = (+) over t of h[t] (x) x~[o - t], where
///     max_plus   max over t of  h[t] + x~[o - t]             min_plus   min over t of  h[t] + x~[o - t]
///     log_plus   log(sum over t of exp(h[t] + x~[o - t]))    or_and     any t with h[t] and x~[o - t] not 0
///
/// A zero boundary is the algebra's zero, it adds nothing: outside is -inf for max_plus. Any other constant is a
/// sample. Outputs without a sample are that zero; of integers the result's least or largest number. Options: as
/// convolve, without a dialect; `direct` is the only method. Types: the result is accumulator_t of the operands, bool
/// for or_and, unless convolve_in<Algebra, Result> names it; integers are clamped to its range. Integers have at most
/// 32 bits. Errors: those of convolve. Cost: taps times outputs.
template <other_algebra Algebra, class Result = by_rule, viewable Input, viewable Kernel>
auto convolve_in(Input const& x, Kernel const& h, convolve_options const& options = {}) {
    return detail::into_new<detail::call_types_in<Algebra, Result, Input, Kernel>>(detail::convolution_in, x, h,
                                                                                   options);
}

/// The same with x~[o + t]: the kernel is slid as it is.
template <other_algebra Algebra, class Result = by_rule, viewable Input, viewable Kernel>
auto correlate_in(Input const& x, Kernel const& h, convolve_options const& options = {}) {
    return detail::into_new<detail::call_types_in<Algebra, Result, Input, Kernel>>(detail::correlation_in, x, h,
                                                                                   options);
}

}  // namespace faltung
