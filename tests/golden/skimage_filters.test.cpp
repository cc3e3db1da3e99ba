// tests/golden/skimage_filters.test.cpp -- scikit-image's edges, bands, sharpening and morphology
#include <faltung/filter.hpp>
#include <faltung/view.hpp>

#include <numbers>

#include "filter_line.hpp"
#include "support/compiled_methods.hpp"

using namespace faltung;
using golden::integer;
using golden::number;
using golden::u_double;
using golden::u_float;

namespace {

template <class T, std::size_t N>
fixed_kernel<T, N, N> times(T factor, fixed_kernel<T, N, N> h) {
    for (auto& row : h)
        for (T& tap : row) tap *= factor;
    return h;
}

/// What the line's call is here, in the type of x, and the sum of the absolute taps.
template <class T>
tensor<T, 2> answered(golden::line const& l, long double& taps) {
    const auto x = golden::as_tensor<T, 2>(l.x);
    convolve_options how{.padding = mode::same, .boundary = boundary::symmetric};
    if (l.has("mode")) how.boundary = golden::ndimage_mode(l, boundary::zero);
    const auto filtered = [&](auto const& h) {
        taps = 0;
        for_each_index(as_view(h).shape(), [&](index_list const& t) { taps += std::fabs(as_view(h)(t)); });
        return convolve(x, h, how);
    };
    if (l.call == "scharr")
        return filtered(times(T{1} / 16, scharr<T>(integer(l, "axis") == 0 ? towards::bottom : towards::right)));
    if (l.call == "difference_of_gaussians")
        return filtered(difference_of_gaussians<T>(number(l, "low"), number(l, "high")));
    how.centre = 1;
    if (l.call == "roberts_pos_diag") return filtered(roberts<T>(towards::bottom_right));
    if (l.call == "roberts_neg_diag") return filtered(times(T{-1}, roberts<T>(towards::top_right)));
    REQUIRE(l.call == "unsharp_mask");
    taps = 1 + 2 * number(l, "amount");
    return unsharp_mask(x, number(l, "radius"), number(l, "amount"));
}

/// To 4 roundings, for each axis, of the sum of absolute products.
template <class T>
void compare(golden::line const& l, long double u) {
    long double taps = 0;
    const auto y = answered<T>(l, taps);
    golden::require_within(l, y, 4 * u * 2 * taps * golden::largest(l.x));
}

/// skimage's erosion; its dilation has the footprint the other way round.
template <class T>
void compare_neighbourhood(golden::line const& l) {
    const auto x = golden::as_tensor<T, 2>(l.x);
    const auto h = golden::as_tensor<bool, 2>(l.h);
    const auto y = l.call == "erosion" ? erode(x, h) : dilate(x, flip(h));
    REQUIRE(y.shape() == l.y.n);
    for (std::size_t i = 0; i < l.y.values.size(); ++i) REQUIRE(y.data()[i] == static_cast<T>(l.y.values[i].real()));
}

}  // namespace

TEST_CASE("golden: scikit-image's scharr, roberts, difference_of_gaussians, unsharp_mask", "[golden]") {
    int compared = 0;
    for (golden::line const& l : golden::read("skimage_filters")) {
        if (l.call == "gabor_kernel" || l.x.n.rank() == 0 || l.call == "erosion" || l.call == "dilation") continue;
        INFO(l.text);
        REQUIRE(l.error.empty());
        if (l.x.type == "float32")
            compare<float>(l, u_float);
        else
            compare<double>(l, u_double);
        ++compared;
    }
    CHECK(compared == 2 * (5 * 3 + 3));
}

TEST_CASE("golden: scikit-image's gabor_kernel, but for its scale", "[golden]") {
    int compared = 0;
    for (golden::line const& l : golden::read("skimage_filters")) {
        if (l.call != "gabor_kernel") continue;
        INFO(l.text);
        const double sigma = number(l, "sigma");
        // where its rows and columns differ in number, the middle of ours
        const shape n = l.y.n;
        const auto h = gabor({.taps = std::max(n[0], n[1]),
                              .sigma = sigma,
                              .wavelength = number(l, "wavelength"),
                              .angle = number(l, "angle"),
                              .phase = number(l, "phase")});
        const index_t top = (h.extent(0) - n[0]) / 2, left = (h.extent(1) - n[1]) / 2;
        auto y = copy(slice(h, range{top, top + n[0]}, range{left, left + n[1]}));
        for (double& tap : y) tap /= 2 * std::numbers::pi * sigma * sigma;
        golden::require_within(l, y, 16 * u_double * golden::largest(l.y));
        ++compared;
    }
    CHECK(compared == 3);
}

TEST_CASE("golden: scikit-image's erosion and dilation", "[golden]") {
    const std::map<std::string, void (*)(golden::line const&)> of_type{{"uint8", compare_neighbourhood<std::uint8_t>},
                                                                       {"uint16", compare_neighbourhood<std::uint16_t>},
                                                                       {"float32", compare_neighbourhood<float>},
                                                                       {"float64", compare_neighbourhood<double>}};
    int compared = 0;
    for (golden::line const& l : golden::read("skimage_filters")) {
        if (l.call != "erosion" && l.call != "dilation") continue;
        INFO(l.text);
        of_type.at(l.x.type)(l);
        ++compared;
    }
    CHECK(compared == 4 * 3 * 2);
}
