// faltung/nn/layer_plan.hpp -- a layer's problem with its kernel and constants, ready to run
#pragma once

#include <span>

#include "../convolve/plan.hpp"
#include "layer_constants.hpp"
#include "layer_problem.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// A layer's kernel, packed, and its bias where it has zero points: the kernel's own one is taken from its samples.
template <class T>
class quantised_kernel {
    using W = typename T::Weight;
    using Acc = typename T::Acc;

    packed_kernel<W> kernel_;
    std::shared_ptr<buffer<Acc> const> bias_;

public:
    quantised_kernel(layer_problem const& l, strided<typename T::H const> const& w, Acc const* bias)
        : kernel_({l.w[0], l.w[1], 2}, with_batch_tap(w),
                  distance_from_zero<W>{static_cast<real_t<W>>(l.zeros.kernel)}),
          bias_(bias_about(l.zeros, kernel_, bias)) {}

    packed_kernel<W> const& packed() const { return kernel_; }
    /// In place of the layer's own one, or null.
    std::shared_ptr<buffer<Acc> const> const& bias() const { return bias_; }
};

/// Errors: option_error for zero points that the types cannot have.
template <class T>
void require_zero_points(char const* operation, zero_points const& z) {
    if (z.are_zero()) return;
    if (!std::is_integral_v<typename T::Acc>)
        fail<option_error>(operation, ": .zero_points = {", z.input, ", ", z.kernel,
                           "} are for sums of integers, not of ", name_of(element_of<typename T::Acc>()));
    if (!holds<typename T::X>(static_cast<long double>(z.input)) ||
        !holds<typename T::H>(static_cast<long double>(z.kernel)))
        fail<option_error>(operation, ": .zero_points = {", z.input, ", ", z.kernel, "} are no samples of ",
                           name_of(element_of<typename T::X>()), " and ", name_of(element_of<typename T::H>()));
}

/// Errors: shape_error, overlap_error, when the arrays of a call are not those of the plan, or the workspace is another
/// one's.
template <class Y>
void require_residual(char const* operation, strided<Y const> const& residual, strided<Y> const& y) {
    if (!(residual.n == y.n))
        fail<shape_error>(operation, ": a residual of shape ", residual.n, " for an output of ", y.n);
    if (overlap(residual, y))
        fail<overlap_error>(operation, ": the output overlaps the residual; write into other memory");
}

/// The rows of a finished output, each as a span, on the workers of the call.
template <class Y, class EachRow>
void for_each_row(char const* operation, strided<Y> const& y, faltung::workspace& scratch, EachRow const& each) {
    const int last = y.n.rank() - 1;
    if (y.n[last] > 1 && y.stride[last] != 1)
        fail<shape_error>(operation, ": rows with a stride of ", y.stride[last],
                          " are no spans: a functor on finished "
                          "rows needs the last axis of the output without gaps");
    if (is_empty(y.n)) return;
    shape rows = y.n;
    rows[last] = 1;
    scratch.run(checked::product(rows, "rows of the output"), [&](grain_range range, std::byte*) noexcept {
        index_list i = rows;
        for (index_t g = range.first; g < range.last; ++g) {
            index_t rest = g;
            for (int a = last + 1; a-- > 0; rest /= rows[a]) i[a] = rest % rows[a];
            each(std::span<Y>(y.data + offset(i, y.stride), static_cast<std::size_t>(y.n[last])),
                 static_cast<index_list const&>(i));
        }
    });
}

/// What is known of a layer before a method is chosen. T = types<X, H, Acc, Y>.
template <class T>
class layer_setup {
    using H = typename T::H;

    request request_;
    layer_problem layer_;
    faltung::method wanted_;
    layer_constants<typename T::Acc, typename T::Y> constants_;

    static_assert(possible_types<T>::value);

public:
    layer_setup(request const& r, shape const& x, strided<H const> const& w, nn::nn_options const& o)
        : request_(r), layer_(layer_problem_of(r, x, w.n, o)), wanted_(o.method), constants_(r.operation, o, layer_.y) {
        require_zero_points<T>(r.operation, layer_.zeros);
        constants_.apply_to(layer_.to.problem.store);
        for (int a = 1; a < layer_.to.problem.rank; ++a) {
            boundary& edge = layer_.to.problem[a].edge;
            if (edge.is_zero()) edge = boundary::constant(static_cast<long double>(layer_.zeros.input));
        }
    }

