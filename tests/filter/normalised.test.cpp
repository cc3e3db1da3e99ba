// tests/filter/normalised.test.cpp -- normalised convolution against its quotient, by every method
#include <faltung/filter/normalised.hpp>

#include <faltung/view/copy.hpp>
#include <faltung/view/permute.hpp>

#include <cmath>
#include <limits>

#include "support/boundaries.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/given.hpp"
#include "support/reference.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using testing::any_tensor;
using testing::boundaries;
using testing::boundary_of;
using testing::message_of;
using testing::named_boundary;
using testing::small_tensor;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr method every_method[] = {method::direct, method::im2col, method::separable, method::fft,
                                   method::overlap_save};

/// The quotient for a convolution of two axes with `same`, in long double; NaN where no certainty reaches.
template <class T>
tensor<long double, 2> defined(tensor<T, 2> const& x, tensor<T, 2> const& c, tensor<T, 2> const& h,
                               named_boundary const& edge) {
    std::vector<reference::line> axes;
    for (int a : {0, 1}) {
        const index_t taps = h.extent(a), low = taps - 1 - (taps - 1) / 2;
        axes.push_back({x.extent(a), taps, 1, 1, low, taps - 1 - low, edge.map, edge.rule.re});
    }
    std::vector<long double> weighted, certainty, reversed;
    for (index_t i = 0; i < x.count(); ++i) {
        const long double v = c.data()[i];
        certainty.push_back(v);
        weighted.push_back(v == 0 ? 0 : v * static_cast<long double>(x.data()[i]));
    }
    for (index_t t = h.count(); t-- > 0;) reversed.push_back(h.data()[t]);
    const auto above = reference::correlate<long double>(axes, weighted, reversed);
    auto of_certainty = axes;
    for (auto& k : of_certainty) k.constant = 1;
    const auto below = reference::correlate<long double>(of_certainty, certainty, reversed);
    tensor<long double, 2> y(x.shape());
    for (index_t o = 0; o < y.count(); ++o) {
        const auto at = static_cast<std::size_t>(o);
        y.data()[o] = below[at] == 0 ? static_cast<long double>(none) : above[at] / below[at];
    }
    return y;
}

template <class T>
void require_quotient(tensor<T, 2> const& y, tensor<long double, 2> const& expected, long double tolerance) {
    REQUIRE(y.shape() == expected.shape());
    for (index_t i = 0; i < y.count(); ++i) {
        INFO("output " << i << " is " << y.data()[i] << ", expected " << text(expected.data()[i]));
        REQUIRE(std::isnan(y.data()[i]) == std::isnan(expected.data()[i]));
        if (!std::isnan(y.data()[i]))
            REQUIRE(std::fabs(static_cast<long double>(y.data()[i]) - expected.data()[i]) <= tolerance);
    }
}

tensor<double, 2> binomial() { return {{3, 3}, {1, 2, 1, 2, 4, 2, 1, 2, 1}}; }

}  // namespace

TEMPLATE_TEST_CASE("normalised_convolve: masks with holes, every boundary and method", "[filter]", float, double) {
    using T = TestType;
    testing::random_source random(51);
    tensor<T, 2> h({3, 4});
    for (T& tap : h) tap = static_cast<T>(random.between(0, 5)) / 8;
    h(0, 0) = 1;
    for (auto const& edge : boundaries)
        for (int density : {0, 3, 50, 100}) {
            auto x = any_tensor<T, 2>(random, {17, 23});
            tensor<T, 2> c(x.shape());
            for (index_t i = 0; i < x.count(); ++i) {
                x.data()[i] = std::fmod(x.data()[i], T{1});
                c.data()[i] = random.percent(density) ? T{1} : T{0};
                if (c.data()[i] == 0) x.data()[i] = std::numeric_limits<T>::quiet_NaN();
            }
            const auto expected = defined(x, c, h, edge);
            for (method m : every_method) {
                INFO(name_of(m) << ", " << name_of(edge.rule.map) << ", " << density << " %");
                const auto y = normalised_convolve(
                    x, c, h, {.convolution = {.padding = mode::same, .boundary = edge.rule, .method = m}});
                require_quotient(y, expected, 2000 * std::numeric_limits<T>::epsilon());
            }
        }
}

