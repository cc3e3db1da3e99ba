// faltung/nn/unfold.hpp -- the windows of a layer as a view or as the columns of a matrix, and the fold that adds them
// back
#pragma once

#include "../convolve/resolve.hpp"
#include "../view/viewable.hpp"

namespace faltung::nn {

/// Where the windows of unfold and fold lie; what nn_options have under the same names.
struct unfold_options {
    faltung::padding padding = 0;
    per_axis<faltung::boundary> boundary = faltung::boundary::zero;
    per_axis<index_t> stride = 1, dilation = 1;
};

}  // namespace faltung::nn

namespace faltung::detail {

/// The axes of windows: batch, channels, then the spatial ones.
inline problem windows_of(char const* operation, shape const& x, per_axis<index_t> const& taps,
                          nn::unfold_options const& o) {
    const int spatial = x.rank() - 2;
    convolve_options c;
    c.padding = o.padding;
    c.boundary = o.boundary;
    c.stride = o.stride;
    c.dilation = o.dilation;
    taps.require_axes(spatial, "taps");
    shape h;
    for (int a = 0; a < spatial; ++a) {
        h.push_back(taps[a]);
        c.axes.push_back(a + 2);
    }
    return resolve({operation, sense::correlation}, x, h, c).problem;
}

/// N, channels times taps, and the number of windows.
inline shape matrix_of_windows(problem const& p) {
    index_t windows = 1;
    for (int a = 2; a < p.rank; ++a) windows = checked::multiply(windows, p[a].outputs(), "windows");
    return {p[0].n, checked::multiply(p[1].n, checked::product(p.taps(), "taps"), "rows of the matrix"), windows};
}

/// `visit(row, from, outside, tap)` for every run of windows along the last axis: the place of its first value in
/// the dense matrix, and what the leading axes say of its samples: their offset in x, or the axis whose constant stands
/// there. `tap` is the one along the last axis.
template <class Visit>
void for_each_run(problem const& p, strides const& x, Visit const& visit) {
    shape walk{p[0].n, p[1].n};  // batch, channels, taps, leading windows
    const int spatial = p.rank - 2, last = p.rank - 1;
    for (int a = 0; a < spatial; ++a) walk.push_back(p[a + 2].taps);
    for (int a = 0; a + 1 < spatial; ++a) walk.push_back(p[a + 2].outputs());
    index_t to = 0;
    for_each_index(walk, [&](index_list const& i) {
        index_t from = i[0] * x[0] + i[1] * x[1];
        int outside = -1;
        for (int a = 2; a < last; ++a) {
            const index_t at = p[a].edge.source(p[a].position(i[a + spatial], i[a]), p[a].n);
            if (at < 0)
                outside = a;
            else
                from += at * x[a];
        }
        visit(to, from, outside, i[last]);
        to += p[last].outputs();
    });
}

}  // namespace faltung::detail

namespace faltung::nn {

/// The windows of x: nothing is copied until somebody asks for the matrix.
template <class T, std::size_t Rank>
class unfolded {
    tensor_view<T const, Rank> x_;
    problem windows_;

public:
    unfolded(tensor_view<T const, Rank> const& x, problem const& windows) : x_(x), windows_(windows) {}

    /// (N, C, taps, windows): z[n, c, t..., o...] = x[n, c, o * stride + t * dilation - low]. Errors: shape_error where
    /// padding adds samples, which no view shows.
    tensor_view<T const, 2 * Rank - 2> view() const {
        constexpr int rank = static_cast<int>(Rank);
        shape n{x_.extent(0), x_.extent(1)};
        strides stride{x_.strides()[0], x_.strides()[1]};
        T const* data = x_.data();
        bool is_any = true;
        for (int a = 2; a < rank; ++a) {
            axis const& k = windows_[a];
            if (k.low > 0 || k.high > 0)
                detail::fail<shape_error>("unfold: axis ", a, ": a padding of {", k.low, ", ", k.high,
                                          "} adds samples that no view shows: ask for the matrix()");
            is_any = is_any && k.outputs() > 0;
            n.push_back(k.taps);
            stride.push_back(k.taps > 1 ? k.dilation * x_.strides()[a] : 0);
        }
        for (int a = 2; a < rank; ++a) {
            axis const& k = windows_[a];
            n.push_back(k.outputs());
            stride.push_back(k.outputs() > 1 ? k.window_stride * x_.strides()[a] : 0);
            if (is_any) data -= k.low * x_.strides()[a];
        }
        return tensor_view<T const, 2 * Rank - 2>::from_raw(data, n, stride);
    }

