// faltung/nn/layer_gradients.hpp -- the adjoints of a layer: by its input, its kernel and its bias
#pragma once

#include "../convolve/adjoint.hpp"
#include "../convolve/kernel_gradient.hpp"
#include "../simd/lane_samples.hpp"
#include "conv.hpp"

namespace faltung {
namespace detail {

/// Errors: option_error where a gradient is asked for what is no part of the linear map; shape_error for dy.
inline void require_gradient(char const* operation, layer_problem const& l, nn::nn_options const& o, shape const& dy) {
    if (!o.bias.is_none() || o.epilogue.begin() != o.epilogue.end())
        fail<option_error>(operation,
                           ": a bias or an epilogue is no part of the linear map: apply its own derivative to "
                           "dy, and leave it out here");
    if (!o.zero_points.are_zero())
        fail<option_error>(operation, ": .zero_points are for quantised layers, which have no gradient");
    if (!(dy == l.y)) fail<shape_error>(operation, ": a gradient dy of shape ", dy, " for an output of ", l.y);
}

/// The derivatives by the kernel as outputs of a forward problem: groups are its channels, the input channels of a
/// group and the batch are axes, and dy is its kernel.
class kernel_gradient_problem {
    layer_problem layer_;
    int channel_axis_;  // of a group's input channels: last where there are more of them than taps along a row

public:
    resolved to;

    explicit kernel_gradient_problem(layer_problem const& l) : layer_(l), to(l.to) {
        problem const& from = l.to.problem;
        problem& p = to.problem;
        axis channels, batch;
        channels.n = l.w[1];
        batch.n = batch.taps = l.x[0];
        channel_axis_ = l.w[1] > from.last().taps ? from.rank : 0;
        p.rank = 0;
        if (channel_axis_ == 0) p.push_back(channels);
        p.push_back(batch);
        for (int a = 1; a < from.rank; ++a) p.push_back(derivative_axis(from[a]));
        if (channel_axis_ > 0) p.push_back(channels);
        p.in = from.groups;
        p.out = from.out;
    }

    /// Whether channels are read as rows: then they must lie side by side.
    bool reads_channels(strides const& x) const { return channel_axis_ > 0 && x[1] != 1; }

    template <class T>
    strided<T> input(strided<T> const& x) const {
        return ordered(x, {layer_.to.problem.groups, layer_.w[1] * x.stride[1]}, {layer_.w[1], x.stride[1]},
                       {x.n[0], x.stride[0]});
    }
    /// Output channels in front; the axis of input channels has one tap.
    template <class T>
    strided<T> kernel(strided<T> const& dy) const {
        return ordered(dy, {dy.n[1], dy.stride[1]}, {1, 0}, {dy.n[0], dy.stride[0]});
    }
    template <class T>
    strided<T> output(strided<T> const& dw) const {
        return ordered(dw, {dw.n[0], dw.stride[0]}, {dw.n[1], dw.stride[1]}, {1, 0});
    }

private:
    struct extent {
        index_t n, stride;
    };

