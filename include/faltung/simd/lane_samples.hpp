// faltung/simd/lane_samples.hpp -- samples of several problems into the lanes of vectors, and out of them
#pragma once

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Where the samples of a problem lie: sample e of lane l at lanes[l] + places[e].
template <class R>
struct lane_places {
    index_t const *lanes, *places;
    R const* factors;  // of every sample, or null
    index_t count;
};

/// Problem l of a vector's lanes begins at from + lanes[l]: to[e count + l] = factors[e] from[lanes[l] + places[e]], or
/// without factors.
template <class R>
struct lane_gather {
    struct arguments {
        R const* from;
        lane_places<R> at;
        R* to;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        constexpr int count = lanes<R, Bytes>::count;
        for (index_t e = 0; e < a.at.count; ++e) {
            const index_t place = a.at.places[e];
#pragma GCC unroll 16
            for (int l = 0; l < count; ++l) a.to[e * count + l] = a.from[place + a.at.lanes[l]];
            if (a.at.factors)
                for (int l = 0; l < count; ++l) a.to[e * count + l] *= a.at.factors[e];
        }
    }
};

/// to[lanes[l] + places[e]] = factors[e] from[e count + l], lane after lane: of problems that are one in memory the
/// last stays.
template <class R>
struct lane_scatter {
    struct arguments {
        R* from;  // which factors change
        lane_places<R> at;
        R* to;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        constexpr int count = lanes<R, Bytes>::count;
        for (index_t e = 0; e < a.at.count; ++e) {
            const index_t place = a.at.places[e];
            if (a.at.factors)
                for (int l = 0; l < count; ++l) a.from[e * count + l] *= a.at.factors[e];
#pragma GCC unroll 16
            for (int l = 0; l < count; ++l) a.to[place + a.at.lanes[l]] = a.from[e * count + l];
        }
    }
};

/// Whether all of count samples in a row are finite: the sum of their products with 0 is 0.
template <class R>
struct finite_scan {
    struct arguments {
        R const* from;
        index_t count;
        bool* is_finite;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using part = lanes<R, Bytes>;
        constexpr index_t width = part::count;
        typename part::vector sum[4], x;
        for (auto& v : sum) part::clear(v);
        index_t i = 0;
        for (; i + 4 * width <= a.count; i += 4 * width)
#pragma GCC unroll 4
            for (index_t c = 0; c < 4; ++c) {
                part::load(x, a.from + i + c * width);
                sum[c] += x * R{0};
            }
        R rest = 0;
        for (; i < a.count; ++i) rest += a.from[i] * 0;
        sum[0] += (sum[1] + sum[2]) + sum[3];
        for (int l = 0; l < part::count; ++l) rest += sum[0][l];
        *a.is_finite = rest == 0;
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
