// faltung/convolve/plan.hpp -- a resolved problem with its kernel: everything about a call that does not depend on the
// samples of x
#pragma once

#include "../view/overlap.hpp"
#include "lowered.hpp"
#include "resolve.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// The array with a leading channel axis of extent 1, as methods see it.
template <class T>
strided<T> with_channel(strided<T> const& v) {
    strided<T> to = v;
    to.n.push_front(1);
    to.stride.push_front(0);
    return to;
}

/// h with an axis for every axis of the problem, in the problem's order, reversed for a convolution.
template <class H>
strided<H const> along_axes(resolved const& r, sense s, strided<H const> const& h) {
    strided<H const> to{h.data, {}, {}};
    for (int a = 0; a < r.problem.rank; ++a) {
        const int k = r.kernel_axis[static_cast<std::size_t>(a)];
        index_t n = k < 0 ? 1 : h.n[k], stride = k < 0 ? 0 : h.stride[k];
        if (s == sense::convolution) {
            to.data += (n - 1) * stride;
            stride = -stride;
        }
        to.n.push_back(n);
        to.stride.push_back(stride);
    }
    return to;
}

inline void require_input(char const* operation, shape const& wanted, shape const& x) {
    if (!(x == wanted)) fail<shape_error>(operation, ": an input of shape ", x, " for a plan made for ", wanted);
}

/// Errors: shape_error when the arrays have other shapes than the plan, overlap_error when y overlaps x or itself.
inline void require_call(char const* operation, shape const& inputs, placement const& x, shape const& outputs,
                         placement const& y) {
    require_input(operation, inputs, x.n);
    if (!(y.n == outputs))
        fail<shape_error>(operation, ": an output of shape ", y.n, " where the result has ", outputs);
    if (is_empty(y.n)) return;
    const address_range written = addresses_of(y);
    if (overlaps_itself(y, written))
        fail<overlap_error>(operation, ": the output of shape ", y.n, " with strides ", y.stride, " overlaps itself");
    if (overlap(x, y, written))
        fail<overlap_error>(operation, ": the output overlaps the input; write into other memory, then copy");
}

/// Whether a sum can have this value.
template <class Data>
bool holds(long double value) {
    using R = real_t<Data>;
    const bool within = value >= static_cast<long double>(std::numeric_limits<R>::lowest()) &&
                        value <= static_cast<long double>(std::numeric_limits<R>::max());
    return std::is_integral_v<R> ? within && std::trunc(value) == value : within || !std::isfinite(value);
}

/// Errors: option_error for a constant that the data cannot continue with.
template <class T>
void require_constant(char const* operation, boundary const& edge, int a) {
    using D = typename T::Data;
    if (edge.map != boundary::rule::constant) return;
    if (!is_complex<D> && edge.im != 0)
        fail<option_error>(operation, ": axis ", a, ": the constant ", edge.re, " + ", edge.im,
                           "i beyond the ends of an input of type ", name_of(element_of<typename T::X>()));
    if (!holds<D>(edge.re) || !holds<D>(edge.im))
        fail<option_error>(operation, ": axis ", a, ": the constant ", edge.re,
                           is_complex<D> ? text(" + ", edge.im, "i") : "", " is no value of the accumulator ",
                           name_of(element_of<typename sum_traits<typename T::Acc>::value>()));
}

/// The problem with its element types, whatever the kernel is.
template <class T>
problem typed(request const& r, resolved const& to) {
    problem p = to.problem;
    using sum = sum_traits<typename T::Acc>;
    p.types = {element_of<typename T::X>(), element_of<typename T::H>(), element_of<typename sum::value>(),
               element_of<typename T::Y>(), sum::name};
    p.limits.instruction_set = best_instruction_set();
    p.limits.byte_products = best_byte_products();
    p.limits.calls = r.calls;
    if (to.engine.table) {
        p.engine = to.engine.table(real_element(p.types.accumulator));
        if (!p.engine) p.engine = &no_engine;
    }
    for (int a = 0; a < p.rank; ++a) require_constant<T>(r.operation, p[a].edge, a);
    if (is_complex<typename T::X> && to.conjugates_input)
        fail<option_error>(r.operation, ": ", to.conjugates_input,
                           " conjugates the input where the kernel is the larger one; conjugate it yourself and take "
                           "the kernel as it is, or exchange the two");
    return p;
}

