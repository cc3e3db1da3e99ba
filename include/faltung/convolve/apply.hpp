// faltung/convolve/apply.hpp -- convolve and correlate as functions: one problem, solved once
#pragma once

#include "../view/tensor.hpp"
#include "../view/viewable.hpp"
#include "batch.hpp"

namespace faltung {

/// Stands for "by the rule" where a function takes element types: the accumulator is accumulator_t of the operands, the
/// result is the accumulator.
struct by_rule {};

namespace detail {

/// The accumulator by the rule, at least as precise as a floating result that was named.
template <class Result, class Sum>
struct sum_for {
    using type = Sum;
};
template <class Result, class Sum>
    requires(is_floating<Result>&& is_floating<Sum>)
struct sum_for<Result, Sum> {
    using type = with_complexity<std::common_type_t<real_t<Result>, real_t<Sum>>, is_complex<Sum>>;
};

template <class Wanted, class Rule>
using type_or = std::conditional_t<std::is_same_v<Wanted, by_rule>, Rule, Wanted>;

/// The element types of a call.
template <class Result, class Accumulator, class Input, class Kernel>
struct call_types {
    using X = element_t<Input>;
    using H = element_t<Kernel>;
    using Sum = type_or<Accumulator, typename sum_for<Result, accumulator_t<X, H>>::type>;
    using type = types<X, H, Sum, type_or<Result, Sum>>;
};

template <class Types, class Input, class Kernel, class How>
auto into_new(request const& r, Input const& x, Kernel const& h, How const& how) {
    using T = typename Types::type;
    const single_call<T> call(r, as_view(x).erased(), as_view(h).erased(), how);
    auto y = tensor<typename T::Y, rank_of<Input>>::uninitialized(call.output_shape());
    call.run(as_view(y).erased());
    return y;
}

template <class Types, class Output, class Input, class Kernel, class How>
void into_given(request const& r, Output& y, Input const& x, Kernel const& h, How const& how) {
    static_assert(!std::is_const_v<typename view_of<Output>::element_type>, "the output is read-only");
    single_call<typename Types::type>(r, as_view(x).erased(), as_view(h).erased(), how).run(as_view(y).erased());
}

template <class Result, class Accumulator, class Input, class Kernel, class How>
std::string explained(request const& r, Input const& x, Kernel const& h, How const& how) {
    using T = typename call_types<Result, Accumulator, Input, Kernel>::type;
    return account_of<T>(r, as_view(x).erased(), as_view(h).erased(), how);
}

inline constexpr request convolution{"convolve", sense::convolution}, correlation{"correlate", sense::correlation};

}  // namespace detail

/// The convolution of x with h: y[o] = sum over t of h[t] * x~[o - t] along every axis, x~ = x continued by the
/// boundary.
///
/// Shapes: h has the rank of x, or `.axes` says where its axes lie; the default padding is full, n + k - 1 samples.
/// With
/// `.axes` and a kernel of the rank of x, the other axes of both are a batch: as many kernels as inputs, or 1 for all.
/// Types: convolve<Result, Accumulator>(x, h) names them; by default both are accumulator_t of the operands.
/// Errors: shape_error, option_error, overflow_error, unsupported_error, each with its numbers.
/// Cost: explain(x, h, options). A `convolver` does the preparation only once.
template <class Result = by_rule, class Accumulator = by_rule, viewable Input, viewable Kernel>
auto convolve(Input const& x, Kernel const& h, convolve_options const& options = {}) {
    return detail::into_new<detail::call_types<Result, Accumulator, Input, Kernel>>(detail::convolution, x, h, options);
}
template <class Result = by_rule, class Accumulator = by_rule, viewable Input, viewable Kernel>
auto convolve(Input const& x, Kernel const& h, dialect const& as) {
    return detail::into_new<detail::call_types<Result, Accumulator, Input, Kernel>>(detail::convolution, x, h, as);
}

/// The cross-correlation of x with h: y[o] = sum over t of conj(h[t]) * x~[o + t]. Everything else as convolve.
template <class Result = by_rule, class Accumulator = by_rule, viewable Input, viewable Kernel>
auto correlate(Input const& x, Kernel const& h, convolve_options const& options = {}) {
    return detail::into_new<detail::call_types<Result, Accumulator, Input, Kernel>>(detail::correlation, x, h, options);
}
template <class Result = by_rule, class Accumulator = by_rule, viewable Input, viewable Kernel>
auto correlate(Input const& x, Kernel const& h, dialect const& as) {
    return detail::into_new<detail::call_types<Result, Accumulator, Input, Kernel>>(detail::correlation, x, h, as);
}

/// y = convolve(x, h, options), into memory that the caller has. The result type is that of y.
/// Errors: also shape_error when y has another shape, overlap_error when it overlaps x or itself; y is untouched then.
template <class Accumulator = by_rule, class Output, viewable Input, viewable Kernel>
    requires viewable<std::remove_cvref_t<Output>>
void convolve_into(Output&& y, Input const& x, Kernel const& h, convolve_options const& options = {}) {
    detail::into_given<detail::call_types<element_t<Output>, Accumulator, Input, Kernel>>(detail::convolution, y, x, h,
                                                                                          options);
}
template <class Accumulator = by_rule, class Output, viewable Input, viewable Kernel>
    requires viewable<std::remove_cvref_t<Output>>
void convolve_into(Output&& y, Input const& x, Kernel const& h, dialect const& as) {
    detail::into_given<detail::call_types<element_t<Output>, Accumulator, Input, Kernel>>(detail::convolution, y, x, h,
                                                                                          as);
}

/// y = correlate(x, h, options), likewise.
template <class Accumulator = by_rule, class Output, viewable Input, viewable Kernel>
    requires viewable<std::remove_cvref_t<Output>>
void correlate_into(Output&& y, Input const& x, Kernel const& h, convolve_options const& options = {}) {
    detail::into_given<detail::call_types<element_t<Output>, Accumulator, Input, Kernel>>(detail::correlation, y, x, h,
                                                                                          options);
}
template <class Accumulator = by_rule, class Output, viewable Input, viewable Kernel>
    requires viewable<std::remove_cvref_t<Output>>
void correlate_into(Output&& y, Input const& x, Kernel const& h, dialect const& as) {
    detail::into_given<detail::call_types<element_t<Output>, Accumulator, Input, Kernel>>(detail::correlation, y, x, h,
                                                                                          as);
}

/// The account of convolve(x, h, options): a line per method with its predicted time, scratch memory and error, or the
/// reason why it may not be taken; a star marks the one that the call takes, if there is one. Nothing is computed. With
/// `as_correlation{}` before x it is the account of correlate.
template <class Result = by_rule, class Accumulator = by_rule, viewable Input, viewable Kernel>
std::string explain(Input const& x, Kernel const& h, convolve_options const& options = {}) {
    return detail::explained<Result, Accumulator>(detail::convolution, x, h, options);
}
template <class Result = by_rule, class Accumulator = by_rule, viewable Input, viewable Kernel>
std::string explain(Input const& x, Kernel const& h, dialect const& as) {
    return detail::explained<Result, Accumulator>(detail::convolution, x, h, as);
}
template <class Result = by_rule, class Accumulator = by_rule, viewable Input, viewable Kernel>
std::string explain(as_correlation, Input const& x, Kernel const& h, convolve_options const& options = {}) {
    return detail::explained<Result, Accumulator>(detail::correlation, x, h, options);
}
template <class Result = by_rule, class Accumulator = by_rule, viewable Input, viewable Kernel>
std::string explain(as_correlation, Input const& x, Kernel const& h, dialect const& as) {
    return detail::explained<Result, Accumulator>(detail::correlation, x, h, as);
}

}  // namespace faltung
