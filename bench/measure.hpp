// bench/measure.hpp -- samples to run on, and the time that a run takes
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include <faltung/view.hpp>

namespace faltung_bench {

/// Small integers as samples, so that no run meets a denormal or an infinity.
template <class T, std::size_t Rank>
faltung::tensor<T, Rank> samples(faltung::shape const& n) {
    faltung::tensor<T, Rank> x(n);
    int value = 0;
    for (T& v : x) v = static_cast<T>(value++ % 13);
    return x;
}

/// Samples of 8 bits that have no pattern, the same in all element types.
template <class T, std::size_t Rank>
faltung::tensor<T, Rank> noise(faltung::shape const& n) {
    faltung::tensor<T, Rank> x(n);
    std::uint32_t count = 0;
    for (T& v : x) {
        std::uint32_t bits = count++ * 2654435761u;
        bits = (bits ^ bits >> 15) * 2246822519u;
        v = static_cast<T>(bits >> 24);
    }
    return x;
}

/// A kernel that is a product of lines of small integers.
template <class T, std::size_t Rank>
faltung::tensor<T, Rank> product_of_lines(faltung::shape const& n) {
    faltung::tensor<T, Rank> h(n);
    faltung::for_each_index(n, [&](faltung::index_list const& t) {
        T product = 1;
        for (int a = 0; a < n.rank(); ++a) product *= static_cast<T>(1 + t[a] % 3);
        h(t) = product;
    });
    return h;
}

/// Seconds of one run.
template <class Run>
double seconds_of(Run&& run) {
    const auto start = std::chrono::steady_clock::now();
    run();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The best of many runs, in seconds: other work on the machine only ever adds.
template <class Run>
double best_seconds(Run&& run) {
    double best = 1e9, spent = 0;
    for (int rounds = 0; rounds < 5 || (spent < 0.15 && rounds < 10000); ++rounds) {
        const double took = seconds_of(run);
        best = std::min(best, took);
        spent += took;
    }
    return best;
}

}  // namespace faltung_bench
