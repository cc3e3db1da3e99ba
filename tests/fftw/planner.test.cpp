// tests/fftw/planner.test.cpp -- threads make, run and destroy plans side by side, and share the lock with the program
#include <faltung/fftw/planner.hpp>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include <faltung/fftw/tables.hpp>

#include "support/catch.hpp"
#include "support/random.hpp"

using namespace faltung;

namespace {

// A plan in one precision turns an impulse into a constant, exactly: every other term of the sums is 0.
template <class R>
bool plans_well(index_t n, number_kind kind) {
    engine_table const& table = *fftw::engine<R>().table(element_of<R>());
    const transform_plan plan = table.make({.n = {n}, .numbers = kind});
    std::vector<R> data(static_cast<std::size_t>(plan.data)), spectrum(static_cast<std::size_t>(plan.spectrum));
    data[0] = 1;
    table.forward(plan, data.data(), spectrum.data());
    for (std::size_t k = 0; k < spectrum.size(); ++k)
        if (spectrum[k] != (k % 2 ? R(0) : R(1))) return false;
    return true;
}

// What a program does that calls FFTW itself.
bool plans_by_itself(int n) {
    std::vector<double> x(static_cast<std::size_t>(n)), spectrum(2 * static_cast<std::size_t>(n / 2 + 1));
    fftw_plan plan;
    {
        const std::lock_guard lock(fftw::planner_mutex());
        plan = fftw_plan_dft_r2c_1d(n, x.data(), reinterpret_cast<fftw_complex*>(spectrum.data()), FFTW_ESTIMATE);
    }
    x[0] = 1;
    fftw_execute(plan);
    {
        const std::lock_guard lock(fftw::planner_mutex());
        fftw_destroy_plan(plan);
    }
    for (std::size_t k = 0; k < spectrum.size(); k += 2)
        if (spectrum[k] != 1) return false;
    return true;
}

}  // namespace

TEST_CASE("planner: 8 threads make, run and destroy plans, beside a program's own", "[fftw][threads]") {
    constexpr int rounds = 10000;
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (int round = 0; round < rounds; ++round) {
                const int n = 1 + (round + t) % 16;
                const number_kind kind = round % 2 ? number_kind::real : number_kind::complex;
                right += t == 7   ? plans_by_itself(n)
                         : t == 6 ? plans_well<long double>(n, kind)
                         : t % 2  ? plans_well<double>(n, kind)
                                  : plans_well<float>(n, kind);
            }
        });
    for (std::thread& t : threads) t.join();
    CHECK(right == 8 * rounds);
}

TEST_CASE("planner: making a plan and destroying it wait for the lock", "[fftw][threads]") {
    std::atomic<bool> made{false}, destroyed{false};
    CHECK(&fftw::planner_mutex() == &fftw::planner_mutex());
    std::unique_lock lock(fftw::planner_mutex());
    std::thread other([&] {
        transform_plan plan = fftw::engine().table(element::float32)->make({.n = {6}});
        made = true;
        while (fftw::planner_mutex().try_lock()) {  // until the other thread has it again
            fftw::planner_mutex().unlock();
            std::this_thread::yield();
        }
        plan = {};
        destroyed = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    CHECK(!made);
    lock.unlock();
    while (!made) std::this_thread::yield();
    lock.lock();
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    CHECK(!destroyed);
    lock.unlock();
    other.join();
    CHECK(destroyed);
}
