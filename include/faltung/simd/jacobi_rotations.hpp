// faltung/simd/jacobi_rotations.hpp -- singular values and vectors of small matrices, one matrix in each lane
#pragma once

#include <limits>

#include "../core/index.hpp"
#include "numbers.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// As many matrices as a vector has lanes, rows x columns each, rows >= columns: pairs of columns are rotated, A V = W,
/// until all columns of W are orthogonal to rounding. Then V is unitary, the norms of W's columns are the singular
/// values, in any order, and its columns divided by them the left vectors. A lane whose pair is orthogonal already is
/// rotated by nothing, and so is a pair of columns shorter than rows / 4 units in the last place of the matrix's norm:
/// they are rounding errors, which never come to rest. Where the second column is the longer one they change places,
/// which saves sweeps.
///
/// Element (i, j) of a matrix lies at j rows + i: a vector of real parts, followed by one of imaginary parts if the
/// matrices are complex. No component is above 2 in magnitude. Cost: 16 multiply-adds for each pair of columns, row and
/// sweep of real matrices, four times as many for complex ones; 5 to 10 sweeps.
/// Source: Hestenes, J. SIAM 6 (1958); de Rijk, SIAM J. Sci. Stat. Comput. 10 (1989).
template <bool Complex>
struct jacobi_rotations {
    struct arguments {
        double *a, *v;   // W takes A's place; V, columns x columns, or null where no vectors are needed
        double* values;  // a vector for each column of W: its norm
        index_t rows, columns;
    };
    static constexpr int most_sweeps = 40;  // a bound for numbers that rounding keeps apart: convergence is quadratic

    template <int Bytes>
    using block = numbers<double, Complex, Bytes>;

    template <int Bytes>
    struct rotation {
        typename block<Bytes>::vector of_p_in_p, of_p_in_q;
        typename block<Bytes>::number of_q_in_p, of_q_in_q;  // to be subtracted
    };

    // Whether a lane has to be rotated, and by what.
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE bool find(rotation<Bytes>& r, double const* p, double const* q, index_t rows,
                                           double tolerance, typename block<Bytes>::vector const& noise) {
        using B = block<Bytes>;
        using V = typename B::vector;
        typename B::number product, of_p, of_q;
        V alpha = V{}, beta = V{}, square = V{};
        B::clear(product);
        for (index_t at = 0; at < rows * B::unit; at += B::unit) {
            B::load(of_p, p + at);
            B::load(of_q, q + at);
            B::add_product(product, of_p, of_q);
            B::add_square(alpha, of_p);
            B::add_square(beta, of_q);
        }
        B::add_square(square, product);
        const auto turns = (square > tolerance * tolerance * alpha * beta) & ((alpha > noise) | (beta > noise));
        bool is_any = false;
        for (int l = 0; l < B::part::count; ++l) is_any = is_any || turns[l] != 0;
        if (!is_any) return false;

        const V one = V{} + 1.0;
        V size = square;
        B::root(size);
        size = turns ? size : one;
        const V zeta = (beta - alpha) / (2 * size), magnitude = zeta < 0 ? -zeta : zeta;
        V hypotenuse = one + zeta * zeta;
        B::root(hypotenuse);
        V tangent = one / (magnitude + hypotenuse);
        tangent = zeta < 0 ? -tangent : tangent;
        tangent = turns ? tangent : V{};
        V secant = one + tangent * tangent;
        B::root(secant);
        const V cosine = one / secant, sine = cosine * tangent;
        const auto change = turns & (beta >= alpha);
        r.of_p_in_p = change ? sine : cosine;
        r.of_p_in_q = change ? -cosine : sine;
        // the phase of q that makes the product real
        const V re = turns ? product.re / size : one;
        r.of_q_in_p.re = r.of_p_in_q * re;
        r.of_q_in_q.re = -r.of_p_in_p * re;
        if constexpr (Complex) {
            const V im = turns ? -product.im / size : V{};
            r.of_q_in_p.im = r.of_p_in_q * im;
            r.of_q_in_q.im = -r.of_p_in_p * im;
        }
        return true;
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void rotate(rotation<Bytes> const& r, double* p, double* q, index_t rows) {
        using B = block<Bytes>;
        typename B::number of_p, of_q, to_p, to_q;
        for (index_t at = 0; at < rows * B::unit; at += B::unit) {
            B::load(of_p, p + at);
            B::load(of_q, q + at);
            to_p = to_q = of_p;
            B::scale(to_p, r.of_p_in_p);
            B::scale(to_q, r.of_p_in_q);
            B::subtract_product(to_p, r.of_q_in_p, of_q);
            B::subtract_product(to_q, r.of_q_in_q, of_q);
            B::store(p + at, to_p);
            B::store(q + at, to_q);
        }
    }

    // The squared norm of every column, into its value.
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void take_norms(arguments const& a) {
        using B = block<Bytes>;
        for (index_t c = 0; c < a.columns; ++c) {
            typename B::vector norm = typename B::vector{};
            typename B::number z;
            for (index_t i = 0; i < a.rows; ++i) {
                B::load(z, a.a + (c * a.rows + i) * B::unit);
                B::add_square(norm, z);
            }
            B::part::store(a.values + c * B::part::count, norm);
        }
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using B = block<Bytes>;
        const double tolerance = std::sqrt(static_cast<double>(a.rows)) * std::numeric_limits<double>::epsilon();
        const index_t line = a.rows * B::unit, line_of_v = a.columns * B::unit;
        take_norms<Bytes>(a);
        typename B::vector noise = typename B::vector{}, norm;
        for (index_t c = 0; c < a.columns; ++c) {
            B::part::load(norm, a.values + c * B::part::count);
            noise += norm;  // of the whole matrix
        }
        noise *= tolerance * tolerance * static_cast<double>(a.rows) / 16;
        rotation<Bytes> r;
        bool is_any = true;
        for (int sweep = 0; is_any && sweep < most_sweeps; ++sweep) {
            is_any = false;
            for (index_t p = 0; p < a.columns; ++p)
                for (index_t q = p + 1; q < a.columns; ++q) {
                    if (!find<Bytes>(r, a.a + p * line, a.a + q * line, a.rows, tolerance, noise)) continue;
                    is_any = true;
                    rotate<Bytes>(r, a.a + p * line, a.a + q * line, a.rows);
                    if (a.v) rotate<Bytes>(r, a.v + p * line_of_v, a.v + q * line_of_v, a.columns);
                }
        }
        take_norms<Bytes>(a);
        for (index_t c = 0; c < a.columns; ++c) {
            B::part::load(norm, a.values + c * B::part::count);
            B::root(norm);
            B::part::store(a.values + c * B::part::count, norm);
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
