// tests/convolve/apply.test.cpp -- convolve and correlate as callers write them
#include <faltung/convolve.hpp>

#include <array>
#include <limits>
#include <numeric>
#include <span>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class T, std::size_t Rank>
tensor<T, Rank> counted(shape const& n) {
    tensor<T, Rank> x(n);
    std::iota(x.begin(), x.end(), T(1));
    return x;
}

template <class T>
std::vector<T> values(tensor<T, 1> const& y) {
    return {y.begin(), y.end()};
}

}  // namespace

TEST_CASE("convolve and correlate: computed by hand", "[convolve]") {
    const std::vector<int> x{1, 2, 3, 4}, h{1, 10, 100};
    using v = std::vector<std::int64_t>;
    CHECK(values(convolve(x, h)) == v{1, 12, 123, 234, 340, 400});
    CHECK(values(convolve(x, h, {.padding = mode::same})) == v{12, 123, 234, 340});
    CHECK(values(convolve(x, h, {.padding = mode::valid})) == v{123, 234});
    CHECK(values(correlate(x, h)) == v{100, 210, 321, 432, 43, 4});
    CHECK(values(correlate(x, h, {.padding = mode::valid})) == v{321, 432});
    CHECK(values(correlate(x, h, {.padding = {{1, 0}}})) == v{210, 321, 432});
    CHECK(values(correlate(x, h, {.padding = {{1, 2}}, .stride = 2})) == v{210, 432, 4});
    CHECK(values(correlate(x, h, {.padding = {{-1, 0}}})) == v{432});
    CHECK(values(correlate(x, std::vector<int>{1, 10}, {.padding = mode::valid, .dilation = 2})) == v{31, 42});
    const auto same = [&](boundary const& b) {
        return values(correlate(x, h, {.padding = mode::same, .boundary = b}));
    };
    CHECK(same(boundary::constant(9)) == v{219, 321, 432, 943});
    CHECK(same(boundary::replicate) == v{211, 321, 432, 443});
    CHECK(same(boundary::reflect) == v{212, 321, 432, 343});
    CHECK(same(boundary::symmetric) == v{211, 321, 432, 443});
    CHECK(same(boundary::circular) == v{214, 321, 432, 143});
}

TEST_CASE("convolve: two axes, computed by hand", "[convolve]") {
    const tensor<int, 2> x({2, 3}, {1, 2, 3, 4, 5, 6}), h({2, 2}, {1, 0, 0, 10});
    CHECK(difference(convolve(x, h), tensor<std::int64_t, 2>({3, 4}, {1, 2, 3, 0, 4, 15, 26, 30, 0, 40, 50, 60})) ==
          "");
    CHECK(difference(correlate(x, h, {.padding = mode::valid}), tensor<std::int64_t, 2>({1, 2}, {51, 62})) == "");
    // a corner is outside on both axes: the last one that is outside wins
    const auto corner = correlate(x, tensor<int, 2>({1, 1}, {1}),
                                  {.padding = {1, 1}, .boundary = {boundary::constant(7), boundary::constant(9)}});
    CHECK(difference(corner, tensor<std::int64_t, 2>(
                                 {4, 5}, {9, 7, 7, 7, 9, 9, 1, 2, 3, 9, 9, 4, 5, 6, 9, 9, 7, 7, 7, 9})) == "");
}

TEST_CASE("convolve: an axis that is named, the others are a batch; rank up to 8", "[convolve]") {
    const auto x = counted<float, 3>({2, 3, 4});
    const std::vector<float> row{1, -1};
    const auto along = convolve(x, row, {.padding = mode::valid, .axes = {1}});
    REQUIRE(along.shape() == shape{2, 2, 4});
    for (float v : along) CHECK(v == 4);  // x(i, j + 1, k) - x(i, j, k)
    const tensor<float, 2> h({2, 1}, {1, 1});
    const auto swapped = convolve(x, h, {.padding = mode::valid, .axes = {2, 0}});  // its axis 0 lies along axis 2 of x
    REQUIRE(swapped.shape() == shape{2, 3, 3});
    CHECK(swapped(0, 0, 0) == 3);
    CHECK(swapped(1, 2, 2) == 47);

    const auto deep = counted<float, 8>({2, 1, 2, 1, 2, 1, 2, 3});
    tensor<float, 8> ones({2, 1, 1, 1, 1, 1, 2, 2});
    for (float& v : ones) v = 1;
    const auto y = convolve(deep, ones, {.padding = mode::valid});
    REQUIRE(y.shape() == shape{1, 1, 2, 1, 2, 1, 1, 2});
    CHECK(y(0, 0, 0, 0, 0, 0, 0, 0) == 1 + 2 + 4 + 5 + 25 + 26 + 28 + 29);
}

