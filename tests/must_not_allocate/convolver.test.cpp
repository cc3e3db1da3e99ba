// tests/must_not_allocate/convolver.test.cpp -- calls and adjoints of plans in every layout, and plans that run out of
// memory
#include <faltung/convolve.hpp>

#include <new>
#include <optional>
#include <vector>

#include "support/allocation_count.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

/// The allocations of a call and of its adjoint, on dense arrays and on views whose lines have to be packed.
template <class X, class H, class Acc>
std::size_t allocations_of_calls(convolve_options const& o) {
    random_source r(1);
    const auto x = small_tensor<X, 2>(r, {9, 150});
    const auto h = small_tensor<H, 2>(r, {3, 4});
    const convolver<X, H, Acc> plan{x.shape(), h, o};
    tensor<Acc, 2> y(plan.output_shape()), back(x.shape());
    tensor<Acc, 3> packed({y.extent(0), y.extent(1), 3});
    auto scratch = plan.adjoint_workspace();
    const auto flipped = flip(x);
    const auto one_channel = slice(packed, all, all, 1);
    const allocation_watch watch;
    plan(x, y, scratch);
    plan(flipped, one_channel, scratch);
    plan.adjoint(y, back, scratch);
    plan.adjoint(one_channel, flip(back), scratch);
    return watch.count();
}

}  // namespace

TEST_CASE("must not allocate: calls and adjoints, for every boundary, padding, stride, method and number of threads",
          "[must_not_allocate]") {
    for (const method m : {method::direct, method::im2col, method::fft, method::overlap_save})
        for (const int threads : {1, 2})
            for (boundary const& edge : {boundary::zero, boundary::constant(2), boundary::replicate, boundary::reflect,
                                         boundary::symmetric, boundary::circular})
                for (const mode padding : {mode::full, mode::same, mode::valid})
                    for (const index_t stride : {1, 2}) {
                        const convolve_options o{.padding = padding,
                                                 .boundary = edge,
                                                 .stride = {1, stride},
                                                 .dilation = stride,
                                                 .method = m,
                                                 .threads = threads};
                        INFO(name_of(m) << " with " << threads << " threads, stride " << stride);
                        CHECK(allocations_of_calls<float, float, float>(o) == 0);
                        if (m == method::direct || m == method::im2col)  // a transform rounds
                            CHECK(allocations_of_calls<std::uint8_t, std::int16_t, std::int64_t>(o) == 0);
                    }
}

TEST_CASE("must not allocate: a kernel with NaN, sample by sample", "[must_not_allocate]") {
    random_source r(2);
    const auto x = any_tensor<float, 1>(r, {100});
    tensor<float, 1> h({3}), y({102});
    h(0) = std::numeric_limits<float>::quiet_NaN();
    const convolver plan{x.shape(), h};
    auto scratch = plan.workspace();
    const allocation_watch watch;
    plan(x, y, scratch);
    CHECK(watch.count() == 0);
}

TEST_CASE(
    "must not leak: whichever allocation of a plan and its workspace fails, bad_alloc leaves and all works afterwards",
    "[must_not_allocate]") {
    random_source r(3);
    const auto x = any_tensor<float, 2>(r, {8, 30}), h = any_tensor<float, 2>(r, {3, 3});
    for (const method m : {method::direct, method::im2col, method::fft, method::overlap_save})
        for (boundary const& edge : {boundary::zero, boundary::circular}) {
            const convolve_options o{.padding = mode::same, .boundary = edge, .stride = 2, .method = m, .threads = 2};
            const auto before = convolver<float>{x.shape(), h, o}(x);
            std::size_t failing = 0;
            for (bool failed = true; failed; ++failing) {
                failed = false;
                const allocation_watch watch(failing);
                try {
                    const convolver<float> plan{x.shape(), h, o};
                    const auto scratch = plan.adjoint_workspace();
                    CHECK(watch.count() == failing);
                } catch (std::bad_alloc const&) {
                    failed = true;
                }
                REQUIRE(watch.balance() == 0);
            }
            CHECK(failing > 8);  // packed kernels, layouts, four phases of the adjoint, scratch, threads
            const convolver<float> plan{x.shape(), h, o};
            CHECK(difference(plan(x), before) == "");
        }
}

TEST_CASE("must not leak: with_kernel, and a batch of kernels", "[must_not_allocate]") {
    random_source r(4);
    const auto x = any_tensor<float, 2>(r, {3, 30}), h = any_tensor<float, 2>(r, {3, 5});
    const auto line = any_tensor<float, 1>(r, {5});
    const convolver<float> plan{{30}, line};
    tensor<float, 2> y({3, 34});
    for (const bool batched : {false, true}) {
        std::size_t failing = 0;
        for (bool failed = true; failed; ++failing) {
            failed = false;
            for (float& v : y) v = 7;
            const allocation_watch watch(failing);
            try {
                if (batched)
                    convolve_into(y, x, h, {.axes = {1}});
                else
                    plan.with_kernel(line);
            } catch (std::bad_alloc const&) {
                failed = true;
                for (float v : y) REQUIRE(v == 7);
            }
            REQUIRE(watch.balance() == 0);
        }
        CHECK(failing > 3);
    }
}

TEST_CASE("must not allocate: more than .memory, for a plan, its scratch and a call of an array that is larger",
          "[must_not_allocate]") {
    random_source r(2);
    const index_t n = 1'000'000;  // 4 MB
    const auto x = any_tensor<float, 1>(r, {n}), h = any_tensor<float, 1>(r, {1025});
    const auto every = correlate(x, h, {.padding = mode::same, .method = method::direct});
    const index_t memory = 1'000'000;
    for (const int threads : {1, 2}) {
        tensor<float, 1> y({n});
        const convolve_options o{
            .padding = mode::same, .method = method::overlap_save, .memory = memory, .threads = threads};
        long long peak = 0;
        {
            const allocation_watch watch;
            const convolver<float> plan{as_correlation{}, {n}, h, o};
            auto scratch = plan.workspace();
            plan(x, y, scratch);
            peak = watch.peak_bytes();
        }
        INFO(memory << " bytes, " << threads << " threads: " << peak);
        CHECK(peak <= memory);
        CHECK(peak > memory / 20);
        double lost = 0, size = 0;
        for (index_t i = 0; i < n; ++i) {
            lost += (y(i) - every(i)) * (y(i) - every(i));
            size += every(i) * every(i);
        }
        CHECK(lost <= 1e-12 * size);
    }
}