    char const* operation() const { return request_.operation; }
    layer_problem const& layer() const { return layer_; }
    faltung::method wanted() const { return wanted_; }
    auto const& constants() const { return constants_; }

    quantised_kernel<T> kernel(strided<H const> const& w) const { return {layer_, w, constants_.bias()}; }

    /// With that kernel.
    problem typed_problem(quantised_kernel<T> const& kernel) const {
        resolved to = layer_.to;
        if (kernel.bias()) to.problem.store.bias = kernel.bias()->data();
        return typed<T>(request_, to, kernel.packed(), wanted_);
    }
};

/// The same, lowered.
template <class T>
class layer_plan {
    using X = typename T::X;
    using H = typename T::H;
    using Acc = typename T::Acc;
    using Y = typename T::Y;

    layer_setup<T> setup_;
    std::shared_ptr<buffer<Acc> const> bias_;  // where zero points make it another one
    lowered<T> lowered_;

    layer_plan(layer_setup<T> const& setup, quantised_kernel<T> const& kernel, lowered<T> const* earlier)
        : setup_(setup),
          bias_(kernel.bias()),
          lowered_(setup_.operation(), setup_.typed_problem(kernel), kernel.packed().view(), setup_.wanted(), earlier) {
    }

public:
    layer_plan(layer_setup<T> const& setup, strided<H const> const& w) : layer_plan(setup, setup.kernel(w), nullptr) {}

    /// The same with another kernel of the same shape.
    layer_plan with_kernel(strided<H const> const& w) const {
        if (!(w.n == kernel_shape()))
            fail<shape_error>("with_kernel: a kernel of shape ", w.n, " for a plan made for ", kernel_shape());
        return layer_plan(setup_, setup_.kernel(w), &lowered_);
    }

    char const* operation() const { return setup_.operation(); }
    shape const& input_shape() const { return setup_.layer().x; }
    shape const& kernel_shape() const { return setup_.layer().w; }
    shape const& output_shape() const { return setup_.layer().y; }
    faltung::problem const& problem() const { return lowered_.problem(); }
    faltung::method method() const { return lowered_.method(); }
    std::string explain() const { return account(methods_for<T>(), problem(), setup_.wanted()); }
    faltung::workspace workspace() const { return {lowered_.workspace(), 0, lowered_.workers()}; }
    bool needs_residual() const { return constants().adds_residual() && !constants().has_residual(); }

    /// Errors: shape_error, overlap_error; y is untouched then.
    void operator()(strided<X const> const& x, strided<Y> const& y, faltung::workspace& scratch) const {
        require(x, y, scratch);
        if (needs_residual())
            fail<shape_error>(operation(), ": the epilogue adds a residual that neither the plan nor the call has");
        if (constants().has_residual())
            require_residual(operation(), channels_first(constants().residual(channels_first(y).n)), y);
        if (!is_empty(y.n)) lowered_.run(channels_first(x), channels_first(y), scratch);
    }

    /// The same with a residual in place of the plan's own.
    void operator()(strided<X const> const& x, strided<Y const> const& residual, strided<Y> const& y,
                    faltung::workspace& scratch) const {
        require(x, y, scratch);
        if (!constants().adds_residual())
            fail<shape_error>(operation(), ": a residual for a plan whose epilogue does not add one");
        require_residual(operation(), residual, y);
        if (!is_empty(y.n)) lowered_.run(channels_first(x), channels_first(residual), channels_first(y), scratch);
    }

private:
    auto const& constants() const { return setup_.constants(); }

    void require(strided<X const> const& x, strided<Y> const& y, faltung::workspace const& scratch) const {
        require_call(operation(), input_shape(), placement_of(x), output_shape(), placement_of(y));
        if (scratch.bytes_per_worker() < lowered_.workspace())
            fail<shape_error>(operation(), ": a workspace of ", scratch.bytes_per_worker(),
                              " bytes per worker for a plan that needs ", lowered_.workspace(),
                              "; make it with the plan's own workspace()");
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
