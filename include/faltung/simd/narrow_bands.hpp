// faltung/simd/narrow_bands.hpp -- bands of rows that are shorter than what band_sweep computes at a time, one below
// the other in one call
#pragma once

#include "band_sweep.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// What band_sweep does with `band`, for so many bands: the lines of one begin four after those of the last one, and so
/// do its rows. Rows have less than band_sweep's step of outputs, and at least its unit.
template <class T>
struct narrow_bands {
    using sweep = band_sweep<T>;

    struct arguments {
        typename sweep::arguments band;
        index_t bands;
    };

    template <int Bytes, int Along>
    static FALTUNG_ALWAYS_INLINE void each_band(arguments const& a) {
        typename sweep::arguments next = a.band;
        for (index_t b = 0; b < a.bands; ++b, next.lines += sweep::rows, next.out += sweep::rows)
            sweep::template cover<Bytes, sweep::template least_blocks<Bytes>, Along>(next, next.first,
                                                                                     destination::caches);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        if (a.band.along == 3 && a.band.across == 3 && a.band.groups == 1 && sweep::are_side_by_side(a.band))
            return each_band<Bytes, 3>(a);
        each_band<Bytes, sweep::any_taps>(a);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
