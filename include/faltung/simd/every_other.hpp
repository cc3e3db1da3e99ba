// faltung/simd/every_other.hpp -- every other sample of a row, for windows that are two apart
#pragma once

#include "../core/index.hpp"
#include "target.hpp"
#include "transpose_lanes.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// to[i] = from[2 i] for i in [0, count). Samples between those are read, none behind the last one.
template <class T>
struct every_other {
    struct arguments {
        T const* from;
        T* to;
        index_t count;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<T, Bytes>;
        index_t i = 0;
        if constexpr (has_vectors<T>)
            for (; i + L::count < a.count; i += L::count) {  // one more follows: the odd sample before it is there
                typename L::vector even, odd;
                L::load(even, a.from + 2 * i);
                L::load(odd, a.from + 2 * i + L::count);
                split_lanes<T, Bytes>(even, odd, even, odd,
                                      std::make_index_sequence<static_cast<std::size_t>(L::count)>());
                L::store(a.to + i, even);
            }
        for (; i < a.count; ++i) a.to[i] = a.from[2 * i];
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
