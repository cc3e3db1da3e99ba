// faltung/simd/sample_copy.hpp -- rows of samples on their way to a tile and from one, and the largest among them
#pragma once

#include <cmath>
#include <cstdint>
#include <utility>

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// What was seen of some numbers: their largest magnitude, and 0 or, if one of them is not finite, NaN.
template <class T>
struct magnitudes {
    T largest = 0, damage = 0;
};

/// Looks at `count` numbers, and copies them unless `to` is nothing; the lines of both arrays are asked for ahead where
/// they come from afar.
template <class T>
struct magnitude_scan {
    struct arguments {
        T const* from;
        T* to;
        index_t count;
        magnitudes<T>* seen;  // of these numbers, too
        destination where;
    };

    template <class V>
    static FALTUNG_ALWAYS_INLINE void look_at(V const& v, V& most, V& least, V& damage) {
        most = v > most ? v : most;
        least = v < least ? v : least;
        damage *= v;  // 0 times what is not finite is NaN, and stays it
    }

    enum class copying : unsigned char { none, ordinary, from_afar };

    template <int Bytes, copying How>
    static FALTUNG_ALWAYS_INLINE void copy(arguments const& a, index_t i, typename lanes<T, Bytes>::vector const& v) {
        if constexpr (How == copying::from_afar) {
            fetch_ahead(a.from + i, bytes_to_write_ahead);
            fetch_to_write(a.to + i, bytes_to_write_ahead);
        }
        if constexpr (How != copying::none) lanes<T, Bytes>::store(a.to + i, v);
    }

    template <int Bytes, copying How>
    static FALTUNG_ALWAYS_INLINE void sweep(arguments const& a) {
        using L = lanes<T, Bytes>;
        constexpr index_t some = has_vectors<T> ? 128 / Bytes : 2;     // vectors at a time
        typename L::vector most{}, least{}, damage{}, other_damage{};  // a product waits for the one before
        index_t i = 0;
        for (; i + some * L::count <= a.count; i += some * L::count) {
            typename L::vector v[std::size_t{some}];
            for (index_t k = 0; k < some; ++k) L::load(v[k], a.from + i + k * L::count);
            for (index_t k = 0; k < some; k += 2) {
                look_at(v[k], most, least, damage);
                look_at(v[k + 1], most, least, other_damage);
            }
            for (index_t k = 0; k < some; ++k) copy<Bytes, How>(a, i + k * L::count, v[k]);
        }
        for (; i + L::count <= a.count; i += L::count) {
            typename L::vector v;
            L::load(v, a.from + i);
            look_at(v, most, least, damage);
            copy<Bytes, How>(a, i, v);
        }
        const typename L::vector largest = most > -least ? most : -least;
        damage += other_damage;
        T high[L::count], low[L::count];
        L::store(high, largest);
        L::store(low, damage);
        magnitudes<T> seen = *a.seen;
        for (int k = 0; k < L::count; ++k) {
            seen.largest = high[k] > seen.largest ? high[k] : seen.largest;
            seen.damage += low[k];
        }
        for (; i < a.count; ++i) {
            const T v = a.from[i];
            seen.largest = std::fabs(v) > seen.largest ? std::fabs(v) : seen.largest;
            seen.damage += v * T(0);
            if constexpr (How != copying::none) a.to[i] = v;
        }
        *a.seen = seen;
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        if (!a.to) return sweep<Bytes, copying::none>(a);
        if (a.where != destination::caches_from_afar) return sweep<Bytes, copying::ordinary>(a);
        sweep<Bytes, copying::from_afar>(a);
    }
};

/// to[j] = from[j], to any of the places where results go.
template <class T>
struct sample_copy {
    struct arguments {
        T const* from;
        T* to;
        index_t count;
        destination where;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<T, Bytes>;
        index_t i = 0;
        if constexpr (has_vectors<T>) {
            if (a.where == destination::past_caches) {
                for (; i < a.count && reinterpret_cast<std::uintptr_t>(a.to + i) % Bytes != 0; ++i) a.to[i] = a.from[i];
                for (; i + L::count <= a.count; i += L::count) {
                    typename L::vector v;
                    L::load(v, a.from + i);
                    FALTUNG_STORE_PAST_CACHES(*reinterpret_cast<typename L::vector*>(a.to + i), v);
                }
            } else {
                for (; i + L::count <= a.count; i += L::count) {
                    if (a.where == destination::caches_from_afar) {
                        fetch_ahead(a.from + i, bytes_to_write_ahead);
                        fetch_to_write(a.to + i, bytes_to_write_ahead);
                    }
                    typename L::vector v;
                    L::load(v, a.from + i);
                    L::store(a.to + i, v);
                }
            }
        }
        for (; i < a.count; ++i) a.to[i] = a.from[i];
    }
};

/// to[-j] = factor * from[j]
template <class T>
struct reversed_scaling {
    struct arguments {
        T const* from;
        T* to;
        index_t count;
        T factor;
    };

    template <int Bytes, std::size_t... Lane>
    static FALTUNG_ALWAYS_INLINE void reverse(typename lanes<T, Bytes>::vector& v, std::index_sequence<Lane...>) {
        v = __builtin_shufflevector(v, v, (static_cast<int>(sizeof...(Lane)) - 1 - static_cast<int>(Lane))...);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<T, Bytes>;
        index_t j = 0;
        if constexpr (has_vectors<T>)
            for (; j + L::count <= a.count; j += L::count) {
                typename L::vector v;
                L::load(v, a.from + j);
                reverse<Bytes>(v, std::make_index_sequence<static_cast<std::size_t>(L::count)>());
                v *= a.factor;
                L::store(a.to - j - (L::count - 1), v);
            }
        for (; j < a.count; ++j) a.to[-j] = a.factor * a.from[j];
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