TEST_CASE("convolve: everything that can be viewed", "[convolve]") {
    const std::vector<float> vector{1, 2, 3};
    const std::array<float, 3> array{1, 2, 3};
    const float c_array[] = {1, 2, 3};
    const std::span<float const> span(vector);
    const tensor<float, 1> t({3}, {1, 2, 3});
    const std::vector<float> want{1, 3, 5, 3}, h{1, 1};
    CHECK(values(convolve(vector, h)) == want);
    CHECK(values(convolve(array, h)) == want);
    CHECK(values(convolve(c_array, h)) == want);
    CHECK(values(convolve(span, h)) == want);
    CHECK(values(convolve(t, h)) == want);
    CHECK(values(convolve(t.view(), std::array<float, 2>{1, 1})) == want);
    CHECK(values(convolve(std::vector<float>{1, 2, 3}, std::vector<float>{1, 1})) ==
          want);  // read during the call only
    const float nested[2][2] = {{1, 2}, {3, 4}};
    CHECK(convolve(nested, nested)(1, 1) == 1 * 4 + 2 * 3 + 3 * 2 + 4 * 1);
}

TEST_CASE("convolve_into and correlate_into: the writing twins, into any view", "[convolve]") {
    random_source r(1);
    const auto x = any_tensor<float, 2>(r, {6, 20}), h = any_tensor<float, 2>(r, {2, 3});
    tensor<float, 2> y({7, 22});
    convolve_into(y, x, h);
    CHECK(difference(y, convolve(x, h)) == "");
    correlate_into(y, x, h);
    CHECK(difference(y, correlate(x, h)) == "");
    tensor<float, 2> turned({22, 7});
    convolve_into(transpose(turned), x, h);
    CHECK(difference(copy(transpose(turned)), convolve(x, h)) == "");
    tensor<std::int16_t, 2> rounded({7, 22});
    convolve_into(rounded, x, h, {.overflow = overflow::saturate});
    CHECK(difference(rounded, convolve<std::int16_t>(x, h, {.overflow = overflow::saturate})) == "");
    tensor<float, 2> precise({7, 22});
    convolve_into<double>(precise, x, h);
    CHECK(difference(precise, convolve<float, double>(x, h)) == "");
    std::vector<float> line(8);
    convolve_into(line, std::vector<float>{1, 2, 3, 4, 5, 6}, std::vector<float>{1, 0, 1});
    CHECK(line == std::vector<float>{1, 2, 4, 6, 8, 10, 5, 6});
}

TEST_CASE("convolve_into: refuses wrong shapes and overlap, and leaves y as it was", "[convolve]") {
    std::vector<float> memory(30, 7.0f);
    const std::span<float> x(memory.data(), 10), y(memory.data() + 10, 12), crossing(memory.data() + 5, 12);
    const std::vector<float> h{1, 2, 3};
    CHECK(message_of<shape_error>([&] { convolve_into(std::span<float>(memory.data() + 10, 11), x, h); }) ==
          "convolve: an output of shape (11,) where the result has (12,)");
    CHECK(message_of<overlap_error>([&] { correlate_into(crossing, x, h); }) ==
          "correlate: the output overlaps the input; write into other memory, then copy");
    const auto broadcast = tensor_view<float, 1>::from_raw(memory.data() + 20, {12}, {0});
    CHECK(message_of<overlap_error>([&] { convolve_into(broadcast, x, h); }) ==
          "convolve: the output of shape (12,) with strides (0,) overlaps itself");
    CHECK(memory == std::vector<float>(30, 7.0f));
    convolve_into(y, x, h);
    CHECK(memory[9] == 7);
    CHECK(memory[10] == 7);
    CHECK(memory[12] == 42);
    CHECK(memory[22] == 7);
}

TEST_CASE("convolve_into: red to green inside one packed image", "[convolve]") {
    random_source r(2);
    auto rgb = any_tensor<float, 3>(r, {5, 9, 3});
    const auto before = rgb;
    const auto h = any_tensor<float, 2>(r, {3, 3});
    convolve_into(slice(rgb, all, all, 1), slice(rgb, all, all, 0), h, {.padding = mode::same});
    CHECK(difference(copy(slice(rgb, all, all, 1)),
                     convolve(copy(slice(before, all, all, 0)), h, {.padding = mode::same})) == "");
    CHECK(difference(copy(slice(rgb, all, all, 0)), copy(slice(before, all, all, 0))) == "");
    CHECK(difference(copy(slice(rgb, all, all, 2)), copy(slice(before, all, all, 2))) == "");
}

