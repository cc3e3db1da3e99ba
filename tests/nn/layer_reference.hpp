// tests/nn/layer_reference.hpp -- a layer's sums from the one-channel reference: plane by plane, in wider arithmetic
#pragma once

#include <cstddef>
#include <vector>

#include "support/reference.hpp"

namespace reference {

/// Row-major x: batch, channels, axes; w: outputs, channels of a group, axes; y: batch, outputs, axes.
struct layer {
    std::vector<line> axes;  // spatial
    std::size_t batch = 1, in = 1, out = 1, groups = 1;

    std::size_t inputs() const {
        std::size_t count = 1;
        for (line const& k : axes) count *= static_cast<std::size_t>(k.n);
        return count;
    }
    std::size_t taps() const {
        std::size_t count = 1;
        for (line const& k : axes) count *= static_cast<std::size_t>(k.taps);
        return count;
    }
    std::size_t outputs() const {
        std::size_t count = 1;
        for (index_t n : output_shape(axes)) count *= static_cast<std::size_t>(n);
        return count;
    }
    std::size_t group_in() const { return in / groups; }
    std::size_t group_out() const { return out / groups; }
};

template <class Wide, class T>
std::vector<Wide> plane(std::vector<T> const& all, std::size_t number, std::size_t samples) {
    std::vector<Wide> part;
    part.reserve(samples);
    for (std::size_t i = 0; i < samples; ++i) part.push_back(widened<Wide>(all[number * samples + i]));
    return part;
}

template <class Wide>
void add_to(std::vector<Wide>& all, std::size_t number, std::vector<Wide> const& part) {
    for (std::size_t i = 0; i < part.size(); ++i) all[number * part.size() + i] += part[i];
}

/// `visit(n, o, c, i)` for every output channel o of every image n and every channel i of its group, c of all.
template <class Visit>
void for_each_plane(layer const& l, Visit&& visit) {
    for (std::size_t n = 0; n < l.batch; ++n)
        for (std::size_t o = 0; o < l.out; ++o)
            for (std::size_t i = 0; i < l.group_in(); ++i) visit(n, o, o / l.group_out() * l.group_in() + i, i);
}

/// y = bias + the sum; an empty bias is none.
template <class Wide, class X, class W, class B>
std::vector<Wide> forward(layer const& l, std::vector<X> const& x, std::vector<W> const& w,
                          std::vector<B> const& bias) {
    const std::size_t outputs = l.outputs();
    std::vector<Wide> y(l.batch * l.out * outputs, Wide{});
    for_each_plane(l, [&](std::size_t n, std::size_t o, std::size_t c, std::size_t i) {
        add_to(y, n * l.out + o,
               correlate<Wide>(l.axes, plane<Wide>(x, n * l.in + c, l.inputs()),
                               plane<Wide>(w, o * l.group_in() + i, l.taps())));
    });
    for (std::size_t j = 0; j < y.size() && !bias.empty(); ++j) y[j] += widened<Wide>(bias[j / outputs % l.out]);
    return y;
}

/// The transposed sum: of y's shape in, of x's out.
template <class Wide, class Y, class W>
std::vector<Wide> transposed(layer const& l, std::vector<Y> const& y, std::vector<W> const& w) {
    std::vector<Wide> x(l.batch * l.in * l.inputs(), Wide{});
    for_each_plane(l, [&](std::size_t n, std::size_t o, std::size_t c, std::size_t i) {
        add_to(x, n * l.in + c,
               adjoint<Wide>(l.axes, plane<Wide>(y, n * l.out + o, l.outputs()),
                             plane<Wide>(w, o * l.group_in() + i, l.taps())));
    });
    return x;
}

/// The sum's derivative by the kernel: every term w[t] * x[i] of y[o] becomes a term y[o] * x[i] of w[t].
template <class Wide, class X, class Y>
std::vector<Wide> by_kernel(layer const& l, std::vector<X> const& x, std::vector<Y> const& y) {
    std::vector<Wide> w(l.out * l.group_in() * l.taps(), Wide{});
    for_each_plane(l, [&](std::size_t n, std::size_t o, std::size_t c, std::size_t i) {
        const auto from = plane<Wide>(x, n * l.in + c, l.inputs()), by = plane<Wide>(y, n * l.out + o, l.outputs());
        std::vector<Wide> to(l.taps(), Wide{});
        for_each_term(l.axes, [&](std::size_t at, std::size_t t, std::size_t sample, line const* outside) {
            if (!outside)
                to[t] += by[at] * from[sample];
            else if (outside->map == 'c')
                to[t] += by[at] * widened<Wide>(outside->constant);
        });
        add_to(w, o * l.group_in() + i, to);
    });
    return w;
}

}  // namespace reference
