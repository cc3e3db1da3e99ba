// faltung/deconvolve/deconvolver.hpp -- a plan that undoes a periodic convolution of one or many channels
#pragma once

#include <string>

#include "../core/workspace.hpp"
#include "../view/overlap.hpp"
#include "../view/viewable.hpp"
#include "layer_inverse.hpp"

namespace faltung {

/// What a deconvolution can and cannot recover. Singular values are those of the whole operator, one of min(O, C) at
/// each of N frequencies.
struct deconvolution_certificate {
    index_t unknowns = 0, rank = 0;    // C N, and the singular values above the threshold
    double largest = 0, smallest = 0;  // of those above the threshold
    double threshold = 0;
    index_t null_dimension() const { return unknowns - rank; }
    double condition() const { return smallest > 0 ? largest / smallest : 1; }
    /// Of the energy of a white signal: what lies in the null space.
    double lost_fraction() const { return static_cast<double>(null_dimension()) / static_cast<double>(unknowns); }
};

/// Frequencies of which nothing, or nothing but noise, comes back. It is asked for: the library prints nothing.
struct deconvolution_warning {
    std::vector<lost_frequency> frequencies;

    std::string text() const {
        index_t lost = 0, drowned = 0;
        for (auto const& f : frequencies) {
            lost += f.lost * f.copies;
            drowned += f.drowned * f.copies;
        }
        std::string s = faltung::text("deconvolver: ", lost, " singular values count as 0");
        if (drowned > 0)
            s += faltung::text(", and ", drowned, " that are kept are less than a rounding of the largest");
        return s + faltung::text("; the first at frequency ", frequencies.front().at.m);
    }
};

inline namespace FALTUNG_COMPILED {

/// Undoes y = A x, where y[o] is the sum over input channels c of the periodic convolution of x[c] with h[o, c]: x =
/// A^+ y, the x of least norm among those that make |A x - y| least, by one pseudo-inverse of an O x C matrix for each
/// frequency; with a regularization, the x that makes |A x - y|^2 plus its penalty least. All singular values are cut
/// at one threshold, relative to the largest of all frequencies: relative to their own matrix, one that is only
/// rounding would be inverted, too.
///
///     deconvolver undo{image.shape(), h, {.regularization = tikhonov{1e-3}}};   auto x = undo(y);
///
/// Immutable, and shared between threads; a call needs a workspace of its own.
/// Shapes: extents n of any rank from 1 on; h (taps along each axis), or (O, C, taps along each axis) for channels. y
/// (any batch axes, O, n) gives x (the same, C, n); without channels, both are (any batch axes, n).
/// Types: float, double and complex numbers of both. Errors: shape_error; option_error for taps, samples, thresholds
/// and weights that are not finite or below 0; overflow_error, std::bad_alloc. Cost: the inverses, as `pinv`, held in 2
/// O C numbers for each of about N / 2 frequencies (N for complex numbers); a call, O + C transforms and O C
/// multiply-adds for each of those. Source: singular values of a layer: Sedghi, Gupta and Long, ICLR 2019.
template <class T>
    requires(is_floating<T> && sizeof(real_t<T>) <= 8)
class deconvolver {
    using R = real_t<T>;

    struct state {
        deconvolve_options options;
        bool has_channels;
        shape taps;
        detail::periodic_layer<T> layer;
        detail::layer_inverse<T> inverse;

        state(shape const& n, strided<T const> const& h, bool channels, deconvolve_options const& o)
            : options(checked(o)),
              has_channels(channels),
              taps(h.n),
              layer(h, n, o, "deconvolver"),
              inverse(layer, options) {}

        static deconvolve_options const& checked(deconvolve_options const& o) {
            if (o.relative && !(*o.relative >= 0 && std::isfinite(*o.relative)))
                detail::fail<option_error>("deconvolver: .relative = ", *o.relative, ": a number from 0 on is needed");
            if (!(o.absolute >= 0 && std::isfinite(o.absolute)))
                detail::fail<option_error>("deconvolver: .absolute = ", o.absolute, ": a number from 0 on is needed");
            return o;
        }
    };
    std::shared_ptr<state const> state_;

public:
    template <viewable H>
        requires std::same_as<element_t<H>, T> deconvolver(shape const& n, H const& h,
                                                           deconvolve_options const& o = {}) {
            strided<T const> kernel = tensor_view<T const, rank_of<H>>(as_view(h)).erased();
            const bool has_channels = kernel.n.rank() != n.rank();
            if (!has_channels) {
                const strided<T const> taps = kernel;
                kernel = {taps.data, {1, 1}, {0, 0}};
                for (int a = 0; a < n.rank(); ++a) {
                    kernel.n.push_back(taps.n[a]);
                    kernel.stride.push_back(taps.stride[a]);
                }
            }
            state_ = std::make_shared<state const>(n, kernel, has_channels, o);
        }

    shape extents() const { return state_->layer.extents(); }
    index_t outputs() const { return state_->layer.outputs(); }  // O, channels of y
    index_t inputs() const { return state_->layer.inputs(); }    // C, channels of x

    /// Scratch for calls with up to so many images.
    faltung::workspace workspace(index_t images = 1) const {
        detail::periodic_layer<T> const& l = state_->layer;
        const index_t spectra =
            checked::multiply(checked::multiply(images, outputs() + inputs(), "channels of all images"),
                              l.transform().spectrum(), "numbers of all spectra");
        const index_t reals =
            checked::add(checked::add(spectra, l.transform().data(), "numbers of a call"),
                         l.transform().spectrum() + outputs() * inputs() * l.unit(), "numbers of a call");
        return {0, checked::multiply(reals, index_t{sizeof(R)}, "bytes of a call"), 1};
    }

    /// x = A^+ y in new memory.
    template <viewable Y>
        requires std::same_as<element_t<Y>, T> tensor<T, rank_of<Y>>
    operator()(Y const& y) const { return computed<rank_of<Y>>(y, direction::forward); }
    /// Into x, without allocating. Errors, besides: overlap_error, shape_error for a workspace of fewer images.
    template <viewable Y, viewable X>
    void operator()(Y const& y, X&& x, faltung::workspace& scratch) const {
        run(erased_input(y), erased_output(x), scratch, direction::forward);
    }

    /// y = (A^+)^H x: the gradient with respect to y of a function whose gradient with respect to x this is given.
    template <viewable X>
        requires std::same_as<element_t<X>, T> tensor<T, rank_of<X>> adjoint(X const& x)
    const { return computed<rank_of<X>>(x, direction::adjoint); }

    /// The gradient with respect to the taps of a function of x = A^+ y, given y and the function's gradient with
    /// respect to x, as long as no singular value crosses the threshold. Shapes: as h. Cost: a decomposition for each
    /// frequency, in double.
    template <std::size_t TapRank, viewable Y, viewable X>
    tensor<T, TapRank> kernel_gradient(Y const& y, X const& x_gradient) const;

    /// Frequencies that are lost, if any are.
    std::optional<deconvolution_warning> warning() const {
        if (state_->inverse.lost.empty()) return {};
        return deconvolution_warning{state_->inverse.lost};
    }

    /// All singular values of the operator: those of frequency m, the largest first, in row m of the natural order,
    /// row-major. Shapes: (N, min(O, C)). Cost: a decomposition for each frequency, in double.
    tensor<double, 2> spectrum() const;

    /// Computed from spectrum().
    deconvolution_certificate certificate() const;

private:
    enum class direction : unsigned char { forward, adjoint };

    template <class Y>
    static strided<T const> erased_input(Y const& y) {
        static_assert(std::same_as<element_t<Y>, T>, "deconvolver: arrays of the kernel's element type");
        return tensor_view<T const, rank_of<Y>>(as_view(y)).erased();
    }
    template <class X>
    static strided<T> erased_output(X& x) {
        static_assert(std::same_as<element_t<X>, T>, "deconvolver: arrays of the kernel's element type");
        return as_view(x).erased();
    }

    // Batch axes, as their number and their count.
    int batch_axes(shape const& y, index_t channels, char const* what) const {
        shape const& n = state_->layer.extents();
        const int lead = y.rank() - n.rank() - (state_->has_channels ? 1 : 0);
        bool fits = lead >= 0 && (!state_->has_channels || y[lead] == channels);
        for (int a = 0; fits && a < n.rank(); ++a) fits = y[y.rank() - n.rank() + a] == n[a];
        if (fits) return lead;
        shape wanted;
        if (state_->has_channels) wanted.push_back(channels);
        for (index_t extent : n) wanted.push_back(extent);
        detail::fail<shape_error>("deconvolver: ", what, " of shape ", y, "; its last axes must be ", wanted);
    }

    template <std::size_t Rank, class Y>
    tensor<T, Rank> computed(Y const& y, direction d) const {
        const strided<T const> from = erased_input(y);
        const bool forward = d == direction::forward;
        const int lead = batch_axes(from.n, forward ? outputs() : inputs(), "an input");
        shape n = from.n;
        index_t images = 1;
        for (int a = 0; a < lead; ++a) images *= n[a];
        if (state_->has_channels) n[lead] = forward ? inputs() : outputs();
        tensor<T, Rank> x(n);
        faltung::workspace scratch = workspace(images);
        run(from, x.view().erased(), scratch, d);
        return x;
    }

    void run(strided<T const> const& y, strided<T> const& x, faltung::workspace& scratch, direction d) const {
        detail::periodic_layer<T> const& l = state_->layer;
        const bool forward = d == direction::forward;
        const index_t from = forward ? outputs() : inputs(), to = forward ? inputs() : outputs();
        const int lead = batch_axes(y.n, from, "an input"), same = batch_axes(x.n, to, "an output");
        index_t images = 1;
        for (int a = 0; a < lead; ++a) images = checked::multiply(images, y.n[a], "images");
        for (int a = 0; lead != same || a < lead; ++a)
            if (lead != same || x.n[a] != y.n[a])
                detail::fail<shape_error>("deconvolver: an input of shape ", y.n, " and an output of shape ", x.n);
        if (images == 0) return;
        if (overlaps_itself(x)) detail::fail<overlap_error>("deconvolver: two samples of the output are one in memory");
        if (overlap(x, y)) detail::fail<overlap_error>("deconvolver: the output overlaps the input");
        const index_t spectrum = l.transform().spectrum();
        const index_t reals = images * (from + to) * spectrum + l.transform().data() + spectrum + from * to * l.unit();
        if (scratch.shared_bytes() < reals * index_t{sizeof(R)})
            detail::fail<shape_error>("deconvolver: a workspace of ", scratch.shared_bytes(), " bytes: ", images,
                                      " images need ", reals * index_t{sizeof(R)});
        R* const y_groups = reinterpret_cast<R*>(scratch.shared());
        R* const x_groups = y_groups + images * from * spectrum;
        R* const one = x_groups + images * to * spectrum;
        R* const data = one + spectrum;
        for (index_t b = 0; b < images * from; ++b) {
            load(y, b, data);
            l.transform().forward(data, one);
            l.scatter(one, y_groups, b, images * from);
        }
        multiply(y_groups, x_groups, data, images, d);
        const R scale = static_cast<R>(1 / l.transform().scale());
        for (index_t b = 0; b < images * to; ++b) {
            l.gather(x_groups, one, b, images * to);
            l.transform().backward(one, data);
            store(data, x, b, scale);
        }
    }

    void multiply(R const* from, R* to, R* turned, index_t images, direction d) const noexcept {
        detail::periodic_layer<T> const& l = state_->layer;
        const index_t rows = inputs(), columns = outputs(), unit = l.unit();
        const auto product = detail::versions<detail::matrix_products<R>>::of(l.vectors());
        for (index_t g = 0; g < l.groups(); ++g) {
            R const* matrix = state_->inverse.inverses.data() + g * rows * columns * unit;
            if (d == direction::forward) {
                product(
                    {matrix, from + g * images * columns * unit, to + g * images * rows * unit, rows, columns, images});
                continue;
            }
            for (index_t c = 0; c < rows; ++c)  // the conjugate transpose of what is conjugated already
                for (index_t o = 0; o < columns; ++o) {
                    R const* const v = matrix + (c * columns + o) * unit;
                    R* const at = turned + (o * rows + c) * unit;
                    std::memcpy(at, v, static_cast<std::size_t>(unit) * sizeof(R));
                    for (index_t i = l.lanes(); i < unit; ++i) at[i] = -at[i];
                }
            product({turned, from + g * images * rows * unit, to + g * images * columns * unit, columns, rows, images});
        }
    }

    // The axes of image b, and where it begins.
    template <class Sample>
    strided<Sample> image(strided<Sample> const& y, index_t b) const {
        const int lead = y.n.rank() - state_->layer.extents().rank();
        strided<Sample> to{y.data, {}, {}};
        index_t from_data = 0;
        for (int a = lead; a-- > 0; b /= y.n[a]) from_data += b % y.n[a] * y.stride[a];
        to.data += from_data;
        for (int a = lead; a < y.n.rank(); ++a) {
            to.n.push_back(y.n[a]);
            to.stride.push_back(y.stride[a]);
        }
        return to;
    }

    void load(strided<T const> const& y, index_t b, R* data) const {
        const strided<T const> plane = image(y, b);
        const index_t samples = state_->layer.samples();
        R* at = data;
        for_each_index(plane.n, [&](index_list const& i) {
            const T v = plane.data[offset(i, plane.stride)];
            if (!is_finite(v))
                detail::fail<option_error>("deconvolver: the sample at ", i, " of image ", b, " is not finite");
            if constexpr (is_complex<T>) {
                at[0] = v.real();
                at[samples] = v.imag();
            } else {
                at[0] = v;
            }
            ++at;
        });
    }

    void store(R const* data, strided<T> const& x, index_t b, R scale) const noexcept {
        const strided<T> plane = image(x, b);
        const index_t samples = state_->layer.samples();
        for_each_index(plane.n, [&](index_list const& i) {
            T& to = plane.data[offset(i, plane.stride)];
            if constexpr (is_complex<T>)
                to = T(data[0] * scale, data[samples] * scale);
            else
                to = data[0] * scale;
            ++data;
        });
    }
};

template <viewable H>
deconvolver(shape const&, H const&) -> deconvolver<element_t<H>>;
template <viewable H>
deconvolver(shape const&, H const&, deconvolve_options const&) -> deconvolver<element_t<H>>;

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
