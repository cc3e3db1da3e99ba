// faltung/core/thread_pool.hpp -- threads that are parked between calls and share one job
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "index.hpp"

namespace faltung {

/// n - 1 parked threads and the caller, who is worker 0. Making it allocates and may throw; a run does neither.
class thread_pool {
public:
    /// What every worker executes: `context`, its own number, the number of workers.
    using job = void (*)(void const* context, int worker, int workers) noexcept;

    explicit thread_pool(int workers) {
        parked_.reserve(static_cast<std::size_t>(workers - 1));
        workers_ = workers;
        try_to_start(workers);
    }
    ~thread_pool() { stop(); }
    thread_pool(thread_pool const&) = delete;
    thread_pool& operator=(thread_pool const&) = delete;

    int workers() const noexcept { return workers_; }

    /// Run the job on every worker and return when all are done. One call at a time.
    void run(job work, void const* context) noexcept {
        {
            std::lock_guard hold(mutex_);
            job_ = work;
            context_ = context;
            busy_ = workers_ - 1;
            ++round_;
        }
        wake_.notify_all();
        work(context, 0, workers_);
        std::unique_lock hold(mutex_);
        done_.wait(hold, [this] { return busy_ == 0; });
    }

private:
    std::mutex mutex_;
    std::condition_variable wake_, done_;
    job job_ = nullptr;
    void const* context_ = nullptr;
    unsigned round_ = 0;
    int busy_ = 0, workers_ = 1;
    bool stopping_ = false;
    std::vector<std::thread> parked_;

    struct join_unless_started {  // a std::thread that cannot be made must not leave the earlier ones running
        thread_pool* pool;
        ~join_unless_started() {
            if (pool) pool->stop();
        }
    };

    void try_to_start(int workers) {
        join_unless_started guard{this};
        for (int me = 1; me < workers; ++me) parked_.emplace_back([this, me] { park(me); });
        guard.pool = nullptr;
    }

    void park(int me) noexcept {
        for (unsigned seen = 0;;) {
            std::unique_lock hold(mutex_);
            wake_.wait(hold, [&] { return stopping_ || round_ != seen; });
            if (stopping_) return;
            seen = round_;
            const job work = job_;
            void const* context = context_;
            hold.unlock();
            work(context, me, workers_);
            hold.lock();
            if (--busy_ == 0) done_.notify_one();
        }
    }

    void stop() noexcept {
        {
            std::lock_guard hold(mutex_);
            stopping_ = true;
        }
        wake_.notify_all();
        for (std::thread& t : parked_) t.join();
        parked_.clear();
    }
};

}  // namespace faltung