TEST_CASE("convolve: kernels larger than the input, and inputs of extent 1 and 0", "[convolve]") {
    const std::vector<int> one{5}, h{1, 2, 3, 4};
    using v = std::vector<std::int64_t>;
    CHECK(values(convolve(one, h)) == v{5, 10, 15, 20});
    CHECK(values(convolve(one, h, {.padding = mode::same})) == v{10});
    CHECK(values(convolve(one, h, {.padding = mode::valid})).empty());
    CHECK(values(convolve(one, h, {.padding = mode::same, .boundary = boundary::reflect})) == v{50});
    CHECK(values(convolve(one, h, {.padding = {{9, 9}}, .boundary = boundary::circular})) == v(16, 50));
    CHECK(convolve(tensor<float, 2>({0, 5}), tensor<float, 2>({2, 2})).shape() == shape{0, 6});
    CHECK(convolve(tensor<float, 2>({3, 0}), tensor<float, 2>({2, 2}), {.padding = 4}).shape() == shape{10, 0});
}

TEST_CASE("convolve: views of more samples than memory holds", "[convolve]") {
    const float sample = 3;
    const index_t n = (index_t{1} << 60) + 1;
    const auto endless = tensor_view<float const, 1>::from_raw(&sample, {n}, {0});
    CHECK(values(correlate(endless, std::vector<float>{1, 2}, {.padding = {{0, 1}}, .stride = index_t{1} << 59})) ==
          std::vector<float>{9, 9, 3});
    CHECK(message_of<overflow_error>([&] {
              convolve(endless, std::vector<float>{1, 2}, {.padding = {{index_t{1} << 60, index_t{1} << 60}}});
          }) == "bytes of a buffer: 3458764513820540928 * 4 does not fit 64 bits");
}

TEST_CASE("convolve: scipy::signal2d, whose correlation conjugates the input where the kernel is larger",
          "[convolve]") {
    using c = std::complex<double>;
    // scipy.signal.correlate2d(x, h, 'valid'), SciPy 1.10
    const tensor<double, 2> x({1, 3}, {4, -1, 0});
    const tensor<c, 2> h({3, 3}, {c(-9, 3), c(7, -6), c(1, -4), c(1, 2), c(4, 4), c(-8, -9), c(2), c(-7, 2), c(0, -3)});
    CHECK(difference(correlate(x, h, scipy::signal2d(mode::valid)),
                     tensor<c, 2>({3, 1}, {c(15, -2), c(0, 4), c(-43, 18)})) == "");
    const tensor<c, 2> z({1, 3}, {c(4), c(-1, 1), c(0, 1)});
    CHECK(message_of<option_error>([&] { correlate(z, h, scipy::signal2d(mode::valid)); }) ==
          "correlate: scipy::signal2d conjugates the input where the kernel is the larger one; conjugate it yourself "
          "and take the kernel as it is, or exchange the two");
    CHECK(correlate(z, h, scipy::signal2d(mode::full)).shape() == shape{3, 5});
    CHECK(convolve(z, h, scipy::signal2d(mode::valid)).shape() == shape{3, 1});
}

TEST_CASE("explain: every method with its numbers, or why not, and a star", "[convolve]") {
    const std::vector<float> x(100, 1.0f), h(5, 1.0f);
    const std::string both = explain(x, h);
    CHECK(both.find("direct: ") != std::string::npos);
    CHECK(both.find("im2col: ") != std::string::npos);
    CHECK(std::count(both.begin(), both.end(), '*') == 1);
    CHECK(convolver{{100}, h}.explain().find("* direct: ") == 0);  // that it is prepared counts little there
    const std::string forced = explain(x, h, {.method = method::im2col});
    CHECK(forced.find("\n* im2col") != std::string::npos);
    const std::vector<float> odd{1, std::numeric_limits<float>::infinity()};
    CHECK(explain(x, odd).find(
              "  im2col: a kernel with NaN or Inf needs direct: im2col multiplies zero padding by it\n") !=
          std::string::npos);
    const std::string none = explain(x, h, {.tolerance = 1e-30});
    CHECK(none.find("  direct: its certified error ") == 0);
    CHECK(std::count(none.begin(), none.end(), '*') == 0);
    CHECK(explain<std::int64_t>(std::vector<int>{1}, std::vector<int>{1}).find("error 0 expected, 0 certified") !=
          std::string::npos);
}

