// tests/nn/input_gradient.test.cpp -- plans of gradients by the input: the same results as calls, other kernels, errors
#include <faltung/nn/input_gradient.hpp>

#include "nn/random_layer.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

TEST_CASE("input_gradient: random layers against the transposed sum, whatever the number of threads", "[nn][threads]") {
    for (std::uint64_t i = 0; i < 60; ++i) {
        random_source r(81, i);
        random_layer l(r, i, 2, "zersw");
        if (l.layer.outputs() == 0) continue;
        INFO(l.name());
        const auto dy = small_tensor<float, 4>(r, l.y), w = small_tensor<float, 4>(r, l.w);
        const auto want = reference::transposed<double>(l.layer, as_vector<float>(dy), as_vector<float>(w));
        double largest = 1;
        for (double v : want) largest = std::max(largest, std::fabs(v));
        for (const method m : layer_methods)
            for (const int threads : {1, 3}) {
                INFO(name_of(m) << " with " << threads << " threads");
                l.options.method = m;
                l.options.threads = threads;
                const nn::input_gradient plan{l.x, w, l.options};
                tensor<float, 4> dx(plan.input_shape());
                auto scratch = plan.workspace();
                plan(dy, dx, scratch);
                plan(dy, dx, scratch);
                CHECK(distance(dx, want) <= (m == method::direct || m == method::im2col ? 0 : 1e-4 * largest));
            }
    }
}

TEST_CASE("input_gradient: another kernel of complex numbers, conjugated", "[nn]") {
    using C = std::complex<double>;
    random_source r(82);
    const auto dy = small_tensor<C, 4>(r, {2, 4, 5, 6}), w = small_tensor<C, 4>(r, {4, 2, 3, 3}),
               v = small_tensor<C, 4>(r, {4, 2, 3, 3});
    const nn::nn_options o{.padding = 1, .boundary = boundary::reflect, .method = method::direct};
    const nn::input_gradient plan{{2, 2, 5, 6}, w, o};
    const auto other = plan.with_kernel(v);
    tensor<C, 4> dx(plan.input_shape());
    auto scratch = other.workspace();
    other(dy, dx, scratch);
    CHECK(difference(dx, nn::gradient_input(dy, v, dx.shape(), o)).empty());
    CHECK_THROWS_WITH(plan.with_kernel(tensor<C, 4>({4, 2, 3, 2})),
                      "with_kernel: a kernel of shape (4, 2, 3, 2) for a plan made for (4, 2, 3, 3)");
}

TEST_CASE("input_gradient: a plan tells its shapes, and refuses other ones", "[nn]") {
    const tensor<float, 4> w({4, 2, 3, 3});
    const nn::input_gradient plan{{1, 2, 8, 9}, w, {.padding = 1, .boundary = boundary::reflect, .stride = 2}};
    CHECK(plan.input_shape() == shape{1, 2, 8, 9});
    CHECK(plan.kernel_shape() == shape{4, 2, 3, 3});
    CHECK(plan.output_shape() == shape{1, 4, 4, 5});
    auto scratch = plan.workspace();
    tensor<float, 4> dx({1, 2, 8, 9});
    CHECK_THROWS_WITH(plan(tensor<float, 4>({1, 4, 4, 4}), dx, scratch),
                      "gradient_input: an input of shape (1, 4, 4, 4) for a plan made for (1, 4, 4, 5)");
    workspace none(0, 0, 1);
    CHECK_THROWS_AS(plan(tensor<float, 4>({1, 4, 4, 5}), dx, none), shape_error);
    CHECK_THROWS_WITH((nn::input_gradient{{1, 2, 8}, w}),
                      "gradient_input: an input (1, 2, 8) and a kernel (4, 2, 3, 3): (N, C, 1 to 4 spatial axes) and "
                      "(O, C / groups, as many) are needed");
    const std::vector<float> bias(4);
    CHECK_THROWS_AS((nn::input_gradient{{1, 2, 8, 9}, w, {.bias = bias}}), option_error);
}
