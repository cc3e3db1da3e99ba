// faltung/nn/transposed_convolver.hpp -- the plan of a transposed layer: shapes, options and kernel fixed once
#pragma once

#include "conv_transpose.hpp"

namespace faltung::nn {

/// A transposed layer with fixed shapes, options and kernel, as nn::convolver is of nn::conv: immutable, shared by any
/// number of threads, each with its own workspace.
///
///     nn::transposed_convolver enlarge{x.shape(), w, {.padding = 1, .stride = 2, .bias = b}};
///     auto scratch = enlarge.workspace();
///     enlarge(x, y, scratch);            // allocates nothing
///
/// Shapes: x (N, C, spatial), w (C, O / groups, spatial). Types: X of the input, W of the kernel, Acc of the sums, Y of
/// the output. Errors: when it is made, everything about shapes and options; when it is called, arrays of other shapes,
/// and an output that overlaps. A failed call leaves the output untouched.
template <scalar X, scalar W = X, scalar Acc = sum_t<X, W>, scalar Y = Acc>
class transposed_convolver {
    using T = detail::types<X, W, Acc, Y>;
    detail::transposed_plan<T> plan_;

    explicit transposed_convolver(detail::transposed_plan<T> plan) : plan_(std::move(plan)) {}

    static detail::transposed_plan<T> plan_of(faltung::shape const& x, strided<W const> const& w,
                                              transposed_options const& o) {
        if (x.rank() != w.n.rank() || x.rank() < 3 || x.rank() > 6)
            detail::fail<shape_error>("conv_transpose: an input ", x, " and a kernel ", w.n,
                                      ": (N, C, 1 to 4 spatial axes) and (C, O / groups, as many) are needed");
        return {detail::transposed_layer_convolver, x, w, o};
    }

public:
    template <viewable Kernel>
    transposed_convolver(faltung::shape const& x, Kernel const& w, transposed_options const& options = {})
        : transposed_convolver(plan_of(x, as_view(w).erased(), options)) {
        static_assert(std::is_same_v<element_t<Kernel>, W>,
                      "the kernel's elements have another type than the plan's: name it, "
                      "nn::transposed_convolver<X, W>");
    }

    faltung::shape input_shape() const { return plan_.input_shape(); }
    faltung::shape kernel_shape() const { return plan_.kernel_shape(); }
    faltung::shape output_shape() const { return plan_.output_shape(); }

    /// Scratch memory and threads for calls of this plan, one per calling thread. Errors: std::bad_alloc,
    /// std::system_error.
    faltung::workspace workspace() const { return plan_.workspace(); }

    /// y = the transposed layer of x. Shapes: input_shape(), output_shape(). Allocates nothing.
    template <viewable Input, class Output>
        requires viewable<std::remove_cvref_t<Output>>
    void operator()(Input const& x, Output&& y, faltung::workspace& scratch) const {
        detail::require_layer_types<X, Y, Input, Output>();
        plan_(as_view(x).erased(), as_view(y).erased(), scratch);
    }

    /// The same for an epilogue with nn::add{}: the residual, of the output's shape and type, is given with the call.
    template <viewable Input, viewable Residual, class Output>
        requires viewable<std::remove_cvref_t<Output>>
    void operator()(Input const& x, Residual const& residual, Output&& y, faltung::workspace& scratch) const {
        detail::require_layer_types<X, Y, Input, Output>();
        static_assert(std::is_same_v<element_t<Residual>, Y>, "a residual has the output's element type");
        plan_(as_view(x).erased(), as_view(residual).erased(), as_view(y).erased(), scratch);
    }

    /// The same with another kernel of the same shape.
    template <viewable Kernel>
    transposed_convolver with_kernel(Kernel const& w) const {
        return transposed_convolver(plan_.with_kernel(as_view(w).erased()));
    }
};

template <viewable Kernel>
transposed_convolver(shape, Kernel const&, transposed_options) -> transposed_convolver<element_t<Kernel>>;
template <viewable Kernel>
transposed_convolver(shape, Kernel const&) -> transposed_convolver<element_t<Kernel>>;

}  // namespace faltung::nn
