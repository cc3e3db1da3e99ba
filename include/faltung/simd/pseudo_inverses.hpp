// faltung/simd/pseudo_inverses.hpp -- pseudo-inverses of small matrices of full rank, one matrix in each lane
#pragma once

#include <algorithm>
#include <limits>

#include "../core/index.hpp"
#include "numbers.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// As many matrices as a vector has lanes, rows x columns each, rows >= columns >= 1: A = QR by Householder's
/// reflections, and then R^-1 Q^H by the same reflections in the opposite order; two columns by projections. Nothing is
/// compared: where a matrix has not full rank the numbers of its lane may be anything, and its norms say so.
///
/// Sample (i, j) of A lies at element j rows + i, sample (i, j) of the conjugate of A^+ at element i rows + j; an
/// element is a vector of real parts, followed by one of imaginary parts if the matrices are complex.
/// Cost, in multiply-adds of the element type for each matrix: about 2 m n^2 - 2 n^3 / 3 for R, n^3 / 6 for R^-1, and
/// 2 m n^2 - n^3 for the reflections.
template <class R, bool Complex>
struct pseudo_inverses {
    struct arguments {
        R *a, *inverse;  // A is lost
        index_t rows, columns;
        R* diagonal;      // scratch of (parts + 1) columns vectors
        R *norm, *bound;  // a vector each: |A|_F^2, and |R^-1|_F^2, whose root bounds 1 / the least singular value
        index_t blocks;   // of so many matrices, one after the other in all four arrays but the scratch
    };
    static constexpr int parts = Complex ? 2 : 1;  // of a number

    /// What the norms of a lane must be below for its numbers to be relied on.
    struct limits {
        R norm, bound, product;

        /// 1 / sqrt(bound) <= the least singular value; it is to be above of_norm sqrt(norm), and above `fixed`.
        /// Squares neither overflow nor lose digits at the lower end.
        limits(double of_norm, double fixed)
            : norm(std::numeric_limits<R>::max() / 4),
              bound(as_real(std::min(1 / (fixed * fixed), static_cast<double>(bound_of_digits)))),
              product(as_real(1 / (of_norm * of_norm))) {}

    private:
        static constexpr R u = std::numeric_limits<R>::epsilon(),
                           bound_of_digits = u * u / 4096 / std::numeric_limits<R>::min();
        static R as_real(double v) {
            return static_cast<R>(std::min(v, static_cast<double>(std::numeric_limits<R>::max())));
        }
    };
    static bool is_full_rank(R norm, R bound, limits const& below) noexcept {
        return (norm < below.norm) & (bound > 0) & (bound < below.bound) & (norm * bound < below.product);
    }

    template <int Bytes>
    using block = numbers<R, Complex, Bytes>;

    // Column k becomes -phase |a| e_k, and in its place stands v = a + phase |a| e_k, with tau = 2 / |v|^2.
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void factor(arguments const& a) {
        using B = block<Bytes>;
        using V = typename B::vector;
        constexpr index_t unit = B::unit;
        R* const tau_of = a.diagonal + a.columns * unit;
        for (index_t k = 0; k < a.columns; ++k) {
            R* const v = a.a + (k * a.rows + k) * unit;
            V length = V{}, size = V{};
            typename B::number z;
            for (index_t i = 0; i < a.rows - k; ++i) {
                B::load(z, v + i * unit);
                B::add_square(length, z);
            }
            B::root(length);
            B::load(z, v);
            typename B::number phase = z, entry;
            const V one = V{} + R{1};
            if constexpr (Complex) {
                // below this |z| counts for nothing beside the length, and its square may be too small to be exact
                const V least = length * (std::numeric_limits<R>::epsilon() / 64);
                B::add_square(size, z);
                B::root(size);
                size = size > least ? size : V{};
                const V divisor = size > 0 ? size : one;
                B::scale(phase, one / divisor);
                phase.re = size > 0 ? phase.re : one;
                phase.im = size > 0 ? phase.im : V{};
            } else {
                phase.re = z.re < 0 ? -one : one;
                size = z.re * phase.re;
            }
            entry = phase;
            B::scale(entry, -length);
            B::store(a.diagonal + k * unit, entry);
            B::scale(phase, size + length);
            B::store(v, phase);
            const V tau = one / (length * (length + size));
            B::part::store(tau_of + k * B::part::count, tau);
            B::reflect_lines(v, v + a.rows * unit, a.rows * unit, a.columns - k - 1, a.rows - k, tau);
        }
    }

