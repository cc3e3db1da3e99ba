// faltung/simd/interleave.hpp -- rows of two arrays, sample by sample, into rows of one
#pragma once

#include <algorithm>

#include "../core/index.hpp"
#include "target.hpp"
#include "transpose_lanes.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// For rows r: to[r * to_step + 2 i] = even[r * evens + i] and to[r * to_step + 2 i + 1] = odd[r * odds + i], `evens` =
/// `odds` or one more of them. Nothing else is written.
template <class T>
struct interleave_rows {
    struct arguments {
        T const *even, *odd;
        index_t evens, odds, rows;
        T* to;
        index_t to_step;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<T, Bytes>;
        constexpr index_t width = L::count;
        for (index_t r = 0; r < a.rows; ++r) {
            T const *const even = a.even + r * a.evens, *const odd = a.odd + r * a.odds;
            T* const to = a.to + r * a.to_step;
            index_t i = 0;
            if constexpr (has_vectors<T>)
                for (; i < a.odds && a.odds >= width; i += width) {
                    i = std::min(i, a.odds - width);  // the last ones reach back
                    typename L::vector low, high;
                    L::load(low, even + i);
                    L::load(high, odd + i);
                    mix_lanes<T, Bytes>(low, high, low, high,
                                        std::make_index_sequence<static_cast<std::size_t>(L::count)>());
                    L::store(to + 2 * i, low);
                    L::store(to + 2 * i + width, high);
                }
            for (; i < a.odds; ++i) {
                to[2 * i] = even[i];
                to[2 * i + 1] = odd[i];
            }
            if (a.evens > a.odds) to[2 * a.odds] = even[a.odds];
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
