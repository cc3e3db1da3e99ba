// tests/nn/layer_convolver.test.cpp -- plans of layers: the same results as calls, other kernels, residuals, errors
#include <faltung/nn/layer_convolver.hpp>

#include <thread>

#include "nn/random_layer.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

TEST_CASE("layer_convolver: a plan answers as the call does, whatever the number of threads", "[nn][threads]") {
    for (std::uint64_t i = 0; i < 40; ++i) {
        random_source r(61, i);
        random_layer l(r, i, 2, "zzcersw");
        INFO(l.name());
        const auto x = any_tensor<float, 4>(r, l.x), w = any_tensor<float, 4>(r, l.w);
        const auto bias = r.many<float>(l.w[0]);
        l.options.bias = bias;
        l.options.epilogue = nn::relu;
        for (const method m : l.methods()) {
            l.options.method = m;
            l.options.threads = 1;
            tensor<float, 4> want = nn::conv(x, w, l.options);
            const bool is_spatial = m == method::direct || m == method::im2col;
            for (const int threads : {1, 3}) {
                l.options.threads = threads;
                const nn::convolver plan{x.shape(), w, l.options};
                tensor<float, 4> y(plan.output_shape());
                auto scratch = plan.workspace();
                plan(x, y, scratch);
                if (!is_spatial && threads == 1) want = y;  // a plan may lay its tiles otherwise
                CHECK(difference(y, want).empty());
                CHECK(plan.method() == m);
            }
        }
    }
}

TEST_CASE("layer_convolver: two threads share one plan", "[nn][threads]") {
    random_source r(2);
    const auto x = any_tensor<float, 4>(r, {1, 3, 20, 30}), w = any_tensor<float, 4>(r, {4, 3, 3, 3});
    const nn::convolver plan{x.shape(), w, {.padding = 1}};
    const auto want = nn::conv(x, w, {.padding = 1, .method = plan.method()});
    tensor<float, 4> first(want.shape()), second(want.shape());
    const auto call = [&](tensor<float, 4>& y) {
        auto scratch = plan.workspace();
        plan(x, y, scratch);
    };
    std::thread other(call, std::ref(first));
    call(second);
    other.join();
    CHECK(difference(first, want).empty());
    CHECK(difference(second, want).empty());
}

TEST_CASE("layer_convolver: another kernel keeps bias, zero points and epilogue", "[nn]") {
    random_source r(3);
    const auto x = any_tensor<std::uint8_t, 4>(r, {1, 2, 5, 6});
    const auto w = any_tensor<std::int8_t, 4>(r, {3, 2, 3, 3}), v = any_tensor<std::int8_t, 4>(r, {3, 2, 3, 3});
    const std::vector<std::int32_t> bias{5, -6, 7};
    const nn::nn_options o{.padding = 1, .bias = bias, .epilogue = nn::clamp{-1000, 1000}, .zero_points = {100, -7}};
    const nn::convolver<std::uint8_t, std::int8_t> plan{x.shape(), w, o};
    const auto other = plan.with_kernel(v);
    tensor<std::int32_t, 4> y(plan.output_shape());
    auto scratch = other.workspace();
    other(x, y, scratch);
    CHECK(difference(y, nn::conv(x, v, o)).empty());
    auto first = plan.workspace();
    plan(x, y, first);
    CHECK(difference(y, nn::conv(x, w, o)).empty());
    CHECK_THROWS_WITH(plan.with_kernel(tensor<std::int8_t, 4>({3, 2, 3, 2})),
                      "with_kernel: a kernel of shape (3, 2, 3, 2) for a plan made for (3, 2, 3, 3)");
}

TEST_CASE("layer_convolver: a residual and a functor are given with the call", "[nn]") {
    random_source r(4);
    const auto x = small_tensor<float, 4>(r, {2, 2, 5, 6}), w = small_tensor<float, 4>(r, {3, 2, 3, 3});
    const nn::convolver plan{x.shape(), w, {.epilogue = {nn::add{}, nn::relu}}};
    const auto residual = small_tensor<float, 4>(r, plan.output_shape());
    tensor<float, 4> y(plan.output_shape());
    auto scratch = plan.workspace();
    plan(x, residual, y, scratch);
    CHECK(difference(y, nn::conv(x, w, {.epilogue = {nn::add{residual}, nn::relu}})).empty());
    CHECK_THROWS_WITH(plan(x, y, scratch), "conv: the epilogue adds a residual that neither the plan nor the call has");
    CHECK_THROWS_WITH(plan(x, y, y, scratch), "conv: the output overlaps the residual; write into other memory");
    CHECK_THROWS_WITH(plan(x, x, y, scratch), "conv: a residual of shape (2, 2, 5, 6) for an output of (2, 3, 3, 4)");
    const nn::convolver plain{x.shape(), w};
    CHECK_THROWS_WITH(plain(x, residual, y, scratch), "conv: a residual for a plan whose epilogue does not add one");
    auto own = plain.workspace();
    plain(x, y, own, [](std::span<float> row, index_list const&) { row[0] = 7; });
    auto want = nn::conv(x, w);
    for_each_index(want.shape(), [&](index_list const& i) {
        if (i[3] == 0) want(i) = 7;
    });
    CHECK(difference(y, want).empty());
}

TEST_CASE("layer_convolver: a plan tells its shapes, and refuses other ones", "[nn]") {
    const tensor<float, 4> w({4, 2, 3, 3});
    const nn::convolver plan{{1, 2, 8, 9}, w, {.padding = 1, .stride = 2}};
    CHECK(plan.input_shape() == shape{1, 2, 8, 9});
    CHECK(plan.kernel_shape() == shape{4, 2, 3, 3});
    CHECK(plan.output_shape() == shape{1, 4, 4, 5});
    CHECK(plan.explain().find(text("* ", name_of(plan.method()))) != std::string::npos);
    auto scratch = plan.workspace();
    tensor<float, 4> x({1, 2, 8, 8}), y({1, 4, 4, 5});
    CHECK_THROWS_WITH(plan(x, y, scratch), "conv: an input of shape (1, 2, 8, 8) for a plan made for (1, 2, 8, 9)");
    workspace none(0, 0, 1);
    CHECK_THROWS_AS(plan(tensor<float, 4>({1, 2, 8, 9}), y, none), shape_error);
    CHECK_THROWS_WITH((nn::convolver{{1, 2, 8}, w}),
                      "conv: an input (1, 2, 8) and a kernel (4, 2, 3, 3): (N, C, 1 to 4 spatial axes) and (O, C / "
                      "groups, as many) are needed");
}
