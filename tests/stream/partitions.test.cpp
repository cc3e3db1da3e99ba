// tests/stream/partitions.test.cpp -- the cuts of a kernel, the default block, and the share of every sample
#include <faltung/stream/partitions.hpp>

#include <new>

#include <faltung/fft/own_engine.hpp>

#include "support/catch.hpp"
#include "support/random.hpp"

using namespace faltung;
using namespace faltung::testing;
using detail::partitions;

namespace {

engine_table const& ours = detail::own_engine<float>::table;

partitions cut(index_t taps, stream_options const& o) { return {{1, 1, taps}, o, ours}; }

}  // namespace

TEST_CASE("partitions: with latency block all taps are transformed", "[stream]") {
    const partitions p = cut(1000, {.block = 256});
    CHECK(p.head == 0);
    CHECK(p.count == 4);  // 256 + 256 + 256 + 232
    CHECK(cut(1024, {.block = 256}).count == 4);
    CHECK(cut(1025, {.block = 256}).count == 5);
    CHECK(cut(1, {.block = 256}).count == 1);
}

TEST_CASE("partitions: with latency zero the first block of taps is not", "[stream]") {
    const partitions p = cut(1000, {.block = 256, .latency = latency::zero});
    CHECK(p.head == 256);
    CHECK(p.count == 3);
    const partitions small = cut(100, {.block = 256, .latency = latency::zero});
    CHECK(small.head == 100);
    CHECK(small.count == 0);
    CHECK(small.first_work(1) == 0);
    CHECK(small.products(2) == 0);
}

TEST_CASE("partitions: a transform holds two blocks, and the engine takes its length", "[stream]") {
    for (index_t block = 1; block < 700; ++block) {
        const partitions p = cut(1000, {.block = block});
        REQUIRE(p.length >= 2 * block);
        REQUIRE(p.length % ours.multiple({{1}, number_kind::real, ring_kind::any, p.instruction_set}, 0) == 0);
        REQUIRE(p.plan.data == p.length);
    }
}

TEST_CASE("partitions: the default block has the least work for a sample", "[stream]") {
    for (const latency l : {latency::block, latency::zero})
        for (shape const& h : {shape{1, 1, 1}, shape{1, 1, 64}, shape{1, 1, 65}, shape{1, 1, 1000}, shape{1, 1, 48000},
                               shape{1, 1, 1000000}, shape{8, 2, 20000}}) {
            const partitions chosen(h, {.latency = l}, ours);
            index_t best = 0;
            double least = 0;
            for (index_t b = 64; b <= 8192; b *= 2) {
                const partitions p(h, {.block = b, .latency = l}, ours);
                const double whole = static_cast<double>(h[0] * h[1]);
                const double passes = p.count == 0 ? 0
                                                   : static_cast<double>(h[0] + h[1]) * transform_work(p.length / 2) +
                                                         whole * static_cast<double>(p.count);
                const double work = passes * static_cast<double>(p.length) / static_cast<double>(b) +
                                    whole * static_cast<double>(p.head) / 3;
                if (best == 0 || work < least) {
                    best = b;
                    least = work;
                }
                if (b >= h[2]) break;
            }
            INFO(text(h, " with latency ", name_of(l)));
            CHECK(chosen.block == best);
        }
}

TEST_CASE("partitions: the products of a block are due evenly, after the transforms", "[stream]") {
    random_source r(1);
    for (int k = 0; k < 300; ++k) {
        const shape h{r.between(1, 3), r.between(1, 3), r.between(1, 3000)};
        const partitions p(h, {.block = r.between(1, 300)}, ours);
        const index_t kernels = r.between(1, 2), first = p.first_work(kernels), whole = p.products(kernels);
        INFO(text(h, " in blocks of ", p.block, ", ", kernels, " kernels"));
        REQUIRE(whole == kernels * h[0] * h[1] * ((h[2] + p.block - 1) / p.block - 1));
        REQUIRE(p.due(p.block, first, whole) == whole);
        for (index_t j = 0; j <= p.block; ++j) {
            // all work of the block times j / block, rounded up, unless the transforms were more
            const index_t done = first + p.due(j, first, whole), share = (first + whole) * j;
            REQUIRE(done * p.block >= share);
            REQUIRE((done == first || (done - 1) * p.block < share));
        }
    }
}

TEST_CASE("partitions: what has no meaning is refused with its numbers", "[stream]") {
    CHECK(message_of<shape_error>([] { cut(0, {}); }) ==
          "stream_convolver: an empty kernel (1, 1, 0): every extent is at least 1");
    CHECK(message_of<option_error>([] { cut(5, {.block = 0}); }) ==
          "stream_convolver: blocks of 0: at least 1 sample is needed");
    CHECK(message_of<option_error>([] { cut(5, {.block = -3}); }) ==
          "stream_convolver: blocks of -3: at least 1 sample is needed");
    CHECK(message_of<overflow_error>([] { cut(5, {.block = index_t{1} << 62}); }) ==
          "samples of a transform: 4611686018427387904 * 2 does not fit 64 bits");
    CHECK_THROWS_AS(cut(5, {.block = index_t{1} << 61}), overflow_error);
    CHECK(message_of<option_error>([] {
              cut(5, {.engine = {[](element) { return &detail::own_engine<double>::table; }}});
          }) == "stream_convolver: the engine faltung transforms double, and the samples are float");
}