TEST_CASE("normalised_convolve: a certainty of any size, and faint tails of a kernel", "[filter]") {
    testing::random_source random(52);
    tensor<double, 2> x({20, 30}), c(x.shape()), h({9, 9});
    for_each_index(h.shape(), [&](index_list const& t) {
        h(t) = std::exp(-static_cast<double>((t[0] - 4) * (t[0] - 4) + (t[1] - 4) * (t[1] - 4)));
    });
    for (double& v : x) v = static_cast<double>(random.between(-1000, 1000)) / 1000;
    for (double& v : c) v = random.percent(2) ? std::ldexp(1.0, static_cast<int>(random.between(-20, 3))) : 0;
    const auto expected = defined(x, c, h, boundary_of('z'));
    for (method m : every_method)  // down to exp(-32) of the middle: a transform alone would see its own errors
        require_quotient(normalised_convolve(x, c, h, {.convolution = {.padding = mode::same, .method = m}}), expected,
                         1e-9L);
}

TEST_CASE("normalised_convolve: taps of both signs", "[filter]") {
    tensor<double, 2> x({4, 8}), c(x.shape());
    for (index_t i = 0; i < x.count(); ++i) x.data()[i] = static_cast<double>(i % 5);
    std::fill(c.begin(), c.end(), 0.7);
    const tensor<double, 2> difference({1, 2}, {1, -1}), sharp({1, 3}, {-1, 3, -1});
    for (method m : every_method) {
        const auto undefined = normalised_convolve(
            x, c, difference, {.convolution = {.padding = mode::valid, .method = m}, .undefined = -7});
        for (double v : undefined) CHECK(v == -7);  // the certainties cancel
        const auto y = normalised_convolve(x, c, sharp, {.convolution = {.padding = mode::valid, .method = m}});
        for_each_index(y.shape(), [&](index_list const& i) {
            CHECK(y(i) == Approx(3 * x(i[0], i[1] + 1) - x(i[0], i[1]) - x(i[0], i[1] + 2)).margin(1e-12));
        });
    }
}

TEST_CASE("normalised_convolve: the rim of an image, strides, axes, integers", "[filter]") {
    tensor<std::uint8_t, 2> white({5, 6});
    std::fill(white.begin(), white.end(), std::uint8_t{255});
    const auto y = normalised_convolve(white, binomial());
    STATIC_REQUIRE(std::is_same_v<std::remove_cvref_t<decltype(y)>, tensor<double, 2>>);  // that of the kernel
    for (double v : y) CHECK(v == Approx(255).epsilon(1e-15));

    testing::random_source random(53);
    const auto x = small_tensor<double, 2>(random, {7, 9});
    tensor<double, 2> c(x.shape());
    for (double& v : c) v = static_cast<double>(random.between(0, 3));
    const auto whole = normalised_convolve(x, c, binomial());
    const auto half = normalised_convolve(x, c, binomial(), {.convolution = {.padding = mode::same, .stride = 2}});
    REQUIRE(half.shape() == shape{4, 5});
    for_each_index(half.shape(),
                   [&](index_list const& i) { CHECK(testing::is_same_value(half(i), whole(2 * i[0], 2 * i[1]))); });
    const std::vector<double> line{1, 2, 1};
    const auto rows = normalised_convolve(x, c, line, {.convolution = {.padding = mode::same, .axes = {1}}});
    const auto columns =
        normalised_convolve(transpose(x), transpose(c), line, {.convolution = {.padding = mode::same, .axes = {0}}});
    CHECK(testing::difference(rows, copy(transpose(columns))) == "");
}

TEST_CASE("normalised_convolve: a NaN that is certain is data", "[filter]") {
    std::vector<double> x{1, 2, none, 4, 5, 6}, c(6, 1.0);
    for (method m : every_method) {
        const auto y = normalised_convolve(x, c, std::vector<double>{1, 1, 1},
                                           {.convolution = {.padding = mode::same, .method = m}});
        CHECK(y(0) == Approx(1.5));
        for (index_t i : {1, 2, 3}) CHECK(std::isnan(y(i)));
        CHECK(y(4) == Approx(5));
    }
}

