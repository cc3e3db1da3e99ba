// faltung/method/overlap_save.hpp -- tiles of the signal by transforms of a size that is cheap
#pragma once

#include "spectral_method.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

struct overlap_save : spectral_method<overlap_save> {
    static constexpr method name = method::overlap_save;

    static index_t least(axis const& k) { return k.span(); }
    static spectral_layout layout(problem const& p) { return spectral_search(p, *p.engine).tiles(); }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
