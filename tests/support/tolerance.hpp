// tests/support/tolerance.hpp -- how far a computed sum may be from the exact one, with the derivation
#pragma once

#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>

#include <faltung/core/index.hpp>
#include <faltung/core/scalar.hpp>

namespace faltung::testing {

/// The arithmetic of reference sums: integers modulo 2^64, floating ones with at least 11 bits more.
#if defined(__SIZEOF_FLOAT128__)
using widest = __float128;
#else
using widest = long double;
#endif
template <class Acc>
using wide_of = std::conditional_t<std::is_integral_v<Acc>, std::uint64_t,
                                   std::conditional_t<(sizeof(real_t<Acc>) <= sizeof(double)), long double, widest>>;

/// Half the distance from 1 to the next number: the relative error of one rounding to nearest.
template <class T>
inline constexpr long double unit_roundoff = is_floating<T> ? std::numeric_limits<real_t<T>>::epsilon() / 2 : 0;

/// Whether a value of this type is rounded when it becomes an operand of such a sum.
template <class From, class Acc>
inline constexpr bool is_rounded = std::numeric_limits<real_t<From>>::digits > std::numeric_limits<real_t<Acc>>::digits;

/// The roundings that a product of such a sum meets at most: its own, K - 1 additions (the sum starts from 0), and
/// those of its operands.
template <class T>
constexpr index_t roundings(index_t products) {
    return products + is_rounded<typename T::X, typename T::Acc> + is_rounded<typename T::H, typename T::Acc>;
}

/// How far a stored sum `s`, of which `bound` may be lost before, may be from the exact one: a store into a narrower
/// floating Y rounds once more.
template <class Acc, class Y, class Wide>
long double store_bound(long double bound, Wide s) {
    if (!(unit_roundoff < Y >> unit_roundoff<Acc>)) return bound;
    return bound + unit_roundoff<Y> * (static_cast<long double>(s < 0 ? -s : s) + bound) +
           static_cast<long double>(std::numeric_limits<real_t<Y>>::denorm_min());
}

/// How far the computed value of a sum of real products with so many roundings k each may be from the exact one.
/// `magnitude` is the sum of |h| |x|.
///
/// A product meets k factors (1 + e) with |e| <= u. With k u < 1 their product is 1 + theta, |theta| <= gamma_k = k u /
/// (1 - k u) (Higham, Accuracy and Stability of Numerical Algorithms, lemma 3.1); a multiply-add rounds once where two
/// are counted. Each product may fall below the normal range and lose half of the smallest number. The reference sum is
/// computed with u / 2^11 or less, hence the factor.
template <class Acc>
long double sum_bound(index_t roundings_of_each, long double magnitude) {
    const long double u = unit_roundoff<Acc>, k = static_cast<long double>(roundings_of_each);
    if (u == 0) return 0;
    const long double below = static_cast<long double>(std::numeric_limits<real_t<Acc>>::denorm_min()) * (k + 2);
    return k * u / (1 - k * u) * (1 + 0x1p-9L) * magnitude + below;
}

/// The same sign of infinity, or both NaN, or both finite.
template <class A, class B>
bool same_kind(A a, B b) {
    if (a != a || b != b) return a != a && b != b;
    const bool a_is_infinite = !(a - a == a - a), b_is_infinite = !(b - b == b - b);
    if (a_is_infinite || b_is_infinite) return a_is_infinite && b_is_infinite && (a > 0) == (b > 0);
    return true;
}

}  // namespace faltung::testing