/// The problem as methods see it: also with what its kernel is like.
template <class T>
problem typed(request const& r, resolved const& to, packed_kernel<typename T::Weight> const& kernel,
              faltung::method wanted) {
    problem p = typed<T>(r, to);
    p.kernel = kernel.facts;
    if constexpr (sum_traits<typename T::Acc>::name == algebra::plus_times)
        if (p.in == 1 && p.out == 1) kernel.measure_terms(p, wanted);
    return p;
}

/// The kernel of a call, in the problem's axes and as methods want it.
template <class T>
packed_kernel<typename T::Weight> packed(request const& r, resolved const& to, strided<typename T::H const> const& h) {
    using W = typename T::Weight;
    const auto meets = [](W tap) { return meets_zeros<typename T::Acc, W>(tap); };
    if constexpr (is_complex<W>)
        return {along_axes(to, r.sense, h), [conjugates = to.conjugates](W w) { return conjugates ? conjugate(w) : w; },
                meets};
    else
        return {along_axes(to, r.sense, h), same_tap{}, meets};
}

/// Whether sums of these types can be computed: each of the assertions says why not.
template <class T>
struct possible_types {
    using X = typename T::X;
    using H = typename T::H;
    using Acc = typename T::Acc;
    using Y = typename T::Y;

    static_assert(!std::is_integral_v<Acc> || (std::is_integral_v<X> && std::is_integral_v<H>),
                  "an integer accumulator cannot hold products with a floating input or kernel: name a floating one");
    static_assert(!std::is_integral_v<Acc> || sizeof(Acc) >= 4, "an accumulator has at least 32 bits");
    static_assert(
        !std::is_unsigned_v<Acc> || sizeof(Acc) == 8 || (std::is_unsigned_v<X> && std::is_unsigned_v<H>),
        "an unsigned accumulator of 32 bits cannot hold the sums of a signed input or kernel: name a signed one");
    static_assert(is_complex<Acc> || (!is_complex<X> && !is_complex<H>),
                  "a complex input or kernel needs a complex accumulator");
    static_assert(is_complex<Y> || !is_complex<Acc>, "complex sums need a complex output");
    static constexpr bool value = true;
};

/// The forward half of a plan. T = types<X, H, Acc, Y>.
template <class T>
class forward_plan {
    using X = typename T::X;
    using H = typename T::H;
    using Acc = typename T::Acc;
    using Y = typename T::Y;
    using W = typename T::Weight;

    static_assert(possible_types<T>::value);

    request request_;
    resolved resolved_;
    shape kernel_shape_, inputs_, outputs_;
    faltung::method wanted_;
    packed_kernel<W> kernel_;
    lowered<T> lowered_;

public:
    forward_plan(request const& r, resolved const& to, strided<H const> const& h, faltung::method wanted,
                 forward_plan const* earlier = nullptr)
        : request_(r),
          resolved_(to),
          kernel_shape_(h.n),
          inputs_(to.problem.inputs()),
          outputs_(to.problem.outputs()),
          wanted_(wanted),
          kernel_(packed<T>(r, to, h)),
          lowered_(r.operation, typed<T>(r, to, kernel_, wanted), kernel_.view(), wanted,
                   earlier ? &earlier->lowered_ : nullptr) {}

    /// The same plan with another kernel of the same shape.
    forward_plan with_kernel(strided<H const> const& h) const {
        if (!(h.n == kernel_shape_))
            detail::fail<shape_error>("with_kernel: a kernel of shape ", h.n, " for a plan made for ", kernel_shape_);
        return forward_plan(request_, resolved_, h, wanted_, this);
    }

    char const* operation() const { return request_.operation; }
    faltung::problem const& problem() const { return lowered_.problem(); }
    faltung::method method() const { return lowered_.method(); }
    faltung::method wanted() const { return wanted_; }
    packed_kernel<W> const& kernel() const { return kernel_; }
    shape const& kernel_shape() const { return kernel_shape_; }
    index_t workspace() const { return lowered_.workspace(); }
    int workers() const { return lowered_.workers(); }

    /// y = the problem's sum. Errors: shape_error, overlap_error; y is untouched then.
    void operator()(strided<X const> const& x, strided<Y> const& y, faltung::workspace& scratch) const {
        require_call(request_.operation, inputs_, placement_of(x), outputs_, placement_of(y));
        if (scratch.bytes_per_worker() < workspace())
            detail::fail<shape_error>(request_.operation, ": a workspace of ", scratch.bytes_per_worker(),
                                      " bytes per worker for a plan that needs ", workspace(),
                                      "; make it with the plan's own workspace()");
        if (!is_empty(y.n)) lowered_.run(with_channel(x), with_channel(y), scratch);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
