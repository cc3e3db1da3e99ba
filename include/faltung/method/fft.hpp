// faltung/method/fft.hpp -- the whole signal by one transform
#pragma once

#include "spectral.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

struct fft {
    static constexpr method name = method::fft;

    static verdict supports(problem const& p) {
        double samples = 1;
        for (int a = 0; a < p.rank; ++a)
            if (axis const& k = p[a]; is_transformed(p, a)) samples *= static_cast<double>(k.span() + sum_extent(k));
        return spectral_refusal(name_of(name), p, samples);
    }

    static cost predict(problem const& p) { return spectral_cost(p, layout(p)); }

    template <class T>
    static index_t workspace(problem const& p) {
        return spectral_scratch(p, layout(p), *p.engine).bytes();
    }

    template <class T>
    static prepared prepare(problem const& p, strided<typename T::Weight const> const& h, prepared const* earlier) {
        return spectral_prepare<T>(p, h, earlier, layout);
    }

    static index_t grains(problem const& p) { return spectral_grains(p, layout(p)); }

    template <class T>
    static void run(problem const& p, prepared const& ready, strided<typename T::X const> const& x,
                    strided<typename T::Y> const& y, std::byte* scratch, grain_range range) noexcept {
        spectral_run<T>(p, ready, x, y, scratch, range);
    }

private:
    static spectral_layout layout(problem const& p) { return spectral_search(p, *p.engine).one_tile(); }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
