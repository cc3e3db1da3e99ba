// faltung/method/spectral_method.hpp -- the seam of fft and overlap_save, which differ in their tiles alone
#pragma once

#include "spectral.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Why a transform cannot give the sums of a problem, whatever the tiles; `smallest` samples of one tile.
inline verdict spectral_refusal(char const* name, problem const& p, double smallest) {
    if (p.direction != direction::forward)
        return text(name, " computes forward problems; the plan lowers its adjoints to them");
    if (!p.kernel.finite) return text("a kernel with NaN or Inf needs direct: a transform spreads them over all sums");
    if (p.types.accumulator < element::float32)
        return text("sums of ", name_of(p.types.accumulator), " are exact, and a transform rounds");
    if (!p.engine || p.engine->real != real_element(p.types.accumulator))
        return text("no transform computes in ", name_of(p.types.accumulator));
    if (smallest > 0x1p45) return text("a tile has at least ", smallest, " samples, more than 2^45");
    return {};
}

inline cost spectral_cost(problem const& p, spectral_layout const& l) {
    const error_bound e = spectral_error(p, l);
    return {l.seconds, e.expected, e.certified, l.preparation, spectra_bytes(p, l, *p.engine)};
}

/// Whether there may be an engine for these types: supports() has refused the others.
template <class T>
inline constexpr bool has_transform = is_floating<typename T::Acc>;

template <class T>
prepared spectral_prepare(problem const& p, strided<typename T::Weight const> const& h, prepared const* earlier,
                          spectral_layout (*layout)(problem const&)) {
    prepared ready;
    if constexpr (has_transform<T>) {
        ready.geometry =
            earlier ? earlier->geometry : std::make_shared<spectral_geometry const>(p, layout(p), *p.engine);
        ready.kernel = std::make_shared<spectral_kernel<typename T::Weight> const>(
            p, *static_cast<spectral_geometry const*>(ready.geometry.get()), h);
    }
    return ready;
}

template <class T>
void spectral_run(problem const& p, prepared const& ready, strided<typename T::X const> const& x,
                  strided<typename T::Y> const& y, std::byte* scratch, grain_range range) noexcept {
    if constexpr (has_transform<T>) {
        spectral_worker<T> w(p, ready, x, y, scratch);
        for (index_t g = range.first; g < range.last; ++g) w.compute(g);
    }
}

/// A method of the seam. `Method` says its name, its `layout(problem)`, and `least(axis)`: the samples of an axis that
/// one of its tiles has at least.
template <class Method>
struct spectral_method {
    static verdict supports(problem const& p) {
        double least = 1;
        for (int a = 0; a < p.rank; ++a)
            if (is_transformed(p, a)) least *= static_cast<double>(Method::least(p[a]));
        return spectral_refusal(name_of(Method::name), p, least);
    }

    static cost predict(problem const& p) { return spectral_cost(p, Method::layout(p)); }

    template <class T>
    static index_t workspace(problem const& p) {
        return spectral_scratch(p, Method::layout(p), *p.engine).bytes();
    }

    template <class T>
    static prepared prepare(problem const& p, strided<typename T::Weight const> const& h, prepared const* earlier) {
        return spectral_prepare<T>(p, h, earlier, Method::layout);
    }

    static index_t grains(problem const& p) { return spectral_grains(p, Method::layout(p)); }

    template <class T>
    static void run(problem const& p, prepared const& ready, strided<typename T::X const> const& x,
                    strided<typename T::Y> const& y, std::byte* scratch, grain_range range) noexcept {
        spectral_run<T>(p, ready, x, y, scratch, range);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
