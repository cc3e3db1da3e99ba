// faltung/convolve/zero_points.hpp -- quantised samples: what stands for 0, and the bias that makes up for it
#pragma once

#include <memory>

#include "lowered.hpp"

namespace faltung {

/// What stands for 0 in quantised samples: a sum is one of (x - input) * (w - kernel).
struct zero_points {
    index_t input = 0, kernel = 0;
    constexpr bool are_zero() const { return input == 0 && kernel == 0; }
};

namespace detail {
inline namespace FALTUNG_COMPILED {

/// A map of taps, as they are packed.
template <class W>
struct distance_from_zero {
    real_t<W> zero;
    W operator()(W w) const { return w - zero; }
};

/// The bias where samples stand for their distance from a zero point zx: padding that is zx is counted like any other
/// sample, and zx * sum of w is taken away from `given`, which may be null. Exact, since sums of integers are; null
/// where there is nothing to make up for. The norms of the kernel become those of the taps that were packed, which are
/// distances.
template <class Acc, class W>
std::shared_ptr<buffer<Acc> const> bias_about(zero_points const& z, packed_kernel<W>& kernel, Acc const* given) {
    if constexpr (std::is_integral_v<Acc>) {
        if (z.are_zero()) return nullptr;
        const index_t out = kernel.n[0], depth = kernel.samples->count() / out;
        auto bias = std::make_shared<buffer<Acc>>(out);
        double largest = 0, squares = 0;
        W const* w = kernel.samples->data();
        for (index_t o = 0; o < out; ++o) {
            Acc sum = given ? given[o] : Acc{};
            double norm = 0;
            for (index_t t = 0; t < depth; ++t, ++w) {
                sum = multiply_add(sum, static_cast<Acc>(-z.input), static_cast<Acc>(*w));
                norm += std::fabs(static_cast<double>(*w));
                squares += static_cast<double>(*w) * static_cast<double>(*w);
            }
            bias->data()[o] = sum;
            largest = std::max(largest, norm);
        }
        kernel.facts.norm_1 = largest;
        kernel.facts.norm_2 = std::sqrt(squares);
        return bias;
    }
    return nullptr;
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail
}  // namespace faltung
