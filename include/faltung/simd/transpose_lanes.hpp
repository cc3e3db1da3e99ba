// faltung/simd/transpose_lanes.hpp -- lanes of vectors change places in registers
#pragma once

#include <utility>

#include "lanes.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

template <int Weight, class T, int Bytes, std::size_t... Lane>
FALTUNG_ALWAYS_INLINE void exchange_lanes(typename lanes<T, Bytes>::vector& a, typename lanes<T, Bytes>::vector& b,
                                          std::index_sequence<Lane...>) {
    constexpr int n = lanes<T, Bytes>::count;
    using V = typename lanes<T, Bytes>::vector;
    const V lo = __builtin_shufflevector(
        a, b, ((Lane & Weight) ? n + static_cast<int>(Lane) - Weight : static_cast<int>(Lane))...);
    const V hi = __builtin_shufflevector(
        a, b, ((Lane & Weight) ? n + static_cast<int>(Lane) : static_cast<int>(Lane) + Weight)...);
    a = lo;
    b = hi;
}

/// a = the lanes of a and b whose number has no bit Weight, those of b moved up to where it has; b = the others, those
/// of a moved down.
template <int Weight, class T, int Bytes>
FALTUNG_ALWAYS_INLINE void exchange_lanes(typename lanes<T, Bytes>::vector& a, typename lanes<T, Bytes>::vector& b) {
    exchange_lanes<Weight, T, Bytes>(a, b,
                                     std::make_index_sequence<static_cast<std::size_t>(lanes<T, Bytes>::count)>());
}

/// As many vectors as each has lanes: lane i of vector k becomes lane k of vector i.
template <class T, int Bytes, int Weight = 1>
FALTUNG_ALWAYS_INLINE void transpose_lanes(typename lanes<T, Bytes>::vector* v) {
    constexpr int n = lanes<T, Bytes>::count;
    if constexpr (Weight < n) {
#pragma GCC unroll 16
        for (int i = 0; i < n; ++i)
            if ((i & Weight) == 0) exchange_lanes<Weight, T, Bytes>(v[i], v[i + Weight]);
        transpose_lanes<T, Bytes, 2 * Weight>(v);
    }
}

/// low = lanes 0, 2, 4, ... of a and b, one after the other; high = lanes 1, 3, 5, ...
template <class T, int Bytes, std::size_t... Lane>
FALTUNG_ALWAYS_INLINE void split_lanes(typename lanes<T, Bytes>::vector const& a,
                                       typename lanes<T, Bytes>::vector const& b, typename lanes<T, Bytes>::vector& low,
                                       typename lanes<T, Bytes>::vector& high, std::index_sequence<Lane...>) {
    const typename lanes<T, Bytes>::vector even = __builtin_shufflevector(a, b, static_cast<int>(2 * Lane)...);
    high = __builtin_shufflevector(a, b, static_cast<int>(2 * Lane + 1)...);
    low = even;
}

/// The opposite: low and high = the lanes of a and b by turns.
template <class T, int Bytes, std::size_t... Lane>
FALTUNG_ALWAYS_INLINE void mix_lanes(typename lanes<T, Bytes>::vector const& a,
                                     typename lanes<T, Bytes>::vector const& b, typename lanes<T, Bytes>::vector& low,
                                     typename lanes<T, Bytes>::vector& high, std::index_sequence<Lane...>) {
    constexpr int n = lanes<T, Bytes>::count;
    const typename lanes<T, Bytes>::vector first =
        __builtin_shufflevector(a, b, (static_cast<int>(Lane) / 2 + static_cast<int>(Lane) % 2 * n)...);
    high = __builtin_shufflevector(a, b, (n / 2 + static_cast<int>(Lane) / 2 + static_cast<int>(Lane) % 2 * n)...);
    low = first;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
