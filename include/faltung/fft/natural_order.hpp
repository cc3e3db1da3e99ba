// faltung/fft/natural_order.hpp -- a spectrum from the engine's own order to the usual one, and back
#pragma once

#include <complex>

#include "../core/checked.hpp"
#include "engine.hpp"

namespace faltung {

/// The frequencies of one kind of transform, in the order of a textbook:
///
///     X[m] = the sum over j of x[j] e^(-2 pi i sum over the axes a of m[a] j[a] / n[a]),  m in [0, n)
///
/// row-major, with m + 1/2 in place of m along a negacyclic axis. Of real data all frequencies are there, the
/// conjugates too, so that the spectrum of a real array has as many complex numbers as the array has samples.
///
/// Shapes: as the request's; X has the product of n complex numbers.
/// Errors: those of engine_table::make. Cost: a table of 8 bytes for each frequency; a copy of the spectrum.
class natural_order {
    index_t lanes_;
    std::vector<index_t> place_;  // of the real part of X[m]; -1 - place for the conjugate of what stands there

public:
    natural_order(engine_table const& engine, transform_request const& r) {
        const spectrum_order order = engine.order(r);
        lanes_ = order.lanes;
        place_.resize(static_cast<std::size_t>(checked::product(r.n, "frequencies of a transform")));
        const auto rank = static_cast<std::size_t>(r.n.rank());
        for (const bool conjugate : {true, false})  // what stands there itself is preferred
            for (std::size_t k = 0; (k + 1) * rank <= order.half_turns.size(); ++k) {
                if (conjugate && r.numbers == number_kind::complex) break;
                index_t m = 0;
                for (int a = 0; a < r.n.rank(); ++a) {
                    const index_t turns = order.half_turns[k * rank + static_cast<std::size_t>(a)];
                    m = m * r.n[a] + (conjugate ? (2 * r.n[a] - turns) % (2 * r.n[a]) : turns) / 2;
                }
                const index_t number = static_cast<index_t>(k), real = number / lanes_ * 2 * lanes_ + number % lanes_;
                place_[static_cast<std::size_t>(m)] = conjugate ? -1 - real : real;
            }
    }

    /// The number of frequencies.
    index_t count() const { return static_cast<index_t>(place_.size()); }

    /// X from a spectrum that the engine made. R is the engine's precision.
    template <class R>
    void read(R const* spectrum, std::complex<R>* natural) const noexcept {
        for (const index_t at : place_) {
            const index_t real = at < 0 ? -1 - at : at;
            *natural++ = {spectrum[real], at < 0 ? -spectrum[real + lanes_] : spectrum[real + lanes_]};
        }
    }

    /// The spectrum that the engine would have made X from. Of real data the conjugates in X are not looked at.
    template <class R>
    void write(std::complex<R> const* natural, R* spectrum) const noexcept {
        for (const index_t at : place_) {
            if (at >= 0) {
                spectrum[at] = natural->real();
                spectrum[at + lanes_] = natural->imag();
            }
            ++natural;
        }
    }
};

}  // namespace faltung