    // The conjugate of R^-1, column by column, and the norms.
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void invert_triangle(arguments const& a) {
        using B = block<Bytes>;
        using V = typename B::vector;
        constexpr index_t unit = B::unit;
        const index_t line = a.rows * unit;
        std::memset(a.inverse, 0, static_cast<std::size_t>(a.columns * line) * sizeof(R));
        V norm = V{}, bound = V{};
        for (index_t j = 0; j < a.columns; ++j) {
            R const* const column = a.a + j * line;
            typename B::number entry, z;
            B::load(entry, a.diagonal + j * unit);
            V square = V{};
            B::add_square(square, entry);
            norm += square;
            B::scale(entry, (V{} + R{1}) / square);  // conj(1 / r) = r / |r|^2
            B::add_square(bound, entry);
            B::store(a.inverse + j * line + j * unit, entry);
            entry.re = -entry.re;
            if constexpr (Complex) entry.im = -entry.im;
            index_t i = 0;
            typename B::number w[4], one[1];
            for (; i + 4 <= j; i += 4) {
                B::template products<4>(w, column + i * unit, a.inverse + i * line + i * unit, line, j - i);
                for (index_t c = 0; c < 4; ++c) finish<Bytes>(a, w[c], entry, i + c, j, bound);
            }
            for (; i < j; ++i) {
                B::template products<1>(one, column + i * unit, a.inverse + i * line + i * unit, line, j - i);
                finish<Bytes>(a, one[0], entry, i, j, bound);
            }
            for (i = 0; i < j; ++i) {
                B::load(z, column + i * unit);
                B::add_square(norm, z);
            }
        }
        B::part::store(a.norm, norm);
        B::part::store(a.bound, bound);
    }
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void finish(arguments const& a, typename block<Bytes>::number const& sum,
                                             typename block<Bytes>::number const& factor, index_t i, index_t j,
                                             typename block<Bytes>::vector& bound) {
        using B = block<Bytes>;
        typename B::number v;
        B::clear(v);
        typename B::number conjugated = sum;
        if constexpr (Complex) conjugated.im = -conjugated.im;
        B::add_product(v, conjugated, factor);
        B::add_square(bound, v);
        B::store(a.inverse + (i * a.rows + j) * B::unit, v);
    }

    // Two columns, by Gram and Schmidt's projection, twice: a root and a quotient less for each column, and no
    // reflection of a line by itself. b - c a is orthogonal to a, and
    //     A^+ = (a^H / |a|^2 - c (b - c a)^H / |b - c a|^2; (b - c a)^H / |b - c a|^2).
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void invert_two(arguments const& a) {
        using B = block<Bytes>;
        using V = typename B::vector;
        constexpr index_t unit = B::unit;
        R const* const first = a.a;
        R *const second = a.a + a.rows * unit, *const inverse = a.inverse;
        const index_t count = a.rows * unit;
        const V one = V{} + R{1};
        typename B::number of_a, of_b, c, again;
        V square_a = V{}, square_b = V{}, square_c = V{};
        B::clear(c);
        B::clear(again);
        for (index_t at = 0; at < count; at += unit) {
            B::load(of_a, first + at);
            B::load(of_b, second + at);
            B::add_square(square_a, of_a);
            B::add_product(c, of_a, of_b);
        }
        const V inverse_a = one / square_a;
        B::scale(c, inverse_a);
        for (index_t at = 0; at < count; at += unit) {
            B::load(of_a, first + at);
            B::load(of_b, second + at);
            B::subtract_product(of_b, c, of_a);
            B::store(second + at, of_b);
            B::add_product(again, of_a, of_b);
        }
        B::scale(again, inverse_a);
        for (index_t at = 0; at < count; at += unit) {
            B::load(of_a, first + at);
            B::load(of_b, second + at);
            B::subtract_product(of_b, again, of_a);
            B::store(second + at, of_b);
            B::add_square(square_b, of_b);
        }
        const V inverse_b = one / square_b;
        c.re += again.re;
        if constexpr (Complex) c.im = -c.im - again.im;
        B::add_square(square_c, c);
        for (index_t at = 0; at < count; at += unit) {
            B::load(of_a, first + at);
            B::load(of_b, second + at);
            B::scale(of_b, inverse_b);
            B::scale(of_a, inverse_a);
            B::subtract_product(of_a, c, of_b);
            B::store(inverse + at, of_a);
            B::store(inverse + count + at, of_b);
        }
        B::part::store(a.norm, square_a + square_c * square_a + square_b);
        B::part::store(a.bound, inverse_a + inverse_b + square_c * inverse_b);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void invert_any(arguments const& a) {
        using B = block<Bytes>;
        R const* const tau_of = a.diagonal + a.columns * B::unit;
        factor<Bytes>(a);
        invert_triangle<Bytes>(a);
        for (index_t k = a.columns; k-- > 0;) {
            typename B::vector tau;
            B::part::load(tau, tau_of + k * B::part::count);
            B::reflect_lines(a.a + (k * a.rows + k) * B::unit, a.inverse + k * B::unit, a.rows * B::unit, a.columns,
                             a.rows - k, tau);
        }
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& given) {
        arguments a = given;
        using B = block<Bytes>;
        for (; a.blocks > 0; --a.blocks) {
            if (a.columns == 2)
                invert_two<Bytes>(a);
            else
                invert_any<Bytes>(a);
            a.a += a.rows * a.columns * B::unit;
            a.inverse += a.rows * a.columns * B::unit;
            a.norm += B::part::count;
            a.bound += B::part::count;
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
