// faltung/nn/conv_transpose.hpp -- the transposed convolution of a layer: forward problems, one per window-stride phase
#pragma once

#include "../convolve/adjoint.hpp"
#include "../geometry/transposed.hpp"
#include "conv.hpp"

namespace faltung {
namespace detail {

inline constexpr request transposed_call{"conv_transpose", sense::correlation};

/// The forward problem whose adjoint it is: it has the output of the call as input. w is (C, O / groups, spatial).
inline layer_problem transposed_problem_of(request const& r, shape const& x, shape const& w,
                                           nn::transposed_options const& o) {
    require_taps(r.operation, w);
    require_groups(r.operation, o.groups, x[1], "input");
    if (w[0] != x[1])
        fail<shape_error>(r.operation, ": a kernel ", w, " of ", w[0], " input channels for an input ", x, " of ",
                          x[1]);
    const std::optional<mode> mode = o.padding.mode();
    if (mode == mode::same_upper || mode == mode::same_lower)
        fail<option_error>(r.operation, ": .padding = a mode that depends on the forward input: give the amounts");
    const int spatial = x.rank() - 2;
    o.output_padding.require_axes(spatial, "output_padding");
    convolve_options c = spatial_options(o, spatial);
    layer_problem l{resolve(r, x, spatial_of(w), c), x, w, {}, {}};
    problem& p = l.to.problem;
    for (int a = 0; a < spatial; ++a)
        p[a + 2] = transposed_axis(p[a + 2], x[a + 2], o.output_padding[a], r.operation, a + 2);
    set_channels(p, checked::multiply(w[1], o.groups, "output channels"), w[0], o.groups);
    require_valid(r, p);
    l.y = {x[0], p.in};
    for (int a = 1; a < p.rank; ++a) l.y.push_back(p[a].n);
    checked::product(l.y, "samples of the output");
    return l;
}

/// T = types<X, H, Acc, Y>.
template <class T>
class transposed_plan {
    using X = typename T::X;
    using Y = typename T::Y;

    layer_problem layer_;
    layer_constants<typename T::Acc, Y> constants_;
    adjoint_plan<T> plan_;

    static_assert(possible_types<T>::value);

    static problem typed_problem(request const& r, resolved to, layer_constants<typename T::Acc, Y> const& constants) {
        constants.apply_to(to.problem.store);
        return typed<T>(r, to);
    }

    transposed_plan(request const& r, layer_problem const& l, strided<typename T::H const> const& w,
                    nn::transposed_options const& o)
        : layer_(l),
          constants_(r.operation, o, l.y),
          plan_(r.operation, typed_problem(r, l.to, constants_), with_batch_tap(w), same_tap{}, o.method) {}

public:
    transposed_plan(request const& r, shape const& x, strided<typename T::H const> const& w,
                    nn::transposed_options const& o)
        : transposed_plan(r, transposed_problem_of(r, x, w.n, o), w, o) {}

    shape const& output_shape() const { return layer_.y; }

    void operator()(strided<X const> const& x, strided<Y> const& y) const {
        require_call(transposed_call.operation, layer_.x, placement_of(x), layer_.y, placement_of(y));
        const strided<Y const> residual = constants_.residual(channels_first(y).n);
        if (constants_.adds_residual() && !constants_.has_residual())
            fail<shape_error>(transposed_call.operation, ": the epilogue adds a residual that it does not have");
        if (constants_.has_residual()) require_residual(transposed_call.operation, channels_first(residual), y);
        faltung::workspace scratch(plan_.workspace(), plan_.shared(), plan_.workers());
        if (!is_empty(y.n)) plan_.run(channels_first(x), channels_first(y), scratch, residual);
    }
};

}  // namespace detail

namespace nn {

/// The transposed convolution: every x[n, c, i] adds x * w[c, o, t] to y[n, o, i * stride + t * dilation - low], for
/// the outputs o of c's group, to a bias; then the epilogue. Nothing is conjugated.
///
/// Shapes: x (N, C, 1 to 4 spatial axes), w (C, O / groups, spatial), as PyTorch has it; y (N, O, spatial) with
/// (n - 1) * stride - low - high + dilation * (taps - 1) + output_padding + 1 samples along each spatial axis.
/// Errors: as conv; option_error also for an output padding that is not below max(stride, dilation).
/// Cost: that of forward layers, one for each window-stride phase of the taps, with as many products in all.
template <class Result = by_rule, class Accumulator = by_rule, viewable Input, viewable Kernel>
auto conv_transpose(Input const& x, Kernel const& w, transposed_options const& options = {}) {
    using T = typename detail::layer_types<Result, Accumulator, Input, Kernel>::type;
    const detail::transposed_plan<T> plan(detail::transposed_call, as_view(x).shape(), as_view(w).erased(), options);
    auto y = tensor<typename T::Y, rank_of<Input>>::uninitialized(plan.output_shape());
    plan(as_view(x).erased(), as_view(y).erased());
    return y;
}

/// The same into memory that the caller has.
template <class Accumulator = by_rule, class Output, viewable Input, viewable Kernel>
    requires viewable<std::remove_cvref_t<Output>>
void conv_transpose_into(Output&& y, Input const& x, Kernel const& w, transposed_options const& options = {}) {
    static_assert(!std::is_const_v<typename view_of<Output>::element_type>, "the output is read-only");
    using T = typename detail::layer_types<element_t<Output>, Accumulator, Input, Kernel>::type;
    detail::transposed_plan<T>(detail::transposed_call, as_view(x).shape(), as_view(w).erased(), options)(
        as_view(x).erased(), as_view(y).erased());
}

}  // namespace nn
}  // namespace faltung
