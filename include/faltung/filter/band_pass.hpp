// faltung/filter/band_pass.hpp -- 2-D kernels that answer to structures of one size: blobs and waves
#pragma once

#include "gaussian.hpp"

namespace faltung {

/// A wave under a bell: exp(-(u^2 + (aspect v)^2) / (2 sigma^2)) cos(2 pi u / wavelength + phase), u in the direction
/// of the wave, `angle` radians from the right towards the bottom, and v across.
struct gabor_options {
    index_t taps;  // on both axes; odd
    double sigma;
    double wavelength;  // in samples
    double angle = 0;
    double aspect = 1;
    double phase = 0;
};

inline namespace FALTUNG_COMPILED {

/// The sum of the second derivatives of a Gaussian along both axes: the kernel of scipy.ndimage.gaussian_laplace.
/// Its sign is that of the Laplacian: below 0 on a bright blob. Types, errors: gaussian_taps.
template <std::floating_point T = double>
tensor<T, 2> laplacian_of_gaussian(double sigma, gaussian_options options = {}) {
    options.order = 0;
    const auto smooth = gaussian_taps<T>(sigma, options);
    options.order = 2;
    const auto curved = gaussian_taps<T>(sigma, options);
    return weighted_sum(T{1}, outer_product(smooth, curved), T{1}, outer_product(curved, smooth));
}

/// A narrow Gaussian less a wide one, each with a sum of 1: what is larger than the one and smaller than the other.
/// Types: gaussian_taps. Errors: also option_error unless narrow < wide.
template <std::floating_point T = double>
tensor<T, 2> difference_of_gaussians(double narrow, double wide, gaussian_options options = {}) {
    options.order = 0;
    const auto inner = gaussian_taps<T>(narrow, options), outer = gaussian_taps<T>(wide, options);
    if (!(narrow < wide))
        detail::fail<option_error>("difference_of_gaussians: sigma ", narrow, " is not less than sigma ", wide);
    return weighted_sum(T{1}, outer_product(inner, inner), T{-1}, outer_product(outer, outer));
}

/// The samples of gabor_options' wave at the integers about the middle; cv::getGaborKernel, which is for correlations,
/// reversed. A phase of -pi / 2 is the odd one of a pair.
/// Errors: shape_error unless taps is odd and 1 to 2^31; option_error unless sigma, wavelength and aspect are finite
/// and above 0, angle and phase finite.
template <std::floating_point T = double>
tensor<T, 2> gabor(gabor_options const& options) {
    constexpr char const* name = "gabor";
    detail::require_middle(name, options.taps);
    detail::require_positive(name, "sigma", options.sigma);
    detail::require_positive(name, "wavelength", options.wavelength);
    detail::require_positive(name, "aspect", options.aspect);
    detail::require_finite(name, "angle", options.angle);
    detail::require_finite(name, "phase", options.phase);
    auto h = tensor<T, 2>::uninitialized({options.taps, options.taps});
    const long double c = std::cos(static_cast<long double>(options.angle)),
                      s = std::sin(static_cast<long double>(options.angle)), sigma = options.sigma,
                      turns = 2 * std::numbers::pi_v<long double> / static_cast<long double>(options.wavelength);
    const index_t middle = options.taps / 2;
    for_each_index(h.shape(), [&](index_list const& t) {
        const auto y = static_cast<long double>(t[0] - middle), x = static_cast<long double>(t[1] - middle);
        const long double u = x * c + y * s, v = static_cast<long double>(options.aspect) * (y * c - x * s);
        h(t) = static_cast<T>(std::exp(-(u * u + v * v) / (2 * sigma * sigma)) *
                              std::cos(turns * u + static_cast<long double>(options.phase)));
    });
    return h;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
