// faltung/simd/adamw_step.hpp -- the inner loop of an optimiser's step
#pragma once

#include "square_roots.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// m = beta_1 m + (1 - beta_1) g, v = beta_2 v + (1 - beta_2) g^2,
/// p -= decay p, p -= rate (m of_m) / (sqrt(v of_v) + epsilon)
struct adamw_step {
    struct arguments {
        double *p, *m, *v;
        double const* g;
        index_t count;
        double beta_1, beta_2, of_m, of_v, rate, decay, epsilon;
    };
    static constexpr index_t block = 256;  // parameters: square roots are taken of a row of them

    template <class L>
    static FALTUNG_ALWAYS_INLINE void moments(arguments const& a, index_t first, index_t last, double* squares) {
        typename L::vector g, m, v;
        for (index_t i = first; i < last; i += L::count) {
            L::load(g, a.g + i);
            L::load(m, a.m + i);
            L::load(v, a.v + i);
            m = a.beta_1 * m + (1 - a.beta_1) * g;
            v = a.beta_2 * v + (1 - a.beta_2) * (g * g);
            L::store(a.m + i, m);
            L::store(a.v + i, v);
            v = v * a.of_v;
            L::store(squares + (i - first), v);
        }
    }
    template <class L>
    static FALTUNG_ALWAYS_INLINE void update(arguments const& a, index_t first, index_t last, double const* roots) {
        typename L::vector p, m, root;
        for (index_t i = first; i < last; i += L::count) {
            L::load(p, a.p + i);
            L::load(m, a.m + i);
            L::load(root, roots + (i - first));
            p = p - a.decay * p;
            p = p - a.rate * (m * a.of_m) / (root + a.epsilon);
            L::store(a.p + i, p);
        }
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<double, Bytes>;
        using one = lanes<double, 8, false>;
        alignas(64) double squares[block];
        for (index_t first = 0; first < a.count; first += block) {
            const index_t last = first + block < a.count ? first + block : a.count,
                          whole = last - (last - first) % L::count;
            moments<L>(a, first, whole, squares);
            moments<one>(a, whole, last, squares + (whole - first));
            square_roots<double>::template body<Bytes>({squares, squares, last - first, destination::caches});
            update<L>(a, first, whole, squares);
            update<one>(a, whole, last, squares + (whole - first));
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
