// faltung/core/checked.hpp -- 64-bit arithmetic that refuses to overflow, and divisions that round down or up
#pragma once

#include "index.hpp"

namespace faltung::detail {

[[noreturn, gnu::cold]] inline void refuse_overflow(char const* what, index_t l, char const* sign, index_t r) {
    fail<overflow_error>(what, ": ", l, sign, r, " does not fit 64 bits");
}

}  // namespace faltung::detail

namespace faltung::checked {

/// l + r. Errors: overflow_error "<what>: l + r does not fit 64 bits".
constexpr index_t add(index_t l, index_t r, char const* what) {
    index_t sum = 0;
    if (__builtin_add_overflow(l, r, &sum)) detail::refuse_overflow(what, l, " + ", r);
    return sum;
}

/// l - r, likewise.
constexpr index_t subtract(index_t l, index_t r, char const* what) {
    index_t difference = 0;
    if (__builtin_sub_overflow(l, r, &difference)) detail::refuse_overflow(what, l, " - ", r);
    return difference;
}

/// l * r, likewise.
constexpr index_t multiply(index_t l, index_t r, char const* what) {
    index_t product = 0;
    if (__builtin_mul_overflow(l, r, &product)) detail::refuse_overflow(what, l, " * ", r);
    return product;
}

/// The product of all extents. A 0 anywhere makes it 0, whatever the others multiply to.
constexpr index_t product(index_list const& extents, char const* what) {
    for (index_t n : extents)
        if (n == 0) return 0;
    index_t count = 1;
    for (index_t n : extents) count = multiply(count, n, what);
    return count;
}

/// floor(l / r) for r > 0.
constexpr index_t floor_divide(index_t l, index_t r) { return l / r - (l % r < 0 ? 1 : 0); }

/// ceil(l / r) for r > 0.
constexpr index_t ceil_divide(index_t l, index_t r) { return l / r + (l % r > 0 ? 1 : 0); }

/// l - r * floor(l / r): in [0, r) for r > 0.
constexpr index_t floor_modulo(index_t l, index_t r) {
    const index_t m = l % r;
    return m < 0 ? m + r : m;
}

}  // namespace faltung::checked
