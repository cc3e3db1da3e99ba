// tests/must_not_allocate/stream.test.cpp -- a stream allocates when it is made, when a kernel is prepared and when a
// state is saved: nowhere else, and nothing leaks where that fails
#include <faltung/stream.hpp>

#include <new>

#include "support/allocation_count.hpp"
#include "support/catch.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

TEST_CASE("must not allocate: pieces, swaps, states and resets of a stream", "[must_not_allocate]") {
    random_source r(1);
    for (const latency l : {latency::block, latency::zero})
        for (shape const& n : {shape{1, 1, 20}, shape{2, 3, 1000}}) {
            const auto h = small_tensor<float, 3>(r, n);
            const auto x = small_tensor<float, 2>(r, {n[1], 700});
            tensor<float, 2> y({n[0], 700});
            stream_convolver<float> stream{h, {.block = 64, .latency = l}};
            auto first = stream.prepare(small_tensor<float, 3>(r, n)),
                 second = stream.prepare(small_tensor<float, 3>(r, n));
            stream_kernel<float> replaced;
            auto state = stream.save();
            const allocation_watch watch;
            stream.swap(std::move(first), {.fade = 100});
            for (const index_t piece : {0, 1, 37, 64, 300})
                stream.process(slice(x, all, range{0, piece}), slice(y, all, range{0, piece}));
            stream.save_into(state);
            stream.process(x, y);
            replaced = stream.swap(std::move(second));  // kept: dropping a kernel frees it
            stream.process(x, y);
            stream.restore(state);
            stream.process(x, y);
            stream.reset();
            CHECK(watch.count() == 0);
            CHECK_FALSE(replaced.is_empty());
        }
}

TEST_CASE("must not allocate: a call that runs frees nothing either, when a fade ends in it", "[must_not_allocate]") {
    random_source r(2);
    const auto h = small_tensor<double, 3>(r, {1, 1, 500});
    const auto x = small_tensor<double, 2>(r, {1, 1000});
    tensor<double, 2> y({1, 1000});
    stream_convolver<double> stream{h, {.block = 50}};
    stream.swap(stream.prepare(h), {.fade = 10});
    const allocation_watch watch;
    stream.process(x, y);
    CHECK_FALSE(stream.is_swapping());
    CHECK(watch.count() == 0);
    CHECK(watch.balance() == 0);
}

TEST_CASE("must not leak: whichever allocation of a stream, a kernel or a state fails", "[must_not_allocate]") {
    random_source r(3);
    const auto h = small_tensor<float, 3>(r, {2, 1, 300});
    std::size_t failing = 0;
    for (bool failed = true; failed; ++failing) {
        failed = false;
        const allocation_watch watch(failing);
        try {
            const stream_convolver<float> stream{h, {.block = 32, .latency = latency::zero}};
            const auto kernel = stream.prepare(h);
            const auto state = stream.save();
            CHECK(watch.count() == failing);
        } catch (std::bad_alloc const&) {
            failed = true;
        }
        REQUIRE(watch.balance() == 0);
    }
    CHECK(failing > 12);  // the grid, its transform and twiddles, memory, scratch, kernels, the state
}

TEST_CASE("must not leak: a stream whose kernel cannot be prepared or saved stays as it was", "[must_not_allocate]") {
    random_source r(4);
    const auto h = small_tensor<float, 3>(r, {1, 1, 300});
    const auto x = small_tensor<float, 2>(r, {1, 500});
    tensor<float, 2> y({1, 500}), again({1, 500});
    stream_convolver<float> stream{h, {.block = 32}}, other{h, {.block = 32}};
    for (std::size_t failing = 0; failing < 2; ++failing) {
        const allocation_watch watch(failing);
        CHECK_THROWS_AS(stream.prepare(h), std::bad_alloc);
    }
    {
        const allocation_watch watch(0);
        CHECK_THROWS_AS(stream.save(), std::bad_alloc);
    }
    stream.process(x, y);
    other.process(x, again);
    CHECK(difference(y, again) == "");
}

TEST_CASE("must not leak: more memory than there is throws std::bad_alloc", "[must_not_allocate]") {
    const tensor<float, 1> h({5});
    CHECK_THROWS_AS(stream_convolver<float>(h, {.block = index_t{1} << 52}), std::bad_alloc);
}
