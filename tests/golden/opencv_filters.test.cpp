// tests/golden/opencv_filters.test.cpp -- OpenCV's kernels, and its derivatives of images through its dialect
#include <faltung/convolve.hpp>
#include <faltung/filter.hpp>

#include "filter_line.hpp"
#include "support/compiled_methods.hpp"

using namespace faltung;
using golden::integer;
using golden::number;
using golden::u_double;
using golden::u_float;

namespace {

/// OpenCV's rule, and its slip: an even number of taps has none at 0, but OpenCV 4.6 gives its middle two the value
/// there.
template <class T>
tensor<T, 1> gaussian_of(golden::line const& l) {
    const index_t taps = integer(l, "taps");
    const double sigma = number(l, "sigma") == 0 ? gaussian_sigma_of(taps) : number(l, "sigma");
    if (number(l, "sigma") == 0 && taps % 2 == 1) return gaussian_taps_of_size<T>(taps);
    if (taps % 2 == 1 || taps == 2) return gaussian_samples<T>(taps, sigma);
    auto h = gaussian_samples<double>(taps, sigma, {.scale = gaussian_scale::unit_peak});
    h(taps / 2) = h(taps / 2 - 1) = 1;
    double sum = 0;
    for (double tap : h) sum += tap;
    tensor<T, 1> rounded{{taps}};
    for (index_t i = 0; i < taps; ++i) rounded(i) = static_cast<T>(h(i) / sum);
    return rounded;
}

/// A 1 x 1 aperture of OpenCV has 3 taps along the axis of a derivative.
template <class T>
tensor<T, 1> taps_of(index_t order, index_t taps) {
    return derivative_taps<T>(order, taps == 1 && order > 0 ? 3 : taps);
}

template <class T>
tensor<T, 2> kernel_of(golden::line const& l) {
    if (l.call == "Sobel") {
        const index_t taps = integer(l, "taps");
        return outer_product(taps_of<T>(integer(l, "dy"), taps), taps_of<T>(integer(l, "dx"), taps));
    }
    if (l.call == "Scharr") {
        return copy(scharr<T>(integer(l, "dx") == 1 ? towards::right : towards::bottom));
    }
    if constexpr (is_floating<T>)
        if (l.call == "GaussianBlur") return outer_product(gaussian_of<T>(l), gaussian_of<T>(l));
    REQUIRE(l.call == "Laplacian");
    const index_t taps = integer(l, "taps");
    if (taps == 1) return copy(laplacian_4<T>());
    const auto smooth = derivative_taps<T>(0, taps), curved = derivative_taps<T>(2, taps);
    return weighted_sum(T{1}, outer_product(smooth, curved), T{1}, outer_product(curved, smooth));
}

/// Integers equal; a float to 4 roundings of the absolute products.
template <class X, class Tap, class Y>
void compare(golden::line const& l) {
    constexpr long double u = !is_floating<Y> ? 0 : sizeof(Y) == 4 ? u_float : u_double;
    const auto x = golden::as_tensor<X, 2>(l.x);
    const auto h = kernel_of<Tap>(l);
    long double absolute = 0;
    for (Tap tap : h) absolute += std::abs(static_cast<long double>(tap));
    const auto y = convolve<Y>(x, h, opencv(golden::opencv_border(l)));
    golden::require_within(l, y, 4 * u * absolute * golden::largest(l.x));
}

}  // namespace

TEST_CASE("golden: cv::getGaussianKernel", "[golden]") {
    int compared = 0;
    for (golden::line const& l : golden::read("opencv_filters")) {
        if (l.call != "getGaussianKernel") continue;
        INFO(l.text);
        if (l["depth"] == "float32")
            golden::require_within(l, gaussian_of<float>(l), 4 * u_float * golden::largest(l.y));
        else
            golden::require_within(l, gaussian_of<double>(l), 4 * u_double);
        ++compared;
    }
    CHECK(compared == 10 * 4 * 2);
}

TEST_CASE("golden: cv::getDerivKernels, reversed", "[golden]") {
    int compared = 0;
    for (golden::line const& l : golden::read("opencv_filters")) {
        if (l.call != "getDerivKernels") continue;
        INFO(l.text);
        const auto taps = derivative_taps(integer(l, "order"), integer(l, "taps"));
        golden::require_within(l, copy(flip(taps)), 0);
        ++compared;
    }
    CHECK(compared == 1 + 3 + 4 * 5);
}

TEST_CASE("golden: cv::getGaborKernel, reversed", "[golden]") {
    int compared = 0;
    for (golden::line const& l : golden::read("opencv_filters")) {
        if (l.call != "getGaborKernel") continue;
        INFO(l.text);
        const auto h = gabor({.taps = integer(l, "taps"),
                              .sigma = number(l, "sigma"),
                              .wavelength = number(l, "wavelength"),
                              .angle = number(l, "angle"),
                              .aspect = number(l, "aspect"),
                              .phase = number(l, "phase")});
        golden::require_within(l, copy(flip(h)), 32 * u_double);
        ++compared;
    }
    CHECK(compared == 3);
}

TEST_CASE("golden: cv::Sobel, cv::Scharr, cv::Laplacian, and cv::GaussianBlur of floats", "[golden]") {
    const std::map<std::string, void (*)(golden::line const&)> of_types{
        {"uint8 uint8", compare<std::uint8_t, std::int32_t, std::uint8_t>},
        {"uint8 int16", compare<std::uint8_t, std::int32_t, std::int16_t>},
        {"uint8 float32", compare<std::uint8_t, float, float>},
        {"uint8 float64", compare<std::uint8_t, double, double>},
        {"int16 int16", compare<std::int16_t, std::int32_t, std::int16_t>},
        {"int16 float32", compare<std::int16_t, float, float>},
        {"int16 float64", compare<std::int16_t, double, double>},
        {"uint16 uint16", compare<std::uint16_t, std::int32_t, std::uint16_t>},
        {"uint16 float32", compare<std::uint16_t, float, float>},
        {"uint16 float64", compare<std::uint16_t, double, double>},
        {"float32 float32", compare<float, float, float>},
        {"float64 float64", compare<double, double, double>}};
    int compared = 0;
    for (golden::line const& l : golden::read("opencv_filters")) {
        if (l.call.find("get") == 0) continue;
        INFO(l.text);
        of_types.at(l.x.type + " " + l["depth"])(l);
        ++compared;
    }
    CHECK(compared == 4 * (12 * (15 + 2 + 3) + 2 * 6));
}
