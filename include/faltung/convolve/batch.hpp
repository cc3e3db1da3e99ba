// faltung/convolve/batch.hpp -- one kernel per batch entry: kernels that have batch axes of their own, broadcast
// against x
#pragma once

#include <list>

#include "plan.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// The kernels of a call. Usually one; but a kernel that has all axes of x, those outside `.axes` as a batch, is many:
/// each meets the entries of x with its own batch index, and an extent of 1 on either side is repeated (NumPy's rule).
struct kernel_batch {
    shape x;                 // for one kernel: extent 1 on the axes that the kernels vary along
    shape h;                 // of one kernel
    strides h_stride;        // of the taps of one kernel
    shape kernels;           // per axis of x, how many kernels there are along it
    strides x_step, h_step;  // from one batch index to the next

    /// One kernel.
    template <class X, class H>
    kernel_batch(strided<X const> const& data, strided<H const> const& kernel)
        : x(data.n),
          h(kernel.n),
          h_stride(kernel.stride),
          kernels(shape::repeated(data.n.rank(), 1)),
          x_step(kernels),
          h_step(kernels) {}

    /// As many as `all` has outside of `axes`. Errors: shape_error where both sides have a batch and their extents
    /// differ.
    void spread(request const& r, strides const& x_stride, index_list const& axes) {
        const shape all = h;
        require_arrays(r, x, all);
        kernels = all;
        h_step = h_stride;
        h = h_stride = {};
        for (index_t k : axes) {
            if (k < 0 || k >= all.rank())
                fail<shape_error>(r.operation, ": .axes = ", axes, ": axis ", k, " of an input with axes 0 to ",
                                  all.rank() - 1);
            const int a = static_cast<int>(k);
            h.push_back(all[a]);
            h_stride.push_back(h_step[a]);
            kernels[a] = 1;
        }
        for (int a = 0; a < kernels.rank(); ++a) {
            if (kernels[a] == 1) continue;
            if (x[a] != 1 && x[a] != kernels[a])
                fail<shape_error>(r.operation, ": axis ", a, ": a batch of ", x[a], " inputs and of ", kernels[a],
                                  " kernels");
            x_step[a] = x[a] > 1 ? x_stride[a] : 0;
            x[a] = std::min<index_t>(x[a], 1);
        }
    }
};

/// Batched where the options list fewer axes than the kernel has, and the kernel has those of x.
template <class X, class H>
kernel_batch batch_of(request const& r, strided<X const> const& x, strided<H const> const& h,
                      convolve_options const& o) {
    kernel_batch b(x, h);
    if (o.axes.rank() > 0 && o.axes.rank() < h.n.rank() && h.n.rank() == x.n.rank()) b.spread(r, x.stride, o.axes);
    return b;
}
template <class X, class H>
kernel_batch batch_of(request const&, strided<X const> const& x, strided<H const> const& h, dialect const&) {
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
    kernel_batch batch_;
    std::list<forward_plan<T>> plans_;  // of every kernel: whatever is wrong with one, no output has been written yet

public:
    template <class How>
    single_call(request const& r, strided<X const> const& x, strided<H const> const& h, How const& how)
        : request_(r), x_(x), batch_(batch_of(r, x, h, how)) {
        for_each_index(batch_.kernels, [&](index_list const& i) {
            const strided<H const> one{h.data + offset(i, batch_.h_step), batch_.h, batch_.h_stride};
            plans_.push_back(plans_.empty()
                                 ? forward_plan<T>(r, resolve(r, batch_.x, one.n, how), one, wanted_method(how))
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
            const strided<X const> x{x_.data + offset(i, batch_.x_step), batch_.x, x_.stride};
            strided<Y> to = y;
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
    const resolved to = resolve(r, batch.x, batch.h, how);
    const strided<typename T::H const> first{h.data, batch.h, batch.h_stride};
    return account(methods_for<T>(), typed<T>(r, to, packed<T>(r, to, first), wanted_method(how)), wanted_method(how),
                   checked::product(batch.kernels, "kernels of a batch"));
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
