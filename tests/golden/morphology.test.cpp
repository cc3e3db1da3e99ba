// tests/golden/morphology.test.cpp -- scipy.ndimage's and OpenCV's erosion and dilation, for every border and type
#include <faltung/filter.hpp>

#include "filter_line.hpp"
#include "support/compiled_methods.hpp"

using namespace faltung;

namespace {

template <class H, class T>
tensor<T, 2> eroded_or_dilated(golden::line const& l) {
    const auto x = golden::as_tensor<T, 2>(l.x);
    const auto h = golden::as_tensor<H, 2>(l.h);
    const filter_options at{.boundary = l.has("mode") ? golden::ndimage_mode(l, boundary::constant(60))
                                                      : golden::opencv_border(l)};
    return l.call.ends_with("erode") || l.call.ends_with("erosion") ? erode(x, h, at) : dilate(x, h, at);
}

/// Comparisons of samples, and at most one addition, which both sides round to the same number.
template <class T>
void compare(golden::line const& l) {
    using H = std::conditional_t<is_floating<T>, T, std::int8_t>;
    const auto y = l.h.type == "bool" ? eroded_or_dilated<bool, T>(l) : eroded_or_dilated<H, T>(l);
    REQUIRE(y.shape() == l.y.n);
    for (std::size_t i = 0; i < l.y.values.size(); ++i) {
        INFO("value " << i);
        REQUIRE(y.data()[i] == static_cast<T>(l.y.values[i].real()));
    }
}

const std::map<std::string, void (*)(golden::line const&)> of_type{
    {"int8", compare<std::int8_t>},     {"uint8", compare<std::uint8_t>}, {"int16", compare<std::int16_t>},
    {"uint16", compare<std::uint16_t>}, {"int32", compare<std::int32_t>}, {"uint32", compare<std::uint32_t>},
    {"float32", compare<float>},        {"float64", compare<double>}};

int compare_all(std::string const& system) {
    int compared = 0;
    for (golden::line const& l : golden::read("morphology")) {
        if (!l.call.starts_with(system)) continue;
        INFO(l.text);
        REQUIRE(l.error.empty());
        of_type.at(l.x.type)(l);
        ++compared;
    }
    return compared;
}

}  // namespace

TEST_CASE("golden: scipy.ndimage's grey_erosion and grey_dilation", "[golden]") {
    CHECK(compare_all("scipy.") == 8 * 5 * 2 * (4 + 2));
}

TEST_CASE("golden: cv::erode and cv::dilate", "[golden]") { CHECK(compare_all("opencv.") == 5 * 4 * 4 * 2); }