    /// (N, C * taps, windows), each row-major, copied: torch.nn.functional.unfold. Cost: a write for every value.
    tensor<T, 3> matrix() const {
        const auto v = x_.erased();
        auto z = tensor<T, 3>::uninitialized(detail::matrix_of_windows(windows_));
        axis const& k = windows_.last();
        const index_t step = v.stride[static_cast<int>(Rank) - 1], count = k.outputs();
        detail::for_each_run(windows_, v.stride, [&](index_t row, index_t from, int outside, index_t tap) {
            T* to = z.data() + row;
            for (index_t o = 0; o < count; ++o) {
                const index_t at = k.edge.source(k.position(o, tap), k.n);
                const int beyond = at < 0 ? windows_.rank - 1 : outside;  // the last axis wins
                to[o] = beyond < 0 ? v.data[from + at * step] : constant(windows_[beyond].edge);
            }
        });
        return z;
    }

private:
    static T constant(boundary const& edge) {
        if constexpr (is_complex<T>)
            return T(static_cast<real_t<T>>(edge.re), static_cast<real_t<T>>(edge.im));
        else
            return static_cast<T>(edge.re);
    }
};

/// All windows of x (N, C, 1 to 4 spatial axes), with `taps` samples along each spatial axis. `.view()` shows them,
/// `.matrix()` copies them. Errors: shape_error, option_error, overflow_error, as conv.
template <viewable X>
unfolded<element_t<X>, rank_of<X>> unfold(X&& x, per_axis<index_t> const& taps, unfold_options const& options = {}) {
    static_assert(rank_of<X> >= 3 && rank_of<X> <= 6, "x has batch, channels and 1 to 4 spatial axes");
    const auto v = as_view(std::forward<X>(x));
    return {v, detail::windows_of("unfold", v.shape(), taps, options)};
}

/// The adjoint of unfold(x, taps, options).matrix(): every value is added to the sample that it was a copy of; what was
/// a constant is left out. torch.nn.functional.fold, in any number of axes: fold<2>(z, {rows, columns}, {3, 3}).
///
/// Shapes: z (N, C * taps, windows), the result (N, C, spatial). Errors: shape_error where z is no such matrix.
template <std::size_t SpatialAxes, viewable Matrix>
tensor<element_t<Matrix>, SpatialAxes + 2> fold(Matrix const& z, shape const& spatial, per_axis<index_t> const& taps,
                                                unfold_options const& options = {}) {
    using T = element_t<Matrix>;
    static_assert(rank_of<Matrix> == 3, "a matrix of windows has the axes (N, C * taps, windows)");
    detail::require_shape(spatial, SpatialAxes, "fold");
    const strided<T const> from = as_view(z).erased();
    index_t window = 1;
    for (int a = 0; a < spatial.rank(); ++a) window = checked::multiply(window, taps[a], "taps of a window");
    if (window < 1 || from.n[1] % window != 0)
        detail::fail<shape_error>("fold: a matrix ", from.n, " of ", from.n[1], " rows for windows of ", window,
                                  " taps");
    shape n{from.n[0], from.n[1] / window};
    for (index_t extent : spatial) n.push_back(extent);
    const problem p = detail::windows_of("fold", n, taps, options);
    const shape wanted = detail::matrix_of_windows(p);
    if (!(from.n == wanted))
        detail::fail<shape_error>("fold: a matrix ", from.n, " where the windows of ", n, " make one of ", wanted);
    tensor<T, SpatialAxes + 2> x(n);
    if (is_empty(wanted)) return x;
    const auto to = as_view(x).erased();
    axis const& k = p.last();
    const index_t step = to.stride[p.rank - 1], count = k.outputs(), columns = wanted[2];
    detail::for_each_run(p, to.stride, [&](index_t row, index_t at, int outside, index_t tap) {
        const index_list i{row / columns / wanted[1], row / columns % wanted[1], row % columns};
        T const* values = from.data + offset(i, from.stride);
        for (index_t o = 0; o < count && outside < 0; ++o) {
            const index_t source = k.edge.source(k.position(o, tap), k.n);
            if (source < 0) continue;
            T& sum = to.data[at + source * step];
            sum = multiply_add(sum, real_t<T>{1}, values[o * from.stride[2]]);
        }
    });
    return x;
}

}  // namespace faltung::nn
