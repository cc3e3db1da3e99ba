// tests/core/workspace.test.cpp -- scratch for every worker, and grains shared out among them
#include <faltung/core/workspace.hpp>

#include <atomic>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <mutex>
#include <vector>

#include "support/catch.hpp"

using namespace faltung;
using faltung::testing::message_of;

namespace {

struct share {
    grain_range grains;
    std::byte* scratch;
};

// What every worker was given, in the order of the grains.
std::vector<share> shares_of(workspace& space, index_t grains) {
    std::vector<share> shares;
    std::mutex one_at_a_time;
    space.run(grains, [&](grain_range range, std::byte* scratch) noexcept {
        std::lock_guard hold(one_at_a_time);
        shares.push_back({range, scratch});
    });
    std::sort(shares.begin(), shares.end(),
              [](share const& l, share const& r) { return l.grains.first < r.grains.first; });
    return shares;
}

}  // namespace

TEST_CASE("workspace: every grain goes to one worker, in even contiguous shares", "[core][threads]") {
    for (int workers = 1; workers <= 5; ++workers) {
        workspace space(0, 0, workers);
        REQUIRE(space.workers() == workers);
        for (index_t grains : {index_t{1}, index_t{2}, index_t{3}, index_t{4}, index_t{5}, index_t{7}, index_t{100},
                               std::numeric_limits<index_t>::max()}) {
            index_t next = 0, smallest = grains, largest = 0;
            for (share const& s : shares_of(space, grains)) {
                REQUIRE(s.grains.first == next);
                next = s.grains.last;
                smallest = std::min(smallest, next - s.grains.first);
                largest = std::max(largest, next - s.grains.first);
            }
            CHECK(next == grains);
            CHECK(largest - smallest <= 1);
        }
    }
}

TEST_CASE("workspace: no grains, no work for parked threads", "[core][threads]") {
    workspace space(64, 0, 3);
    CHECK(shares_of(space, 0).empty());
}

TEST_CASE("workspace: scratch of the workers and the shared part are apart, on cache lines", "[core][threads]") {
    for (int workers = 1; workers <= 4; ++workers) {
        workspace space(100, 10, workers);
        CHECK(space.bytes_per_worker() == 128);
        CHECK(space.shared_bytes() == 64);
        std::vector<std::byte*> blocks{space.shared()};
        for (share const& s : shares_of(space, 1000)) blocks.push_back(s.scratch);
        REQUIRE(blocks.size() == static_cast<std::size_t>(workers) + 1);
        std::sort(blocks.begin(), blocks.end());
        CHECK(blocks[0] == space.shared());
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            CHECK(reinterpret_cast<std::uintptr_t>(blocks[i]) % 64 == 0);
            if (i > 0) CHECK(blocks[i] - blocks[i - 1] >= (i == 1 ? 64 : 128));
        }
        std::memset(blocks.back(), 1, 128);  // the address sanitizer sees a block that is too short
    }
}

TEST_CASE("workspace: sizes that do not fit 64 bits are refused with their arithmetic", "[core]") {
    const index_t huge = index_t{1} << 62;
    CHECK(message_of<overflow_error>([&] { workspace(huge, 0, 2); }) ==
          "scratch of all workers: 4611686018427387904 * 2 does not fit 64 bits");
    CHECK(message_of<overflow_error>([&] { workspace(huge, huge, 1); }) ==
          "bytes of a workspace: 4611686018427387904 + 4611686018427387904 does not fit 64 bits");
    CHECK(message_of<overflow_error>([] { workspace(std::numeric_limits<index_t>::max(), 0, 1); }) ==
          "bytes of a workspace: 144115188075855872 * 64 does not fit 64 bits");
}

TEST_CASE("workspace: one that was moved from has no bytes", "[core][threads]") {
    workspace first(100, 200, 2);
    workspace second = std::move(first);
    CHECK(first.bytes_per_worker() == 0);
    CHECK(first.shared_bytes() == 0);
    CHECK(first.workers() == 1);
    CHECK(second.bytes_per_worker() == 128);
    CHECK(second.shared_bytes() == 256);
    CHECK(second.workers() == 2);
    first = std::move(second);
    CHECK(first.bytes_per_worker() == 128);
    CHECK(second.bytes_per_worker() == 0);
    CHECK(second.shared_bytes() == 0);
    std::atomic<int> busy = 0;
    first.run(2, [&](grain_range, std::byte*) noexcept { ++busy; });
    CHECK(busy == 2);
}
