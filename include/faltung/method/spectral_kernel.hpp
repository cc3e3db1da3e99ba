// faltung/method/spectral_kernel.hpp -- what a plan with transforms keeps: their plans, and the kernel's spectra
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "../core/buffer.hpp"
#include "../fft/own_engine.hpp"
#include "../simd/sample_copy.hpp"
#include "method.hpp"
#include "pack.hpp"
#include "spectral_layout.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// A floating value's exponent where a transform could overflow or lose small numbers, otherwise 0: within +-2^30
/// (float) or +-2^240 (double) neither can happen to fewer than 2^40 samples.
template <class R>
int extreme_exponent(long double value) {
    if (value == 0) return 0;
    const int exponent = std::isfinite(value) ? std::ilogb(value) : std::numeric_limits<R>::max_exponent;
    return exponent > std::numeric_limits<R>::max_exponent / 4 - 2 ||
                   exponent < -(std::numeric_limits<R>::max_exponent / 4 - 2)
               ? exponent
               : 0;
}

/// What depends on shapes alone.
struct spectral_geometry {
    spectral_layout layout;
    engine_table const* engine;
    transform_plan transform, kernel_transform;  // one, of the data and of the kernel

    spectral_geometry(problem const& p, spectral_layout const& l, engine_table const& e)
        : layout(l), engine(&e), transform(e.make(request_of(p, l))), kernel_transform(transform) {
        transform.held = held_window(p, l);
        transform.wanted = wanted_window(p, l);
        kernel_transform.held = kernel_window(p, l);
    }
};

/// What sums of a type are transformed in: an integer's in double.
template <class Acc>
using transformed_t = std::conditional_t<is_floating<Acc>, real_t<Acc>, double>;

/// The kernel: its spectra, divided by 2^exponent and by the transform's scale, and its taps.
template <class W, class R>
struct spectral_kernel {
    buffer<R> spectra;
    std::shared_ptr<void const> taps;
    int exponent;

    spectral_kernel(problem const& p, spectral_geometry const& g, kernel_taps<W> const& h)
        : spectra(spectra_bytes(p, g.layout, *g.engine) / static_cast<index_t>(sizeof(R))),
          taps(pack_weights(h)),
          exponent(extreme_exponent<R>(p.kernel.norm_1)) {
        const buffer<R> tile(g.transform.data);
        R* const to = tile.data();
        W const* taps_of_channel = static_cast<W const*>(taps.get());
        index_t imaginary = 1;
        for (int a = 0; a < p.rank; ++a) imaginary *= g.layout[a].length;
        const long double scale = 1 / static_cast<long double>(g.transform.scale);
        const R factor = static_cast<R>(scale);
        const auto scaled = [factor, scale, exponent = exponent](auto given) {
            const auto v = signed_of(given);
            return exponent == 0 ? static_cast<R>(v) * factor
                                 : static_cast<R>(std::ldexp(static_cast<long double>(v) * scale, -exponent));
        };
        axis const& last = p.last();
        spectral_axis const& ring = g.layout[p.rank - 1];
        const index_t phases = g.layout.phases(), depth = checked::product(p.taps(), "taps of the kernel");
        // Where no two taps meet they are stored, else added; with one for every place nothing has to be cleared.
        const bool stores =
            std::is_same_v<W, R> && exponent == 0 && last.dilation == 1 && phases == 1 && are_apart(p, g.layout);
        const index_t cleared = stores && depth == imaginary ? imaginary : 0;
        const auto reverse = versions<reversed_scaling<R>>::of(p.limits.instruction_set);
        for (index_t c = 0; c * g.transform.spectrum < spectra.count(); ++c) {
            if (c > 0 && c % phases == 0) taps_of_channel += depth;
            W const* tap = taps_of_channel;
            std::fill(to + cleared, to + g.transform.data, R{});
            for_each_line(p.taps(), [&](index_list const& t) {
                index_t row = 0, place = ring.place_of(last, 0), phase = 0;
                for (int a = 0; a + 1 < p.rank; ++a) {
                    row = row * g.layout[a].length + g.layout[a].place_of(p[a], t[a]);
                    phase = phase * g.layout[a].phases + g.layout[a].phase_of(p[a], t[a]);
                }
                row *= ring.length;
                // taps of a kernel that is longer than a period meet
                const auto add = [=](index_t at, W v) {
                    if constexpr (is_complex<W>) {
                        to[at] += scaled(v.real());
                        to[imaginary + at] += scaled(v.imag());
                    } else {
                        to[at] += scaled(v);
                    }
                };
                if (ring.phases > 1) {
                    for (index_t j = 0; j < last.taps; ++j, ++tap)
                        if (phase * ring.phases + ring.phase_of(last, j) == c % phases)
                            add(row + ring.place_of(last, j), *tap);
                    return;
                }
                if (phase != c % phases) {
                    tap += last.taps;
                    return;
                }
                for (index_t rest = last.taps, some = 0; rest > 0; rest -= some) {  // up to where they wrap
                    if (place < 0) place = checked::floor_modulo(place, ring.length);
                    some = std::min(rest, place / last.dilation + 1);
                    if constexpr (std::is_same_v<W, R>)
                        if (stores) reverse({tap, to + row + place, some, factor});
                    for (index_t j = 0; !stores && j < some; ++j) add(row + place - j * last.dilation, tap[j]);
                    tap += some;
                    place -= some * last.dilation;
                }
            });
            g.engine->forward(g.kernel_transform, to, spectra.data() + c * g.transform.spectrum);
        }
    }

private:
    // Whether every tap has a place of its own.
    static bool are_apart(problem const& p, spectral_layout const& l) {
        for (int a = 0; a < p.rank; ++a)
            if (p[a].taps > 0 && spectral_axis::reach(p[a], l[a].phases) >= l[a].length) return false;
        return true;
    }

    // A negative tap in an unsigned accumulator stands for itself: the sum is right modulo the accumulator's range.
    template <class V>
    static auto signed_of(V v) {
        if constexpr (std::is_integral_v<V>)
            return static_cast<std::make_signed_t<V>>(v);
        else
            return v;
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
