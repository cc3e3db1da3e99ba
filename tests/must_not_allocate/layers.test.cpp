// tests/must_not_allocate/layers.test.cpp -- calls of a layer's plan, with a bias, an epilogue and a residual
#include <faltung/nn.hpp>
#include <faltung/view/flip.hpp>

#include <vector>

#include "support/allocation_count.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

TEST_CASE("must not allocate: calls of a layer's plan", "[must_not_allocate]") {
    random_source r(1);
    const auto x = small_tensor<float, 4>(r, {2, 4, 9, 70}), w = small_tensor<float, 4>(r, {6, 2, 3, 3});
    const auto bias = r.many_small<float>(6);
    for (const method m : {method::direct, method::im2col, method::fft, method::overlap_save, method::winograd})
        for (const int threads : {1, 2})
            for (const index_t stride : {1, 2}) {
                if (m == method::winograd && stride > 1) continue;
                INFO(name_of(m) << " with " << threads << " threads, stride " << stride);
                const nn::convolver plan{x.shape(),
                                         w,
                                         {.padding = 1,
                                          .stride = stride,
                                          .groups = 2,
                                          .bias = bias,
                                          .epilogue = {nn::add{}, nn::relu},
                                          .method = m,
                                          .threads = threads}};
                const tensor<float, 4> residual(plan.output_shape());
                tensor<float, 4> y(plan.output_shape());
                auto scratch = plan.workspace();
                const allocation_watch watch;
                plan(x, residual, y, scratch);
                plan(flip(x), residual, y, scratch);
                CHECK(watch.count() == 0);
            }
}

TEST_CASE("must not allocate: calls of a transposed layer's plan", "[must_not_allocate]") {
    random_source r(2);
    const auto x = small_tensor<float, 4>(r, {2, 4, 9, 20}), w = small_tensor<float, 4>(r, {4, 3, 3, 3});
    const auto bias = r.many_small<float>(6);
    for (const method m : {method::direct, method::im2col, method::fft})
        for (const int threads : {1, 2})
            for (const index_t stride : {1, 2}) {
                INFO(name_of(m) << " with " << threads << " threads, stride " << stride);
                const nn::transposed_convolver plan{x.shape(),
                                                    w,
                                                    {.padding = 1,
                                                     .stride = stride,
                                                     .groups = 2,
                                                     .bias = bias,
                                                     .epilogue = {nn::add{}, nn::relu},
                                                     .method = m,
                                                     .threads = threads}};
                const tensor<float, 4> residual(plan.output_shape());
                tensor<float, 4> y(plan.output_shape());
                auto scratch = plan.workspace();
                const allocation_watch watch;
                plan(x, residual, y, scratch);
                plan(flip(x), residual, y, scratch);
                CHECK(watch.count() == 0);
            }
}

TEST_CASE("must not allocate: calls of a plan of a gradient by the input", "[must_not_allocate]") {
    random_source r(3);
    const auto w = small_tensor<float, 4>(r, {6, 2, 3, 3});
    for (const method m : {method::direct, method::im2col, method::fft})
        for (const int threads : {1, 2})
            for (boundary const& edge : {boundary::zero, boundary::reflect}) {
                INFO(name_of(m) << " with " << threads << " threads");
                const nn::input_gradient plan{
                    {2, 4, 9, 20},
                    w,
                    {.padding = 1, .boundary = edge, .stride = 2, .groups = 2, .method = m, .threads = threads}};
                const tensor<float, 4> dy(plan.output_shape());
                tensor<float, 4> dx(plan.input_shape());
                auto scratch = plan.workspace();
                const allocation_watch watch;
                plan(dy, dx, scratch);
                plan(flip(dy), dx, scratch);
                CHECK(watch.count() == 0);
            }
}

// in tiles; again where these meet what is not finite; and complex, row by row
TEST_CASE("must not allocate: calls of a plan of a gradient by the kernel", "[must_not_allocate]") {
    const auto check = [](auto one, float dy_value) {
        using T = decltype(one);
        for (const int threads : {1, 2})
            for (boundary const& edge : {boundary::zero, boundary::reflect}) {
                INFO(dy_value << " with " << threads << " threads");
                const nn::kernel_gradient<T> plan{
                    {2, 4, 9, 20},
                    {6, 2, 3, 3},
                    {.padding = 1, .boundary = edge, .stride = 2, .groups = 2, .threads = threads}};
                const tensor<T, 4> x(plan.input_shape());
                tensor<T, 4> dy(plan.output_shape()), dw(plan.kernel_shape());
                std::fill(dy.begin(), dy.end(), T{dy_value});
                auto scratch = plan.workspace();
                const allocation_watch watch;
                plan(x, dy, dw, scratch);
                plan(flip(x), flip(dy), flip(dw), scratch);
                CHECK(watch.count() == 0);
            }
    };
    check(1.0F, 1.0F);
    check(1.0F, HUGE_VALF);
    check(std::complex<float>(1), 1.0F);
}
