// tests/fft/length.test.cpp -- the cheapest length against a search through all of them, and what cannot be had
#include <faltung/fft/length.hpp>

#include <limits>

#include "support/catch.hpp"

using namespace faltung;
using faltung::testing::message_of;

namespace {

double cost(index_t n) { return static_cast<double>(n) * (transform_work(n) + 1); }

/// How often n can be divided by p, which is taken out of it.
int take_out(index_t& n, index_t p) {
    int times = 0;
    for (; n % p == 0; n /= p) ++times;
    return times;
}

bool is_allowed(index_t n, index_t multiple) {
    if (n % multiple != 0) return false;
    index_t rest = n / multiple;
    take_out(rest, 2);
    return take_out(rest, 3) <= 4 && take_out(rest, 5) <= 3 && rest == 1;
}

/// Every number is looked at, up to the power of two that is allowed for certain and its double.
index_t searched(index_t at_least, index_t multiple) {
    index_t end = multiple;
    while (end < at_least) end *= 2;
    index_t best = end;
    for (index_t n = at_least < 1 ? 1 : at_least; n <= 2 * end; ++n)
        if (is_allowed(n, multiple) && cost(n) < cost(best)) best = n;
    return best;
}

/// The first number from `at_least` on whose prime factors are at most `most`.
index_t first_smooth(index_t at_least, index_t most) {
    for (index_t n = at_least;; ++n) {
        index_t rest = n;
        for (index_t p = 2; p <= most; ++p) take_out(rest, p);
        if (rest == 1) return n;
    }
}

}  // namespace

TEST_CASE("transform_work: passes of radix 4, and what the other radices cost for each sample", "[fft]") {
    CHECK(transform_work(1) == 0);
    CHECK(transform_work(2) == 0.75);
    CHECK(transform_work(4) == 1);
    CHECK(transform_work(8) == 1.75);
    CHECK(transform_work(1024) == 5);
    CHECK(transform_work(3) == 1.05);
    CHECK(transform_work(5) == 1.5);
    CHECK(transform_work(60) == 1.5 + 1.05 + 1);
    CHECK(transform_work(7) == 8);  // 7 -> 3 -> 1
    CHECK(transform_work(14) == 0.75 + 8);
}

TEST_CASE("fast_length: the cheapest of all lengths, for every start and many multiples", "[fft]") {
    for (index_t at_least = -2; at_least <= 3000; ++at_least)
        if (fast_length(at_least) != searched(at_least, 1)) {
            INFO("from " << at_least << " on");
            CHECK(fast_length(at_least) == searched(at_least, 1));
        }
    for (const index_t multiple : {2, 3, 5, 7, 8, 12, 15, 16, 32, 60, 64, 128, 1000})
        for (index_t at_least = 0; at_least <= 4000; at_least += 7) {
            INFO("from " << at_least << " on, a multiple of " << multiple);
            const index_t n = fast_length(at_least, multiple), best = searched(at_least, multiple);
            REQUIRE(is_allowed(n, multiple));
            REQUIRE(n >= at_least);
            REQUIRE(cost(n) == cost(best));
        }
}

TEST_CASE("fast_length: lengths that are known", "[fft]") {
    CHECK(first_smooth(518, 7) == 525);
    CHECK(first_smooth(518, 5) == 540);
    CHECK(fast_length(518) == 576);  // 576 (1 + 3 + 2.1) = 3513.6; 540 (1 + 1 + 3.15 + 1.5) = 3591
    CHECK(cost(576) < cost(540));
    CHECK(fast_length(518, 36) == 576);
    CHECK(fast_length(518, 60) == 540);
    CHECK(fast_length(518, 7) % 7 == 0);
    STATIC_REQUIRE(fast_length(0) == 1);
    STATIC_REQUIRE(fast_length(1) == 1);
    STATIC_REQUIRE(fast_length(-5) == 1);
    STATIC_REQUIRE(fast_length(0, 64) == 64);
    STATIC_REQUIRE(fast_length(std::numeric_limits<index_t>::min(), 3) == 3);
}

TEST_CASE("fast_length: a power of two only where nothing from there on is cheaper", "[fft]") {
    int powers = 0, others = 0;
    for (index_t at_least = 2; at_least <= 70000; at_least += at_least / 16 + 1) {
        const index_t n = fast_length(at_least);
        if ((n & (n - 1)) != 0) {
            ++others;
            continue;
        }
        ++powers;
        for (index_t cheaper = at_least; cheaper < n; ++cheaper) {
            index_t rest = cheaper;
            take_out(rest, 2);
            if (take_out(rest, 3) <= 4 && take_out(rest, 5) <= 3 && rest == 1) REQUIRE(cost(cheaper) >= cost(n));
        }
    }
    CHECK(powers > 0);
    CHECK(others > powers);
}

TEST_CASE("fast_length: up to 2^60, and beyond it an error with the numbers", "[fft]") {
    const index_t limit = index_t{1} << 60;
    CHECK(fast_length(limit) == limit);
    CHECK(fast_length(1, limit) == limit);
    CHECK(fast_length(limit - 1, limit) == limit);
    CHECK(fast_length(1, limit - 1) == limit - 1);
    // 3^4 5^3 2^46 is the largest allowed odd part below 2^60: 10125 2^46 = 0.618 2^60
    CHECK(fast_length(limit / 8 * 7) <= limit);
    CHECK(message_of<overflow_error>([&] { fast_length(limit + 1); }) ==
          "fast_length: no length from 1152921504606846977 on, a multiple of 1, is at most 2^60");
    CHECK(message_of<overflow_error>([&] { fast_length(std::numeric_limits<index_t>::max(), 16); }) ==
          "fast_length: no length from 9223372036854775807 on, a multiple of 16, is at most 2^60");
    CHECK(message_of<overflow_error>([&] { fast_length(1, limit + 2); }) ==
          "fast_length: no length from 1 on, a multiple of 1152921504606846978, is at most 2^60");
    CHECK(message_of<overflow_error>([&] { fast_length(limit, limit - 1); }) ==
          "fast_length: no length from 1152921504606846976 on, a multiple of 1152921504606846975, is at most 2^60");
    CHECK(message_of<option_error>([] { fast_length(100, 0); }) ==
          "fast_length: a multiple of 0: at least 1 is needed");
    CHECK(message_of<option_error>([] { fast_length(100, -8); }) ==
          "fast_length: a multiple of -8: at least 1 is needed");
}
