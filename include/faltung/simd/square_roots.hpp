// faltung/simd/square_roots.hpp -- the square roots of a row of samples, a vector at a time
#pragma once

#include <cmath>

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// data[i] = sqrt(data[i]) for i in [0, count), each correctly rounded.
template <class T>
struct square_roots {
    struct arguments {
        T* data;
        index_t count;
    };

    static constexpr bool has_instruction =
        has_wider_versions && (std::is_same_v<T, float> || std::is_same_v<T, double>);

    template <int Bytes>
    struct [[gnu::may_alias]] samples {
        T at[static_cast<std::size_t>(Bytes) / sizeof(T)];
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void roots_of(samples<Bytes>& v) {
        static_assert(sizeof v == Bytes);  // and so complete: clang wants that of an operand
        constexpr bool is_float = sizeof(T) == 4;
        if constexpr (Bytes == 64 && is_float)
            FALTUNG_EVERY_LANE("vsqrtps", "vmovups", "zmm0", v, v);
        else if constexpr (Bytes == 64)
            FALTUNG_EVERY_LANE("vsqrtpd", "vmovupd", "zmm0", v, v);
        else if constexpr (Bytes == 32 && is_float)
            FALTUNG_EVERY_LANE("vsqrtps", "vmovups", "ymm0", v, v);
        else if constexpr (Bytes == 32)
            FALTUNG_EVERY_LANE("vsqrtpd", "vmovupd", "ymm0", v, v);
        else if constexpr (is_float)
            FALTUNG_EVERY_LANE("sqrtps", "movups", "xmm0", v, v);
        else
            FALTUNG_EVERY_LANE("sqrtpd", "movupd", "xmm0", v, v);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        index_t i = 0;
        if constexpr (has_instruction) {
            constexpr index_t width = Bytes / static_cast<int>(sizeof(T));
            for (; i + width <= a.count; i += width) roots_of(*reinterpret_cast<samples<Bytes>*>(a.data + i));
            if constexpr (Bytes > 16) FALTUNG_LEAVE_WIDE_REGISTERS();
        }
        for (; i < a.count; ++i) a.data[i] = std::sqrt(a.data[i]);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
