// faltung/simd/plane_packing.hpp -- a plane of a few lines, extended beyond its ends, packed line by line
#pragma once

#include <algorithm>

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// What stands beyond an end of every line: its sample `from`, or a constant where that is negative.
struct outer_sample {
    index_t to, from;
};

/// For every packed line i, with s = source[i]: table[i] is where it lies, and
///
///     to[i * length + begin + j] = x[s * line_step + (first + j) * step]     for j in [0, count)
///     to[i * length + o.to] = x[s * line_step + o.from * step], or `beside`  for every outer sample o
///
/// and `above` in place of samples where s < 0. Nothing else is written.
template <class T>
struct plane_packing {
    static_assert(has_vectors<T>);

    struct arguments {
        T const* x;
        index_t line_step, step;
        index_t const* source;
        index_t lines, length, first, begin, count;
        T above, beside;
        outer_sample const* outer;
        index_t outer_count;
        T* to;
        T const** table;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<T, Bytes>;
        typedef T sample __attribute__((may_alias));  // long where T is long long
        constexpr index_t width = L::count;
        // minus, so that -0 stays
        const typename L::vector above = static_cast<typename L::element>(a.above) - typename L::vector{};
        T* line = a.to;
        for (index_t i = 0; i < a.lines; ++i, line += a.length) {
            a.table[i] = line;
            T* const to = line + a.begin;
            const bool is_above = a.source[i] < 0;
            if (is_above && a.count < width) {
                for (index_t j = 0; j < a.count; ++j) to[j] = a.above;
                continue;
            }
            if (is_above) {
                for (index_t j = 0; j < a.count; j += width) L::store(to + std::min(j, a.count - width), above);
                continue;
            }
            sample const* const from = a.x + a.source[i] * a.line_step + a.first * a.step;
            if (a.step != 1 || a.count < width) {
                for (index_t j = 0; j < a.count; ++j) to[j] = from[j * a.step];
                continue;
            }
            for (index_t j = 0; j < a.count; j += width) {
                j = std::min(j, a.count - width);  // the last ones reach back
                typename L::vector v;
                std::memcpy(&v, from + j, sizeof v);
                L::store(to + j, v);
            }
        }
        for (index_t k = 0; k < a.outer_count; ++k) {
            sample const* const x = a.x;
            T* to = a.to + a.outer[k].to;
            const index_t from = a.outer[k].from * a.step;
            if (a.outer[k].from < 0)
                for (index_t i = 0; i < a.lines; ++i, to += a.length) *to = a.beside;
            else
                for (index_t i = 0; i < a.lines; ++i, to += a.length)
                    *to = a.source[i] < 0 ? a.above : x[a.source[i] * a.line_step + from];
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
