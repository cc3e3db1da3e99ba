// tests/nufft/direct_sums.hpp -- the sums that define non-uniform transforms, in long double
#pragma once

#include <cmath>
#include <complex>
#include <vector>

#include <faltung/core/index.hpp>

#include "support/random.hpp"

namespace faltung::testing {

using wide = std::complex<long double>;

/// Points of any number of axes, one after the other.
struct cloud {
    int axes = 1;
    std::vector<double> at;

    index_t count() const { return static_cast<index_t>(at.size()) / axes; }
    double operator()(index_t j, int a) const { return at[static_cast<std::size_t>(j * axes + a)]; }
};

inline double real_between(random_source& random, double low, double high) {
    return low + (high - low) * std::ldexp(static_cast<double>(random.next() >> 11), -53);
}

inline cloud random_cloud(random_source& random, index_t count, int axes, double low = -3.15, double high = 3.15) {
    cloud c{axes, {}};
    for (index_t k = 0; k < count * axes; ++k) c.at.push_back(real_between(random, low, high));
    return c;
}

template <class R>
std::vector<std::complex<R>> random_numbers(random_source& random, index_t count) {
    std::vector<std::complex<R>> v;
    for (index_t k = 0; k < count; ++k)
        v.emplace_back(static_cast<R>(real_between(random, -1, 1)), static_cast<R>(real_between(random, -1, 1)));
    return v;
}

/// The modes of all axes, row-major, `axes` integers for each: from -floor(n / 2) up, or from 0 up and then the
/// negative ones.
inline std::vector<index_t> all_modes(shape const& n, bool from_0) {
    std::vector<index_t> modes;
    index_t count = 1;
    for (index_t extent : n) count *= extent;
    for (index_t m = 0; m < count; ++m) {
        index_t rest = m, of_axis[3] = {};
        for (int a = n.rank(); a-- > 0; rest /= n[a]) {
            const index_t low = n[a] / 2, at = rest % n[a];
            of_axis[a] = !from_0 ? at - low : at < n[a] - low ? at : at - n[a];
        }
        modes.insert(modes.end(), of_axis, of_axis + n.rank());
    }
    return modes;
}

/// sum over j of c[j] e^(i sign k . x[j]) for all modes, or sum over modes of f e^(i sign k . x[j]) for all points.
template <class R>
std::vector<wide> direct_modes(cloud const& x, std::vector<std::complex<R>> const& c, std::vector<index_t> const& modes,
                               int sign) {
    std::vector<wide> f(modes.size() / static_cast<std::size_t>(x.axes));
    for (std::size_t m = 0; m < f.size(); ++m)
        for (index_t j = 0; j < x.count(); ++j) {
            long double angle = 0;
            for (int a = 0; a < x.axes; ++a)
                angle += static_cast<long double>(
                             modes[m * static_cast<std::size_t>(x.axes) + static_cast<std::size_t>(a)]) *
                         static_cast<long double>(x(j, a));
            f[m] += wide(c[static_cast<std::size_t>(j)]) * std::polar(1.0L, sign * angle);
        }
    return f;
}
template <class R>
std::vector<wide> direct_points(cloud const& x, std::vector<std::complex<R>> const& f,
                                std::vector<index_t> const& modes, int sign) {
    std::vector<wide> c(static_cast<std::size_t>(x.count()));
    for (index_t j = 0; j < x.count(); ++j)
        for (std::size_t m = 0; m < f.size(); ++m) {
            long double angle = 0;
            for (int a = 0; a < x.axes; ++a)
                angle += static_cast<long double>(
                             modes[m * static_cast<std::size_t>(x.axes) + static_cast<std::size_t>(a)]) *
                         static_cast<long double>(x(j, a));
            c[static_cast<std::size_t>(j)] += wide(f[m]) * std::polar(1.0L, sign * angle);
        }
    return c;
}

/// |found - expected| / |expected|
template <class Found, class Expected>
double relative_error(std::vector<Found> const& found, std::vector<Expected> const& expected) {
    if (found.size() != expected.size()) return 1e300;
    long double difference = 0, norm = 0;
    for (std::size_t k = 0; k < found.size(); ++k) {
        difference += std::norm(wide(found[k]) - wide(expected[k]));
        norm += std::norm(wide(expected[k]));
    }
    return static_cast<double>(std::sqrt(difference / norm));
}

/// l^H r
template <class R>
wide product(std::vector<std::complex<R>> const& l, std::vector<std::complex<R>> const& r) {
    wide sum = 0;
    for (std::size_t k = 0; k < l.size(); ++k) sum += std::conj(wide(l[k])) * wide(r[k]);
    return sum;
}

}  // namespace faltung::testing
