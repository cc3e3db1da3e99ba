// faltung/core/algebra.hpp -- sums in other algebras: what takes the place of plus, times and zero
#pragma once

#include <algorithm>
#include <cmath>

#include "scalar.hpp"

namespace faltung {

/// Which sum and product a problem is about. Of every algebra but the usual one there is a tag for `convolve_in`.
enum class algebra : unsigned char { plus_times, max_plus, min_plus, log_plus, or_and };

/// Sum: the larger one, NaN if one is NaN. Product: the sum of tap and sample. Zero: -inf.
struct max_plus {
    static constexpr faltung::algebra name = algebra::max_plus;
    static constexpr bool has_vectors = true;
    template <class R>
    static constexpr R zero = std::is_integral_v<R> ? std::numeric_limits<R>::lowest() / 2
                                                    : -std::numeric_limits<R>::infinity();
};

/// Sum: the smaller one, NaN if one is NaN. Product: the sum of tap and sample. Zero: +inf.
struct min_plus {
    static constexpr faltung::algebra name = algebra::min_plus;
    static constexpr bool has_vectors = true;
    template <class R>
    static constexpr R zero = std::is_integral_v<R> ? std::numeric_limits<R>::max() / 2
                                                    : std::numeric_limits<R>::infinity();
};

/// Sum: log(exp(a) + exp(b)). Product: the sum of tap and sample. Zero: -inf. Probabilities by their logarithms.
struct log_plus {
    static constexpr faltung::algebra name = algebra::log_plus;
    static constexpr bool has_vectors = false;
    template <class R>
    static constexpr R zero = -std::numeric_limits<R>::infinity();
};

/// Sum: 1 where one of them is not 0. Product: 1 where both are not 0. Zero: 0.
struct or_and {
    static constexpr faltung::algebra name = algebra::or_and;
    static constexpr bool has_vectors = true;
    template <class R>
    static constexpr R zero = 0;
};

namespace detail {

/// The accumulator of a sum in an algebra, whose numbers are held in an R.
template <class Algebra, class R>
struct sum_in {
    R value = Algebra::template zero<R>;
};

template <class Acc>
struct sum_traits {
    using value = Acc;
    static constexpr faltung::algebra name = algebra::plus_times;
    static constexpr Acc zero{};
};
template <class Algebra, class R>
struct sum_traits<sum_in<Algebra, R>> {
    using value = R;
    static constexpr faltung::algebra name = Algebra::name;
    static constexpr R zero = Algebra::template zero<R>;
};

/// Whether a kernel with this tap can be multiplied with what stands for a zero boundary: it is finite, or a zero of
/// the algebra, which is left out.
template <class Acc, class W>
bool meets_zeros(W tap) {
    if constexpr (sum_traits<Acc>::name != algebra::plus_times)
        if (tap == sum_traits<Acc>::zero) return true;
    return is_finite(tap);
}

}  // namespace detail

template <class Algebra, class R>
struct real_of<detail::sum_in<Algebra, R>> {
    using type = R;
};

/// The sum and the product of tap and sample, in the sum's algebra. A tap that is its zero adds nothing, whatever the
/// sample is.
template <class Algebra, class R>
FALTUNG_ALWAYS_INLINE detail::sum_in<Algebra, R> multiply_add(detail::sum_in<Algebra, R> acc, R w, R x) {
    if (w == Algebra::template zero<R>) return acc;
    if constexpr (Algebra::name == algebra::or_and) {
        if (x != 0) acc.value = 1;
    } else {
        const R product = w + x;
        if constexpr (Algebra::name == algebra::max_plus) {
            if (product > acc.value || product != product) acc.value = product;
        } else if constexpr (Algebra::name == algebra::min_plus) {
            if (product < acc.value || product != product) acc.value = product;
        } else {
            const R larger = std::max(acc.value, product), smaller = std::min(acc.value, product);
            if (product != product || acc.value != acc.value)
                acc.value += product;
            else if (std::isinf(larger) || std::isinf(smaller))
                acc.value = larger;
            else
                acc.value = larger + std::log1p(std::exp(smaller - larger));
        }
    }
    return acc;
}

}  // namespace faltung
