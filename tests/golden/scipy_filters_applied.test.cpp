// tests/golden/scipy_filters_applied.test.cpp -- scipy.ndimage's smoothing and derivatives, scipy.signal's resampling
#include <faltung/filter.hpp>

#include "filter_line.hpp"
#include "support/compiled_methods.hpp"

using namespace faltung;
using golden::integer;
using golden::number;
using golden::numbers;
using golden::u_double;
using golden::u_float;

namespace {

template <class Value>
per_axis<Value> one_or_list(std::vector<double> const& values) {
    per_axis<Value> list = static_cast<Value>(values[0]);
    if (values.size() > 1)
        for (double v : values) list.push_back(static_cast<Value>(v));
    return list;
}

/// The largest sum of absolute taps that the filter of this line has along one axis, times as many axes.
double gain(golden::line const& l) {
    if (l.call == "sobel") return std::pow(4, l.x.n.rank() - 1) * 2;
    if (l.call == "prewitt") return std::pow(3, l.x.n.rank() - 1) * 2;
    if (l.call == "laplace") return 4 * l.x.n.rank();
    const auto of_axis = [](double sigma, double order) {
        double sum = 0;
        for (double tap : gaussian_taps(sigma, {.order = static_cast<int>(order)})) sum += std::abs(tap);
        return sum;
    };
    const std::vector<double> sigma = numbers(l, "sigma");
    if (l.call == "gaussian_laplace") return of_axis(sigma[0], 2) * l.x.n.rank();
    if (l.call == "gaussian_gradient_magnitude") return of_axis(sigma[0], 1) * l.x.n.rank();
    const std::vector<double> order = numbers(l, "order");
    double product = 1;
    for (int a = 0; a < l.x.n.rank(); ++a) {
        const std::size_t at = sigma.size() > 1 ? static_cast<std::size_t>(a) : 0;
        product *= of_axis(sigma[at], order[at]);
    }
    return product;
}

template <class T, std::size_t Rank>
tensor<T, Rank> filtered(golden::line const& l) {
    const auto x = golden::as_tensor<T, Rank>(l.x);
    const filter_options at{.boundary = golden::ndimage_mode(l, boundary::zero)};
    if (l.call == "sobel") return sobel_filter(x, static_cast<int>(integer(l, "axis")), at);
    if (l.call == "prewitt") return prewitt_filter(x, static_cast<int>(integer(l, "axis")), at);
    if (l.call == "laplace") return laplace(x, at);
    const per_axis<double> sigma = one_or_list<double>(numbers(l, "sigma"));
    gaussian_filter_options how{.boundary = golden::ndimage_mode(l, boundary::zero)};
    if (l.call == "gaussian_laplace") return gaussian_laplace(x, sigma, how);
    if (l.call == "gaussian_gradient_magnitude") return gaussian_gradient_magnitude(x, sigma, how);
    REQUIRE(l.call == "gaussian_filter");
    how.order = one_or_list<int>(numbers(l, "order"));
    return gaussian_filter(x, sigma, how);
}

/// To 4 roundings, for each axis, of the sum of absolute products: ndimage stores every axis in the type of x.
template <class T, std::size_t Rank>
void compare(golden::line const& l, long double u) {
    golden::require_within(l, filtered<T, Rank>(l), 4 * u * static_cast<int>(Rank) * gain(l) * golden::largest(l.x));
}

/// Differences are equal; a Gaussian has sums of float for integers of up to 16 bits.
template <class T>
void compare_integers(golden::line const& l) {
    const auto x = golden::as_tensor<T, 2>(l.x);
    const filter_options at{.boundary = golden::ndimage_mode(l, boundary::zero)};
    if (l.call == "sobel")
        golden::require_within(l, sobel_filter(x, static_cast<int>(integer(l, "axis")), at), 0);
    else if (l.call == "prewitt")
        golden::require_within(l, prewitt_filter(x, static_cast<int>(integer(l, "axis")), at), 0);
    else if (l.call == "laplace")
        golden::require_within(l, laplace(x, at), 0);
    else
        golden::require_within(
            l, gaussian_filter(x, number(l, "sigma"), {.boundary = golden::ndimage_mode(l, boundary::zero)}),
            4 * (sizeof(T) <= 2 ? u_float : u_double) * gain(l) * golden::largest(l.x));
}

}  // namespace

TEST_CASE("golden: scipy.ndimage's gaussian_filter, sobel, prewitt, laplace and their kin", "[golden]") {
    int compared = 0;
    for (golden::line const& l : golden::read("scipy_filters")) {
        if (!l.has("mode") || l.has("output")) continue;
        INFO(l.text);
        REQUIRE(l.error.empty());
        if (l.x.n.rank() == 3)
            compare<double, 3>(l, u_double);
        else if (l.x.type == "float32")
            compare<float, 2>(l, u_float);
        else
            compare<double, 2>(l, u_double);
        ++compared;
    }
    CHECK(compared == 5 * (3 * (3 + 4 + 3) + (3 + 6 + 3)));
}

TEST_CASE("golden: scipy.ndimage's gaussian_filter, sobel, prewitt and laplace of integers", "[golden]") {
    const std::map<std::string, void (*)(golden::line const&)> of_type{
        {"int8", compare_integers<std::int8_t>},   {"uint8", compare_integers<std::uint8_t>},
        {"int16", compare_integers<std::int16_t>}, {"uint16", compare_integers<std::uint16_t>},
        {"int32", compare_integers<std::int32_t>}, {"uint32", compare_integers<std::uint32_t>},
        {"int64", compare_integers<std::int64_t>}, {"uint64", compare_integers<std::uint64_t>}};
    int compared = 0;
    for (golden::line const& l : golden::read("scipy_filters")) {
        if (!l.has("output")) continue;
        INFO(l.text);
        REQUIRE(l.error.empty());
        of_type.at(l.x.type)(l);
        ++compared;
    }
    CHECK(compared == 8 * 5 * (4 + 1 + 1));
}

TEST_CASE("golden: scipy.signal.upfirdn", "[golden]") {
    int compared = 0;
    for (golden::line const& l : golden::read("scipy_filters")) {
        if (l.call != "upfirdn") continue;
        INFO(l.text);
        const auto x = golden::as_tensor<double, 1>(l.x), h = golden::as_tensor<double, 1>(l.h);
        golden::require_within(
            l, upfirdn(h, x, integer(l, "up"), integer(l, "down")),
            4 * u_double * static_cast<double>(l.h.values.size()) * golden::largest(l.h) * golden::largest(l.x));
        ++compared;
    }
    CHECK(compared == 3 * 4 * 4 * 4);
}

TEST_CASE("golden: scipy.signal.resample_poly", "[golden]") {
    int compared = 0;
    for (golden::line const& l : golden::read("scipy_filters")) {
        if (l.call != "resample_poly") continue;
        INFO(l.text);
        REQUIRE(l.error.empty());
        // The taps that one sample meets are at most about 1, 1 / 2, 1 / 3, ... of it: a sum of less than 5.
        golden::require_within(l,
                               resample_poly(golden::as_tensor<double, 1>(l.x), integer(l, "up"), integer(l, "down")),
                               4 * u_double * 5 * golden::largest(l.x));
        ++compared;
    }
    CHECK(compared == 3 * 4 * 4);
}
