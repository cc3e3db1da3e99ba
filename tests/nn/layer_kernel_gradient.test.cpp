// tests/nn/layer_kernel_gradient.test.cpp -- plans of gradients by the kernel: the defining sum, layouts, types, errors
#include <faltung/nn/layer_kernel_gradient.hpp>

#include "nn/random_layer.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

// small integers: exact in every order
template <class T, std::size_t Rank>
static void check_random(std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t i = first; i < last; ++i) {
        random_source r(91, i);
        random_layer l(r, i, static_cast<int>(Rank) - 2, "zzcersw");
        INFO(l.name());
        const auto x = small_tensor<T, Rank>(r, l.x), dy = small_tensor<T, Rank>(r, l.y);
        const auto want = reference::by_kernel<double>(l.layer, as_vector<T>(x), as_vector<T>(dy));
        for (const int threads : {1, 3}) {
            l.options.threads = threads;
            const nn::kernel_gradient<T> plan{l.x, l.w, l.options};
            auto scratch = plan.workspace();
            tensor<nn::sum_t<T, T>, Rank> dw(l.w);
            plan(x, dy, dw, scratch);
            plan(x, dy, dw, scratch);
            CHECK(distance(dw, want) == 0);
            channels_last<nn::sum_t<T, T>, Rank> moved(l.w);
            plan(x, dy, moved.view(), scratch);
            CHECK(distance(moved.view(), want) == 0);
        }
    }
}

TEST_CASE("kernel_gradient: random layers, whatever the number of threads", "[nn][threads]") {
    check_random<float, 3>(0, 40);
    check_random<double, 4>(40, 90);
    check_random<float, 5>(90, 110);
}

TEST_CASE("kernel_gradient: sums of integers, which no tiles take", "[nn]") {
    check_random<std::int64_t, 3>(0, 20);
    check_random<std::int64_t, 4>(20, 60);
}

// the real and imaginary parts apart: (a - bi) (c + di) = (ac + bd) + (ad - bc) i
TEST_CASE("kernel_gradient: complex layers, conjugated", "[nn]") {
    using C = std::complex<double>;
    for (std::uint64_t i = 0; i < 40; ++i) {
        random_source r(92, i);
        random_layer l(r, i, 2, "zersw");
        INFO(l.name());
        const auto a = small_tensor<double, 4>(r, l.x), b = small_tensor<double, 4>(r, l.x),
                   c = small_tensor<double, 4>(r, l.y), d = small_tensor<double, 4>(r, l.y);
        tensor<C, 4> x(l.x), dy(l.y), dw(l.w);
        for (index_t j = 0; j < x.count(); ++j) x.data()[j] = C(a.data()[j], b.data()[j]);
        for (index_t j = 0; j < dy.count(); ++j) dy.data()[j] = C(c.data()[j], d.data()[j]);
        const auto part = [&](auto const& u, auto const& v) {
            return reference::by_kernel<double>(l.layer, as_vector<double>(u), as_vector<double>(v));
        };
        const auto ac = part(a, c), bd = part(b, d), ad = part(a, d), bc = part(b, c);
        std::vector<C> want;
        for (std::size_t j = 0; j < ac.size(); ++j) want.emplace_back(ac[j] + bd[j], ad[j] - bc[j]);
        const nn::kernel_gradient<C> plan{l.x, l.w, l.options};
        auto scratch = plan.workspace();
        plan(x, dy, dw, scratch);
        CHECK(distance(dw, want) == 0);
    }
}

TEST_CASE("kernel_gradient: a gradient that is not finite meets no zeros of the padding", "[nn]") {
    const tensor<float, 3> x({1, 2, 3}, {1, 1, 1, 1, 1, 1}),
        dy({1, 3, 3}, {HUGE_VALF, 1, 1, 1, 1, 1, 1, 1, -HUGE_VALF});
    const nn::kernel_gradient<float> plan{x.shape(), {3, 2, 3}, {.padding = 1}};
    auto scratch = plan.workspace();
    tensor<float, 3> dw({3, 2, 3});
    plan(x, dy, dw, scratch);
    const float infinite = HUGE_VALF;
    CHECK(as_vector<float>(dw) == std::vector<float>{2, infinite, infinite, 2, infinite, infinite, 2, 3, 2, 2, 3, 2,
                                                     -infinite, -infinite, 2, -infinite, -infinite, 2});
}

TEST_CASE("kernel_gradient: no outputs give zeros", "[nn]") {
    const nn::kernel_gradient<float> plan{{0, 2, 5, 5}, {3, 2, 3, 3}};
    auto scratch = plan.workspace();
    tensor<float, 4> dw({3, 2, 3, 3});
    std::fill(dw.begin(), dw.end(), 1.0F);
    plan(tensor<float, 4>({0, 2, 5, 5}), tensor<float, 4>({0, 3, 3, 3}), dw, scratch);
    CHECK(std::all_of(dw.begin(), dw.end(), [](float v) { return v == 0; }));
}

TEST_CASE("kernel_gradient: a plan tells its shapes, and refuses other ones", "[nn]") {
    const nn::kernel_gradient<float> plan{{1, 2, 8, 9}, {4, 2, 3, 3}, {.padding = 1, .stride = 2}};
    CHECK(plan.input_shape() == shape{1, 2, 8, 9});
    CHECK(plan.kernel_shape() == shape{4, 2, 3, 3});
    CHECK(plan.output_shape() == shape{1, 4, 4, 5});
    auto scratch = plan.workspace();
    tensor<float, 4> dw({4, 2, 3, 3}), dy({1, 4, 4, 5});
    const tensor<float, 4> x({1, 2, 8, 9});
    CHECK_THROWS_WITH(plan(x, tensor<float, 4>({1, 4, 4, 4}), dw, scratch),
                      "gradient_kernel: an input of shape (1, 4, 4, 4) for a plan made for (1, 4, 4, 5)");
    CHECK_THROWS_AS(plan(tensor<float, 4>({1, 2, 8, 8}), dy, dw, scratch), shape_error);
    CHECK_THROWS_AS(plan(x, dy, tensor<float, 4>({4, 2, 3, 2}), scratch), shape_error);
    workspace none(0, 0, 1);
    CHECK_THROWS_AS(plan(x, dy, dw, none), shape_error);
    using gradient = nn::kernel_gradient<float>;
    CHECK_THROWS_WITH((gradient{{1, 2, 8}, {4, 2, 3, 3}}),
                      "gradient_kernel: an input (1, 2, 8) and a kernel (4, 2, 3, 3): (N, C, 1 to 4 spatial axes) and "
                      "(O, C / groups, as many) are needed");
    const std::vector<float> bias(4);
    CHECK_THROWS_AS((gradient{{1, 2, 8, 9}, {4, 2, 3, 3}, {.bias = bias}}), option_error);
    CHECK_THROWS_WITH((gradient{{1, 2, 8, 9}, {4, 2, 3, 3}, {.method = method::fft}}),
                      "gradient_kernel: .method = fft: a plan computes it directly: automatic and direct are possible");
    CHECK_THROWS_AS((gradient{{1, 2, 8, 9}, {4, 2, 3, 3}, {.memory = 100}}), unsupported_error);
}
