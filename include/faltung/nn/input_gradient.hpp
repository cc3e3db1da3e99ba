// faltung/nn/input_gradient.hpp -- the plan of a layer's gradient by its input: shapes, options and kernel fixed once
#pragma once

#include "layer_gradients.hpp"

namespace faltung::nn {

/// dx = gradient_input(dy, w, input_shape, options), prepared once: immutable, shared by any number of threads, each
/// with its own workspace. A step of a descent changes w: with_kernel.
///
///     nn::input_gradient back{x.shape(), w, {.padding = 1, .stride = 2}};
///     auto scratch = back.workspace();
///     back(dy, dx, scratch);             // allocates nothing
///
/// Types: Y of dy, W of the kernel, Acc of the sums and of dx. Errors: those of gradient_input when it is made; when it
/// is called, arrays of other shapes, and a dx that overlaps. A failed call leaves dx untouched.
template <scalar Y, scalar W = Y, scalar Acc = sum_t<Y, W>>
class input_gradient {
    using T = detail::types<Y, W, Acc, Acc>;

    detail::layer_problem layer_;
    faltung::method wanted_;
    detail::adjoint_plan<T> plan_;

    static constexpr detail::request request_{"gradient_input", sense::correlation, 100};

    static detail::layer_problem problem_of(faltung::shape const& x, faltung::shape const& w, nn_options const& o) {
        if (x.rank() != w.rank() || x.rank() < 3 || x.rank() > 6)
            detail::fail<shape_error>("gradient_input: an input ", x, " and a kernel ", w,
                                      ": (N, C, 1 to 4 spatial axes) and (O, C / groups, as many) are needed");
        detail::require_shape(x, static_cast<std::size_t>(x.rank()), request_.operation);
        const detail::layer_problem l = detail::layer_problem_of(request_, x, w, o);
        detail::require_gradient(request_.operation, l, o, l.y);
        return l;
    }

    input_gradient(detail::layer_problem const& l, strided<W const> const& w, faltung::method wanted)
        : layer_(l),
          wanted_(wanted),
          plan_(request_.operation, detail::typed<T>(request_, l.to), detail::with_batch_tap(w),
                detail::conjugate_tap{}, wanted) {}

public:
    /// `x` is the shape of the layer's input.
    template <viewable Kernel>
    input_gradient(faltung::shape const& x, Kernel const& w, nn_options const& options = {})
        : input_gradient(problem_of(x, as_view(w).erased().n, options), as_view(w).erased(), options.method) {
        static_assert(std::is_same_v<element_t<Kernel>, W>,
                      "the kernel's elements have another type than the plan's: name it, nn::input_gradient<Y, W>");
    }

    /// That of dx, of w and of dy.
    faltung::shape input_shape() const { return layer_.x; }
    faltung::shape kernel_shape() const { return layer_.w; }
    faltung::shape output_shape() const { return layer_.y; }

    /// Scratch memory and threads for calls of this plan, one per calling thread. Errors: std::bad_alloc,
    /// std::system_error.
    faltung::workspace workspace() const { return {plan_.workspace(), plan_.shared(), plan_.workers()}; }

    /// Shapes: dy output_shape(), dx input_shape(). Cost: that of gradient_input. Allocates nothing.
    template <viewable Gradient, class Output>
        requires viewable<std::remove_cvref_t<Output>>
    void operator()(Gradient const& dy, Output&& dx, faltung::workspace& scratch) const {
        static_assert(std::is_same_v<element_t<Gradient>, Y>,
                      "dy's elements have another type than the plan reads: name it, nn::input_gradient<Y, W>");
        static_assert(std::is_same_v<element_t<Output>, Acc>, "dx has the type of the sums");
        static_assert(!std::is_const_v<typename view_of<Output>::element_type>, "the output is read-only");
        const strided<Y const> from = as_view(dy).erased();
        const strided<Acc> to = as_view(dx).erased();
        detail::require_call(request_.operation, layer_.y, detail::placement_of(from), layer_.x,
                             detail::placement_of(to));
        plan_.require(request_.operation, scratch);
        if (!is_empty(to.n)) plan_.run(detail::channels_first(from), detail::channels_first(to), scratch);
    }

    /// The same with another kernel of the same shape.
    template <viewable Kernel>
    input_gradient with_kernel(Kernel const& w) const {
        const strided<W const> kernel = as_view(w).erased();
        if (!(kernel.n == layer_.w))
            detail::fail<shape_error>("with_kernel: a kernel of shape ", kernel.n, " for a plan made for ", layer_.w);
        return input_gradient(layer_, kernel, wanted_);
    }
};

template <viewable Kernel>
input_gradient(shape, Kernel const&, nn_options) -> input_gradient<element_t<Kernel>>;
template <viewable Kernel>
input_gradient(shape, Kernel const&) -> input_gradient<element_t<Kernel>>;

}  // namespace faltung::nn
