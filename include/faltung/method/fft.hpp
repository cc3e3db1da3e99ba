// faltung/method/fft.hpp -- the whole signal by one transform
#pragma once

#include "spectral_method.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

struct fft : spectral_method<fft> {
    static constexpr method name = method::fft;

    static index_t least(axis const& k) { return k.span() + sum_extent(k); }
    static spectral_layout layout(problem const& p) { return spectral_search(p, *p.engine).one_tile(); }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
