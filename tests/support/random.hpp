// tests/support/random.hpp -- numbers that are the same on every machine, and how many random cases a build runs
#pragma once

#include <cmath>
#include <complex>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <faltung/core/index.hpp>
#include <faltung/core/scalar.hpp>

namespace faltung::testing {

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). The standard's distributions
/// differ between libraries; these do not.
class random_source {
    std::uint64_t state_;

public:
    explicit constexpr random_source(std::uint64_t seed, std::uint64_t number = 0) : state_(seed) {
        state_ = next() ^ (number * 0x9e3779b97f4a7c15u);
    }

    constexpr std::uint64_t next() {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }

    /// One of low, ..., high.
    constexpr std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1));
    }
    constexpr bool percent(int share) { return between(0, 99) < share; }
    template <class T>
    constexpr T const& one_of(std::initializer_list<T> list) {
        return list.begin()[between(0, static_cast<std::int64_t>(list.size()) - 1)];
    }

    /// A small integer in any element type: sums of products of a few thousand such values are exact in all of them.
    template <class T>
    T small() {
        if constexpr (is_complex<T>)
            return T(small<real_t<T>>(), small<real_t<T>>());
        else if constexpr (std::is_same_v<T, bool>)
            return percent(50);
        else
            return static_cast<T>(std::is_signed_v<T> ? between(-9, 9) : between(0, 18));
    }

    /// Any value of an integer type; of a floating type, all mantissa bits and a magnitude between 2^-8 and 2^8.
    template <class T>
    T any() {
        if constexpr (is_complex<T>)
            return T(any<real_t<T>>(), any<real_t<T>>());
        else if constexpr (std::is_same_v<T, bool>)
            return percent(50);
        else if constexpr (std::is_floating_point_v<T>) {
            const T mantissa = static_cast<T>(static_cast<long double>(next()) * 0x1p-64L);
            return std::ldexp(percent(50) ? -(1 + mantissa) / 2 : (1 + mantissa) / 2, static_cast<int>(between(-7, 8)));
        } else
            return static_cast<T>(next());
    }

    template <class T>
    std::vector<T> many_small(index_t count) {
        std::vector<T> values(static_cast<std::size_t>(count));
        for (T& v : values) v = small<T>();
        return values;
    }
    template <class T>
    std::vector<T> many(index_t count) {
        std::vector<T> values(static_cast<std::size_t>(count));
        for (T& v : values) v = any<T>();
        return values;
    }
};

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(undefined_behavior_sanitizer)
#define FALTUNG_TEST_SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(FALTUNG_TEST_SANITIZED)
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = false;
#endif
#if defined(__OPTIMIZE__)
inline constexpr bool is_slow_build = is_sanitized;
#else
inline constexpr bool is_slow_build = true;
#endif

/// How many random cases to run: FALTUNG_RANDOM_CASES, or 200,000 in a fast build and 5,000 in a slow one.
inline std::uint64_t random_cases() {
    char const* const wanted = std::getenv("FALTUNG_RANDOM_CASES");
    return wanted ? std::strtoull(wanted, nullptr, 10) : is_slow_build ? 5000u : 200000u;
}

}  // namespace faltung::testing
