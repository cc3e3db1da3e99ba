// faltung/simd/lane_samples.hpp -- samples of several problems into the lanes of vectors, and out of them
#pragma once

#include <utility>
#include <vector>

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"
#include "transpose_lanes.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Where the samples of a problem lie: sample e of lane l at lanes[l] + places[e]. If those are the places from 0 to
/// count - 1 in some order, samples[places[e]] = e, and several are moved at once; else `samples` is null.
template <class R>
struct lane_places {
    index_t const *lanes, *places, *samples;
    R const* factors;  // of every sample, or null
    index_t count;
};

/// The places of a problem's samples, one after the other, and what they are multiplied by; of a complex number its two
/// parts, of which the imaginary one has the factor.
template <class R, bool Complex>
class lane_route {
    std::vector<index_t> places_, samples_;
    std::vector<R> factors_;

public:
    void add(index_t place, R of_imaginary) {
        if constexpr (Complex) {
            places_.insert(places_.end(), {2 * place, 2 * place + 1});
            factors_.insert(factors_.end(), {R{1}, of_imaginary});
        } else {
            places_.push_back(place);
        }
    }

    /// To be called after the last add.
    void find_samples() {
        std::vector<index_t> at(places_.size(), index_t{-1});
        for (std::size_t e = 0; e < places_.size(); ++e) {
            const auto place = static_cast<std::size_t>(places_[e]);
            if (place >= at.size() || at[place] >= 0) return;
            at[place] = static_cast<index_t>(e);
        }
        samples_ = std::move(at);
    }

    lane_places<R> of(std::vector<index_t> const& lanes) const {
        return {lanes.data(), places_.data(), samples_.empty() ? nullptr : samples_.data(),
                factors_.empty() ? nullptr : factors_.data(), static_cast<index_t>(places_.size())};
    }
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

    // sample e of every lane by its factor
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void multiply(R* samples, lane_places<R> const& at) {
        constexpr int count = lanes<R, Bytes>::count;
        for (index_t e = 0; e < at.count; ++e)
            for (int l = 0; l < count; ++l) samples[e * count + l] *= at.factors[e];
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using part = lanes<R, Bytes>;
        constexpr int count = part::count;
        if (a.at.samples && a.at.count % count == 0) {
            for (index_t place = 0; place < a.at.count; place += count) {
                typename part::vector v[static_cast<std::size_t>(count)];
#pragma GCC unroll 16
                for (int l = 0; l < count; ++l) part::load(v[l], a.from + place + a.at.lanes[l]);
                transpose_lanes<R, Bytes>(v);
#pragma GCC unroll 16
                for (int c = 0; c < count; ++c) part::store(a.to + a.at.samples[place + c] * count, v[c]);
            }
        } else {
            for (index_t e = 0; e < a.at.count; ++e)
#pragma GCC unroll 16
                for (int l = 0; l < count; ++l) a.to[e * count + l] = a.from[a.at.places[e] + a.at.lanes[l]];
        }
        if (a.at.factors) multiply<Bytes>(a.to, a.at);
    }
};

/// to[lanes[l] + places[e]] = factors[e] from[e count + l], lane after lane: of problems that are one in memory the
/// last stays. `past_caches`: what is written is not needed soon, and every problem begins and ends with a line of the
/// cache; the caller finishes such stores.
template <class R>
struct lane_scatter {
    struct arguments {
        R* from;  // which factors change
        lane_places<R> at;
        R* to;
        bool past_caches;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using part = lanes<R, Bytes>;
        constexpr int count = part::count;
        typedef R aligned __attribute__((vector_size(sizeof(typename part::vector)), may_alias));
        if (a.at.factors) lane_gather<R>::template multiply<Bytes>(a.from, a.at);
        if (a.at.samples && a.at.count % count == 0) {
            for (index_t place = 0; place < a.at.count; place += count) {
                typename part::vector v[static_cast<std::size_t>(count)];
#pragma GCC unroll 16
                for (int c = 0; c < count; ++c) part::load(v[c], a.from + a.at.samples[place + c] * count);
                transpose_lanes<R, Bytes>(v);
#pragma GCC unroll 16
                for (int l = 0; l < count; ++l) {
                    R* const to = a.to + place + a.at.lanes[l];
                    if (a.past_caches)
                        FALTUNG_STORE_PAST_CACHES(*reinterpret_cast<aligned*>(to), v[l]);
                    else
                        part::store(to, v[l]);
                }
            }
        } else {
            for (index_t e = 0; e < a.at.count; ++e)
#pragma GCC unroll 16
                for (int l = 0; l < count; ++l) a.to[a.at.places[e] + a.at.lanes[l]] = a.from[e * count + l];
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
