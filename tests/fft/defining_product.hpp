// tests/fft/defining_product.hpp -- what an engine's convolution must give: the cyclic or negacyclic sum in long double
#pragma once

#include <faltung/fft/engine.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace faltung::testing {

/// The defining sum over all pairs of samples of two arrays of one request. Complex data is cyclic; real data, unless
/// a cyclic ring is asked for, is negacyclic along the first axis whose extent is not 1, and cyclic along the others.
class defining_product {
    transform_request request_;
    int signed_axis_ = -1;
    index_t count_ = 1;  // samples

public:
    explicit defining_product(transform_request const& r) : request_(r) {
        for (int a = r.n.rank(); a-- > 0;) {
            count_ *= r.n[a];
            if (r.numbers == number_kind::real && r.ring == ring_kind::any && r.n[a] != 1) signed_axis_ = a;
        }
    }

    /// Two planes if the data is complex.
    std::vector<long double> operator()(std::vector<long double> const& x, std::vector<long double> const& h) const {
        std::vector<long double> y(x.size(), 0.0L);
        add(0, count_, x.data(), h.data(), y.data(), 1);
        if (request_.numbers == number_kind::complex) {
            add(0, count_, x.data() + count_, h.data() + count_, y.data(), -1);
            add(0, count_, x.data(), h.data() + count_, y.data() + count_, 1);
            add(0, count_, x.data() + count_, h.data(), y.data() + count_, 1);
        }
        return y;
    }

private:
    // y += factor x h along `axis` and all behind it, which have `count` samples
    void add(int axis, index_t count, long double const* x, long double const* h, long double* y,
             long double factor) const {
        if (axis == request_.n.rank()) {
            *y += factor * *x * *h;
            return;
        }
        const index_t n = request_.n[axis], inner = count / n;
        const long double wrapped = axis == signed_axis_ ? -factor : factor;
        if (inner == 1) {
            for (index_t o = 0; o < n; ++o) {
                long double sum = 0, wrapped_sum = 0;
                for (index_t i = 0; i <= o; ++i) sum += x[i] * h[o - i];
                for (index_t i = o + 1; i < n; ++i) wrapped_sum += x[i] * h[n + o - i];
                y[o] += factor * sum + wrapped * wrapped_sum;
            }
            return;
        }
        for (index_t i = 0; i < n; ++i)
            for (index_t j = 0; j < n; ++j) {
                const bool wraps = i + j >= n;
                add(axis + 1, inner, x + i * inner, h + j * inner, y + (wraps ? i + j - n : i + j) * inner,
                    wraps ? wrapped : factor);
            }
    }
};

inline long double norm(std::vector<long double> const& x) {
    long double sum = 0;
    for (long double v : x) sum += v * v;
    return std::sqrt(sum);
}

}  // namespace faltung::testing
