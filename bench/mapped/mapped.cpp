// bench/mapped/mapped.cpp -- an array of several GB in a file, by overlap_save under a limit of memory: seconds, the
// memory that was used, and outputs against their definition. mapped [GiB] [folder]
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>

#include <faltung/convolve.hpp>

using namespace faltung;

constexpr index_t columns = 16384, taps = 31;
constexpr index_t limit = index_t{64} << 20;  // bytes

// A file of floats in memory, that is gone with the program.
class mapped_file {
    void* memory_;
    std::size_t bytes_;

public:
    mapped_file(std::string const& folder, index_t count) : bytes_(static_cast<std::size_t>(count) * sizeof(float)) {
        std::string name = folder + "/faltung.XXXXXX";
        const int file = mkstemp(name.data());
        if (file < 0) throw std::runtime_error("no file can be made in " + folder);
        unlink(name.c_str());
        const bool is_long = ftruncate(file, static_cast<off_t>(bytes_)) == 0;
        memory_ = is_long ? mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;
        close(file);
        if (memory_ == MAP_FAILED) throw std::runtime_error("no room for " + std::to_string(bytes_) + " bytes");
    }
    ~mapped_file() { munmap(memory_, bytes_); }
    mapped_file(mapped_file const&) = delete;
    mapped_file& operator=(mapped_file const&) = delete;

    std::span<float> samples() const { return {static_cast<float*>(memory_), bytes_ / sizeof(float)}; }
};

// Bytes of this process that belong to no file.
static index_t own_bytes() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
        if (word == "RssAnon:") {
            index_t kib = 0;
            status >> kib;
            return kib * 1024;
        }
    return 0;
}

// The most of them while `work` runs, beyond those before.
template <class Work>
static index_t peak_of(Work&& work) {
    const index_t before = own_bytes();
    std::atomic<index_t> most{before};
    std::atomic<bool> done{false};
    std::thread watcher([&] {
        while (!done) {
            most = std::max(most.load(), own_bytes());
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
    });
    work();
    done = true;
    watcher.join();
    return most - before;
}

int main(int argc, char** argv) {
    const double gib = argc > 1 ? std::atof(argv[1]) : 4;
    const std::string folder = argc > 2 ? argv[2] : ".";
    const index_t rows = static_cast<index_t>(gib * 0x1p30 / sizeof(float)) / columns;
    const mapped_file in(folder, rows * columns), out(folder, rows * columns);
    const auto sample = [](index_t i) { return static_cast<float>((i * 2654435761) >> 8 & 1023) / 512 - 1; };
    index_t filled = 0;
    for (float& v : in.samples()) v = sample(filled++);

    tensor<float, 2> h({taps, taps});
    std::mt19937 dice(1);
    for (float& v : h) v = static_cast<float>(dice() % 1000) / 500 - 1;
    const tensor_view<float const, 2> x(in.samples(), {rows, columns});
    const tensor_view<float, 2> y(out.samples(), {rows, columns});
    const convolve_options options{
        .padding = mode::same, .method = method::overlap_save, .memory = limit, .threads = 1};

    double seconds = 0;
    const index_t used = peak_of([&] {
        const auto begin = std::chrono::steady_clock::now();
        convolve_into(y, x, h, options);
        seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    });

    double worst = 0, norm = 0;
    for (const float v : h) norm += static_cast<double>(v) * v;
    for (int k = 0; k < 1000; ++k) {
        const index_t r = static_cast<index_t>(dice()) % rows, c = static_cast<index_t>(dice()) % columns;
        double sum = 0;
        for (index_t i = 0; i < taps; ++i)
            for (index_t j = 0; j < taps; ++j) {
                const index_t from_row = r + taps / 2 - i, from_column = c + taps / 2 - j;
                if (from_row >= 0 && from_row < rows && from_column >= 0 && from_column < columns)
                    sum += static_cast<double>(h(i, j)) * static_cast<double>(x(from_row, from_column));
            }
        worst = std::max(worst, std::fabs(sum - static_cast<double>(y(r, c))));
    }
    std::printf("%.2f GiB of float by %td x %td taps in %.1f s: %.0f million samples a second\n", gib, taps, taps,
                seconds, static_cast<double>(rows * columns) / seconds * 1e-6);
    std::printf("memory beyond the files: %.1f MiB, limit %.0f MiB\n", static_cast<double>(used) * 0x1p-20,
                static_cast<double>(limit) * 0x1p-20);
    std::printf("largest error of 1000 outputs: %.2g, the kernel's norm is %.3g\n", worst, std::sqrt(norm));
    const bool is_right = worst <= 1e-4 * std::sqrt(norm), fits = used <= limit;
    if (!is_right || !fits) std::printf("%s%s\n", is_right ? "" : "wrong outputs ", fits ? "" : "too much memory");
    return is_right && fits ? 0 : 1;
}
