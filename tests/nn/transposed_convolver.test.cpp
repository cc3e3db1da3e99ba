// tests/nn/transposed_convolver.test.cpp -- plans of transposed layers: the same results as calls, other kernels,
// residuals, errors
#include <faltung/nn/transposed_convolver.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

TEST_CASE("transposed_convolver: a plan answers as the call does, whatever the number of threads", "[nn][threads]") {
    random_source r(71);
    const auto x = any_tensor<float, 4>(r, {2, 4, 7, 9}), w = any_tensor<float, 4>(r, {4, 3, 3, 4});
    const auto bias = r.many<float>(6);
    for (const index_t stride : {1, 2, 3})
        for (const method m : {method::direct, method::im2col}) {
            nn::transposed_options o{.padding = 1, .stride = stride, .groups = 2, .bias = bias, .epilogue = nn::relu};
            o.method = m;
            const auto want = nn::conv_transpose(x, w, o);
            for (const int threads : {1, 3}) {
                INFO(name_of(m) << " with " << threads << " threads, stride " << stride);
                o.threads = threads;
                const nn::transposed_convolver plan{x.shape(), w, o};
                CHECK(plan.output_shape() == want.shape());
                tensor<float, 4> y(plan.output_shape());
                auto scratch = plan.workspace();
                plan(x, y, scratch);
                CHECK(difference(y, want).empty());
                plan(x, y, scratch);
                CHECK(difference(y, want).empty());
            }
        }
}

TEST_CASE("transposed_convolver: another kernel keeps bias, zero points and epilogue", "[nn]") {
    random_source r(72);
    const auto x = any_tensor<std::uint8_t, 4>(r, {1, 3, 5, 6});
    const auto w = any_tensor<std::int8_t, 4>(r, {3, 2, 3, 3}), v = any_tensor<std::int8_t, 4>(r, {3, 2, 3, 3});
    std::vector<std::int32_t> bias{5, -6};
    const nn::transposed_options o{
        .padding = 1, .stride = 2, .bias = bias, .epilogue = nn::clamp{-9000, 9000}, .zero_points = {100, -7}};
    const auto by_w = nn::conv_transpose(x, w, o), by_v = nn::conv_transpose(x, v, o);
    const nn::transposed_convolver<std::uint8_t, std::int8_t> plan{x.shape(), w, o};
    bias = {0, 0};  // copied
    const auto other = plan.with_kernel(v);
    tensor<std::int32_t, 4> y(plan.output_shape());
    auto scratch = other.workspace();
    other(x, y, scratch);
    CHECK(difference(y, by_v).empty());
    auto first = plan.workspace();
    plan(x, y, first);
    CHECK(difference(y, by_w).empty());
    CHECK_THROWS_WITH(plan.with_kernel(tensor<std::int8_t, 4>({3, 2, 3, 2})),
                      "with_kernel: a kernel of shape (3, 2, 3, 2) for a plan made for (3, 2, 3, 3)");
}

TEST_CASE("transposed_convolver: a residual is given with the call", "[nn]") {
    random_source r(73);
    const auto x = small_tensor<float, 4>(r, {2, 2, 5, 6}), w = small_tensor<float, 4>(r, {2, 3, 3, 3});
    const nn::transposed_convolver plan{x.shape(), w, {.stride = 2, .epilogue = {nn::add{}, nn::relu}}};
    const auto residual = small_tensor<float, 4>(r, plan.output_shape());
    tensor<float, 4> y(plan.output_shape());
    auto scratch = plan.workspace();
    plan(x, residual, y, scratch);
    CHECK(difference(y, nn::conv_transpose(x, w, {.stride = 2, .epilogue = {nn::add{residual}, nn::relu}})).empty());
    CHECK_THROWS_WITH(plan(x, y, scratch),
                      "conv_transpose: the epilogue adds a residual that neither the plan nor the call has");
    CHECK_THROWS_WITH(plan(x, y, y, scratch),
                      "conv_transpose: the output overlaps the residual; write into other memory");
    const nn::transposed_convolver plain{x.shape(), w, {.stride = 2}};
    auto own = plain.workspace();
    CHECK_THROWS_WITH(plain(x, residual, y, own),
                      "conv_transpose: a residual for a plan whose epilogue does not add one");
}

TEST_CASE("transposed_convolver: a plan tells its shapes, and refuses other ones", "[nn]") {
    const tensor<float, 4> w({2, 4, 3, 3});
    const nn::transposed_convolver plan{{1, 2, 8, 9}, w, {.padding = 1, .output_padding = 1, .stride = 2}};
    CHECK(plan.input_shape() == shape{1, 2, 8, 9});
    CHECK(plan.kernel_shape() == shape{2, 4, 3, 3});
    CHECK(plan.output_shape() == shape{1, 4, 16, 18});
    auto scratch = plan.workspace();
    tensor<float, 4> x({1, 2, 8, 8}), y({1, 4, 16, 18});
    CHECK_THROWS_WITH(plan(x, y, scratch),
                      "conv_transpose: an input of shape (1, 2, 8, 8) for a plan made for (1, 2, 8, 9)");
    workspace none(0, 0, 1);
    CHECK_THROWS_AS(plan(tensor<float, 4>({1, 2, 8, 9}), y, none), shape_error);
    CHECK_THROWS_WITH((nn::transposed_convolver{{1, 2, 8}, w}),
                      "conv_transpose: an input (1, 2, 8) and a kernel (2, 4, 3, 3): (N, C, 1 to 4 spatial axes) and "
                      "(C, O / groups, as many) are needed");
    CHECK_THROWS_WITH((nn::transposed_convolver{{1, 2, 8, 9}, w, {.zero_points = {.input = 1}}}),
                      "conv_transpose: .zero_points = {1, 0} are for sums of integers, not of float");
}
