// tests/consume/fftw/consumer.cpp -- two shared objects of one process take the same lock, and plan side by side
#include <dlfcn.h>

#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

// g++ makes the lock a unique symbol, which is one even in libraries that are opened apart from each other.
#if defined(__clang__)
constexpr int opened = RTLD_NOW | RTLD_GLOBAL;
#else
constexpr int opened = RTLD_NOW | RTLD_LOCAL;
#endif

int main() {
    constexpr int rounds = 500;
    std::vector<void const*> locks;
    std::vector<std::thread> threads;
    std::atomic<int> right{0};
    for (char const* path : {FIRST, SECOND}) {
        void* const library = dlopen(path, opened);
        if (library == nullptr) {
            std::printf("%s\n", dlerror());
            return 1;
        }
        const auto planner_lock = reinterpret_cast<void const* (*)()>(dlsym(library, "planner_lock"));
        const auto plan_many = reinterpret_cast<int (*)(int)>(dlsym(library, "plan_many"));
        locks.push_back(planner_lock());
        for (int t = 0; t < 4; ++t) threads.emplace_back([=, &right] { right += plan_many(rounds); });
    }
    for (std::thread& t : threads) t.join();
    std::printf("locks at %p and %p, %d of %d plans are right\n", locks[0], locks[1], right.load(), 8 * rounds);
    return locks[0] == locks[1] && right == 8 * rounds ? 0 : 1;
}
