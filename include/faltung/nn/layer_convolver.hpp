// faltung/nn/layer_convolver.hpp -- the plan of a layer: shapes, options and kernel fixed once, then called for any
// number of inputs
#pragma once

#include "conv.hpp"

namespace faltung::nn {

/// A layer with fixed shapes, options and kernel. Immutable: any number of threads may call one object at a time, each
/// with its own workspace. Bias and scales are copied; a residual named in the epilogue is only looked at.
///
///     nn::convolver layer{x.shape(), w, {.padding = 1, .bias = b, .epilogue = nn::relu}};
///     auto scratch = layer.workspace();
///     layer(x, y, scratch);              // allocates nothing
///
/// Types: X of the input, W of the kernel, Acc of the sums, Y of the output. Errors: when it is made, everything about
/// shapes and options; when it is called, arrays of other shapes, and an output that overlaps. A failed call leaves the
/// output untouched.
template <scalar X, scalar W = X, scalar Acc = sum_t<X, W>, scalar Y = Acc>
class convolver {
    using T = detail::types<X, W, Acc, Y>;
    detail::layer_plan<T> plan_;

    explicit convolver(detail::layer_plan<T> plan) : plan_(std::move(plan)) {}

    static detail::layer_plan<T> plan_of(faltung::shape const& x, strided<W const> const& w, nn_options const& o) {
        if (x.rank() != w.n.rank() || x.rank() < 3 || x.rank() > 6)
            detail::fail<shape_error>("conv: an input ", x, " and a kernel ", w.n,
                                      ": (N, C, 1 to 4 spatial axes) and (O, C / groups, as many) are needed");
        return {detail::layer_setup<T>(detail::layer_convolver, x, w, o), w};
    }

public:
    template <viewable Kernel>
    convolver(faltung::shape const& x, Kernel const& w, nn_options const& options = {})
        : convolver(plan_of(x, as_view(w).erased(), options)) {
        static_assert(std::is_same_v<element_t<Kernel>, W>,
                      "the kernel's elements have another type than the plan's: name it, nn::convolver<X, W>");
    }

    faltung::shape input_shape() const { return plan_.input_shape(); }
    faltung::shape kernel_shape() const { return plan_.kernel_shape(); }
    faltung::shape output_shape() const { return plan_.output_shape(); }

    /// The method that was chosen, and the account of the choice: a line per method.
    faltung::method method() const { return plan_.method(); }
    std::string explain() const { return plan_.explain(); }

    /// Scratch memory and threads for calls of this plan, one per calling thread. Errors: std::bad_alloc,
    /// std::system_error.
    faltung::workspace workspace() const { return plan_.workspace(); }

    /// y = the layer of x. Shapes: input_shape(), output_shape(). Allocates nothing.
    template <viewable Input, class Output>
        requires viewable<std::remove_cvref_t<Output>>
    void operator()(Input const& x, Output&& y, faltung::workspace& scratch) const {
        detail::require_layer_types<X, Y, Input, Output>();
        plan_(as_view(x).erased(), as_view(y).erased(), scratch);
    }

    /// The same, with a functor that is called on every finished row.
    template <viewable Input, class Output, row_functor<Y> EachRow>
        requires viewable<std::remove_cvref_t<Output>>
    void operator()(Input const& x, Output&& y, faltung::workspace& scratch, EachRow const& each_row) const {
        (*this)(x, y, scratch);
        detail::for_each_row(plan_.operation(), as_view(y).erased(), scratch, each_row);
    }

    /// The same for an epilogue with nn::add{}: the residual, of the output's shape and type, is given with the call.
    template <viewable Input, viewable Residual, class Output>
        requires viewable<std::remove_cvref_t<Output>>
    void operator()(Input const& x, Residual const& residual, Output&& y, faltung::workspace& scratch) const {
        detail::require_layer_types<X, Y, Input, Output>();
        static_assert(std::is_same_v<element_t<Residual>, Y>, "a residual has the output's element type");
        plan_(as_view(x).erased(), as_view(residual).erased(), as_view(y).erased(), scratch);
    }

    /// The same with another kernel of the same shape; what depends on shapes only is shared.
    template <viewable Kernel>
    convolver with_kernel(Kernel const& w) const {
        return convolver(plan_.with_kernel(as_view(w).erased()));
    }
};

template <viewable Kernel>
convolver(shape, Kernel const&, nn_options) -> convolver<element_t<Kernel>>;
template <viewable Kernel>
convolver(shape, Kernel const&) -> convolver<element_t<Kernel>>;

}  // namespace faltung::nn
