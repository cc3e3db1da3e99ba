// faltung/simd/lanes.hpp -- a vector of samples, made of the compiler's own vector types; one sample where there are
// none
#pragma once

#include <cstring>
#include <type_traits>

#include "../core/algebra.hpp"
#include "../core/config.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

template <class T>
inline constexpr bool has_vectors = std::is_same_v<T, float> || std::is_same_v<T, double> ||
                                    (std::is_integral_v<T> && !std::is_same_v<T, bool> && sizeof(T) >= 2 &&
                                     sizeof(T) <= 8);

template <class Algebra, class R>
inline constexpr bool has_vectors<sum_in<Algebra, R>> = Algebra::has_vectors&& has_vectors<R>;

/// `lanes<T, Bytes>`: how many samples of T the inner loops take at once, and the type that holds them. Integers are
/// held unsigned, so that sums wrap. Vectors are passed by reference and live in locals: a vector by value would change
/// the calling convention between instruction sets.
template <class T, int Bytes, bool Vector = has_vectors<T>>
struct lanes {
    static constexpr int count = 1;
    using vector = T;
    static FALTUNG_ALWAYS_INLINE void clear(vector& v) { v = T{}; }
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

    static FALTUNG_ALWAYS_INLINE void clear(vector& v) { v = vector{}; }
    // memcpy of a constant size is one unaligned load or store
    static FALTUNG_ALWAYS_INLINE void load(vector& v, T const* p) { std::memcpy(&v, p, sizeof v); }
    static FALTUNG_ALWAYS_INLINE void store(T* p, vector const& v) { std::memcpy(p, &v, sizeof v); }
    // scalar * vector: a broadcast written as `vector{} + w` emits a real addition
    static FALTUNG_ALWAYS_INLINE void accumulate(vector& acc, T w, vector const& x) {
        acc += static_cast<element>(w) * x;
    }
};

/// So many bytes as the 16-bit lanes of a vector.
template <class Vector>
FALTUNG_ALWAYS_INLINE void load_bytes(Vector& v, std::uint8_t const* from) {
    typedef std::uint8_t bytes __attribute__((vector_size(sizeof(Vector) / 2)));
    bytes b;
    std::memcpy(&b, from, sizeof b);
    v = __builtin_convertvector(b, Vector);
}

/// Sums in another algebra: integers are signed here, so that they can be compared.
template <class Algebra, class R, int Bytes>
struct lanes<sum_in<Algebra, R>, Bytes, true> {
    static constexpr int count = Bytes / static_cast<int>(sizeof(R));
    typedef R vector __attribute__((vector_size(Bytes)));

    static FALTUNG_ALWAYS_INLINE void clear(vector& v) { v = vector{} + Algebra::template zero<R>; }
    static FALTUNG_ALWAYS_INLINE void load(vector& v, sum_in<Algebra, R> const* p) { std::memcpy(&v, p, sizeof v); }
    static FALTUNG_ALWAYS_INLINE void store(sum_in<Algebra, R>* p, vector const& v) {
        std::memcpy(static_cast<void*>(p), &v, sizeof v);
    }
    template <class Data>
    static FALTUNG_ALWAYS_INLINE void accumulate(vector& acc, R w, Data const& data) {
        if (w == Algebra::template zero<R>) return;
        vector x;
        std::memcpy(&x, &data, sizeof x);
        if constexpr (Algebra::name == algebra::or_and) {
            const vector one = vector{} + R{1};
            acc = x != 0 ? one : acc;
        } else {
            x += w;
            if constexpr (Algebra::name == algebra::max_plus)
                acc = ((x > acc) | (x != x)) ? x : acc;
            else
                acc = ((x < acc) | (x != x)) ? x : acc;
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
