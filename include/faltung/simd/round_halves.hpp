// faltung/simd/round_halves.hpp -- sums held in 16 bits become integers of 8 or 16: a division by a power of two,
// rounded
#pragma once

#include <cstdint>

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// to[i] = from[i] / 2^shift, rounded to nearest, ties to even, then clamped to [lowest, highest], then modulo 2^bits
/// of Y; `from` holds a Half, int16 or uint16, and shift is 0 to 15.
template <class Half, class Y>
struct round_halves {
    static_assert(sizeof(Half) == 2 && sizeof(Y) <= 2);

    struct arguments {
        std::uint16_t const* from;
        Y* to;
        index_t count;
        int shift;
        Half lowest, highest;
    };

    // v = q 2^shift + r with 0 <= r < 2^shift, and q + 1 is nearer where 2 r > 2^shift, or 2 r = 2^shift and q is odd:
    // where r + (q mod 2) + 2^(shift - 1) - 1 >= 2^shift. That sum is less than 2^(shift + 1), and so is one or
    // nothing when shifted; it is below 2^16.
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void block(arguments const& a, index_t i) {
        constexpr int count = Bytes / 2;
        typedef Half halves __attribute__((vector_size(Bytes)));
        typedef std::uint16_t magnitudes __attribute__((vector_size(Bytes)));
        typedef Y results __attribute__((vector_size(count * sizeof(Y))));
        halves v;
        std::memcpy(&v, a.from + i, sizeof v);
        if (a.shift > 0) {
            const auto below = static_cast<std::uint16_t>((1u << a.shift) - 1),
                       half = static_cast<std::uint16_t>((1u << (a.shift - 1)) - 1);
            const magnitudes r = reinterpret_cast<magnitudes>(v) & below;
            v >>= a.shift;
            const magnitudes odd = reinterpret_cast<magnitudes>(v) & static_cast<std::uint16_t>(1);
            const magnitudes up = (r + odd + half) >> a.shift;
            v += reinterpret_cast<halves>(up);
        }
        const halves low = halves{} + a.lowest, high = halves{} + a.highest;
        v = v < low ? low : v;
        v = v > high ? high : v;
        const results y = __builtin_convertvector(v, results);
        std::memcpy(a.to + i, &y, sizeof y);
    }

    // the last vector may reach back over finished outputs
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        constexpr index_t width = Bytes / 2;
        if (a.count >= width) {
            for (index_t i = 0; i + width < a.count; i += width) block<Bytes>(a, i);
            block<Bytes>(a, a.count - width);
        } else if constexpr (width > 1) {
            body<Bytes / 2>(a);
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
