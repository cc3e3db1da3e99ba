// faltung/convolve/convolver.hpp -- the plan: shapes, options and kernel fixed once, then called for any number of
// inputs
#pragma once

#include <mutex>
#include <optional>

#include "../view/tensor.hpp"
#include "../view/viewable.hpp"
#include "adjoint.hpp"
#include "batch.hpp"

namespace faltung {

/// A convolution (or correlation) with fixed shapes, options and kernel. Immutable: any number of threads may call one
/// object at a time, each with its own workspace.
///
///     convolver blur{image.shape(), h, {.padding = mode::same}};
///     tensor<float, 2> out{blur.output_shape()};
///     auto scratch = blur.workspace();
///     for (auto const& frame : frames) blur(frame, out, scratch);   // allocates nothing
///
/// Types: X of the input, H of the kernel, Acc of the sums, Y of the output; `accumulator_t` says the defaults.
/// Errors: when it is made, everything about shapes and options; when it is called, arrays of other shapes, and an
/// output that overlaps the input or itself. A failed call leaves the output untouched.
template <scalar X, scalar H = X, scalar Acc = accumulator_t<X, H>, scalar Y = Acc>
class convolver {
    using T = detail::types<X, H, Acc, Y>;
    // Integer sums that were stored as fractions come back as fractions, real ones stored as complex numbers as those.
    using adjoint_types =
        detail::types<Y, H,
                      std::conditional_t<std::is_integral_v<Acc> && is_floating<Y>, accumulator_t<Y, H>,
                                         detail::with_complexity<real_t<Acc>, is_complex<Acc> || is_complex<Y>>>,
                      Y>;

    /// A store that narrows is not linear, so such a plan has no adjoint; nor has one into integers of less than 64
    /// bits, which do not hold the adjoint's sums.
    static constexpr bool has_adjoint = is_floating<Y> || (std::is_same_v<Y, Acc> && sizeof(Acc) == 8);

    struct adjoint_on_demand {
        std::once_flag made;
        std::optional<detail::adjoint_plan<adjoint_types>> plan;
    };

    detail::forward_plan<T> forward_;
    std::shared_ptr<adjoint_on_demand> adjoint_ = std::make_shared<adjoint_on_demand>();

    explicit convolver(detail::forward_plan<T> forward) : forward_(std::move(forward)) {}
    template <class Options>
    convolver(detail::request const& r, faltung::shape const& x, strided<H const> const& h, Options const& o)
        : convolver(detail::forward_plan<T>(r, detail::resolve(r, x, h.n, o), h, detail::wanted_method(o))) {}

    // A plan that is never asked for its adjoint need not have one.
    detail::adjoint_plan<adjoint_types> const& adjoint_plan() const {
        static_assert(has_adjoint,
                      "the output is narrower than the sums, or than 64 bits: a store that rounds or wraps is not "
                      "linear and has no adjoint");
        std::call_once(adjoint_->made, [&] {
            adjoint_->plan.emplace("adjoint", forward_.problem(), forward_.kernel(), forward_.wanted());
        });
        return *adjoint_->plan;
    }

    template <class In, class Out, class Input, class Output>
    static constexpr void require_types() {
        static_assert(std::is_same_v<element_t<Input>, In>,
                      "the input's elements have another type than the plan reads: name it, convolver<X, H>");
        static_assert(std::is_same_v<element_t<Output>, Out>,
                      "the output's elements have another type than the plan writes: name it, convolver<X, H, Acc, Y>");
        static_assert(!std::is_const_v<typename view_of<Output>::element_type>, "the output is read-only");
    }

    static constexpr detail::request convolution{"convolve", sense::convolution, 100},
        correlation{"correlate", sense::correlation, 100};

public:
    template <viewable Kernel>
    convolver(faltung::shape const& x, Kernel const& h, convolve_options const& o = {})
        : convolver(convolution, x, as_view(h).erased(), o) {}
    template <viewable Kernel>
    convolver(faltung::shape const& x, Kernel const& h, dialect const& d)
        : convolver(convolution, x, as_view(h).erased(), d) {}
    template <viewable Kernel>
    convolver(as_correlation, faltung::shape const& x, Kernel const& h, convolve_options const& o = {})
        : convolver(correlation, x, as_view(h).erased(), o) {}
    template <viewable Kernel>
    convolver(as_correlation, faltung::shape const& x, Kernel const& h, dialect const& d)
        : convolver(correlation, x, as_view(h).erased(), d) {}

