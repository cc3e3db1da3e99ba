// faltung/deconvolve/deconvolver.hpp -- a plan that undoes a periodic convolution of one or many channels
#pragma once

#include <mutex>

#include "../core/workspace.hpp"
#include "../view/overlap.hpp"
#include "../view/viewable.hpp"
#include "certificate.hpp"
#include "layer_product.hpp"
#include "planes.hpp"

namespace faltung {

inline namespace FALTUNG_COMPILED {

/// Undoes y = A x, where y[o] is the sum over input channels c of the periodic convolution of x[c] with h[o, c]: x =
/// A^+ y, the x of least norm among those that make |A x - y| least, by one pseudo-inverse of an O x C matrix for each
/// frequency; with a regularization, the x that makes |A x - y|^2 plus its penalty least. All singular values are cut
/// at one threshold, relative to the largest of all frequencies: relative to its own matrix, one that is only rounding
/// would be inverted, too.
///
///     deconvolver undo{image.shape(), h, {.regularization = tikhonov{1e-3}}};   auto x = undo(y);
///
/// Immutable, and shared between threads; a call needs a workspace of its own.
/// Shapes: extents n of any rank from 1 on; h (taps along each axis), or (O, C, taps along each axis) for channels. y
/// (any batch axes, O, n) gives x (the same, C, n); without channels, both are (any batch axes, n).
/// Types: float, double and complex numbers of both. Errors: shape_error; option_error for taps, samples, thresholds
/// and weights that are not finite or below 0; unsupported_error for more than .memory; overflow_error, out_of_memory.
/// Cost: the inverses, as `pinv`, held in 2 O C numbers for each of about N / 2 frequencies (N for complex numbers); a
/// call, O + C transforms and O C multiply-adds for each of those.
template <class T>
class deconvolver {
    static_assert(is_floating<T> && sizeof(real_t<T>) <= 8, "deconvolver: float, double or complex numbers of these");
    using R = real_t<T>;

    struct state {
        deconvolve_options options;
        detail::array_kind kind;
        shape taps;
        detail::periodic_layer<T> layer;
        detail::layer_inverse<T> inverse;
        mutable std::once_flag turned;
        mutable buffer<R> of_adjoints;

        state(shape const& n, strided<T const> const& h, deconvolve_options const& o)
            : options(checked(o)),
              kind{"deconvolver", h.n.rank() != n.rank(), n},
              taps(h.n),
              layer(detail::with_channels(h, n.rank()), n, o, "deconvolver"),
              inverse(layer, options) {}

        static deconvolve_options const& checked(deconvolve_options const& o) {
            if (o.relative && !(*o.relative >= 0 && std::isfinite(*o.relative)))
                detail::fail<option_error>("deconvolver: .relative = ", *o.relative, ": a number from 0 on is needed");
            if (!(o.absolute >= 0 && std::isfinite(o.absolute)))
                detail::fail<option_error>("deconvolver: .absolute = ", o.absolute, ": a number from 0 on is needed");
            return o;
        }

        // Made when they are first asked for.
        buffer<R> const& adjoints() const {
            std::call_once(turned, [&] {
                of_adjoints =
                    detail::conjugate_transposed(layer, inverse.inverses.data(), layer.inputs(), layer.outputs());
            });
            return of_adjoints;
        }
    };
    std::shared_ptr<state const> state_;

public:
    template <viewable H>
    deconvolver(shape const& n, H const& h, deconvolve_options const& o = {})
        : state_(std::make_shared<state const>(n, tensor_view<T const, rank_of<H>>(as_view(h)).erased(), o)) {}

    shape extents() const { return state_->layer.extents(); }
    index_t outputs() const { return state_->layer.outputs(); }  // O, channels of y
    index_t inputs() const { return state_->layer.inputs(); }    // C, channels of x

    /// Scratch for calls with up to so many images.
    faltung::workspace workspace(index_t images = 1) const {
        const index_t reals = detail::product_scratch(state_->layer, {outputs(), inputs(), images});
        return {0, checked::multiply(reals, index_t{sizeof(R)}, "bytes of a call"), 1};
    }

    /// x = A^+ y in new memory.
    template <viewable Y>
    tensor<T, rank_of<Y>> operator()(Y const& y) const {
        return computed<rank_of<Y>>(y, way::forward);
    }
    /// Into x, without allocating. Errors, besides: overlap_error, shape_error for a workspace of fewer images.
    template <viewable Y, viewable X>
    void operator()(Y const& y, X&& x, faltung::workspace& scratch) const {
        run(tensor_view<T const, rank_of<Y>>(as_view(y)).erased(), tensor_view<T, rank_of<X>>(as_view(x)).erased(),
            scratch, way::forward);
    }

    /// y = (A^+)^H x: the gradient with respect to y of a function whose gradient with respect to A^+ y is x.
    template <viewable X>
    tensor<T, rank_of<X>> adjoint(X const& x) const {
        return computed<rank_of<X>>(x, way::adjoint);
    }

    /// The gradient with respect to the taps of a function of x = A^+ y, given y and the function's gradient with
    /// respect to x, as long as no singular value crosses the threshold. Shapes: as h. Cost: a decomposition for each
    /// frequency, in double.
    template <std::size_t TapRank, viewable Y, viewable X>
    tensor<T, TapRank> kernel_gradient(Y const& y, X const& gradient) const {
        const strided<T const> of_y = tensor_view<T const, rank_of<Y>>(as_view(y)).erased(),
                               of_x = tensor_view<T const, rank_of<X>>(as_view(gradient)).erased();
        const index_t images = images_of(of_y.n, of_x.n, outputs(), inputs());
        detail::require_shape(state_->taps, TapRank, "deconvolver: the gradient of the kernel");
        tensor<T, TapRank> taps(state_->taps);
        const buffer<R> y_groups = spectra(of_y, images * outputs()), x_groups = spectra(of_x, images * inputs());
        const buffer<R> gradients = state_->inverse.gradient(y_groups.data(), x_groups.data(), images);
        state_->layer.add_taps(gradients.data(), taps.data());
        return taps;
    }

    /// Frequencies that are lost, if any are.
    std::optional<deconvolution_warning> warning() const {
        if (state_->inverse.lost.empty()) return {};
        return deconvolution_warning{state_->inverse.lost};
    }

    /// All singular values of A: those of frequency m, the largest first, in row m of the natural order, row-major.
    /// Shapes: (N, min(O, C)). Cost: a decomposition for each frequency, in double.
    /// Source: Sedghi, Gupta and Long, ICLR 2019.
    tensor<double, 2> spectrum() const { return detail::spectrum_of(state_->layer); }

    /// What comes back and what does not. Cost: as spectrum().
    deconvolution_certificate certificate() const { return detail::certificate_of(state_->layer, state_->options); }

private:
    enum class way : unsigned char { forward, adjoint };

    // Errors: shape_error unless they are the same number on both sides.
    index_t images_of(shape const& y, shape const& x, index_t from, index_t to) const {
        const int lead = state_->kind.batch_axes(y, from, "an input"),
                  same = state_->kind.batch_axes(x, to, "an output");
        index_t images = 1;
        bool equal = lead == same;
        for (int a = 0; equal && a < lead; ++a) {
            equal = x[a] == y[a];
            images = checked::multiply(images, y[a], "images");
        }
        if (!equal) detail::fail<shape_error>("deconvolver: an input of shape ", y, " and an output of shape ", x);
        return images;
    }

    detail::torus_part whole() const { return {extents(), index_list::repeated(extents().rank(), 0)}; }

    // Errors: option_error for a sample that is not finite.
    void load(strided<T const> const& y, index_t b, R* data) const {
        const strided<T const> plane = detail::plane_of(y, extents().rank(), b);
        if (!detail::put_plane(plane, whole(), data)) detail::fail_for_sample("deconvolver", plane, b);
    }

    buffer<R> spectra(strided<T const> const& y, index_t planes) const {
        auto const& t = state_->layer.transform();
        buffer<R> data(t.data()), one(t.spectrum()),
            all(checked::multiply(planes, t.spectrum(), "numbers of all spectra"));
        for (index_t b = 0; b < planes; ++b) {
            load(y, b, data.data());
            t.forward(data.data(), one.data());
            state_->layer.scatter(one.data(), all.data(), b, planes);
        }
        return all;
    }

    template <std::size_t Rank, class Y>
    tensor<T, Rank> computed(Y const& y, way w) const {
        const strided<T const> from = tensor_view<T const, Rank>(as_view(y)).erased();
        const int lead = state_->kind.batch_axes(from.n, w == way::forward ? outputs() : inputs(), "an input");
        shape n = from.n;
        if (state_->kind.has_channels) n[lead] = w == way::forward ? inputs() : outputs();
        index_t images = 1;
        for (int a = 0; a < lead; ++a) images = checked::multiply(images, n[a], "images");
        tensor<T, Rank> x(n);
        faltung::workspace scratch = workspace(images);
        run(from, x.view().erased(), scratch, w);
        return x;
    }

    void run(strided<T const> const& y, strided<T> const& x, faltung::workspace& scratch, way w) const {
        const bool forward = w == way::forward;
        detail::product_extents e{forward ? outputs() : inputs(), forward ? inputs() : outputs(), 0};
        e.images = images_of(y.n, x.n, e.from, e.to);
        if (e.images == 0) return;
        if (overlaps_itself(x)) detail::fail<overlap_error>("deconvolver: two samples of the output are one in memory");
        if (overlap(x, y)) detail::fail<overlap_error>("deconvolver: the output overlaps the input");
        const index_t bytes = detail::product_scratch(state_->layer, e) * index_t{sizeof(R)};
        if (scratch.shared_bytes() < bytes)
            detail::fail<shape_error>("deconvolver: a workspace of ", scratch.shared_bytes(), " bytes: ", e.images,
                                      e.images == 1 ? " image needs " : " images need ", bytes);
        R const* const matrices = forward ? state_->inverse.inverses.data() : state_->adjoints().data();
        detail::layer_product(
            state_->layer, matrices, e, reinterpret_cast<R*>(scratch.shared()),
            [&](index_t b, R* data) { load(y, b, data); },
            [&](index_t b, R const* data, R scale) {
                detail::take_plane(data, whole(), detail::plane_of(x, extents().rank(), b), scale);
            });
    }
};

template <viewable H>
deconvolver(shape const&, H const&) -> deconvolver<element_t<H>>;
template <viewable H>
deconvolver(shape const&, H const&, deconvolve_options const&) -> deconvolver<element_t<H>>;

/// Undoes one periodic convolution; a plan is made for it. Shapes: y has as many axes as h: extents n, one channel.
template <viewable Y, viewable H>
tensor<element_t<Y>, rank_of<Y>> deconvolve(Y const& y, H const& h, deconvolve_options const& o = {}) {
    static_assert(rank_of<Y> == rank_of<H>,
                  "deconvolve: a kernel with as many axes as the data; channels and batches "
                  "are for a deconvolver");
    return deconvolver<element_t<Y>>(as_view(y).shape(), h, o)(y);
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
