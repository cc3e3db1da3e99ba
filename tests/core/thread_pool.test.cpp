// tests/core/thread_pool.test.cpp -- parked threads that share one job
#include <faltung/core/thread_pool.hpp>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "support/catch.hpp"

using namespace faltung;

namespace {
struct record {
    std::thread::id thread;
    int runs = 0, workers = 0;
};
void write_record(void const* context, int worker, int workers) noexcept {
    record& mine = (*static_cast<std::vector<record>* const*>(context))[0][static_cast<std::size_t>(worker)];
    mine.thread = std::this_thread::get_id();
    mine.workers = workers;
    ++mine.runs;
}
}  // namespace

TEST_CASE("thread_pool: each of its workers runs the job once a round, on its own thread", "[core][threads]") {
    for (int workers = 1; workers <= 8; ++workers) {
        thread_pool pool(workers);
        REQUIRE(pool.workers() == workers);
        std::vector<record> records(static_cast<std::size_t>(workers));
        std::vector<record>* context = &records;
        // plain, unguarded writes: what one round wrote must be visible after it and in the next
        for (int round = 1; round <= 50; ++round) {
            pool.run(write_record, &context);
            for (record const& r : records) REQUIRE(r.runs == round);
        }
        std::set<std::thread::id> threads;
        for (record const& r : records) {
            CHECK(r.workers == workers);
            threads.insert(r.thread);
        }
        CHECK(threads.size() == records.size());
        CHECK(records[0].thread == std::this_thread::get_id());
    }
}

TEST_CASE("thread_pool: run returns only when every worker is done", "[core][threads]") {
    thread_pool pool(3);
    std::atomic<int> done{0};
    for (int round = 1; round <= 20; ++round) {
        pool.run(
            [](void const* context, int worker, int) noexcept {
                for (int i = 0; i < 50 * worker; ++i) std::this_thread::yield();
                ++*static_cast<std::atomic<int>*>(const_cast<void*>(context));
            },
            &done);
        REQUIRE(done == 3 * round);
    }
}

TEST_CASE("thread_pool: one that never ran ends without waiting", "[core][threads]") {
    for (int i = 0; i < 20; ++i) CHECK(thread_pool(4).workers() == 4);
}
