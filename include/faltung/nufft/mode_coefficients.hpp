// faltung/nufft/mode_coefficients.hpp -- the Fourier coefficients of a periodic kernel: from a formula, a function,
// samples
#pragma once

#include <cmath>
#include <complex>
#include <vector>

#include "../core/buffer.hpp"
#include "../core/for_each.hpp"
#include "../fft/cyclic_transform.hpp"
#include "../view/viewable.hpp"
#include "nufft_call.hpp"

namespace faltung {

/// K(x) = the sum over modes k of at[k] e^(2 pi i sum over axes a of k[a] x[a] / box[a]), the modes in the natural
/// order, row-major.
struct mode_coefficients {
    shape n;
    std::vector<double> box;  // the period along each axis
    std::vector<std::complex<double>> at;
};

namespace detail {

inline std::vector<double> checked_box(char const* name, std::vector<double> const& box, int rank) {
    if (static_cast<int>(box.size()) != rank)
        fail<shape_error>(name, ": a box of ", box.size(), " lengths for ", rank, rank == 1 ? " axis" : " axes");
    for (std::size_t a = 0; a < box.size(); ++a)
        if (!(box[a] > 0 && std::isfinite(box[a])))
            fail<option_error>(name, ": the box has length ", box[a], " along axis ", a, ": it must be above 0");
    return box;
}

inline void require_sigma(double sigma) {
    if (!(sigma > 0 && std::isfinite(sigma)))
        fail<option_error>("gaussian_coefficients: sigma = ", sigma, ": it must be above 0");
}

}  // namespace detail

/// Of the sum over all periods of e^(-|x|^2 / (2 sigma^2)), which is 1 and a little more at 0, exactly:
///
///     at[k] = product over axes of (sqrt(2 pi) sigma / box) e^(-(2 pi k sigma / box)^2 / 2)
///
/// Units: sigma and box in those of the points. Errors: option_error, shape_error, overflow_error.
inline mode_coefficients gaussian_coefficients(shape const& n, std::vector<double> const& box, double sigma) {
    detail::require_modes(n);
    detail::require_sigma(sigma);
    mode_coefficients k{n, detail::checked_box("gaussian_coefficients", box, n.rank()), {}};
    constexpr double pi = 3.14159265358979323846;
    k.at.reserve(static_cast<std::size_t>(checked::product(n, "modes")));
    for_each_index(n, [&](index_list const& m) {
        double value = 1;
        for (int a = 0; a < n.rank(); ++a) {
            const double length = box[static_cast<std::size_t>(a)],
                         q = 2 * pi * static_cast<double>(mode_at(m[a], n[a], mode_order::natural)) * sigma / length;
            value *= std::sqrt(2 * pi) * sigma / length * std::exp(-q * q / 2);
        }
        k.at.emplace_back(value);
    });
    return k;
}

/// How many modes along each axis a Gaussian needs until the next ones are below `tolerance` of the largest.
/// Errors: as gaussian_coefficients, and option_error for a tolerance outside of (0, 1).
inline shape gaussian_modes(std::vector<double> const& box, double sigma, double tolerance) {
    detail::require_sigma(sigma);
    if (!(tolerance > 0 && tolerance < 1))
        detail::fail<option_error>("gaussian_modes: a tolerance of ", tolerance, ": between 0 and 1 is needed");
    detail::checked_box("gaussian_modes", box, static_cast<int>(box.size()));
    shape n;
    for (const double length : box) {
        const double most = std::ceil(std::sqrt(-2 * std::log(tolerance)) * length / (6.28318530717958648 * sigma));
        if (!(most < 0x1p40))
            detail::fail<overflow_error>("gaussian_modes: a box of ", length, " for sigma = ", sigma, " needs ",
                                         2 * most, " modes: at most 2^41 are possible");
        n.push_back(2 * static_cast<index_t>(most) + 1);
    }
    return n;
}

inline namespace FALTUNG_COMPILED {

/// Of the kernel with the given samples, at x[a] = box[a] m[a] / n[a] for m in [0, n): the one at 0 first, as after
/// ifftshift. Between the samples it is the trigonometric polynomial through them.
/// Types: samples of float, double, or complex numbers of these. Errors: option_error, shape_error, overflow_error.
/// Cost: a transform.
template <viewable S>
mode_coefficients sampled_coefficients(S const& samples, std::vector<double> const& box) {
    using T = element_t<S>;
    static_assert(is_floating<T> && sizeof(real_t<T>) <= 8, "sampled_coefficients: float or double");
    const strided<T const> x = tensor_view<T const, rank_of<S>>(as_view(samples)).erased();
    detail::require_modes(x.n);
    mode_coefficients k{x.n, detail::checked_box("sampled_coefficients", box, x.n.rank()), {}};
    const detail::cyclic_transform<double> t(x.n, number_kind::complex, detail::best_instruction_set());
    buffer<double> data(t.data()), spectrum(t.spectrum());
    const index_t count = t.samples();
    index_t at = 0;
    for_each_index(x.n, [&](index_list const& m) {
        index_t from = 0;
        for (int a = 0; a < x.n.rank(); ++a) from += m[a] * x.stride[a];
        const std::complex<double> v(x.data[from]);
        data.data()[at] = v.real();
        data.data()[count + at++] = v.imag();
    });
    t.forward(data.data(), spectrum.data());
    k.at.resize(static_cast<std::size_t>(count));
    for (index_t f = 0; f < t.count(); ++f) {
        if (t.copies(f) == 0) continue;
        index_t to = 0;
        for (int a = 0; a < x.n.rank(); ++a) to = to * x.n[a] + (t.frequency(f, a) + x.n[a] / 2) % x.n[a];
        const index_t real = f / t.lanes() * 2 * t.lanes() + f % t.lanes();
        k.at[static_cast<std::size_t>(to)] =
            std::complex<double>(spectrum.data()[real], spectrum.data()[real + t.lanes()]) / static_cast<double>(count);
    }
    return k;
}

/// Of a function that is not periodic, summed over its images in 2 images + 1 periods along each axis: f takes
/// `double const*`, a coordinate for each axis, and returns a real or a complex number. Without its images, a Gaussian
/// is cut off at the ends of its box, and wrong by what is cut off.
template <class F>
mode_coefficients function_coefficients(shape const& n, std::vector<double> const& box, index_t images, F const& f) {
    detail::require_modes(n);
    detail::checked_box("function_coefficients", box, n.rank());
    if (images < 0)
        detail::fail<option_error>("function_coefficients: ", images, " images: a number from 0 on is needed");
    std::vector<std::complex<double>> samples;
    samples.reserve(static_cast<std::size_t>(checked::product(n, "modes")));
    const shape periods =
        index_list::repeated(n.rank(), checked::add(checked::multiply(2, images, "images"), 1, "images"));
    for_each_index(n, [&](index_list const& m) {
        std::complex<double> sum = 0;
        for_each_index(periods, [&](index_list const& i) {
            double x[3] = {};
            for (int a = 0; a < n.rank(); ++a) {
                const double length = box[static_cast<std::size_t>(a)];
                // the nearest image first, so that without others it is the one around 0
                const index_t centred = 2 * m[a] < n[a] ? m[a] : m[a] - n[a];
                x[a] = length *
                       (static_cast<double>(centred) / static_cast<double>(n[a]) + static_cast<double>(i[a] - images));
            }
            sum += std::complex<double>(f(static_cast<double const*>(x)));
        });
        samples.push_back(sum);
    });
    const strided<std::complex<double> const> view{samples.data(), n, row_major(n)};
    if (n.rank() == 1)
        return sampled_coefficients(tensor_view<std::complex<double> const, 1>::from_raw(view.data, n, view.stride),
                                    box);
    if (n.rank() == 2)
        return sampled_coefficients(tensor_view<std::complex<double> const, 2>::from_raw(view.data, n, view.stride),
                                    box);
    return sampled_coefficients(tensor_view<std::complex<double> const, 3>::from_raw(view.data, n, view.stride), box);
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
