// faltung/deconvolve/certificate.hpp -- what a deconvolution can recover, and what it cannot
#pragma once

#include <string>

#include "../view/tensor.hpp"
#include "layer_inverse.hpp"

namespace faltung {

/// Singular values are those of the whole operator: min(O, C) at each of N frequencies.
struct deconvolution_certificate {
    index_t unknowns = 0, rank = 0;    // C N, and the singular values above the threshold
    double largest = 0, smallest = 0;  // of those above the threshold
    double threshold = 0;

    index_t null_dimension() const { return unknowns - rank; }
    double condition() const { return smallest > 0 ? largest / smallest : 1; }
    /// Of the energy of a white signal: what lies in the null space.
    double lost_fraction() const { return static_cast<double>(null_dimension()) / static_cast<double>(unknowns); }
};

/// Frequencies of which nothing, or nothing but noise, comes back. It is asked for: the library prints nothing.
struct deconvolution_warning {
    std::vector<lost_frequency> frequencies;

    std::string text() const {
        index_t lost = 0, drowned = 0;
        for (auto const& f : frequencies) {
            lost += f.lost * f.copies;
            drowned += f.drowned * f.copies;
        }
        std::string s = faltung::text("deconvolver: ", lost, " singular values count as 0");
        if (drowned > 0)
            s += faltung::text(", and ", drowned, " that are kept are less than a rounding of the largest");
        return s +
               faltung::text("; the first at frequency ", frequencies.front().at.m, " of ", frequencies.front().at.n);
    }
};

namespace detail {
inline namespace FALTUNG_COMPILED {

/// Row m: the singular values of frequency m, the largest first.
template <class T>
tensor<double, 2> spectrum_of(periodic_layer<T> const& l) {
    const index_t values = std::min(l.outputs(), l.inputs());
    tensor<double, 2> all({l.samples(), values});
    const buffer<real_t<T>> matrices = l.matrices();
    layer_decomposition group(l.vectors(), l.outputs(), l.inputs());
    const std::vector<index_t> every = every_frequency(l);
    index_t const* const last = every.data() + every.size();
    for (index_t const* first = every.data(); first < last;) {
        const index_t count = set_group(group, l, static_cast<real_t<T> const*>(matrices.data()), first, last);
        group.find_values();
        for (index_t lane = 0; lane < count; ++lane) {
            const wave_numbers f = l.frequency(first[lane]);
            index_t row = 0, other = 0;  // of the frequency, and of its conjugate
            for (int a = 0; a < f.n.rank(); ++a) {
                row = row * f.n[a] + f.m[a];
                other = other * f.n[a] + (f.n[a] - f.m[a]) % f.n[a];
            }
            for (index_t v = 0; v < values; ++v) {
                all(row, v) = group.value(lane, v);
                if (l.transform().copies(first[lane]) == 2) all(other, v) = group.value(lane, v);
            }
        }
        first += count;
    }
    return all;
}

template <class T>
deconvolution_certificate certificate_of(periodic_layer<T> const& l, deconvolve_options const& o) {
    const tensor<double, 2> all = spectrum_of(l);
    deconvolution_certificate c;
    c.unknowns = l.inputs() * l.samples();
    c.largest = *std::max_element(all.begin(), all.end());
    c.threshold = std::max(o.relative.value_or(l.rounding()) * c.largest, o.absolute);
    c.smallest = c.largest;
    for (double s : all) {
        if (!(s > c.threshold)) continue;
        c.smallest = std::min(c.smallest, s);
        ++c.rank;
    }
    if (c.rank == 0) c.largest = c.smallest = 0;
    return c;
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail
}  // namespace faltung
