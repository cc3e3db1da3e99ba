// tests/golden/boxes.test.cpp -- scipy.ndimage.uniform_filter and cv::boxFilter
#include <faltung/filter.hpp>

#include "filter_line.hpp"
#include "support/compiled_methods.hpp"

using namespace faltung;
using golden::u_double;
using golden::u_float;

namespace {

per_axis<index_t> list_of(golden::line const& l, std::string const& key) { return golden::listed(l.list(key, -1)); }

/// ndimage filters one axis after the other and stores each in the type of x, integers towards zero. A constant
/// continues what the axes before have made.
template <class T>
tensor<T, 2> uniform_filter(golden::line const& l) {
    const index_list size = l.list("size", 0), origin = l.list("origin", 0);
    auto y = golden::as_tensor<T, 2>(l.x);
    for (int a : {0, 1})
        y = moving_average(y, size[a],
                           {.boundary = golden::ndimage_mode(l, boundary::constant(3)),
                            .centre = size[a] / 2 + (origin.rank() > 1 ? origin[a] : 0),
                            .rounding = rounding::toward_zero},
                           a);
    return y;
}

/// Integers equal. Floats: ndimage adds what enters a window and subtracts what leaves it, which leaves a rounding for
/// every sample of a line and window; a store rounds each axis once more on both sides.
template <class T>
void compare_scipy(golden::line const& l) {
    const index_list size = l.list("size", 0);
    long double allowed = 0;
    if constexpr (is_floating<T>) {
        const long double largest = std::max(golden::largest(l.x), 3.0L);
        for (int a : {0, 1})
            allowed += (2 * static_cast<long double>(l.x.n[a] + size[a]) * u_double +
                        (static_cast<long double>(size[a]) + 2) * (sizeof(T) == 4 ? u_float : u_double)) *
                       largest;
        if (l["mode"] != "constant") {
            per_axis<index_t> centre;
            for (int a : {0, 1}) centre.push_back(size[a] / 2 + (l.has("origin") ? l.list("origin", 0)[a] : 0));
            golden::require_within(
                l,
                box_filter(golden::as_tensor<T, 2>(l.x), golden::listed(size),
                           {.boundary = golden::ndimage_mode(l, boundary::constant(3)), .centre = centre}),
                allowed);
        }
    }
    golden::require_within(l, uniform_filter<T>(l), allowed);
}

template <class X, class Y>
tensor<Y, 2> box(golden::line const& l) {
    const box_options options{
        .boundary = golden::opencv_border(l),
        .centre = list_of(l, "anchor"),
        .overflow = overflow::saturate,
        .ties = sizeof(X) == 1 && sizeof(Y) == 1 ? mean_ties::upwards : mean_ties::to_even};  // OpenCV's way with bytes
    const auto x = golden::as_tensor<X, 2>(l.x);
    return l["normalize"] == "sum" ? box_sum<Y>(x, list_of(l, "size"), options)
                                   : box_filter<Y>(x, list_of(l, "size"), options);
}

/// Integers equal; floats to the roundings of both.
template <class X, class Y>
void compare_opencv(golden::line const& l) {
    long double allowed = 0;
    if constexpr (is_floating<Y>) {
        const index_list size = l.list("size", 0);
        const long double samples = static_cast<long double>(size[0] * size[1]);
        allowed = static_cast<long double>(size[0] + size[1] + l.x.n[0] + l.x.n[1]) *
                  (sizeof(Y) == 4 ? u_float : u_double) * golden::largest(l.x) *
                  (l["normalize"] == "sum" ? samples : 1);
    }
    golden::require_within(l, box<X, Y>(l), allowed);
}

}  // namespace

TEST_CASE("golden: scipy.ndimage.uniform_filter", "[golden]") {
    const std::map<std::string, void (*)(golden::line const&)> of_type{
        {"int8", compare_scipy<std::int8_t>},   {"uint8", compare_scipy<std::uint8_t>},
        {"int16", compare_scipy<std::int16_t>}, {"uint16", compare_scipy<std::uint16_t>},
        {"int32", compare_scipy<std::int32_t>}, {"uint32", compare_scipy<std::uint32_t>},
        {"int64", compare_scipy<std::int64_t>}, {"uint64", compare_scipy<std::uint64_t>},
        {"float32", compare_scipy<float>},      {"float64", compare_scipy<double>}};
    int compared = 0;
    for (golden::line const& l : golden::read("boxes")) {
        if (l.call != "scipy.uniform_filter") continue;
        INFO(l.text);
        REQUIRE(l.error.empty());
        of_type.at(l.x.type)(l);
        ++compared;
    }
    CHECK(compared == 10 * 5 * 5 + 5 * 3);
}

TEST_CASE("golden: cv::boxFilter", "[golden]") {
    const std::map<std::string, void (*)(golden::line const&)> of_types{
        {"uint8 uint8", compare_opencv<std::uint8_t, std::uint8_t>},
        {"uint8 int32", compare_opencv<std::uint8_t, std::int32_t>},
        {"uint8 float32", compare_opencv<std::uint8_t, float>},
        {"int16 int16", compare_opencv<std::int16_t, std::int16_t>},
        {"uint16 uint16", compare_opencv<std::uint16_t, std::uint16_t>},
        {"float32 float32", compare_opencv<float, float>},
        {"float64 float64", compare_opencv<double, double>}};
    int compared = 0;
    for (golden::line const& l : golden::read("boxes")) {
        if (l.call != "opencv.boxFilter") continue;
        INFO(l.text);
        REQUIRE(l.error.empty());
        of_types.at(l.x.type + " " + l["depth"])(l);
        ++compared;
    }
    CHECK(compared == 7 * 4 * 5 * 2 + 4 * 3);
}
