// faltung/deconvolve/regularization.hpp -- what a deconvolution trades for less noise, frequency by frequency
#pragma once

#include <cmath>
#include <functional>
#include <utility>

#include "../core/checked.hpp"

namespace faltung {

/// One frequency of a periodic array: m[a] whole waves along an axis of n[a] samples, 0 <= m[a] < n[a].
struct wave_numbers {
    index_list m;
    shape n;

    /// Radians from one sample to the next, in (-pi, pi].
    double angle(int a) const {
        const index_t signed_m = 2 * m[a] > n[a] ? m[a] - n[a] : m[a];
        return 2 * 3.14159265358979323846 * static_cast<double>(signed_m) / static_cast<double>(n[a]);
    }
};

/// The weight w >= 0 of every frequency f in |A x - y|^2 + sum over f of w(f) |X(f)|^2 / N, which the result makes
/// least: 0 keeps x out of it. Made of one of the structs below, or of a function of one's own.
class regularization {
    std::function<double(wave_numbers const&)> weight_;

public:
    regularization() = default;
    template <class Weight>
        requires std::is_invocable_r_v<double, Weight const&, wave_numbers const&> regularization(Weight weight)
            : weight_(std::move(weight)) {}

        bool is_none() const { return !weight_; }
        double operator()(wave_numbers const& f) const { return weight_ ? weight_(f) : 0; }
};

/// lambda |x|^2.
struct tikhonov {
    double lambda;
    double operator()(wave_numbers const&) const { return lambda; }
};

/// lambda |gradient of x|^2, of differences of neighbours around the torus.
struct gradient_penalty {
    double lambda;
    double operator()(wave_numbers const& f) const {
        double sum = 0;
        for (int a = 0; a < f.n.rank(); ++a) sum += 2 - 2 * std::cos(f.angle(a));
        return lambda * sum;
    }
};

/// lambda |laplacian of x|^2, of 2 rank + 1 neighbours.
struct laplacian_penalty {
    double lambda;
    double operator()(wave_numbers const& f) const {
        const double of_gradient = gradient_penalty{1}(f);
        return lambda * of_gradient * of_gradient;
    }
};

/// Wiener's filter: the power of the noise at a frequency over that of the signal there. Both in the same units: that
/// of a white noise of variance v is v.
struct wiener {
    std::function<double(wave_numbers const&)> noise, signal;
    double operator()(wave_numbers const& f) const { return noise(f) / signal(f); }
};

}  // namespace faltung
