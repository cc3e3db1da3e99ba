// faltung/simd/square_roots.hpp -- the square roots of a row of samples, a vector at a time
#pragma once

#include <cmath>
#include <cstdint>

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// to[i] = sqrt(from[i]) for i in [0, count), each correctly rounded; `to` may be `from`, but not past the
/// caches.
template <class T>
struct square_roots {
    struct arguments {
        T const* from;
        T* to;
        index_t count;
        destination where;
    };

    static constexpr bool has_instruction =
        has_wider_versions && (std::is_same_v<T, float> || std::is_same_v<T, double>);

    template <int Bytes>
    struct [[gnu::may_alias]] samples {
        T at[static_cast<std::size_t>(Bytes) / sizeof(T)];
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void roots_of(samples<Bytes> const& from, samples<Bytes>& to) {
        static_assert(sizeof to == Bytes);  // and so complete: clang wants that of an operand
        constexpr bool is_float = sizeof(T) == 4;
        if constexpr (Bytes == 64 && is_float)
            FALTUNG_EVERY_LANE("vsqrtps", "vmovups", "zmm0", to, from);
        else if constexpr (Bytes == 64)
            FALTUNG_EVERY_LANE("vsqrtpd", "vmovupd", "zmm0", to, from);
        else if constexpr (Bytes == 32 && is_float)
            FALTUNG_EVERY_LANE("vsqrtps", "vmovups", "ymm0", to, from);
        else if constexpr (Bytes == 32)
            FALTUNG_EVERY_LANE("vsqrtpd", "vmovupd", "ymm0", to, from);
        else if constexpr (is_float)
            FALTUNG_EVERY_LANE("sqrtps", "movups", "xmm0", to, from);
        else
            FALTUNG_EVERY_LANE("sqrtpd", "movupd", "xmm0", to, from);
    }

    // the same into memory that is aligned to a vector, past the caches
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void roots_past_caches(samples<Bytes> const& from, samples<Bytes>& to) {
        typedef T vector __attribute__((vector_size(Bytes), may_alias));
        samples<Bytes> roots;
        vector v;
        roots_of<Bytes>(from, roots);
        std::memcpy(&v, &roots, sizeof v);
        FALTUNG_STORE_PAST_CACHES(*reinterpret_cast<vector*>(&to), v);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using vector = samples<Bytes>;
        index_t i = 0;
        if constexpr (has_instruction) {
            constexpr index_t width = Bytes / static_cast<int>(sizeof(T)), line = 64 / static_cast<int>(sizeof(T));
            if (a.where == destination::past_caches) {  // whole lines of the cache: one that is written both ways is
                                                        // fetched once more
                const index_t before = static_cast<index_t>(reinterpret_cast<std::uintptr_t>(a.to) / sizeof(T)) % line;
                for (; i < (line - before) % line && i < a.count; ++i) a.to[i] = std::sqrt(a.from[i]);
                for (index_t last = i + (a.count - i) / line * line; i < last; i += width)
                    roots_past_caches<Bytes>(*reinterpret_cast<vector const*>(a.from + i),
                                             *reinterpret_cast<vector*>(a.to + i));
            }
            const std::uintptr_t ahead = a.where == destination::caches_from_afar ? bytes_to_write_ahead : 0;
            for (; i + width <= a.count; i += width) {
                fetch_to_write(a.to + i, ahead);
                roots_of<Bytes>(*reinterpret_cast<vector const*>(a.from + i), *reinterpret_cast<vector*>(a.to + i));
            }
            if constexpr (Bytes > 16) FALTUNG_LEAVE_WIDE_REGISTERS();
        }
        for (; i < a.count; ++i) a.to[i] = std::sqrt(a.from[i]);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
