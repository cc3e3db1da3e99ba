// tests/must_not_allocate/plan.test.cpp -- a call of a plan allocates nothing; a failed allocation leaks nothing
#include <cmath>
#include <cstdint>
#include <new>
#include <vector>

#include <faltung/convolve.hpp>

#include "support/allocation_count.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"

using namespace faltung;
using faltung::testing::allocation_watch;

namespace {

/// Runs `action` again and again, each time with the next allocation failing, until one run needs fewer.
/// Returns how many runs failed.
template <class Action>
std::size_t runs_that_failed(Action action) {
    for (std::size_t failing = 0;; ++failing) {
        bool failed = false;
        const allocation_watch watch(failing);
        try {
            action();
        } catch (std::bad_alloc const&) {
            failed = true;
        }
        REQUIRE(watch.balance() == 0);
        if (!failed) return failing;
    }
}

}  // namespace

TEST_CASE("allocation_watch: sees every form of new, and lets the chosen one fail", "[must_not_allocate]") {
    // called as functions: a compiler may leave out the pair of a new and a delete expression
    constexpr std::align_val_t line{64};
    {
        const allocation_watch watch;
        ::operator delete(::operator new(4));
        ::operator delete[](::operator new[](4));
        ::operator delete(::operator new(4, std::nothrow));
        ::operator delete(::operator new(4, line), line);
        ::operator delete[](::operator new[](4, line), line);
        CHECK(watch.count() == 5);
        CHECK(watch.balance() == 0);
    }
    {
        const allocation_watch watch;
        void* const kept = ::operator new(40);
        CHECK(watch.count() == 1);
        CHECK(watch.balance() == 1);
        ::operator delete(kept);
    }
    CHECK(runs_that_failed([] {
              ::operator delete(::operator new(4));
              ::operator delete(::operator new(4, line), line);
          }) == 2);
}

TEST_CASE("buffer and workspace: more memory than there is throws std::bad_alloc", "[must_not_allocate]") {
    const index_t most = index_t{1} << 62;
    CHECK_THROWS_AS(buffer<std::uint8_t>(most), std::bad_alloc);
    try {
        buffer<float> too_much(most / 4);
        FAIL("there was memory");
    } catch (out_of_memory const& e) {
        CHECK(std::string(e.what()) == "faltung: 4611686018427387904 bytes of memory are not to be had");
    }
    CHECK_THROWS_AS(workspace(most, 0, 1), std::bad_alloc);
}

TEST_CASE("workspace: nothing leaks when any of its allocations fails", "[must_not_allocate]") {
    CHECK(runs_that_failed([] { workspace(100, 100, 3); }) >= 3);  // the scratch, the pool, its threads
}

TEST_CASE("convolver: calls allocate nothing, for each method and number of threads", "[must_not_allocate]") {
    const method each = GENERATE(method::direct, method::im2col, method::fft, method::overlap_save);
    const int threads = GENERATE(1, 3);
    tensor<float, 2> x({20, 30}), h({3, 4});
    for (float& v : x) v = 1;
    for (float& v : h) v = 1;
    const convolver<float> plan{
        x.shape(), h, {.padding = mode::same, .boundary = boundary::reflect, .method = each, .threads = threads}};
    tensor<float, 2> y(plan.output_shape()), back(plan.input_shape());
    auto scratch = plan.adjoint_workspace();
    const allocation_watch watch;
    plan(x, y, scratch);
    plan.adjoint(y, back, scratch);
    plan(slice(x, all, all), y, scratch);
    CHECK(watch.count() == 0);
    const bool transforms = each == method::fft || each == method::overlap_save;
    CHECK(std::fabs(y(10, 10) - 12) <= (transforms ? 12e-6f : 0));  // 3 x 4 ones
}

TEST_CASE("convolve: nothing leaks when any of its allocations fails", "[must_not_allocate]") {
    const std::vector<float> x(5000, 1), h(5, 1);
    const method each = GENERATE(method::direct, method::im2col, method::fft, method::overlap_save);
    CHECK(runs_that_failed([&] { convolve(x, h, {.boundary = boundary::circular, .method = each, .threads = 2}); }) >=
          4);  // the packed kernel, the result, the scratch, the thread
}