TEST_CASE("fill_missing: only what is missing", "[filter]") {
    std::vector<float> x{
        1, static_cast<float>(none), 3, 4, static_cast<float>(none), static_cast<float>(none), static_cast<float>(none),
        8};
    const auto y = fill_missing(x, std::vector<float>{1, 1, 1});
    STATIC_REQUIRE(std::is_same_v<std::remove_cvref_t<decltype(y)>, tensor<float, 1>>);
    const std::vector<float> expected{1, 2, 3, 4, 4, 0, 8, 8};
    for (index_t i = 0; i < 8; ++i)
        if (i == 5)
            CHECK(std::isnan(y(i)));
        else
            CHECK(y(i) == expected[static_cast<std::size_t>(i)]);
    CHECK(fill_missing(x, std::vector<float>{1, 1, 1}, {.undefined = 0})(5) == 0);
    CHECK(fill_missing(std::vector<float>(), std::vector<float>{1}).shape() == shape{0});
}

TEST_CASE("normalised_convolve, fill_missing: the same bits in memory that is there", "[filter]") {
    using testing::require_given;
    testing::random_source r(77);
    auto x = any_tensor<float, 2>(r, {6, 7});
    x(2, 3) = std::nanf("");
    tensor<bool, 2> known({6, 7});
    for (index_t i = 0; i < x.count(); ++i) known.data()[i] = !std::isnan(x.data()[i]);
    const tensor<float, 2> h({2, 2}, {1.0f, 2, 3, 1});
    require_given("normalised_convolve", normalised_convolve(x, known, h),
                  [&](auto y) { normalised_convolve_into(y, x, known, h); });
    require_given("normalised_convolve", normalised_convolve(x, h, {.convolution = {.padding = mode::full}}),
                  [&](auto y) { normalised_convolve_into(y, x, h, {.convolution = {.padding = mode::full}}); });
    require_given("fill_missing", fill_missing(x, h), [&](auto y) { fill_missing_into(y, x, h); });
    tensor<double, 2> wide({6, 7});
    fill_missing_into(wide, x, h);
    CHECK(wide(2, 3) == fill_missing(x, h)(2, 3));
    auto same = x;
    CHECK_THROWS_AS(normalised_convolve_into(same, same, known, h), overlap_error);
    CHECK_THROWS_AS(fill_missing_into(same, same, h), overlap_error);
    CHECK(testing::difference(same, x) == "");
}

TEST_CASE("normalised_convolve: what is refused", "[filter]") {
    const tensor<double, 2> x({4, 5}), h = binomial();
    CHECK(message_of<shape_error>([&] {
              (void)normalised_convolve(x, tensor<bool, 2>({5, 4}), h);
          }) == "normalised_convolve: a certainty of shape (5, 4) for an input of shape (4, 5)");
    tensor<double, 2> c({4, 5});
    c(2, 3) = -0.5;
    CHECK(message_of<option_error>([&] { (void)normalised_convolve(x, c, h); }) ==
          "normalised_convolve: the certainty at (2, 3) is -0.5: at least 0 and finite is needed");
    c(2, 3) = none;
    CHECK(message_of<option_error>([&] { (void)normalised_convolve(x, c, h); }) ==
          "normalised_convolve: the certainty at (2, 3) is nan: at least 0 and finite is needed");
    c(2, 3) = 1;
    CHECK(message_of<option_error>([&] {
              (void)normalised_convolve(x, c, tensor<double, 2>({1, 1}, {none}));
          }) == "normalised_convolve: a kernel with a tap that is not finite");
    CHECK(message_of<shape_error>([&] { (void)normalised_convolve(x, c, std::vector<double>{1}); }) ==
          "normalised_convolve: an input of 2 axes (4, 5) and a kernel of 1 (1,); name the kernel's axes with .axes = "
          "{...}");
    CHECK(
        message_of<option_error>([&] { (void)fill_missing(x, h, {.convolution = {}}); }) ==
        "fill_missing: the convolution makes shape (6, 7) of (4, 5): use .padding = mode::same and a window stride of "
        "1");
}
