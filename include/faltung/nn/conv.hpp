// faltung/nn/conv.hpp -- a layer of many channels as a function: nn::conv, nn::conv_into, nn::explain
#pragma once

#include "../convolve/apply.hpp"
#include "layer_plan.hpp"

namespace faltung {
namespace detail {

template <class X, class W>
struct layer_sum {
    static constexpr bool is_byte_pair =
        std::is_integral_v<X> && std::is_integral_v<W> && sizeof(X) == 1 && sizeof(W) == 1;
    using type = std::conditional_t<is_byte_pair, std::int32_t, accumulator_t<X, W>>;
};

/// The element types of a layer's call; arrays of 1 to 4 spatial axes.
template <class Result, class Accumulator, class Input, class Kernel>
struct layer_types {
    static_assert(rank_of<Input> == rank_of<Kernel>,
                  "the input has the axes (N, C, spatial), the kernel (O, C / groups, spatial): as many");
    static_assert(rank_of<Input> >= 3 && rank_of<Input> <= 6,
                  "a layer has 1 to 4 spatial axes behind batch and channels");
    using X = element_t<Input>;
    using H = element_t<Kernel>;
    using Sum = type_or<Accumulator, typename sum_for<Result, typename layer_sum<X, H>::type>::type>;
    using type = types<X, H, Sum, type_or<Result, Sum>>;
};

inline constexpr request layer_call{"conv", sense::correlation}, layer_convolver{"conv", sense::correlation, 100};

/// The arrays of a call of a plan from X to Y.
template <class X, class Y, class Input, class Output>
constexpr void require_layer_types() {
    static_assert(std::is_same_v<element_t<Input>, X>,
                  "the input's elements have another type than the plan reads: it is the first of the plan's types");
    static_assert(std::is_same_v<element_t<Output>, Y>,
                  "the output's elements have another type than the plan writes: it is the last of the plan's types");
    static_assert(!std::is_const_v<typename view_of<Output>::element_type>, "the output is read-only");
}

/// Nothing is called on finished rows.
struct no_row {};

template <class T, class Input, class Output, class EachRow>
void run_layer(layer_plan<T> const& plan, Input const& x, Output& y, EachRow const& each_row) {
    faltung::workspace scratch = plan.workspace();
    const auto to = as_view(y).erased();
    plan(as_view(x).erased(), to, scratch);
    if constexpr (!std::is_same_v<EachRow, no_row>) for_each_row(plan.operation(), to, scratch, each_row);
}

template <class Types, class Input, class Kernel, class EachRow>
auto layer_into_new(Input const& x, Kernel const& w, nn::nn_options const& o, EachRow const& each_row) {
    using T = typename Types::type;
    const auto kernel = as_view(w).erased();
    const layer_plan<T> plan(layer_setup<T>(layer_call, as_view(x).shape(), kernel, o), kernel);
    auto y = tensor<typename T::Y, rank_of<Input>>::uninitialized(plan.output_shape());
    run_layer(plan, x, y, each_row);
    return y;
}

}  // namespace detail

namespace nn {

/// The default accumulator and result of a layer: int32 for two operands of 8 bits, otherwise as convolve has it.
template <class X, class W>
using sum_t = typename detail::layer_sum<X, W>::type;

/// What is called on every finished row of an output Y: `each_row(std::span<Y> row, index_list const& at)`, on the
/// workers of the call. It must not throw; at = (n, o, ..., 0) says which row it is.
template <class F, class Y>
concept row_functor = std::is_invocable_v<F const&, std::span<Y>, index_list const&>;

/// y[n, o, ...] = bias[o] + sum over channels c of o's group and taps t of w[o, c, t] * x~[n, c, ... * stride + t *
/// dilation - low], then the epilogue: cross-correlation, nothing is conjugated.
///
/// Shapes: x (N, C, 1 to 4 spatial axes), w (O, C / groups, spatial); y (N, O, spatial). Any strides: channels_last is
/// a permuted view, and is not copied. Types: conv<Result, Accumulator>(x, w) names them; by default both are `sum_t`.
/// Errors: shape_error, option_error, overflow_error, unsupported_error, each with its numbers.
/// Cost: nn::explain(x, w, options). An `nn::convolver` does the preparation only once.
template <class Result = by_rule, class Accumulator = by_rule, viewable Input, viewable Kernel>
auto conv(Input const& x, Kernel const& w, nn_options const& options = {}) {
    return detail::layer_into_new<detail::layer_types<Result, Accumulator, Input, Kernel>>(x, w, options,
                                                                                           detail::no_row{});
}

/// The same, with a functor that is called on every finished row: a second pass over y, row by row.
template <class Result = by_rule, class Accumulator = by_rule, viewable Input, viewable Kernel, class EachRow>
    requires row_functor<EachRow, typename detail::layer_types<Result, Accumulator, Input, Kernel>::type::Y>
auto conv(Input const& x, Kernel const& w, nn_options const& options, EachRow const& each_row) {
    return detail::layer_into_new<detail::layer_types<Result, Accumulator, Input, Kernel>>(x, w, options, each_row);
}

/// y = conv(x, w, options), into memory that the caller has; a functor on finished rows may follow.
/// Errors: also shape_error when y has another shape, overlap_error when it overlaps x, the residual or itself.
template <class Accumulator = by_rule, class Output, viewable Input, viewable Kernel, class EachRow = detail::no_row>
    requires viewable<std::remove_cvref_t<Output>>
void conv_into(Output&& y, Input const& x, Kernel const& w, nn_options const& options = {},
               EachRow const& each_row = {}) {
    static_assert(!std::is_const_v<typename view_of<Output>::element_type>, "the output is read-only");
    using T = typename detail::layer_types<element_t<Output>, Accumulator, Input, Kernel>::type;
    const auto kernel = as_view(w).erased();
    const detail::layer_plan<T> plan(detail::layer_setup<T>(detail::layer_call, as_view(x).shape(), kernel, options),
                                     kernel);
    detail::run_layer(plan, x, y, each_row);
}

/// The account of conv(x, w, options), as faltung::explain gives it of convolve. Nothing is computed.
template <class Result = by_rule, class Accumulator = by_rule, viewable Input, viewable Kernel>
std::string explain(Input const& x, Kernel const& w, nn_options const& options = {}) {
    using T = typename detail::layer_types<Result, Accumulator, Input, Kernel>::type;
    const auto kernel = as_view(w).erased();
    const detail::layer_setup<T> setup(detail::layer_call, as_view(x).shape(), kernel, options);
    return detail::account(detail::methods_for<T>(), setup.typed_problem(setup.kernel(kernel)), setup.wanted());
}

}  // namespace nn
}  // namespace faltung
