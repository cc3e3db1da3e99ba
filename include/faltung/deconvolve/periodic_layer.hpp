// faltung/deconvolve/periodic_layer.hpp -- a periodic convolution of many channels as one small matrix per frequency
#pragma once

#include <memory>
#include <vector>

#include "../convolve/resolve.hpp"
#include "../core/strided.hpp"
#include "../fft/cyclic_transform.hpp"
#include "deconvolve_options.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// y[o] = sum over c of x[c] * h[o, c]: at every frequency Y = A X with an O x C matrix.
///
/// Matrices and vectors of many frequencies are kept in groups of lanes() frequencies: in a group all samples of a
/// matrix or vector, one after the other, each with the real parts of its lanes and then their imaginary parts.
template <class T>
class periodic_layer {
    using R = real_t<T>;

    shape n_;
    index_t outputs_, inputs_;
    cyclic_transform<R> transform_;
    problem geometry_;
    std::vector<T> taps_;         // O x C x taps
    std::vector<index_t> place_;  // where a tap lies in the response to an impulse at index 0
    bool conjugates_;             // the taps

public:
    periodic_layer(strided<T const> const& h, shape const& n, deconvolve_options const& o, char const* name)
        : n_(checked_shape(h, n, name)),
          outputs_(h.n[0]),
          inputs_(h.n[1]),
          transform_(n, is_complex<T> ? number_kind::complex : number_kind::real, best_instruction_set()),
          conjugates_(is_complex<T> && o.sense == sense::correlation) {
        shape taps;
        for (int a = 2; a < h.n.rank(); ++a) taps.push_back(h.n[a]);
        const request r{name, o.sense};
        convolve_options same;
        same.padding = mode::same;
        same.boundary = boundary::circular;
        same.dilation = o.dilation;
        same.centre = o.centre;
        geometry_ = resolve(r, n, taps, same).problem;
        for_each_index(taps, [&](index_list const& t) {
            index_t at = 0;
            for (int a = 0; a < n.rank(); ++a) {
                const index_t step = o.sense == sense::convolution ? taps[a] - 1 - t[a] : t[a];
                at = at * n[a] + checked::floor_modulo(-geometry_[a].position(0, step), n[a]);
            }
            place_.push_back(at);
        });
        for_each_index(h.n, [&](index_list const& i) {
            const T v = h.data[offset(i, h.stride)];
            if (!is_finite(v)) fail<option_error>(name, ": the tap at ", i, " is not finite");
            taps_.push_back(conjugates_ ? conjugate(v) : v);
        });
    }

    shape const& extents() const { return n_; }
    problem const& geometry() const { return geometry_; }
    index_t outputs() const { return outputs_; }
    index_t inputs() const { return inputs_; }
    cyclic_transform<R> const& transform() const { return transform_; }
    /// y = the sum over c and t of tap(o, c, t) x moved by place(t), on the torus.
    index_t taps() const { return static_cast<index_t>(place_.size()); }
    index_t place(index_t t) const { return place_[static_cast<std::size_t>(t)]; }
    T tap(index_t o, index_t c, index_t t) const {
        return taps_[static_cast<std::size_t>((o * inputs_ + c) * taps() + t)];
    }
    index_t samples() const { return transform_.samples(); }
    index_t lanes() const { return transform_.lanes(); }
    index_t unit() const { return 2 * lanes(); }
    index_t groups() const { return transform_.count() / lanes(); }

    /// What a singular value relative to the largest one may be by rounding alone: that of a decomposition, and of the
    /// transforms of the taps.
    double rounding() const {
        const double of_transforms = 8 + 4 * std::log2(static_cast<double>(samples()));
        return (static_cast<double>(std::max(outputs_, inputs_)) + of_transforms) *
               static_cast<double>(std::numeric_limits<R>::epsilon());
    }

    wave_numbers frequency(index_t k) const {
        wave_numbers f{{}, n_};
        for (int a = 0; a < n_.rank(); ++a) f.m.push_back(transform_.frequency(k, a));
        return f;
    }

    /// The widest vectors that have as many lanes as the transform's.
    instruction_set vectors() const {
        const index_t bytes = lanes() * index_t{sizeof(R)};
        return bytes == baseline_bytes ? instruction_set::baseline
               : bytes == 64           ? instruction_set::avx512
                                       : instruction_set::avx2;
    }

    /// The groups of all matrices, row-major: 2 O C reals for each frequency. Errors: overflow_error, std::bad_alloc.
    buffer<R> matrices() const {
        const index_t each = outputs_ * inputs_;
        buffer<R> to(checked::multiply(each, transform_.spectrum(), "numbers of the matrices of all frequencies"));
        buffer<R> data(transform_.data()), spectrum(transform_.spectrum());
        for (index_t plane = 0; plane < each; ++plane) {
            std::fill_n(data.data(), samples() * (is_complex<T> ? 2 : 1), R{});
            for (index_t t = 0; t < taps(); ++t) {
                const T v = tap(plane / inputs_, plane % inputs_, t);
                const index_t at = place(t);
                if constexpr (is_complex<T>) {
                    data.data()[at] += v.real();
                    data.data()[samples() + at] += v.imag();
                } else {
                    data.data()[at] += v;
                }
            }
            transform_.forward(data.data(), spectrum.data());
            scatter(spectrum.data(), to.data(), plane, each);
        }
        return to;
    }

    /// The gradient of the taps from those of all matrices, as matrices() lays them out: its adjoint.
    void add_taps(R const* gradient, T* taps_gradient) const {
        const index_t each = outputs_ * inputs_;
        buffer<R> data(transform_.data()), spectrum(transform_.spectrum());
        const R scale = static_cast<R>(static_cast<double>(samples()) / transform_.scale());
        for (index_t plane = 0; plane < each; ++plane) {
            gather(gradient, spectrum.data(), plane, each);
            transform_.backward(spectrum.data(), data.data());
            for (index_t t = 0; t < taps(); ++t) {
                const index_t at = place(t);
                T& to = taps_gradient[plane * taps() + t];
                if constexpr (is_complex<T>) {
                    const T v(scale * data.data()[at], scale * data.data()[samples() + at]);
                    to += conjugates_ ? conjugate(v) : v;
                } else {
                    to += scale * data.data()[at];
                }
            }
        }
    }

    /// A spectrum as sample `index` of `each` of every group, and back.
    void scatter(R const* spectrum, R* to, index_t index, index_t each) const noexcept {
        for (index_t g = 0; g < groups(); ++g)
            std::memcpy(to + (g * each + index) * unit(), spectrum + g * unit(), bytes());
    }
    void gather(R const* from, R* spectrum, index_t index, index_t each) const noexcept {
        for (index_t g = 0; g < groups(); ++g)
            std::memcpy(spectrum + g * unit(), from + (g * each + index) * unit(), bytes());
    }

private:
    std::size_t bytes() const { return static_cast<std::size_t>(unit()) * sizeof(R); }

    static shape const& checked_shape(strided<T const> const& h, shape const& n, char const* name) {
        if (h.n.rank() != n.rank() + 2)
            fail<shape_error>(name, ": a kernel ", h.n, " of shape (O, C, taps along each axis) for an array of ",
                              n.rank(), n.rank() == 1 ? " axis " : " axes ", n);
        for (int a = 0; a < 2; ++a)
            if (h.n[a] < 1) fail<shape_error>(name, ": a kernel ", h.n, " without channels");
        for (int a = 0; a < n.rank(); ++a)
            if (n[a] < 1) fail<shape_error>(name, ": an array ", n, " without samples has no frequencies");
        return n;
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
