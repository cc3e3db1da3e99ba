// tests/support/stored.hpp -- what a sum must become in an output type, written without the library's formulas
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <faltung/geometry/problem.hpp>

namespace faltung::testing {

__extension__ typedef __int128 wide_integer;

/// An exact integer sum as Y: clamped to its range, or its lowest bits; true where it is not 0.
template <class Y>
Y stored(wide_integer v, overflow rule) {
    if constexpr (std::is_same_v<Y, bool>) {
        return v != 0;
    } else {
        constexpr wide_integer lowest = std::numeric_limits<Y>::min(), highest = std::numeric_limits<Y>::max(),
                               all = highest - lowest + 1;
        if (rule == overflow::saturate) return static_cast<Y>(v < lowest ? lowest : v > highest ? highest : v);
        wide_integer rest = v % all;  // in (-all, all)
        if (rest < lowest) rest += all;
        if (rest > highest) rest -= all;
        return static_cast<Y>(rest);
    }
}

/// A floating sum rounded to an integer: to nearest, ties to even, from the floor and what is left of it.
inline long double rounded(long double v, rounding rule) {
    if (rule == rounding::toward_zero) return v < 0 ? -std::floor(-v) : std::floor(v);
    const long double below = std::floor(v), rest = v - below;
    if (rest != 0.5L) return rest < 0.5L ? below : below + 1;
    return std::fmod(below, 2.0L) == 0 ? below : below + 1;
}

/// A floating sum as Y: NaN gives 0, an infinity the end of the range or, wrapped, 0; true where it is not 0.
template <class Y>
Y stored(long double v, overflow rule, rounding how) {
    if constexpr (std::is_same_v<Y, bool>) {
        return !(v == 0);
    } else {
        if (std::isnan(v)) return Y{0};
        if (std::isinf(v) && rule == overflow::wrap) return Y{0};
        if (std::isinf(v)) return v < 0 ? std::numeric_limits<Y>::min() : std::numeric_limits<Y>::max();
        const long double whole = rounded(v, how);
        if (std::fabs(whole) < 0x1p100L) return stored<Y>(static_cast<wide_integer>(whole), rule);
        if (rule == overflow::saturate)
            return whole < 0 ? std::numeric_limits<Y>::min() : std::numeric_limits<Y>::max();
        const long double turns = std::floor(whole / 0x1p64L);  // exact: a division by a power of 2
        return stored<Y>(static_cast<wide_integer>(whole - turns * 0x1p64L), rule);
    }
}

}  // namespace faltung::testing
