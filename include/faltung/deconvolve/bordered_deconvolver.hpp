// faltung/deconvolve/bordered_deconvolver.hpp -- the exact pseudo-inverse of a convolution with a border
#pragma once

#include "../linalg/lsqr.hpp"
#include "../view/viewable.hpp"
#include "border_product.hpp"
#include "layer_inverse.hpp"
#include "layer_product.hpp"
#include "planes.hpp"

namespace faltung {

/// What is undone, and how far: until the unknown values at the border are right to `tolerance`, relatively.
struct bordered_options {
    faltung::sense sense = sense::convolution;
    per_axis<index_t> dilation = 1;
    per_axis<index_t> centre = -1;                         // of mode::same
    index_t memory = std::numeric_limits<index_t>::max();  // bytes of the matrices and inverses, at most
    double tolerance = 1e-14;
    index_t iterations = 10000;
    progress_function progress = {};
};

/// x = A^+ y, and how the iteration ended.
template <class T, std::size_t Rank>
struct bordered_result {
    tensor<T, Rank> x;
    solver_report report;
};

/// Which unknowns an iteration is about: the border's outputs, or all of x.
enum class border_solver : unsigned char { least_norm, square, general };

inline namespace FALTUNG_COMPILED {

/// Undoes y = A x, where A is the convolution of C channels to O with the outputs of mode::valid, or those of
/// mode::same between zeros: A^+ y, as the dense pseudo-inverse of the whole matrix would.
///
/// On a torus, A is some rows of a periodic convolution P, and for `same` some columns. Where the matrices of all
/// frequencies have full row rank, P x = y + w has a solution for any values w of the outputs that A does not have, and
///
///     valid, O <= C: x = P^+ (y + w) with the w that makes |P^+ (y + w)| least: conjugate gradients on w alone,
///                    preconditioned by the border's own part of P P^H
///     same, O = C:   x = P^-1 (y + w) with the w for which that is 0 outside of the samples: LSQR on w alone
///
/// so that the unknowns are as few as the samples of the border. In all other cases LSQR goes over all of x.
/// Shapes: extents n of x; h as deconvolver's; y (O, outputs along each axis), or without channels. Types: float,
/// double and complex numbers of both. Errors: those of deconvolver; option_error for other modes. Cost: an iteration
/// is 2 O transforms of the torus (4 O for same, 2 (O + C) in general); some hundreds of them for 3 x 3 taps.
template <class T>
class bordered_deconvolver {
    using R = real_t<T>;
    using vector = std::vector<T>;

    bordered_options options_;
    detail::array_kind kind_;  // of y
    shape n_;                  // extents of x
    detail::periodic_layer<T> layer_;
    detail::torus_part outputs_, inputs_;  // where y and x lie on the torus
    border_solver way_ = border_solver::general;
    buffer<R> to_x_, to_y_;  // P^+ and its conjugate transpose; in general P^H and P; all conjugated
    buffer<R> gram_;         // of least_norm: (P P^H)^-1

public:
    template <viewable H>
    bordered_deconvolver(shape const& n, H const& h, mode m, bordered_options const& o = {})
        : bordered_deconvolver(n, tensor_view<T const, rank_of<H>>(as_view(h)).erased(), m, o) {}

    border_solver solver() const { return way_; }

    /// Errors: shape_error; option_error for a sample that is not finite.
    template <viewable Y>
    bordered_result<T, rank_of<Y>> operator()(Y const& y) const {
        const strided<T const> from = tensor_view<T const, rank_of<Y>>(as_view(y)).erased();
        if (kind_.batch_axes(from.n, layer_.outputs(), "an input") > 0)
            detail::fail<shape_error>("bordered_deconvolver: an input of shape ", from.n, ": one image at a time");
        shape to;
        if (kind_.has_channels) to.push_back(layer_.inputs());
        for (index_t extent : n_) to.push_back(extent);
        bordered_result<T, rank_of<Y>> r{tensor<T, rank_of<Y>>(to), {}};
        r.report = run(from, r.x.view().erased());
        return r;
    }

private:
    bordered_deconvolver(shape const& n, strided<T const> const& h, mode m, bordered_options const& o)
        : options_(o),
          kind_{"bordered_deconvolver", h.n.rank() != n.rank(), {}},
          n_(n),
          layer_(detail::with_channels(h, n.rank()), torus_of(n, h, m, o), on_torus(o), "bordered_deconvolver") {
        detail::require_from_0("bordered_deconvolver", ".tolerance", o.tolerance);
        const problem p = layer_.geometry();
        outputs_.torus = inputs_.torus = layer_.extents();
        for (int a = 0; a < n.rank(); ++a) {
            const index_t inside = n[a] - p[a].span() + 1;
            if (m == mode::valid && inside < 1)
                detail::fail<shape_error>("bordered_deconvolver: axis ", a, ": the kernel spans ", p[a].span(), " of ",
                                          n[a], " samples: there are no outputs");
            kind_.n.push_back(m == mode::valid ? inside : n[a]);
            outputs_.first.push_back(m == mode::valid ? p[a].low : 0);
            inputs_.first.push_back(0);
        }
        const index_t o_channels = layer_.outputs(), c_channels = layer_.inputs();
        if (m == mode::valid ? o_channels <= c_channels : o_channels == c_channels) {
            const deconvolve_options torus = on_torus(o);
            detail::layer_inverse<T> inverse(layer_, torus);
            if (inverse.lost.empty()) {
                way_ = m == mode::valid ? border_solver::least_norm : border_solver::square;
                to_x_ = std::move(inverse.inverses);
                to_y_ = detail::conjugate_transposed(layer_, to_x_.data(), c_channels, o_channels);
                if (m == mode::valid) gram_ = gram();
                return;
            }
        }
        to_y_ = layer_.matrices();
        const index_t unit = layer_.unit();
        for (index_t i = 0; i < to_y_.count(); ++i)
            if (i % unit >= layer_.lanes()) to_y_.data()[i] = -to_y_.data()[i];
        to_x_ = detail::conjugate_transposed(layer_, to_y_.data(), o_channels, c_channels);
    }

    static deconvolve_options on_torus(bordered_options const& o) {
        deconvolve_options d;
        d.sense = o.sense;
        d.dilation = o.dilation;
        d.centre = o.centre;
        d.memory = o.memory;
        return d;
    }

    // Beyond the samples of `same` are zeros enough for every window.
    static shape torus_of(shape const& n, strided<T const> const& h, mode m, bordered_options const& o) {
        if (m == mode::valid) {
            if (o.centre.is_list() || o.centre[0] != -1)
                detail::fail<option_error>("bordered_deconvolver: .centre = ", o.centre[0], " needs mode::same");
            return n;
        }
        if (m != mode::same)
            detail::fail<option_error>("bordered_deconvolver: mode::full has no border to find: its outputs say all");
        shape torus;
        const int first = h.n.rank() - n.rank();
        for (int a = 0; a < n.rank(); ++a) {
            const index_t spread = first >= 0 ? (h.n[first + a] - 1) * o.dilation[a] : 0;
            torus.push_back(fast_length(n[a] + spread, a + 1 == n.rank() ? 16 : 4));
        }
        return torus;
    }

    // conj of (P^+)^H P^+, from the rows of conj((P^+)^H).
    buffer<R> gram() const {
        const index_t rows = layer_.outputs(), columns = layer_.inputs(), unit = layer_.unit();
        buffer<R> to(checked::multiply(rows * rows, layer_.transform().spectrum(), "numbers of all matrices"));
        const auto product = detail::versions<detail::matrix_products<R>>::of(layer_.vectors());
        for (index_t g = 0; g < layer_.groups(); ++g) {
            R const* const of_group = to_y_.data() + g * rows * columns * unit;
            R* const at = to.data() + g * rows * rows * unit;
            product({of_group, of_group, at, rows, columns, rows});
        }
        return to;
    }

    /// Numbers of channels on the torus, inside of a part or outside of it, in a fixed order.
    struct selection {
        std::vector<index_t> places;

        static selection inside(detail::torus_part const& part, shape const& extents) {
            return found(part, marked(part, extents), 1);
        }
        static selection outside(detail::torus_part const& part, shape const& extents) {
            return found(part, marked(part, extents), 0);
        }
        static selection whole(index_t samples) {
            selection s;
            for (index_t at = 0; at < samples; ++at) s.places.push_back(at);
            return s;
        }
        index_t count() const { return static_cast<index_t>(places.size()); }

    private:
        static std::vector<char> marked(detail::torus_part const& part, shape const& extents) {
            std::vector<char> in(static_cast<std::size_t>(part.samples()));
            for_each_index(extents, [&](index_list const& i) { in[static_cast<std::size_t>(part.line(i))] = 1; });
            return in;
        }
        static selection found(detail::torus_part const& part, std::vector<char> const& marks, char wanted) {
            selection s;
            for (index_t at = 0; at < part.samples(); ++at)
                if (marks[static_cast<std::size_t>(at)] == wanted) s.places.push_back(at);
            return s;
        }
    };

    // to = `there` of (matrices times what `from` holds `here`)
    void product(R const* matrices, index_t from_channels, selection const& here, T const* from, index_t to_channels,
                 selection const& there, T* to, buffer<R>& scratch) const {
        const index_t samples = layer_.samples();
        detail::layer_product(
            layer_, matrices, {from_channels, to_channels, 1}, scratch.data(),
            [&](index_t b, R* data) {
                std::fill_n(data, samples * (is_complex<T> ? 2 : 1), R{});
                T const* v = from + b * here.count();
                for (index_t at : here.places) {
                    if constexpr (is_complex<T>) {
                        data[at] = v->real();
                        data[samples + at] = v->imag();
                    } else {
                        data[at] = *v;
                    }
                    ++v;
                }
            },
            [&](index_t b, R const* data, R scale) {
                T* v = to + b * there.count();
                for (index_t at : there.places)
                    if constexpr (is_complex<T>)
                        *v++ = T(data[at] * scale, data[samples + at] * scale);
                    else
                        *v++ = data[at] * scale;
            });
    }

    solver_report run(strided<T const> const& y, strided<T> const& x) const {
        const index_t o = layer_.outputs(), c = layer_.inputs();
        vector known;
        for_each_index(y.n, [&](index_list const& i) {
            const T v = y.data[offset(i, y.stride)];
            if (!is_finite(v)) detail::fail<option_error>("bordered_deconvolver: the sample at ", i, " is not finite");
            known.push_back(v);
        });
        const auto inside = selection::inside(outputs_, kind_.n), border = selection::outside(outputs_, kind_.n),
                   samples = selection::inside(inputs_, n_), zeros = selection::outside(inputs_, n_);
        buffer<R> scratch(detail::product_scratch(layer_, {std::max(o, c), std::max(o, c), 1}));
        const auto between = [&](R const* matrices, R const* adjoints, index_t from, selection const& here, index_t to,
                                 selection const& there) -> linear_operator<T> {
            return {from * here.count(), to * there.count(),
                    [=, this, in = &here, out = &there, &scratch](std::span<T const> v, std::span<T> w) {
                        product(matrices, from, *in, v.data(), to, *out, w.data(), scratch);
                    },
                    [=, this, in = &here, out = &there, &scratch](std::span<T const> w, std::span<T> v) {
                        product(adjoints, to, *out, w.data(), from, *in, v.data(), scratch);
                    }};
        };
        vector found, right;
        solver_report report;
        const auto length = [](index_t channels, selection const& s) {
            return static_cast<std::size_t>(channels * s.count());
        };
        least_squares_options limits{.a_tolerance = options_.tolerance,
                                     .b_tolerance = options_.tolerance,
                                     .most_condition = std::numeric_limits<double>::infinity(),
                                     .iterations = options_.iterations,
                                     .progress = options_.progress};
        if (way_ == border_solver::least_norm) {
            right.resize(length(o, border));
            product(gram_.data(), o, inside, known.data(), o, border, right.data(), scratch);
            detail::scale(right, -1);
            const auto a = between(gram_.data(), gram_.data(), o, border, o, border);
            auto s = conjugate_gradients<T>(a, right, {options_.tolerance, options_.iterations, options_.progress},
                                            detail::border_product<T>(layer_, border.places));
            found = std::move(s.x);
            report = s.report;
        } else if (way_ == border_solver::square) {
            right.resize(length(c, zeros));
            product(to_x_.data(), o, inside, known.data(), c, zeros, right.data(), scratch);
            detail::scale(right, -1);
            const auto a = between(to_x_.data(), to_y_.data(), o, border, c, zeros);
            auto s = lsqr<T>(a, right, limits);
            found = std::move(s.x);
            report = s.report;
        } else {
            const auto a = between(to_y_.data(), to_x_.data(), c, samples, o, inside);
            auto s = lsqr<T>(a, known, limits);
            std::copy(s.x.begin(), s.x.end(), x.data);
            return s.report;
        }
        // y and w side by side on the torus
        const auto everywhere = selection::whole(layer_.samples());
        vector both(length(o, everywhere)), all(length(c, samples));
        for (index_t b = 0; b < o; ++b) {
            T* const plane = both.data() + b * everywhere.count();
            for (index_t i = 0; i < inside.count(); ++i)
                plane[inside.places[static_cast<std::size_t>(i)]] =
                    known[static_cast<std::size_t>(b * inside.count() + i)];
            for (index_t i = 0; i < border.count(); ++i)
                plane[border.places[static_cast<std::size_t>(i)]] =
                    found[static_cast<std::size_t>(b * border.count() + i)];
        }
        product(to_x_.data(), o, everywhere, both.data(), c, samples, all.data(), scratch);
        std::copy(all.begin(), all.end(), x.data);
        return report;
    }
};

template <viewable H>
bordered_deconvolver(shape const&, H const&, mode) -> bordered_deconvolver<element_t<H>>;
template <viewable H>
bordered_deconvolver(shape const&, H const&, mode, bordered_options const&) -> bordered_deconvolver<element_t<H>>;

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