TEST_CASE("explain: correlations, dialects, and as many kernels as a batch has", "[convolve]") {
    const std::vector<float> x(100, 1.0f), h(5, 1.0f);
    CHECK(explain(as_correlation{}, x, h) == explain(x, h));
    CHECK(convolver{as_correlation{}, {100}, h}.explain() == convolver{{100}, h}.explain());
    CHECK(explain(x, h, numpy(mode::valid)) == explain(x, h, {.padding = mode::valid}));
    CHECK(explain(as_correlation{}, x, h, numpy(mode::full)) == explain(x, h));
    CHECK(message_of<option_error>([&] { explain(as_correlation{}, x, h, {.stride = 0}); }) ==
          "correlate: axis 0: a window stride of 0: at least 1 is needed");

    const auto seconds = [](std::string const& account) { return std::stod(account.substr(account.find(": ") + 2)); };
    const tensor<float, 2> rows({40, 100}), kernels({40, 5}), one({1, 5});
    const double together = seconds(explain(rows, kernels, {.axes = {1}, .method = method::direct})),
                 single = seconds(explain(tensor<float, 2>({1, 100}), one, {.axes = {1}, .method = method::direct}));
    CHECK(std::fabs(together / (40 * single) - 1) < 1e-3);  // the texts have 6 digits
}

TEST_CASE("convolve: errors begin with the call that was made", "[convolve]") {
    const std::vector<float> x(5, 1.0f), h(3, 1.0f);
    CHECK(message_of<option_error>([&] { convolve(x, h, {.stride = 0}); }) ==
          "convolve: axis 0: a window stride of 0: at least 1 is needed");
    CHECK(message_of<option_error>([&] { correlate(x, h, {.stride = 0}); }) ==
          "correlate: axis 0: a window stride of 0: at least 1 is needed");
    CHECK(message_of<shape_error>([&] {
              convolve(x, tensor<float, 2>({2, 2}));
          }) ==
          "convolve: an input of 1 axis (5,) and a kernel of 2 (2, 2); name the kernel's axes with .axes = {...}");
    CHECK_THROWS_AS(convolve(x, h, {.stride = 0}), error);
}

TEST_CASE("correlate: lags within a range are that part of all lags, and cost their share", "[convolve]") {
    random_source r(17);
    const auto x = small_tensor<double, 1>(r, {500}), h = small_tensor<double, 1>(r, {500});
    for (const method m : {method::direct, method::overlap_save}) {
        const auto every = correlate(x, h, {.method = m});  // lags -499 to 499
        for (const index_t most : {0, 1, 20, 499}) {
            const convolve_options o{.padding = {{most, most}}, .method = m};
            const auto y = correlate(x, h, o);
            REQUIRE(y.extent(0) == 2 * most + 1);
            for (index_t lag = -most; lag <= most; ++lag) CHECK(std::abs(y(most + lag) - every(499 + lag)) < 1e-9);
        }
    }
    const auto problem_within = [&](index_t most, method m) {
        return convolver<double>{as_correlation{}, {500}, h, {.padding = {{most, most}}, .method = m}}.problem();
    };
    CHECK(detail::direct::predict(problem_within(50, method::direct)).seconds <
          0.15 * detail::direct::predict(problem_within(499, method::direct)).seconds);
    CHECK(detail::overlap_save::predict(problem_within(50, method::overlap_save)).seconds <
          0.8 * detail::overlap_save::predict(problem_within(499, method::overlap_save)).seconds);
}

TEST_CASE("correlate: an array with itself is its autocorrelation, lag by lag", "[convolve]") {
    random_source r(18);
    const auto x = small_tensor<std::complex<double>, 1>(r, {40});
    for (const method m : {method::direct, method::fft, method::overlap_save})
        for (const index_t most : {3, 39}) {
            const auto y = correlate(x, x, {.padding = {{most, most}}, .method = m});
            REQUIRE(y.extent(0) == 2 * most + 1);
            for (index_t lag = -most; lag <= most; ++lag) {
                std::complex<double> sum = 0;
                for (index_t i = std::max<index_t>(0, -lag); i < 40 && i + lag < 40; ++i)
                    sum += x(i + lag) * std::conj(x(i));
                CHECK(std::abs(y(most + lag) - sum) < 1e-9);
            }
        }
}