    template <class T>
    strided<T> ordered(strided<T> const& v, extent first, extent channels, extent batch) const {
        strided<T> to_{v.data, {first.n}, {first.stride}};
        const auto push = [&](extent e) {
            to_.n.push_back(e.n);
            to_.stride.push_back(e.stride);
        };
        if (channel_axis_ == 0) push(channels);
        push(batch);
        for (int a = 2; a < v.n.rank(); ++a) push({v.n[a], v.stride[a]});
        if (channel_axis_ > 0) push(channels);
        return to_;
    }
};

/// The array (N, C, spatial) with its channels side by side, in `memory`.
template <class X>
strided<X const> copied_channels_last(strided<X const> const& x, buffer<X>& memory) {
    shape n = spatial_of(x.n);
    n.push_back(x.n[1]);
    strided<X> to{nullptr, x.n, {0, 1}};
    const strides dense = row_major(n);
    for (int a = 2; a < x.n.rank(); ++a) to.stride.push_back(dense[a - 2]);
    const index_t image = checked::product(n, "samples of an image");
    to.stride[0] = image;
    memory = buffer<X>(checked::multiply(image, x.n[0], "samples of the input"));
    to.data = memory.data();
    const int last = x.n.rank() - 1;
    for_each_line(x.n, [&](index_list const& i) {
        X const* from = x.data + offset(i, x.stride);
        X* at = to.data + offset(i, to.stride);
        for (index_t j = 0; j < x.n[last]; ++j, from += x.stride[last], at += to.stride[last]) *at = *from;
    });
    return to;
}

/// Whether windows reach beyond the input: there a zero of the boundary that meets a gradient which is not finite
/// contributes nothing, and in tiles it is multiplied.
inline bool has_padding(problem const& p) {
    for (int a = 0; a < p.rank; ++a)
        if (p[a].low > 0 || p[a].high > 0) return true;
    return false;
}

template <class R>
bool are_finite(R const* samples, index_t count, instruction_set i) {
    bool all = true;
    versions<finite_scan<R>>::of(i)({samples, count, &all});
    return all;
}

/// The sum of x~ dy in tiles, or nothing where they do not take it: other types, another method asked for, too little
/// memory, no outputs.
template <class T>
std::optional<kernel_gradient<T>> gradient_tiles(problem const& p, method wanted) {
    if constexpr (kernel_gradient<T>::has) {
        if ((wanted != method::automatic && wanted != method::direct) || is_empty(p.outputs())) return {};
        if (!kernel_gradient<T>::takes(p)) return {};
        kernel_gradient<T> plan(p);
        const index_t scratch = checked::multiply(plan.workspace(), plan.workers(), "scratch of all workers");
        if (checked::add(scratch, plan.shared(), "bytes of a workspace") <= p.limits.memory)
            return std::optional<kernel_gradient<T>>(std::move(plan));
    }
    return {};
}

/// dw in tiles; false where these do not take it, or have met what is not finite.
template <class T>
bool computes_in_tiles(request const& r, layer_problem const& l, strided<typename T::X const> const& x,
                       strided<typename T::H const> const& dy, strided<typename T::Y> const& dw, method wanted) {
    if constexpr (kernel_gradient<T>::has) {
        const problem p = typed<T>(r, l.to);
        const auto plan = gradient_tiles<T>(p, wanted);
        if (!plan) return false;
        faltung::workspace memory(plan->workspace(), plan->shared(), plan->workers());
        plan->run(channels_first(x), channels_first(dy), dw.data, memory);
        return !has_padding(p) ||
               are_finite(dw.data, checked::product(dw.n, "taps of the kernel"), p.limits.instruction_set);
    }
    return false;
}

/// dw = the sum of conj(x~) dy; T = types<X, Y, Acc, Acc>. The library conjugates kernels, and here dy is the kernel:
/// so it is the conjugate of a sum of x~ conj(dy).
template <class T>
void compute_kernel_gradient(request const& r, layer_problem const& l, strided<typename T::X const> const& x,
                             strided<typename T::H const> const& dy, strided<typename T::Y> const& dw, method wanted) {
    using W = typename T::Weight;
    if (is_empty(dy.n)) return;  // dw is 0 already
    if (computes_in_tiles<T>(r, l, x, dy, dw, wanted)) return;
    const kernel_gradient_problem g(l);
    const packed_kernel<W> kernel({g.to.problem.out, 1, 1}, g.kernel(dy), [](W v) { return conjugate(v); });
    const lowered<T> plan(r.operation, typed<T>(r, g.to, kernel, wanted), kernel.view(), wanted, nullptr);
    faltung::workspace scratch(plan.workspace(), 0, plan.workers());
    buffer<typename T::X> memory;
    plan.run(g.input(g.reads_channels(x.stride) ? copied_channels_last(x, memory) : x), g.output(dw), scratch);
}

}  // namespace detail

namespace nn {

/// dx = the adjoint of conv(., w, options) at dy: sum of dy * w over all that x took part in, conjugated where complex;
/// what a boundary showed beyond the ends is added to the sample that it showed.
///
/// Shapes: dy (N, O, spatial), w (O, C / groups, spatial); the result has `input_shape`. Errors: as conv; shape_error
/// when dy is not the output's shape; option_error for a bias, an epilogue or zero points.
/// Cost: that of conv, and a pass over the padded input where a boundary folds.
template <viewable Gradient, viewable Kernel>
auto gradient_input(Gradient const& dy, Kernel const& w, shape const& input_shape, nn_options const& options = {}) {
    using Types = typename detail::layer_types<by_rule, by_rule, Gradient, Kernel>::type;
    using T = detail::types<typename Types::X, typename Types::H, typename Types::Acc, typename Types::Acc>;
    constexpr detail::request r{"gradient_input", sense::correlation};
    detail::require_shape(input_shape, rank_of<Gradient>, r.operation);
    const auto from = as_view(dy).erased();
    const strided<typename T::H const> kernel = as_view(w).erased();
    const auto l = detail::layer_problem_of(r, input_shape, kernel.n, options);
    detail::require_gradient(r.operation, l, options, from.n);
    const detail::adjoint_plan<T> plan(r.operation, detail::typed<T>(r, l.to), detail::with_batch_tap(kernel),
                                       detail::conjugate_tap{}, options.method);
    auto dx = tensor<typename T::Y, rank_of<Gradient>>::uninitialized(input_shape);
    workspace scratch(plan.workspace(), plan.shared(), plan.workers());
    if (dx.count() > 0)
        plan.run(detail::channels_first(strided<typename T::X const>(from)),
                 detail::channels_first(as_view(dx).erased()), scratch);
    return dx;
}

/// dw[o, c, t] = sum over n and the outputs of conj(x~) * dy: the adjoint of conv(x, ., options) at dy.
///
/// Shapes: x (N, C, spatial), dy (N, O, spatial); the result has `kernel_shape`, (O, C / groups, spatial). Errors: as
/// gradient_input. Cost: about that of conv; where sums are no floating ones of real samples, that of a layer whose
/// taps are the outputs, and a copy of x where that is summed by channels.
template <viewable Input, viewable Gradient>
auto gradient_kernel(Input const& x, Gradient const& dy, shape const& kernel_shape, nn_options const& options = {}) {
    using Types = typename detail::layer_types<by_rule, by_rule, Input, Gradient>::type;
    using T = detail::types<typename Types::X, typename Types::H, typename Types::Acc, typename Types::Acc>;
    constexpr detail::request r{"gradient_kernel", sense::correlation};
    detail::require_shape(kernel_shape, rank_of<Input>, r.operation);
    const strided<typename T::X const> from = as_view(x).erased();
    const strided<typename T::H const> by = as_view(dy).erased();
    const auto l = detail::layer_problem_of(r, from.n, kernel_shape, options);
    detail::require_gradient(r.operation, l, options, by.n);
    tensor<typename T::Y, rank_of<Input>> dw(kernel_shape);
    detail::compute_kernel_gradient<T>(r, l, from, by, as_view(dw).erased(), options.method);
    if constexpr (is_complex<typename T::Y>)
        for (auto& v : dw) v = conjugate(v);
    return dw;
}

/// db[o] = the sum of dy[n, o, ...]; sums of floats in double.
template <viewable Gradient>
auto gradient_bias(Gradient const& dy) {
    using T = element_t<Gradient>;
    static_assert(rank_of<Gradient> >= 3, "dy has the axes (N, O, spatial)");
    using Sum = accumulator_t<T, T>;
    using Wide =
        std::conditional_t<std::is_same_v<real_t<Sum>, float>, detail::with_complexity<double, is_complex<Sum>>, Sum>;
    const strided<T const> from = detail::channels_first(strided<T const>(as_view(dy).erased()));
    tensor<Sum, 1> db({from.n[0]});
    strided<T const> channel = from;
    channel.n[0] = 1;
    const int last = from.n.rank() - 1;
    for (index_t o = 0; o < from.n[0]; ++o, channel.data += from.stride[0]) {
        Wide sum{};
        for_each_line(channel.n, [&](index_list const& i) {
            T const* v = channel.data + offset(i, channel.stride);
            for (index_t j = 0; j < channel.n[last]; ++j, v += channel.stride[last])
                sum = multiply_add(sum, real_t<Wide>{1}, convert<Wide>(*v));
        });
        db(o) = convert<Sum>(sum);
    }
    return db;
}

}  // namespace nn
}  // namespace faltung