    faltung::shape input_shape() const { return forward_.problem().inputs(); }
    faltung::shape kernel_shape() const { return forward_.kernel_shape(); }
    faltung::shape output_shape() const { return forward_.problem().outputs(); }

    /// The canonical problem behind the plan: its axes tell where every output lies.
    faltung::problem const& problem() const { return forward_.problem(); }

    /// The method that was chosen, and the account of the choice: a line per method.
    faltung::method method() const { return forward_.method(); }
    std::string explain() const {
        return detail::account(detail::methods_for<T>(), forward_.problem(), forward_.wanted());
    }

    /// Scratch memory and threads for calls of this plan, one per calling thread. Errors: std::bad_alloc,
    /// std::system_error.
    faltung::workspace workspace() const { return {forward_.workspace(), 0, forward_.workers()}; }

    /// The same for calls and for adjoints. The first one plans the adjoint. Errors: also unsupported_error and
    /// overflow_error, where the adjoint needs more memory than `.memory` or 64 bits allow.
    faltung::workspace adjoint_workspace() const {
        auto const& back = adjoint_plan();
        return {std::max(forward_.workspace(), back.workspace()), back.shared(),
                std::max(forward_.workers(), back.workers())};
    }

    /// y = the convolution of x. Shapes: input_shape(), output_shape(). Cost: explain(). Allocates nothing.
    template <viewable Input, class Output>
        requires viewable<std::remove_cvref_t<Output>>
    void operator()(Input const& x, Output&& y, faltung::workspace& scratch) const {
        require_types<X, Y, Input, Output>();
        forward_(as_view(x).erased(), as_view(y).erased(), scratch);
    }

    /// The same into a new tensor, with a workspace for this call.
    template <viewable Input>
    tensor<Y, rank_of<Input>> operator()(Input const& x) const {
        detail::require_input(forward_.operation(), input_shape(), as_view(x).erased().n);
        tensor<Y, rank_of<Input>> y(output_shape());
        faltung::workspace scratch = workspace();
        (*this)(x, y, scratch);
        return y;
    }

    /// x = the adjoint of y: <adjoint(y), x> = <y, A x> for the linear part A of this plan (of a constant boundary,
    /// that with zeros), with every stride, dilation and boundary. Reads and writes Y. Shapes: output_shape() in,
    /// input_shape() out. `scratch` is made by adjoint_workspace(). Errors as for a call; an integer output needs 64
    /// bits, and to be as wide as its sums.
    template <viewable Input, class Output>
        requires viewable<std::remove_cvref_t<Output>>
    void adjoint(Input const& y, Output&& x, faltung::workspace& scratch) const {
        auto const& back = adjoint_plan();
        require_types<Y, Y, Input, Output>();
        const strided<Y const> from = as_view(y).erased();
        const strided<Y> to = as_view(x).erased();
        detail::require_call("adjoint", output_shape(), detail::placement_of(from), input_shape(),
                             detail::placement_of(to));
        back.require("adjoint", scratch, "adjoint_workspace");
        if (!is_empty(to.n)) back.run(detail::with_channel(from), detail::with_channel(to), scratch);
    }

    /// The same plan with another kernel of the same shape; what depends on shapes only is shared.
    template <viewable Kernel>
    convolver with_kernel(Kernel const& h) const {
        return convolver(forward_.with_kernel(as_view(h).erased()));
    }
};

template <viewable Kernel>
convolver(shape, Kernel const&, convolve_options) -> convolver<element_t<Kernel>>;
template <viewable Kernel>
convolver(shape, Kernel const&) -> convolver<element_t<Kernel>>;
template <viewable Kernel>
convolver(shape, Kernel const&, dialect) -> convolver<element_t<Kernel>>;
template <viewable Kernel>
convolver(as_correlation, shape, Kernel const&, convolve_options) -> convolver<element_t<Kernel>>;
template <viewable Kernel>
convolver(as_correlation, shape, Kernel const&) -> convolver<element_t<Kernel>>;
template <viewable Kernel>
convolver(as_correlation, shape, Kernel const&, dialect) -> convolver<element_t<Kernel>>;

}  // namespace faltung
