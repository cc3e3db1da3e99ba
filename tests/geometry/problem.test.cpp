// tests/geometry/problem.test.cpp -- the canonical problem: its extents and counts
#include <faltung/geometry/problem.hpp>

#include "support/catch.hpp"

using namespace faltung;
using faltung::testing::message_of;

namespace {

// 3 images of 8 x 10 samples, 4 channels in 2 groups to 6 channels, a kernel of 3 x 5 taps, every second row.
constexpr problem images() {
    problem p;
    p.push_back({3});
    p.push_back({8, 3, 2, 1, 1, 1});
    p.push_back({10, 5, 1, 2, 4, 4});
    p.in = 4;
    p.out = 6;
    p.groups = 2;
    return p;
}

}  // namespace

TEST_CASE("problem: its extents are those of its axes", "[geometry]") {
    const problem p = images();
    CHECK(p.rank == 3);
    CHECK(p.inputs() == shape{3, 8, 10});
    CHECK(p.taps() == shape{1, 3, 5});
    CHECK(p.outputs() == shape{3, 4, 10});
    CHECK(p[1].window_stride == 2);
    CHECK(p.last().dilation == 2);
}

TEST_CASE("problem: a batch axis is an axis with one tap", "[geometry]") {
    const problem p = images();
    CHECK(p[0].taps == 1);
    CHECK(p[0].outputs() == p[0].n);
    for (index_t o = 0; o < 3; ++o) CHECK(p[0].position(o, 0) == o);
}

TEST_CASE("problem: counts take channels and groups along", "[geometry]") {
    const problem p = images();
    index_t outputs = 0, taps = 0;  // counted
    for (index_t c = 0; c < p.out; ++c) for_each_index(p.outputs(), [&](index_list const&) { ++outputs; });
    for (index_t c = 0; c < p.in / p.groups; ++c) for_each_index(p.taps(), [&](index_list const&) { ++taps; });
    CHECK(p.output_count() == outputs);
    CHECK(p.taps_per_output() == taps);
    CHECK(problem{}.output_count() == 1);
    CHECK(problem{}.taps_per_output() == 1);
}

TEST_CASE("problem: an axis of extent 0 leaves no output, however far the others reach", "[geometry]") {
    problem p;
    for (index_t n : {index_limit, index_limit, index_t{0}}) p.push_back({n});
    CHECK(p.output_count() == 0);
}

TEST_CASE("problem: counts beyond 64 bits are refused", "[geometry]") {
    problem p;
    p.push_back({index_limit, 3});
    p.push_back({9, 5});
    CHECK(message_of<overflow_error>([&] { p.output_count(); }) ==
          "samples of the output: 2305843009213693950 * 5 does not fit 64 bits");
    p[1] = {4, 4};
    CHECK(p.output_count() == index_limit - 2);
    p.out = 5;
    CHECK(message_of<overflow_error>([&] { p.output_count(); }) ==
          "samples of the output: 5 * 2305843009213693950 does not fit 64 bits");
    p[0] = {1, index_limit};
    CHECK(message_of<overflow_error>([&] { p.taps_per_output(); }) ==
          "taps of the kernel: 2305843009213693952 * 4 does not fit 64 bits");
    p[1] = {1, 1};
    p.in = 12;
    p.groups = 3;
    CHECK(message_of<overflow_error>([&] { p.taps_per_output(); }) ==
          "taps of one output: 4 * 2305843009213693952 does not fit 64 bits");
}

TEST_CASE("problem: asks for nothing unless it is told", "[geometry]") {
    constexpr problem p;
    STATIC_REQUIRE(p.direction == direction::forward);
    STATIC_REQUIRE(p.groups == 1);
    STATIC_REQUIRE(p.kernel.finite);
    STATIC_REQUIRE_FALSE(p.kernel.known);
    STATIC_REQUIRE(p.limits.tolerance > 1e300);
    STATIC_REQUIRE(p.limits.memory == std::numeric_limits<index_t>::max());
    STATIC_REQUIRE(p.limits.threads == 1);
    STATIC_REQUIRE(p.engine == nullptr);
}

TEST_CASE("problem: a constant expression", "[geometry]") {
    STATIC_REQUIRE(images().rank == 3);
    STATIC_REQUIRE(images().last().outputs() == 10);
    STATIC_REQUIRE(images()[1].outputs() == 4);
}
