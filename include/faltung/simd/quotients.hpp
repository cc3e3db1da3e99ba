// faltung/simd/quotients.hpp -- integers divided by one integer and rounded to nearest, a tie to even
#pragma once

#include <cstdint>

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// data[i] = data[i] / divisor, rounded to nearest, ties to even, for i in [0, count), a multiple of `unit`.
/// |data[i]| + divisor / 2 < 2^31, and the quotients are below 2^20.
struct quotients {
    static constexpr index_t unit = 16;

    struct arguments {
        std::int32_t* data;
        index_t count;
        std::int32_t divisor;  // > 0
    };

    template <int Bytes>
    struct vectors {
        static constexpr index_t count = Bytes / 4;
        typedef std::int32_t integers __attribute__((vector_size(Bytes)));
        typedef float floats __attribute__((vector_size(Bytes)));
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using V = vectors<Bytes>;
        // An odd divisor has no ties; of an even one, v + divisor / 2 is a multiple where there is one.
        const std::int32_t half = a.divisor / 2, lowest_bit_of_ties = 1 - a.divisor % 2;
        const float inverse = 1 / static_cast<float>(a.divisor);
        for (index_t i = 0; i < a.count; i += V::count) {
            typename V::integers v, q, rest;
            std::memcpy(&v, a.data + i, sizeof v);
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
            std::memcpy(a.data + i, &q, sizeof q);
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
