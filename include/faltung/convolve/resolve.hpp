// faltung/convolve/resolve.hpp -- options and shapes become the canonical problem, or the error that names the axis
#pragma once

#include <thread>

#include "../geometry/dialect.hpp"
#include "../simd/target.hpp"
#include "options.hpp"

namespace faltung::detail {

/// What the caller asked for, besides shapes: the name that error texts begin with, the sense, and how often.
struct request {
    char const* operation;
    faltung::sense sense;
    double calls = 1;  // that are expected: a plan is made for many
};

/// The problem, and where its axes lie in the caller's arrays: axis a of x carries axis `kernel_axis[a]` of h, or -1.
struct resolved {
    faltung::problem problem;
    std::array<int, max_axes> kernel_axis{};
    faltung::engine engine = {};
    bool conjugates = false;                 // whether a complex kernel enters conjugated
    char const* conjugates_input = nullptr;  // the dialect that has a complex input conjugated, which is not done
};

inline namespace FALTUNG_COMPILED {

/// Refuse arrays that no option could make sense of.
inline void require_arrays(request const& r, shape const& x, shape const& h) {
    if (x.rank() == 0 || h.rank() == 0) detail::fail<shape_error>(r.operation, ": an array of rank 0");
    if (x.rank() > max_axes)
        detail::fail<shape_error>(r.operation, ": an input of ", x.rank(), " axes: at most ", max_axes,
                                  " are possible");
    for (int a = 0; a < h.rank(); ++a)
        if (h[a] < 1)
            detail::fail<shape_error>(r.operation, ": an empty kernel ", h, ": every axis needs at least 1 tap");
}

/// So many threads, those of the machine for 0. Errors: option_error.
inline int threads_of(char const* operation, int threads) {
    if (threads < 0)
        detail::fail<option_error>(operation, ": .threads = ", threads, ": 0 = all processors, or a number");
    return threads > 0 ? threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

/// A problem whose axes have their extents and taps: kernel axes where `axes` puts them (empty: in order), one tap
/// elsewhere.
inline resolved place_axes(request const& r, shape const& x, shape const& h, index_list const& axes) {
    require_arrays(r, x, h);
    resolved to;
    to.conjugates = r.sense == sense::correlation;
    to.kernel_axis.fill(-1);
    if (axes.rank() == 0 && x.rank() != h.rank())
        detail::fail<shape_error>(r.operation, ": an input of ", x.rank(), x.rank() == 1 ? " axis" : " axes", " ", x,
                                  " and a kernel of ", h.rank(), " ", h, "; name the kernel's axes with .axes = {...}");
    if (axes.rank() > 0 && axes.rank() != h.rank())
        detail::fail<shape_error>(r.operation, ": .axes lists ", axes.rank(), axes.rank() == 1 ? " axis " : " axes ",
                                  axes, " for a kernel of ", h.rank(), " ", h,
                                  h.rank() == x.rank() && axes.rank() < h.rank()
                                      ? ": a plan holds one kernel, a batch of them is for convolve"
                                      : "");
    for (int k = 0; k < h.rank(); ++k) {
        const index_t a = axes.rank() > 0 ? axes[k] : k;
        if (a < 0 || a >= x.rank())
            detail::fail<shape_error>(r.operation, ": .axes = ", axes, ": axis ", a, " of an input with axes 0 to ",
                                      x.rank() - 1);
        if (to.kernel_axis[static_cast<std::size_t>(a)] >= 0)
            detail::fail<shape_error>(r.operation, ": .axes = ", axes, " names axis ", a, " twice");
        to.kernel_axis[static_cast<std::size_t>(a)] = k;
    }
    for (int a = 0; a < x.rank(); ++a) {
        const int k = to.kernel_axis[static_cast<std::size_t>(a)];
        axis at;
        at.n = x[a];
        at.taps = k < 0 ? 1 : h[k];
        to.problem.push_back(at);
    }
    return to;
}

/// The tap that `same` aligns on an axis, or nothing for the middle of the span.
inline std::optional<index_t> centre_of(request const& r, convolve_options const& o, int kernel_axis, int a,
                                        axis const& k) {
    const index_t centre = o.centre[kernel_axis];
    if (centre == -1) return {};
    if (o.padding.mode() != mode::same)
        detail::fail<option_error>(r.operation, ": .centre = ", centre,
                                   " needs .padding = mode::same: every other padding says itself where output 0 lies");
    if (centre < 0 || centre >= k.taps)
        detail::fail<option_error>(r.operation, ": axis ", a, ": .centre = ", centre, " of a kernel with taps 0 to ",
                                   k.taps - 1);
    return centre;
}

/// Everything about the geometry is checked here, and nothing behind it overflows.
inline void require_valid(request const& r, problem const& p) {
    for (int a = 0; a < p.rank; ++a) faltung::require_valid(p[a], r.operation, a);
    p.taps_per_output();
    p.output_count();
}

inline resolved resolve(request const& r, shape const& x, shape const& h, convolve_options const& o) {
    const int rank = h.rank();
    o.padding.require_axes(rank);
    o.boundary.require_axes(rank, "boundary");
    o.stride.require_axes(rank, "stride");
    o.dilation.require_axes(rank, "dilation");
    o.centre.require_axes(rank, "centre");
    resolved to = place_axes(r, x, h, o.axes);
    for (int a = 0; a < to.problem.rank; ++a) {
        const int k = to.kernel_axis[static_cast<std::size_t>(a)];
        if (k < 0) continue;
        axis& at = to.problem[a];
        at.window_stride = o.stride[k];
        at.dilation = o.dilation[k];
        at.edge = o.boundary[k];
        faltung::require_valid(at, r.operation, a);  // before the amounts are computed from it
        const std::optional<index_t> centre = centre_of(r, o, k, a, at);
        const low_high amounts =
            o.padding.mode() ? amounts_of(*o.padding.mode(), at, r.sense, centre) : o.padding.amounts()[k];
        at.low = amounts.low;
        at.high = amounts.high;
    }
    require_valid(r, to.problem);
    to.problem.limits.threads = detail::threads_of(r.operation, o.threads);
    if (!(o.tolerance >= 0))
        detail::fail<option_error>(r.operation, ": .tolerance = ", o.tolerance, ": at least 0 is needed");
    if (o.memory < 0) detail::fail<option_error>(r.operation, ": .memory = ", o.memory, " bytes");
    to.problem.limits.tolerance = o.tolerance;
    to.problem.limits.memory = o.memory;
    to.engine = o.engine;
    to.problem.store.overflow = o.overflow;
    to.problem.store.rounding = o.rounding;
    return to;
}

inline resolved resolve(request const& r, shape const& x, shape const& h, dialect const& d) {
    resolved to = place_axes(r, x, h, {});
    d.place(to.problem, r.sense, r.operation);
    if (d.conjugates_input(to.problem, r.sense, r.operation)) to.conjugates_input = d.name();
    to.conjugates = !to.conjugates_input && d.conjugates(r.sense);
    require_valid(r, to.problem);
    return to;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
