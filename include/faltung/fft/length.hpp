// faltung/fft/length.hpp -- lengths that a transform likes, and what a transform of some length costs
#pragma once

#include "../core/checked.hpp"

namespace faltung {

/// The work of a transform of length n for each of its samples, in passes of radix 4 over the data. Radices 2, 3 and 5
/// cost less or more than their share of log2(n) / 2; so does what is left of n without these factors, which no engine
/// of ours takes. n >= 1.
constexpr double transform_work(index_t n) {
    double work = 0;
    for (; n % 5 == 0; n /= 5) work += 1.5;
    for (; n % 3 == 0; n /= 3) work += 1.05;
    for (; n % 4 == 0; n /= 4) work += 1;
    for (; n % 2 == 0; n /= 2) work += 0.75;
    for (; n > 1; n /= 2) work += 4;
    return work;
}

/// Whether n has no other prime factors than 2, 3 and 5.
constexpr bool is_smooth(index_t n) {
    for (const index_t f : {5, 3, 2})
        while (n % f == 0 && n > 0) n /= f;
    return n == 1;
}

/// The length from `at_least` on that costs least, by n * (transform_work(n) + 1), among multiple * 2^a 3^b 5^c with
/// b <= 4 and c <= 3: never a power of two where a cheaper length exists. It need not be the shortest: 540 follows 518,
/// but 576 is cheaper.
///
/// Errors: option_error for a multiple below 1; overflow_error when there is none up to 2^60.
constexpr index_t fast_length(index_t at_least, index_t multiple = 1) {
    if (multiple < 1) detail::fail<option_error>("fast_length: a multiple of ", multiple, ": at least 1 is needed");
    constexpr index_t limit = index_t{1} << 60;  // 5 times as much still fits 64 bits
    index_t best = 0;
    double least = 0;
    index_t fives = multiple;
    for (int c = 0; c <= 3 && fives <= limit; ++c, fives *= 5) {
        index_t threes = fives;
        for (int b = 0; b <= 4 && threes <= limit; ++b, threes *= 3) {
            index_t n = threes;
            while (n < at_least && n <= limit) n *= 2;
            const double cost = static_cast<double>(n) * (transform_work(n) + 1);
            if (n >= at_least && n <= limit && (best == 0 || cost < least)) {
                best = n;
                least = cost;
            }
        }
    }
    if (best == 0)
        detail::fail<overflow_error>("fast_length: no length from ", at_least, " on, a multiple of ", multiple,
                                     ", is at most 2^60");
    return best;
}

}  // namespace faltung
