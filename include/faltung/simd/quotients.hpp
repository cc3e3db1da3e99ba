// faltung/simd/quotients.hpp -- integers divided by one integer and rounded to nearest
#pragma once

#include <cstdint>

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// to[i] = from[i] / divisor, rounded to nearest, ties to even or upwards, for i in [0, count), a multiple of `unit`;
/// `to` may be `from`, integers of 32 or 16 bits. A shorter type gets the lowest bits. lowest <= from[i] <= highest,
/// both with divisor / 2 within 2^31, and the quotients are below 2^20.
template <class To, class From = std::int32_t>
struct quotients {
    static constexpr index_t unit = 16;

    struct arguments {
        From const* from;
        To* to;
        index_t count;
        std::int32_t divisor;  // > 0
        std::int32_t lowest, highest;
        std::int32_t lowest_bit_of_ties;  // what a tie may not have: 1, or 0 where it goes upwards
    };

    template <int Bytes>
    struct vectors {
        static constexpr index_t count = Bytes / 4;
        typedef std::int32_t integers __attribute__((vector_size(Bytes)));
        typedef float floats __attribute__((vector_size(Bytes)));
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void load(typename vectors<Bytes>::integers& v, From const* from) {
        typedef From given __attribute__((vector_size(Bytes / 4 * sizeof(From))));
        given g;
        std::memcpy(&g, from, sizeof g);
        v = __builtin_convertvector(g, typename vectors<Bytes>::integers);
    }

    // to 16 bits and then to 8: g++ 12 makes scalar code of both at once
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void store(To* to, typename vectors<Bytes>::integers const& q) {
        typedef To stored __attribute__((vector_size(Bytes / 4 * sizeof(To))));
        typedef std::int16_t halves __attribute__((vector_size(Bytes / 2)));
        stored v;
        if constexpr (sizeof(To) == 1)
            v = __builtin_convertvector(__builtin_convertvector(q, halves), stored);
        else
            v = __builtin_convertvector(q, stored);
        std::memcpy(to, &v, sizeof v);
    }

    // v / divisor rounded down, for any v
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void divide(arguments const& a) {
        using V = vectors<Bytes>;
        // An odd divisor has no ties; of an even one, v + divisor / 2 is a multiple where there is one.
        const std::int32_t half = a.divisor / 2, lowest_bit_of_ties = (1 - a.divisor % 2) & a.lowest_bit_of_ties;
        const float inverse = 1 / static_cast<float>(a.divisor);
        for (index_t i = 0; i < a.count; i += V::count) {
            typename V::integers v, q, rest;
            load<Bytes>(v, a.from + i);
            v += half;
            // within 2^-22 of v / divisor, relatively, and then towards 0: beyond the floor by two at most, or below it
            // by one, as the rest tells
            q = __builtin_convertvector(__builtin_convertvector(v, typename V::floats) * inverse, typename V::integers);
            rest = v - a.divisor * q;
#pragma GCC unroll 2
            for (int again = 0; again < 2; ++again) {
                const typename V::integers below = rest < 0;
                q += below;
                rest += a.divisor & below;
            }
            const typename V::integers beyond = rest >= a.divisor;
            q -= beyond;
            rest -= a.divisor & beyond;
            q -= (q & lowest_bit_of_ties) & (rest == 0);
            store<Bytes>(a.to + i, q);
        }
    }

    // The same where v, moved up by a multiple of the divisor so that none is negative, is below 2^21: v + 1 / 2 is a
    // float, its quotient by the divisor is at least 1 / (2 divisor) from an integer and the computed one within 2^-23
    // of it, relatively, which is less: what is before the point is right.
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void divide_small(arguments const& a, std::int32_t turns) {
        using V = vectors<Bytes>;
        const std::int32_t up = turns * a.divisor + a.divisor / 2;
        const float inverse = 1 / static_cast<float>(a.divisor);
        for (index_t i = 0; i < a.count; i += V::count) {
            typename V::integers v, q;
            load<Bytes>(v, a.from + i);
            v += up;
            q = __builtin_convertvector((__builtin_convertvector(v, typename V::floats) + 0.5f) * inverse,
                                        typename V::integers);
            if (a.divisor % 2 == 0 && a.lowest_bit_of_ties == 1) {
                const typename V::integers rest = v - a.divisor * q;
                q -= turns;
                q -= (q & 1) & (rest == 0);
            } else {
                q -= turns;
            }
            store<Bytes>(a.to + i, q);
        }
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        const std::int64_t turns = a.lowest < 0 ? (a.divisor - 1 - std::int64_t{a.lowest}) / a.divisor : 0;
        if (a.highest + (turns + 1) * a.divisor < std::int64_t{1} << 21)
            divide_small<Bytes>(a, static_cast<std::int32_t>(turns));
        else
            divide<Bytes>(a);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
