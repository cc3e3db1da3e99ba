// faltung/nufft/toeplitz_normal.hpp -- the normal matrix of a transform from modes to points, by one convolution
#pragma once

#include <memory>

#include "../fft/cyclic_transform.hpp"
#include "../linalg/linear_operator.hpp"
#include "nufft.hpp"

namespace faltung {
inline namespace FALTUNG_COMPILED {

/// A^H W A of the transform from modes to points, A[j, k] = e^(i k . x[j]), with real weights on the diagonal of W:
///
///     (A^H W A)[k, l] = t[k - l],   t[d] = the sum over j of w[j] e^(-i d . x[j])
///
/// which a cyclic transform of twice the extents applies, whatever the number of points is. Hermitian: apply and
/// adjoint are the same. For conjugate_gradients. Shapes: modes n in the natural order; points (M, axes); weights (M),
/// or none. Errors: as nufft; option_error for a weight that is not finite. Cost: a transform to 2 n - 1 modes once; a
/// call, two transforms of 2 n. One call at a time.
template <class R, viewable P>
linear_operator<std::complex<R>> toeplitz_normal(shape const& n, P const& points, std::vector<R> const& weights = {},
                                                 double tolerance = 1e-12) {
    using C = std::complex<R>;
    detail::require_modes(n);
    shape differences, doubled;
    for (index_t extent : n) {
        differences.push_back(checked::subtract(checked::multiply(2, extent, "differences of modes"), 1, "modes"));
        doubled.push_back(2 * extent);
    }
    const nufft<R> to_modes(nufft_type::points_to_modes, differences, points, {.tolerance = tolerance});
    std::vector<C> c(weights.begin(), weights.end());
    if (weights.empty()) c.assign(static_cast<std::size_t>(to_modes.points()), C(1));
    for (std::size_t j = 0; j < c.size(); ++j)
        if (!std::isfinite(c[j].real())) detail::fail<option_error>("toeplitz_normal: weight ", j, " is not finite");
    const std::vector<C> t = to_modes(c);

    struct state {
        shape n, doubled;
        detail::cyclic_transform<R> transform;
        buffer<R> kernel, data, spectrum;
        std::vector<index_t> place;  // of each mode in the doubled array

        state(shape const& modes, shape const& twice)
            : n(modes),
              doubled(twice),
              transform(twice, number_kind::complex, detail::best_instruction_set()),
              kernel(transform.spectrum()),
              data(transform.data()),
              spectrum(transform.spectrum()) {}
    };
    const auto s = std::make_shared<state>(n, doubled);
    const index_t room = s->transform.samples();
    const R scale = static_cast<R>(1 / s->transform.scale());
    std::fill_n(s->data.data(), 2 * room, R{});
    std::size_t from = 0;
    for_each_index(differences, [&](index_list const& d) {  // a difference of d - (n - 1), cyclic
        index_t to = 0;
        for (int a = 0; a < n.rank(); ++a) to = to * doubled[a] + (d[a] + 1 + n[a]) % doubled[a];
        s->data.data()[to] = scale * t[from].real();
        s->data.data()[room + to] = scale * t[from++].imag();
    });
    s->transform.forward(s->data.data(), s->kernel.data());
    for_each_index(n, [&](index_list const& m) {
        index_t to = 0;
        for (int a = 0; a < n.rank(); ++a) to = to * doubled[a] + m[a];
        s->place.push_back(to);
    });

    const auto apply = [s](std::span<C const> x, std::span<C> y) {
        if (x.size() != s->place.size() || y.size() != s->place.size())
            detail::fail<shape_error>("toeplitz_normal: ", x.size(), " numbers in and ", y.size(), " out for ",
                                      s->place.size(), " modes");
        const index_t plane = s->transform.samples(), lanes = s->transform.lanes();
        R* const data = s->data.data();
        std::fill_n(data, 2 * plane, R{});
        for (std::size_t m = 0; m < x.size(); ++m) {
            data[s->place[m]] = x[m].real();
            data[plane + s->place[m]] = x[m].imag();
        }
        s->transform.forward(data, s->spectrum.data());
        R *const p = s->spectrum.data(), *const h = s->kernel.data();
        for (index_t k = 0; k < s->transform.count(); ++k) {
            const index_t at = k / lanes * 2 * lanes + k % lanes;
            const R re = p[at], im = p[at + lanes];
            p[at] = re * h[at] - im * h[at + lanes];
            p[at + lanes] = re * h[at + lanes] + im * h[at];
        }
        s->transform.backward(p, data);
        for (std::size_t m = 0; m < y.size(); ++m) y[m] = {data[s->place[m]], data[plane + s->place[m]]};
    };
    const index_t count = static_cast<index_t>(s->place.size());
    return {count, count, apply, apply};
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
