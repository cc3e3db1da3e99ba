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
    if (!p.engine || p.engine->real != real_element(transformed_as(p)))
        return text("no transform computes in ", name_of(transformed_as(p)));
    if (smallest > 0x1p45) return text("a tile has at least ", smallest, " samples, more than 2^45");
    return {};
}

/// The largest error of a sum of integers, as it is proved: |x|_2 of a tile is at most sqrt(samples) times what the
/// type or a boundary's constant can be.
inline double largest_integer_error(problem const& p, spectral_layout const& l) {
    double largest = std::exp2(digits(p.types.x)), samples = static_cast<double>(l.inputs(p));
    for (int a = 0; a < p.rank; ++a) {
        largest = std::max(largest, static_cast<double>(std::fabs(p[a].edge.re)));
        samples *= static_cast<double>(l[a].length);
    }
    return spectral_error(p, l).certified * largest * std::sqrt(samples) *
           (p.kernel.known ? p.kernel.norm_2 : std::numeric_limits<double>::infinity());
}

inline verdict integer_refusal(problem const& p, spectral_layout const& l) {
    if (const double error = largest_integer_error(p, l); !(error < 0.5))
        return text("a sum of ", name_of(p.types.x), " that is transformed may be wrong by ", error,
                    ": it is exact below 1/2");
    return {};
}

inline cost spectral_cost(problem const& p, spectral_layout const& l) {
    const error_bound e = p.types.accumulator < element::float32 ? error_bound{0, 0} : spectral_error(p, l);
    return {l.seconds, e.expected, e.certified, l.preparation, spectra_bytes(p, l, *p.engine)};
}

template <class T>
prepared spectral_prepare(problem const& p, kernel_taps<typename T::Weight> const& h, prepared const* earlier,
                          spectral_layout (*layout)(problem const&)) {
    prepared ready;
    ready.geometry = earlier ? earlier->geometry : std::make_shared<spectral_geometry const>(p, layout(p), *p.engine);
    ready.kernel = std::make_shared<spectral_kernel<typename T::Weight, transformed_t<typename T::Acc>> const>(
        p, *static_cast<spectral_geometry const*>(ready.geometry.get()), h);
    return ready;
}

template <class T>
void spectral_run(problem const& p, prepared const& ready, strided<typename T::X const> const& x,
                  strided<typename T::Y> const& y, std::byte* scratch, grain_range range) noexcept {
    spectral_worker<T> w(p, ready, x, y, scratch);
    for (index_t g = range.first; g < range.last; ++g) w.compute(g);
}

/// A method of the seam. `Method` says its name, its `layout(problem)`, and `least(axis)`: the samples of an axis that
/// one of its tiles has at least.
template <class Method>
struct spectral_method {
    static verdict supports(problem const& p) {
        double least = 1;
        for (int a = 0; a < p.rank; ++a)
            if (is_transformed(p, a)) least *= static_cast<double>(Method::least(p[a]));
        verdict reason = spectral_refusal(name_of(Method::name), p, least);
        if (!reason && p.types.accumulator < element::float32) reason = integer_refusal(p, Method::layout(p));
        return reason;
    }

    static cost predict(problem const& p) { return spectral_cost(p, Method::layout(p)); }

    template <class T>
    static index_t workspace(problem const& p) {
        return spectral_scratch(p, Method::layout(p), *p.engine).bytes();
    }

    template <class T>
    static prepared prepare(problem const& p, kernel_taps<typename T::Weight> const& h, prepared const* earlier) {
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
