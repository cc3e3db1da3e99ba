// tests/nn/layer_gradients.test.cpp -- the three gradients against the transposed sums, and as adjoints
#include <faltung/nn/layer_gradients.hpp>

#include "nn/random_layer.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

constexpr method tried[] = {method::automatic, method::direct, method::im2col, method::fft};

template <class Got>
void check_near(Got const& got, std::vector<double> const& want, method m) {
    double largest = 1;
    for (double v : want) largest = std::max(largest, std::fabs(v));
    INFO(name_of(m));
    CHECK(distance(got, want) <= (m == method::direct || m == method::im2col ? 0 : 1e-4 * largest));
}

template <std::size_t Rank>
void check_random(std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t i = first; i < last; ++i) {
        random_source r(53, i);
        random_layer l(r, i, static_cast<int>(Rank) - 2, "zzcersw");
        INFO(l.name());
        const auto x = small_tensor<float, Rank>(r, l.x), w = small_tensor<float, Rank>(r, l.w),
                   dy = small_tensor<float, Rank>(r, l.y);
        const auto by_x = reference::transposed<double>(l.layer, as_vector<float>(dy), as_vector<float>(w)),
                   by_w = reference::by_kernel<double>(l.layer, as_vector<float>(x), as_vector<float>(dy));
        for (const method m : tried) {
            l.options.method = m;
            check_near(nn::gradient_input(dy, w, l.x, l.options), by_x, m);
            check_near(nn::gradient_kernel(x, dy, l.w, l.options), by_w, m);
        }
    }
}

template <class T, std::size_t Rank>
std::complex<double> product(tensor<T, Rank> const& a, tensor<T, Rank> const& b) {
    std::complex<double> sum = 0;
    for (index_t i = 0; i < a.count(); ++i)
        sum += convert<std::complex<double>>(a.data()[i]) * std::conj(convert<std::complex<double>>(b.data()[i]));
    return sum;
}

template <class T>
void check_dot(std::uint64_t seed) {
    for (std::uint64_t i = 0; i < 60; ++i) {
        random_source r(seed, i);
        random_layer l(r, i, 2, "zersw");
        INFO(l.name());
        const auto x = any_tensor<T, 4>(r, l.x), w = any_tensor<T, 4>(r, l.w), dy = any_tensor<T, 4>(r, l.y);
        const auto y = nn::conv(x, w, l.options);
        const auto left = product(y, dy), by_x = product(x, nn::gradient_input(dy, w, l.x, l.options)),
                   by_w = product(w, nn::gradient_kernel(x, dy, l.w, l.options));
        const double scale = 1 + std::sqrt(std::abs(product(y, y)) * std::abs(product(dy, dy)));
        CHECK(std::abs(left - by_x) <= 1e-11 * scale);
        CHECK(std::abs(left - by_w) <= 1e-11 * scale);
    }
}

}  // namespace

TEST_CASE("layer_gradients: random layers of 1 spatial axis", "[nn][differential]") { check_random<3>(0, 100); }
TEST_CASE("layer_gradients: random layers of 2 spatial axes", "[nn][differential]") { check_random<4>(100, 220); }
TEST_CASE("layer_gradients: random layers of 3 spatial axes", "[nn][differential]") { check_random<5>(220, 260); }

TEST_CASE("layer_gradients: adjoints by the dot test", "[nn]") { check_dot<double>(3); }
TEST_CASE("layer_gradients: adjoints of complex layers", "[nn]") { check_dot<std::complex<double>>(4); }

TEST_CASE("layer_gradients: depthwise with a channel multiplier", "[nn]") {
    random_source r(6);
    const reference::layer l{{{7, 3, 2, 1, 1, 1, 'z'}, {8, 3, 2, 1, 1, 1, 'z'}}, 2, 5, 15, 5};
    const auto x = small_tensor<float, 4>(r, {2, 5, 7, 8}), w = small_tensor<float, 4>(r, {15, 1, 3, 3}),
               dy = small_tensor<float, 4>(r, {2, 15, 4, 4});
    const nn::nn_options o{.padding = 1, .stride = 2, .groups = 5};
    CHECK(distance(nn::gradient_input(dy, w, x.shape(), o),
                   reference::transposed<double>(l, as_vector<float>(dy), as_vector<float>(w))) <= 1e-3);
    CHECK(distance(nn::gradient_kernel(x, dy, w.shape(), o),
                   reference::by_kernel<double>(l, as_vector<float>(x), as_vector<float>(dy))) <= 1e-3);
}

