// faltung/nn/conv_transpose.hpp -- the transposed convolution of a layer: forward problems, one per window-stride phase
#pragma once

#include "../convolve/adjoint.hpp"
#include "../geometry/transposed.hpp"
#include "conv.hpp"

namespace faltung {
namespace detail {

inline constexpr request transposed_call{"conv_transpose", sense::correlation},
    transposed_layer_convolver{"conv_transpose", sense::correlation, 100};

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
    layer_problem l{resolve(r, x, spatial_of(w), c), x, w, {}, o.zero_points};
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
    using H = typename T::H;
    using W = typename T::Weight;
    using Y = typename T::Y;
    using constants = layer_constants<typename T::Acc, Y>;

    request request_;
    layer_problem layer_;
    faltung::method wanted_;
    constants constants_;
    adjoint_plan<T> plan_;

    static_assert(possible_types<T>::value);

    static problem typed_problem(request const& r, layer_problem const& l, constants const& c) {
        require_zero_points<T>(r.operation, l.zeros);
        resolved to = l.to;
        c.apply_to(to.problem.store);
        return typed<T>(r, to);
    }

    static auto tap_map(zero_points const& zeros) {
        if constexpr (std::is_integral_v<typename T::Acc>)
            return distance_from_zero<W>{static_cast<W>(zeros.kernel)};
        else
            return same_tap{};
    }

    transposed_plan(request const& r, layer_problem const& l, constants const& c, strided<H const> const& w,
                    faltung::method wanted)
        : request_(r),
          layer_(l),
          wanted_(wanted),
          constants_(c),
          plan_(r.operation, typed_problem(r, l, c), with_batch_tap(w), tap_map(l.zeros), wanted, l.zeros) {}

    transposed_plan(request const& r, layer_problem const& l, strided<H const> const& w,
                    nn::transposed_options const& o)
        : transposed_plan(r, l, constants(r.operation, o, l.y), w, o.method) {}

public:
    transposed_plan(request const& r, shape const& x, strided<H const> const& w, nn::transposed_options const& o)
        : transposed_plan(r, transposed_problem_of(r, x, w.n, o), w, o) {}

    /// The same with another kernel of the same shape.
    transposed_plan with_kernel(strided<H const> const& w) const {
        if (!(w.n == layer_.w))
            fail<shape_error>("with_kernel: a kernel of shape ", w.n, " for a plan made for ", layer_.w);
        return transposed_plan(request_, layer_, constants_, w, wanted_);
    }

    shape const& input_shape() const { return layer_.x; }
    shape const& kernel_shape() const { return layer_.w; }
    shape const& output_shape() const { return layer_.y; }
    faltung::workspace workspace() const { return {plan_.workspace(), plan_.shared(), plan_.workers()}; }

    /// Errors: shape_error, overlap_error; y is untouched then.
    void operator()(strided<X const> const& x, strided<Y> const& y, faltung::workspace& scratch) const {
        require(x, y, scratch);
        const strided<Y const> residual = constants_.residual(channels_first(y).n);
        if (constants_.adds_residual() && !constants_.has_residual())
            fail<shape_error>(request_.operation,
                              ": the epilogue adds a residual that neither the plan nor the call has");
        if (constants_.has_residual()) require_residual(request_.operation, channels_first(residual), y);
        if (!is_empty(y.n)) plan_.run(channels_first(x), channels_first(y), scratch, residual);
    }

    /// The same with a residual in place of the plan's own.
    void operator()(strided<X const> const& x, strided<Y const> const& residual, strided<Y> const& y,
                    faltung::workspace& scratch) const {
        require(x, y, scratch);
        if (!constants_.adds_residual())
            fail<shape_error>(request_.operation, ": a residual for a plan whose epilogue does not add one");
        require_residual(request_.operation, residual, y);
        if (!is_empty(y.n)) plan_.run(channels_first(x), channels_first(y), scratch, channels_first(residual));
    }

private:
    void require(strided<X const> const& x, strided<Y> const& y, faltung::workspace const& scratch) const {
        require_call(request_.operation, layer_.x, placement_of(x), layer_.y, placement_of(y));
        plan_.require(request_.operation, scratch);
    }
};

}  // namespace detail

namespace nn {

/// The transposed convolution: every x[n, c, i] adds x * w[c, o, t] to y[n, o, i * stride + t * dilation - low], for
/// the outputs o of c's group, to a bias; then the epilogue. Nothing is conjugated. With zero points it is
/// (x - zx) * (w - zw), exactly.
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
    workspace scratch = plan.workspace();
    plan(as_view(x).erased(), as_view(y).erased(), scratch);
    return y;
}

/// The same into memory that the caller has.
template <class Accumulator = by_rule, class Output, viewable Input, viewable Kernel>
    requires viewable<std::remove_cvref_t<Output>>
void conv_transpose_into(Output&& y, Input const& x, Kernel const& w, transposed_options const& options = {}) {
    static_assert(!std::is_const_v<typename view_of<Output>::element_type>, "the output is read-only");
    using T = typename detail::layer_types<element_t<Output>, Accumulator, Input, Kernel>::type;
    const detail::transposed_plan<T> plan(detail::transposed_call, as_view(x).shape(), as_view(w).erased(), options);
    workspace scratch = plan.workspace();
    plan(as_view(x).erased(), as_view(y).erased(), scratch);
}

}  // namespace nn
}  // namespace faltung
