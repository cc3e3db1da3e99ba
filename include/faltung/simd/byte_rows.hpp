// faltung/simd/byte_rows.hpp -- rows of bytes on their way to sums, and rows of sums on their way to bytes
#pragma once

#include <cstdint>

#include "../core/index.hpp"
#include "lanes.hpp"
#include "loops.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// A vector whose type depends on the parameters: that of a typedef in a template does not for g++ 12.
template <class Lane, int Bytes>
struct vector_of {
    typedef Lane type __attribute__((vector_size(Bytes)));
};

/// to[i] = from[i] for i in [0, count): bytes as floats or in 16 bits.
template <class To>
struct bytes_in {
    static_assert(std::is_same_v<To, float> || std::is_same_v<To, std::uint16_t>);

    struct arguments {
        std::uint8_t const* from;
        To* to;
        index_t count;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void block(std::uint8_t const* from, To* to) {
        if constexpr (sizeof(To) == 2) {
            typename vector_of<std::uint16_t, Bytes>::type v;
            load_bytes(v, from);
            std::memcpy(to, &v, sizeof v);
        } else {
            using integers = typename vector_of<std::int32_t, Bytes>::type;
            using floats = typename vector_of<float, Bytes>::type;
            integers v;
            typename vector_of<std::uint8_t, Bytes / 4>::type bytes;
            std::memcpy(&bytes, from, sizeof bytes);
            if constexpr (FALTUNG_HAS_BYTE_CONVERSIONS != 0)
                FALTUNG_WIDEN_BYTES(v, bytes);
            else
                v = __builtin_convertvector(bytes, integers);
            const floats f = __builtin_convertvector(v, floats);
            std::memcpy(to, &f, sizeof f);
        }
    }

    // the last vector may reach back over finished ones
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        constexpr index_t width = Bytes / static_cast<int>(sizeof(To));
        if constexpr (Bytes > 16) {
            if (a.count >= width) {
                for (index_t i = 0; i + width < a.count; i += width) block<Bytes>(a.from + i, a.to + i);
                return block<Bytes>(a.from + a.count - width, a.to + a.count - width);
            }
        }
        load_row(a.from, 1, a.to, a.count);
    }
};

/// Floats as bytes, rounded to nearest even, clamped to [0, 255], NaN as 0; `count` is a multiple of 16.
struct bytes_out {
    struct arguments {
        float const* from;
        std::uint8_t* to;
        index_t count;
    };

    // The sum of a number and 1.5 * 2^23 has the number's low bits in its own.
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void round(float const* from, std::uint8_t* to) {
        using floats = typename vector_of<float, Bytes>::type;
        using integers = typename vector_of<std::int32_t, Bytes>::type;
        using halves = typename vector_of<std::int16_t, Bytes / 2>::type;
        using bytes = typename vector_of<std::uint8_t, Bytes / 4>::type;
        floats v;
        std::memcpy(&v, from, sizeof v);
        const floats lowest = floats{}, highest = lowest + 255.0f, magic = lowest + 12582912.0f;
        v = v > lowest ? v : lowest;
        v = v < highest ? v : highest;
        v += magic;
        const integers whole = reinterpret_cast<integers>(v);
        const halves half = __builtin_convertvector(whole, halves);
        const bytes y = __builtin_convertvector(half, bytes);
        std::memcpy(to, &y, sizeof y);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void round_16(float const* from, std::uint8_t* to) {
        if constexpr (Bytes == 16 && has_rounding_to_bytes) {
            round_to_bytes(from, to);
        } else if constexpr (Bytes > 16 && FALTUNG_HAS_BYTE_CONVERSIONS != 0) {
            using floats = typename vector_of<float, Bytes>::type;
            const floats highest = floats{} + 255.0f;
            floats low, high;  // one vector where it holds all
            std::memcpy(&low, from, sizeof low);
            std::memcpy(&high, from + 16 - Bytes / 4, sizeof high);
            typename vector_of<std::uint8_t, Bytes / Bytes * 16>::type y;
            if constexpr (Bytes == 64)
                FALTUNG_BYTES_OF_16_FLOATS(y, low, highest);
            else
                FALTUNG_BYTES_OF_8_AND_8_FLOATS(y, low, high, highest);
            std::memcpy(to, &y, sizeof y);
        } else {
#pragma GCC unroll 4
            for (index_t b = 0; b < 16; b += Bytes / 4) round<Bytes>(from + b, to + b);
        }
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        for (index_t i = 0; i < a.count; i += 16) round_16<Bytes>(a.from + i, a.to + i);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