TEST_CASE("layer_gradients: a step downhill", "[nn]") {
    random_source r(12);
    const auto x = any_tensor<float, 4>(r, {2, 3, 9, 9});
    auto w = any_tensor<float, 4>(r, {4, 3, 3, 3});
    const auto wanted = any_tensor<float, 4>(r, {2, 4, 5, 5});
    const auto loss = [&] {
        const auto y = nn::conv(x, w, {.padding = 1, .stride = 2});
        double sum = 0;
        for (index_t i = 0; i < y.count(); ++i) sum += std::pow(double{y.data()[i]} - double{wanted.data()[i]}, 2) / 2;
        return sum;
    };
    const double before = loss();
    // [gradients]
    const nn::nn_options options{.padding = 1, .stride = 2};
    auto dy = nn::conv(x, w, options);
    for_each_index(dy.shape(), [&](index_list const& i) { dy(i) -= wanted(i); });  // of |y - wanted|^2 / 2
    const auto dx = nn::gradient_input(dy, w, x.shape(), options);
    const auto dw = nn::gradient_kernel(x, dy, w.shape(), options);
    const auto db = nn::gradient_bias(dy);
    // [/gradients]
    CHECK(dx.shape() == x.shape());
    CHECK(db.shape() == shape{4});
    double slope = 0;
    for (float v : dw) slope += double{v} * double{v};
    const double step = 1e-3 * before / slope;  // the loss falls by step * slope, but for the curvature
    for_each_index(w.shape(), [&](index_list const& i) { w(i) -= static_cast<float>(step) * dw(i); });
    CHECK(before - loss() == Approx(1e-3 * before).epsilon(0.05));
}

TEST_CASE("layer_gradients: the bias's is the sum of each channel", "[nn]") {
    const tensor<float, 4> dy({2, 2, 1, 2}, {1, 2, 3, 4, 10, 20, 30, 40});
    CHECK(as_vector<float>(nn::gradient_bias(dy)) == std::vector<float>{33, 77});
    tensor<float, 3> many({1, 1, 1 << 20});
    for (float& v : many) v = 0.1F;
    CHECK(nn::gradient_bias(many)(0) == static_cast<float>(double{0.1F} * (1 << 20)));
    CHECK(nn::gradient_bias(tensor<std::int8_t, 3>({1, 1, 2}, {100, 100}))(0) == 200);
}

TEST_CASE("layer_gradients: nothing of x or dy gives zeros", "[nn]") {
    const tensor<float, 4> x({0, 2, 5, 5}), dy({0, 3, 3, 3}), w({3, 2, 3, 3});
    CHECK(nn::gradient_kernel(x, dy, w.shape())(2, 1, 2, 2) == 0);
    CHECK(nn::gradient_input(dy, w, x.shape()).count() == 0);
    const tensor<float, 4> none({1, 3, 0, 0});
    CHECK(nn::gradient_input(none, w, {1, 2, 2, 2})(0, 1, 1, 1) == 0);
}

TEST_CASE("layer_gradients: a gradient that is not finite meets no zeros of the padding", "[nn]") {
    const tensor<float, 3> x({1, 2, 3}, {1, 1, 1, 1, 1, 1}),
        dy({1, 3, 3}, {HUGE_VALF, 1, 1, 1, 1, 1, 1, 1, -HUGE_VALF});
    const auto dw = nn::gradient_kernel(x, dy, {3, 2, 3}, {.padding = 1});
    const float infinite = HUGE_VALF;
    CHECK(as_vector<float>(dw) == std::vector<float>{2, infinite, infinite, 2, infinite, infinite, 2, 3, 2, 2, 3, 2,
                                                     -infinite, -infinite, 2, -infinite, -infinite, 2});
}

TEST_CASE("layer_gradients: the same bits with any number of threads", "[nn][threads]") {
    random_source r(13);
    for (const index_t out : {2, 5, 40}) {
        const auto x = any_tensor<float, 4>(r, {3, 6, 40, 41}), dy = any_tensor<float, 4>(r, {3, out, 40, 41});
        nn::nn_options o{.padding = 1, .threads = 1};
        const auto want = as_vector<float>(nn::gradient_kernel(x, dy, {out, 6, 3, 3}, o));
        for (const int threads : {2, 3, 7}) {
            o.threads = threads;
            CHECK(as_vector<float>(nn::gradient_kernel(x, dy, {out, 6, 3, 3}, o)) == want);
        }
    }
}

TEST_CASE("layer_gradients: errors show the numbers", "[nn]") {
    const tensor<float, 4> x({1, 2, 5, 5}), dy({1, 3, 3, 3}), w({3, 2, 3, 3});
    const std::vector<float> bias{1, 2, 3};
    CHECK_THROWS_WITH(nn::gradient_input(dy, w, x.shape(), {.padding = 1}),
                      "gradient_input: a gradient dy of shape (1, 3, 3, 3) for an output of (1, 3, 5, 5)");
    CHECK_THROWS_WITH(
        nn::gradient_kernel(x, dy, w.shape(), {.bias = bias}),
        "gradient_kernel: a bias or an epilogue is no part of the linear map: apply its own derivative to "
        "dy, and leave it out here");
    CHECK_THROWS_WITH(nn::gradient_input(dy, w, {2, 5, 5}),
                      "gradient_input: shape (2, 5, 5) has 3 axes, but 4 are needed");
    CHECK_THROWS_WITH(nn::gradient_kernel(x, dy, w.shape(), {.zero_points = {.kernel = 1}}),
                      "gradient_kernel: .zero_points are for quantised layers, which have no gradient");
}
