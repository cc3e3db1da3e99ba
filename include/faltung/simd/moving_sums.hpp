// faltung/simd/moving_sums.hpp -- sums over all windows of a line, each from the one before it
#pragma once

#include <cstdint>
#include <cstring>
#include <utility>

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// to[o] = x[o] + ... + x[o + taps - 1] for o in [0, count): each is the one before it, moved by a sample. For
/// integers; sums of 32 bits are several at a time those of the differences, and x may be of a shorter type.
template <class T, class From>
struct moving_sums {
    struct arguments {
        From const* x;
        index_t taps;
        T* to;
        index_t count;
    };

    // v[k] += v[k - Lanes] for all k >= Lanes
    template <int By, class V, std::size_t... Lane>
    static FALTUNG_ALWAYS_INLINE void add_moved(V& v, std::index_sequence<Lane...>) {
        constexpr int n = sizeof...(Lane);
        v += __builtin_shufflevector(v, V{}, (static_cast<int>(Lane) < By ? n : static_cast<int>(Lane) - By)...);
    }
    template <class V, std::size_t... Lane>
    static FALTUNG_ALWAYS_INLINE void repeat_last(V& v, std::index_sequence<Lane...>) {
        v = __builtin_shufflevector(v, v, ((void)Lane, static_cast<int>(sizeof...(Lane)) - 1)...);
    }

    // to 16 bits and then to 32: g++ 12 makes scalar code of both at once
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void load(typename lanes<T, Bytes>::vector& v, From const* from) {
        typedef From given __attribute__((vector_size(Bytes / sizeof(T) * sizeof(From))));
        typedef std::conditional_t<sizeof(From) == 1, std::int16_t, From> half
            __attribute__((vector_size(Bytes / sizeof(T) * (sizeof(From) == 1 ? 2 : sizeof(From)))));
        typedef T whole __attribute__((vector_size(Bytes)));
        given narrow;
        std::memcpy(&narrow, from, sizeof narrow);
        const whole wide = __builtin_convertvector(__builtin_convertvector(narrow, half), whole);
        std::memcpy(&v, &wide, sizeof v);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        From const* const newest = a.x + a.taps;
        T sum{};
        for (index_t t = 0; t < a.taps; ++t) sum += a.x[t];
        a.to[0] = sum;
        index_t i = 1;
        if constexpr (std::is_same_v<T, std::int32_t>) {
            using L = lanes<T, Bytes>;
            using V = typename L::vector;
            constexpr std::make_index_sequence<static_cast<std::size_t>(L::count)> every;
            V before = V{} + static_cast<typename L::element>(sum);
            for (; i + L::count <= a.count; i += L::count) {
                V v, oldest;
                load<Bytes>(v, newest + i - 1);
                load<Bytes>(oldest, a.x + i - 1);
                v -= oldest;
                add_moved<1>(v, every);
                add_moved<2>(v, every);
                if constexpr (L::count > 4) add_moved<4>(v, every);
                if constexpr (L::count > 8) add_moved<8>(v, every);
                v += before;
                L::store(a.to + i, v);
                before = v;
                repeat_last(before, every);
            }
            sum = a.to[i - 1];
        }
        for (; i < a.count; ++i)
            a.to[i] = sum = static_cast<T>(sum + (static_cast<T>(newest[i - 1]) - static_cast<T>(a.x[i - 1])));
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
