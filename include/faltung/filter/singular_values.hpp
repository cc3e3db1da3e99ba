// faltung/filter/singular_values.hpp -- the singular value decomposition of a small matrix, by Jacobi rotations
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// matrix[i * columns + j] = sum over k of values[k] * left[k][i] * right[k][j], the values above 0 and in descending
/// order, the vectors of a side orthogonal to each other and of length 1.
/// The shorter side's vectors are turned in pairs until all are orthogonal (Hestenes, J. SIAM 6, 1958; the larger of
/// a pair first: de Rijk, SIAM J. Sci. Stat. Comput. 10, 1989), which finds small values to relative precision.
/// The largest sample is about 1. Cost: about 10 * columns * rows * the smaller of them.
template <class Real>
struct singular_values {
    using vector = std::vector<Real>;
    std::vector<vector> left, right;
    vector values;

    singular_values(vector const& matrix, std::size_t rows) {
        const std::size_t columns = matrix.size() / rows, count = std::min(rows, columns);
        const bool by_rows = rows <= columns;
        std::vector<vector> turned(count), turns(count, vector(count));
        for (std::size_t k = 0; k < count; ++k) {
            turns[k][k] = 1;
            for (std::size_t i = 0; i < std::max(rows, columns); ++i)
                turned[k].push_back(by_rows ? matrix[k * columns + i] : matrix[i * columns + k]);
        }
        for (int sweep = 0; sweep < most_sweeps && turn_all(turned, turns); ++sweep) {
        }

        std::vector<Real> lengths;
        for (vector const& v : turned) lengths.push_back(std::sqrt(dot(v, v)));
        std::vector<std::size_t> order(count);
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [&](auto l, auto r) { return lengths[l] > lengths[r]; });
        for (std::size_t k : order) {
            if (!(lengths[k] > 0)) break;
            for (Real& v : turned[k]) v /= lengths[k];
            values.push_back(lengths[k]);
            left.push_back(by_rows ? turns[k] : turned[k]);
            right.push_back(by_rows ? turned[k] : turns[k]);
        }
    }

private:
    static constexpr int most_sweeps = 60;  // about 10 are enough

    static Real dot(vector const& l, vector const& r) {
        return std::inner_product(l.begin(), l.end(), r.begin(), Real{0});
    }

    static void rotate(vector& p, vector& q, Real cosine, Real sine) {
        for (std::size_t i = 0; i < p.size(); ++i) {
            const Real v = p[i];
            p[i] = cosine * v - sine * q[i];
            q[i] = sine * v + cosine * q[i];
        }
    }

    // Every pair once; whether any was not orthogonal yet.
    static bool turn_all(std::vector<vector>& turned, std::vector<vector>& turns) {
        bool any = false;
        for (std::size_t p = 0; p < turned.size(); ++p)
            for (std::size_t q = p + 1; q < turned.size(); ++q) {
                Real pp = dot(turned[p], turned[p]), qq = dot(turned[q], turned[q]);
                if (pp < qq) {
                    std::swap(turned[p], turned[q]);
                    std::swap(turns[p], turns[q]);
                    std::swap(pp, qq);
                }
                const Real pq = dot(turned[p], turned[q]);
                if (!(std::abs(pq) > 4 * std::numeric_limits<Real>::epsilon() * std::sqrt(pp) * std::sqrt(qq)))
                    continue;
                any = true;
                const Real zeta = (qq - pp) / (2 * pq);
                const Real tangent = std::copysign(1 / (std::abs(zeta) + std::hypot(Real{1}, zeta)), zeta);
                const Real cosine = 1 / std::hypot(Real{1}, tangent);
                rotate(turned[p], turned[q], cosine, cosine * tangent);
                rotate(turns[p], turns[q], cosine, cosine * tangent);
            }
        return any;
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
