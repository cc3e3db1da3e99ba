// faltung/nn/layer_problem.hpp -- shapes and options of a layer become the canonical problem with channels
#pragma once

#include "../convolve/resolve.hpp"
#include "layer_options.hpp"

namespace faltung::detail {

/// A problem whose axes are batch, then the spatial ones, and the shapes that the caller sees: x (N, C, ...),
/// w (O, C / groups, ...), y (N, O, ...).
struct layer_problem {
    resolved to;
    shape x, w, y;
    nn::zero_points zeros = {};
};

/// The array (N, C, spatial) with its channels first, as methods see it.
template <class T>
strided<T> channels_first(strided<T> v) {
    std::swap(v.n[0], v.n[1]);
    std::swap(v.stride[0], v.stride[1]);
    return v;
}

/// The kernel (O, C, spatial) with one tap along the batch.
template <class T>
strided<T> with_batch_tap(strided<T> const& w) {
    strided<T> to{w.data, {}, {}};
    for (int a = 0; a < w.n.rank(); ++a) {
        if (a == 2) {
            to.n.push_back(1);
            to.stride.push_back(0);
        }
        to.n.push_back(w.n[a]);
        to.stride.push_back(w.stride[a]);
    }
    return to;
}

/// Errors: option_error for groups < 1, shape_error for channels that the groups do not divide.
inline void require_groups(char const* operation, index_t groups, index_t channels, char const* what) {
    if (groups < 1) fail<option_error>(operation, ": .groups = ", groups, ": at least 1 is needed");
    if (channels < 1 || channels % groups != 0)
        fail<shape_error>(operation, ": ", channels, " ", what, " channels in ", groups,
                          groups == 1 ? " group" : " groups",
                          channels < 1 ? ": at least 1 is needed" : ": the groups must divide them");
}

/// Errors: shape_error for an empty kernel.
inline void require_taps(char const* operation, shape const& w) {
    if (is_empty(w))
        fail<shape_error>(operation, ": an empty kernel ", w, ": every axis needs at least 1 channel or tap");
}

/// The options that say something about every spatial axis, as convolve has them.
template <class Options>
convolve_options spatial_options(Options const& o, int spatial_axes) {
    convolve_options c;
    c.padding = o.padding;
    c.stride = o.stride;
    c.dilation = o.dilation;
    for (int a = 0; a < spatial_axes; ++a) c.axes.push_back(a + 2);
    c.method = o.method;
    c.engine = o.engine;
    c.tolerance = o.tolerance;
    c.memory = o.memory;
    c.threads = o.threads;
    c.overflow = o.overflow;
    c.rounding = o.rounding;
    return c;
}

inline shape spatial_of(shape const& n) {
    shape to;
    for (int a = 2; a < n.rank(); ++a) to.push_back(n[a]);
    return to;
}

/// The problem without the axis of channels, which methods count apart.
inline void set_channels(problem& p, index_t in, index_t out, index_t groups) {
    const problem all = p;
    p.rank = 0;
    for (int a = 0; a < all.rank; ++a)
        if (a != 1) p.push_back(all[a]);
    p.in = in;
    p.out = out;
    p.groups = groups;
}

/// N and the channels, then the outputs of the spatial axes.
inline shape layer_output(problem const& p) {
    shape y{p[0].outputs(), p.out};
    for (int a = 1; a < p.rank; ++a) y.push_back(p[a].outputs());
    return y;
}

/// Errors: shape_error, option_error, overflow_error, with the axis as x counts it.
inline layer_problem layer_problem_of(request const& r, shape const& x, shape const& w, nn::nn_options const& o) {
    require_taps(r.operation, w);
    require_groups(r.operation, o.groups, x[1], "input");
    require_groups(r.operation, o.groups, w[0], "output");
    if (w[1] * o.groups != x[1])
        fail<shape_error>(r.operation, ": a kernel ", w, " of ", w[1], " input channels for an input ", x, " of ", x[1],
                          " channels in ", o.groups, o.groups == 1 ? " group: " : " groups: ", x[1] / o.groups,
                          " are needed");
    const int spatial = x.rank() - 2;
    o.boundary.require_axes(spatial, "boundary");
    convolve_options c = spatial_options(o, spatial);
    c.boundary = o.boundary;
    layer_problem l{resolve(r, x, spatial_of(w), c), x, w, {}, o.zero_points};
    set_channels(l.to.problem, x[1], w[0], o.groups);
    l.to.conjugates = false;
    require_valid(r, l.to.problem);
    l.y = layer_output(l.to.problem);
    return l;
}

}  // namespace faltung::detail
