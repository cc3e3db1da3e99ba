// faltung/simd/lanes.hpp -- a vector of samples, made of the compiler's own vector types; one sample where there are
// none
#pragma once

#include <cstring>
#include <type_traits>

#include "../core/config.hpp"
#include "../core/scalar.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

template <class T>
inline constexpr bool has_vectors = std::is_same_v<T, float> || std::is_same_v<T, double> ||
                                    (std::is_integral_v<T> && (sizeof(T) == 4 || sizeof(T) == 8));

/// `lanes<T, Bytes>`: how many samples of T the inner loops take at once, and the type that holds them. Integers are
/// held unsigned, so that sums wrap. Vectors are passed by reference and live in locals: a vector by value would change
/// the calling convention between instruction sets.
template <class T, int Bytes, bool Vector = has_vectors<T>>
struct lanes {
    static constexpr int count = 1;
    using vector = T;
    static FALTUNG_ALWAYS_INLINE void load(vector& v, T const* p) { v = *p; }
    static FALTUNG_ALWAYS_INLINE void store(T* p, vector const& v) { *p = v; }
    template <class W, class D>
    static FALTUNG_ALWAYS_INLINE void accumulate(vector& acc, W w, D const& x) {
        acc = multiply_add(acc, w, x);
    }
};

template <class T, int Bytes>
struct lanes<T, Bytes, true> {
    template <class U>
    struct lane {
        using type = U;
    };
    template <class U>
        requires std::is_integral_v<U>
    struct lane<U> {
        using type = std::make_unsigned_t<U>;
    };
    using element = typename lane<T>::type;

    static constexpr int count = Bytes / static_cast<int>(sizeof(T));
    typedef element vector __attribute__((vector_size(Bytes)));

    // memcpy of a constant size is one unaligned load or store
    static FALTUNG_ALWAYS_INLINE void load(vector& v, T const* p) { std::memcpy(&v, p, sizeof v); }
    static FALTUNG_ALWAYS_INLINE void store(T* p, vector const& v) { std::memcpy(p, &v, sizeof v); }
    // scalar * vector: a broadcast written as `vector{} + w` emits a real addition
    static FALTUNG_ALWAYS_INLINE void accumulate(vector& acc, T w, vector const& x) {
        acc += static_cast<element>(w) * x;
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
