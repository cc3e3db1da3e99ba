// faltung/convolve/batch.hpp -- one kernel per batch entry: kernels that have batch axes of their own, broadcast
// against x
#pragma once

#include <vector>

#include "plan.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// The kernels of a call. Usually one; but a kernel that has all axes of x, those outside `.axes` as a batch, is many:
/// each meets the entries of x with its own batch index, and an extent of 1 on either side is repeated (NumPy's rule).
template <class X, class H>
struct kernel_batch {
    strided<X const> x;      // for one kernel: extent 1 on the axes that the kernels vary along
    strided<H const> h;      // the first kernel
    shape kernels;           // per axis of x, how many kernels there are along it
    strides x_step, h_step;  // from one batch index to the next

    kernel_batch(strided<X const> const& data, strided<H const> const& kernel)
        : x(data), h(kernel), kernels(shape::repeated(data.n.rank(), 1)), x_step(kernels), h_step(kernels) {}

    /// Errors: shape_error where both sides have a batch and their extents differ.
    kernel_batch(request const& r, strided<X const> const& data, strided<H const> const& all, index_list const& axes)
        : kernel_batch(data, {all.data, {}, {}}) {
        require_arrays(r, x.n, all.n);
        kernels = all.n;
        h_step = all.stride;
        for (index_t k : axes) {
            if (k < 0 || k >= all.n.rank())
                detail::fail<shape_error>(r.operation, ": .axes = ", axes, ": axis ", k, " of an input with axes 0 to ",
                                          all.n.rank() - 1);
            const int a = static_cast<int>(k);
            h.n.push_back(all.n[a]);
            h.stride.push_back(all.stride[a]);
            kernels[a] = 1;
        }
        for (int a = 0; a < kernels.rank(); ++a) {
            if (kernels[a] == 1) continue;
            if (x.n[a] != 1 && x.n[a] != kernels[a])
                detail::fail<shape_error>(r.operation, ": axis ", a, ": a batch of ", x.n[a], " inputs and of ",
                                          kernels[a], " kernels");
            x_step[a] = x.n[a] > 1 ? x.stride[a] : 0;
            x.n[a] = std::min<index_t>(x.n[a], 1);
        }
    }
};

/// Batched where the options list fewer axes than the kernel has, and the kernel has those of x.
template <class X, class H>
kernel_batch<X, H> batch_of(request const& r, strided<X const> const& x, strided<H const> const& h,
                            convolve_options const& o) {
    const bool batched = o.axes.rank() > 0 && o.axes.rank() < h.n.rank() && h.n.rank() == x.n.rank();
    return batched ? kernel_batch<X, H>(r, x, h, o.axes) : kernel_batch<X, H>(x, h);
}
template <class X, class H>
kernel_batch<X, H> batch_of(request const&, strided<X const> const& x, strided<H const> const& h, dialect const&) {
    return {x, h};
}

inline method wanted_method(convolve_options const& o) { return o.method; }
inline method wanted_method(dialect const&) { return method::automatic; }

/// A problem that is solved once. T = types<X, H, Acc, Y>.
template <class T>
class single_call {
    using X = typename T::X;
    using H = typename T::H;
    using Y = typename T::Y;

    request request_;
    strided<X const> x_;
    kernel_batch<X, H> batch_;
    std::vector<forward_plan<T>> plans_;  // of every kernel: whatever is wrong with one, no output has been written yet

public:
    template <class How>
    single_call(request const& r, strided<X const> const& x, strided<H const> const& h, How const& how)
        : request_(r), x_(x), batch_(batch_of(r, x, h, how)) {
        for_each_index(batch_.kernels, [&](index_list const& i) {
            strided<H const> one = batch_.h;
            one.data += offset(i, batch_.h_step);
            plans_.push_back(plans_.empty()
                                 ? forward_plan<T>(r, resolve(r, batch_.x.n, one.n, how), one, wanted_method(how))
                                 : plan().with_kernel(one));
        });
    }

    /// Of the first kernel.
    forward_plan<T> const& plan() const { return plans_.front(); }

    shape output_shape() const {
        shape n = plan().problem().outputs();
        for (int a = 0; a < n.rank(); ++a) n[a] = checked::multiply(n[a], batch_.kernels[a], "samples of the output");
        return n;
    }

    /// Errors: shape_error, overlap_error, std::bad_alloc; y is untouched then.
    void run(strided<Y> const& y) const {
        require_call(request_.operation, x_.n, placement_of(x_), output_shape(), placement_of(y));
        if (is_empty(y.n)) return;  // whose pointer may be null
        index_t bytes = 0;          // the methods may differ: a kernel with NaN needs direct
        for (forward_plan<T> const& p : plans_) bytes = std::max(bytes, p.workspace());
        faltung::workspace scratch(bytes, 0, plan().workers());
        auto next = plans_.begin();
        for_each_index(batch_.kernels, [&](index_list const& i) {
            strided<X const> x = batch_.x;
            strided<Y> to = y;
            x.data += offset(i, batch_.x_step);
            to.data += offset(i, y.stride);
            to.n = plan().problem().outputs();
            (*next++)(x, to, scratch);
        });
    }
};

/// The account of a call, without its kernels' preparation.
template <class T, class How>
std::string account_of(request const& r, strided<typename T::X const> const& x, strided<typename T::H const> const& h,
                       How const& how) {
    const auto batch = batch_of(r, x, h, how);
    const resolved to = resolve(r, batch.x.n, batch.h.n, how);
    return account<T>(typed<T>(r, to, packed<T>(r, to, batch.h).facts), wanted_method(how),
                      checked::product(batch.kernels, "kernels of a batch"));
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
