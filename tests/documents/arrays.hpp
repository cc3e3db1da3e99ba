// tests/documents/arrays.hpp -- arrays to try, and how far two arrays are apart
#pragma once

#include <cmath>

#include <faltung/view.hpp>

#include "support/random.hpp"

namespace faltung::testing {

/// Integers of 0 to 255; floating samples of [0, 1) with all their digits.
template <class T, std::size_t Rank>
tensor<T, Rank> noise(shape const& n, std::uint64_t seed) {
    random_source random(seed);
    tensor<T, Rank> x{n};
    for (T& v : x)
        if constexpr (std::is_integral_v<T>)
            v = static_cast<T>(random.between(0, 255));
        else
            v = static_cast<T>(static_cast<double>(random.next() >> 11) * 0x1p-53);
    return x;
}

/// |a - b|_2 / |b|_2. Infinite where the shapes differ.
template <viewable A, viewable B>
double relative_difference(A const& a, B const& b) {
    const auto l = as_view(a);
    const auto r = as_view(b);
    if (!(l.shape() == r.shape())) return std::numeric_limits<double>::infinity();
    long double of_difference = 0, of_b = 0;
    for_each_index(l.shape(), [&](index_list const& i) {
        const long double d = static_cast<long double>(l(i)) - static_cast<long double>(r(i));
        of_difference += d * d;
        of_b += static_cast<long double>(r(i)) * static_cast<long double>(r(i));
    });
    return static_cast<double>(std::sqrt(of_difference / of_b));
}

/// max |a - b|. Infinite where the shapes differ.
template <viewable A, viewable B>
double largest_difference(A const& a, B const& b) {
    const auto l = as_view(a);
    const auto r = as_view(b);
    if (!(l.shape() == r.shape())) return std::numeric_limits<double>::infinity();
    long double most = 0;
    for_each_index(l.shape(), [&](index_list const& i) {
        const long double d = std::fabs(static_cast<long double>(l(i)) - static_cast<long double>(r(i)));
        if (!(d <= most)) most = d;
    });
    return static_cast<double>(most);
}

/// The same shape and, sample by sample, the same value.
template <viewable A, viewable B>
bool equal(A const& a, B const& b) {
    const auto l = as_view(a);
    const auto r = as_view(b);
    bool same = l.shape() == r.shape();
    if (same) for_each_index(l.shape(), [&](index_list const& i) { same = same && l(i) == r(i); });
    return same;
}

}  // namespace faltung::testing
