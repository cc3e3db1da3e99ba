// faltung/core/scalar.hpp -- element types: which accumulator holds their sums, conjugation, multiply-add, and their
// run-time names
#pragma once

#include <complex>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "config.hpp"

namespace faltung {

template <class T>
inline constexpr bool is_complex = false;
template <class T>
inline constexpr bool is_complex<std::complex<T>> = true;

/// std::complex<T> -> T, everything else unchanged.
template <class T>
struct real_of {
    using type = T;
};
template <class T>
struct real_of<std::complex<T>> {
    using type = T;
};
template <class T>
using real_t = typename real_of<T>::type;

/// What a sample may be: bool, an integer of up to 64 bits, a floating type, or a std::complex of one.
template <class T>
concept scalar = (std::is_arithmetic_v<T> && sizeof(T) <= 16) || (is_complex<T> && std::is_floating_point_v<real_t<T>>);

template <class T>
inline constexpr bool is_floating = std::is_floating_point_v<real_t<T>>;

namespace detail {

template <class Real, bool Complex>
using with_complexity = std::conditional_t<Complex, std::complex<Real>, Real>;

// An integer beside a floating type: up to 16 bits fit a float exactly, more need a double.
template <class Integer, class Floating>
using integer_beside = std::conditional_t<(sizeof(Integer) > 2 && sizeof(Floating) < 8), double, Floating>;

template <class X, class H>
struct accumulator {
    using A = real_t<X>;
    using B = real_t<H>;
    static constexpr auto pick() {
        if constexpr (is_floating<X> && is_floating<H>)
            return std::common_type_t<A, B>{};
        else if constexpr (is_floating<X>)
            return integer_beside<B, A>{};
        else if constexpr (is_floating<H>)
            return integer_beside<A, B>{};
        else if constexpr (std::is_same_v<A, std::uint64_t> || std::is_same_v<B, std::uint64_t> ||
                           (std::is_unsigned_v<A> && sizeof(A) == 8) || (std::is_unsigned_v<B> && sizeof(B) == 8))
            return std::uint64_t{};
        else
            return std::int64_t{};
    }
    using type = with_complexity<decltype(pick()), is_complex<X> || is_complex<H>>;
};

}  // namespace detail

/// The default accumulator and result of x * h. Two integers: int64 (uint64 if one of them is uint64), so that sums of
/// 8- and 16-bit samples cannot overflow below 2^31 taps and 32-bit ones below 2 taps of full scale (64-bit sums wrap).
/// An integer and a floating type: the floating one, at least double for integers of more than 16 bits. Otherwise the
/// wider one. Complex if one of them is.
template <class X, class H>
using accumulator_t = typename detail::accumulator<X, H>::type;

/// An operand as the inner loops hold it: in the accumulator's precision, but real where the operand is real.
template <class Operand, class Acc>
using held_t = detail::with_complexity<real_t<Acc>, is_complex<Operand>>;

/// The complex conjugate; a real number is its own.
template <class T>
FALTUNG_ALWAYS_INLINE constexpr T conjugate(T v) {
    if constexpr (is_complex<T>)
        return T(v.real(), -v.imag());
    else
        return v;
}

/// Whether neither part is NaN or infinite.
template <class T>
bool is_finite(T v) {
    if constexpr (is_complex<T>)
        return std::isfinite(v.real()) && std::isfinite(v.imag());
    else if constexpr (is_floating<T>)
        return std::isfinite(v);
    else
        return true;
}

/// acc + w * x. Integers of 64 bits wrap (computed unsigned); a real factor never meets the imaginary unit, so
/// Inf * (1 + 0i) has no NaN in it. Whether w * x is rounded before the sum is up to the compiled instruction set.
template <class Acc, class W, class X>
FALTUNG_ALWAYS_INLINE constexpr Acc multiply_add(Acc acc, W w, X x) {
    if constexpr (std::is_integral_v<Acc>) {
        using U = std::make_unsigned_t<Acc>;
        return static_cast<Acc>(static_cast<U>(acc) + static_cast<U>(w) * static_cast<U>(x));
    } else if constexpr (is_complex<W> && is_complex<X>) {
        return Acc(acc.real() + w.real() * x.real() - w.imag() * x.imag(),
                   acc.imag() + w.real() * x.imag() + w.imag() * x.real());
    } else if constexpr (is_complex<W>) {
        return Acc(acc.real() + w.real() * x, acc.imag() + w.imag() * x);
    } else if constexpr (is_complex<X>) {
        return Acc(acc.real() + w * x.real(), acc.imag() + w * x.imag());
    } else {
        return acc + w * x;
    }
}

/// Convert without a warning and without surprises: real to complex sets the imaginary part to 0.
template <class To, class From>
FALTUNG_ALWAYS_INLINE constexpr To convert(From v) {
    if constexpr (std::is_same_v<To, From>)
        return v;
    else if constexpr (is_complex<To> && is_complex<From>)
        return To(static_cast<real_t<To>>(v.real()), static_cast<real_t<To>>(v.imag()));
    else if constexpr (is_complex<To>)
        return To(static_cast<real_t<To>>(v), real_t<To>(0));
    else {
        static_assert(!is_complex<From>, "a complex value does not fit a real type");
        return static_cast<To>(v);
    }
}

/// A type's name at run time, for problems, costs and error texts.
enum class element : unsigned char {
    boolean,
    int8,
    uint8,
    int16,
    uint16,
    int32,
    uint32,
    int64,
    uint64,
    float32,
    float64,
    float80,
    complex32,
    complex64,
    complex80
};

template <scalar T>
constexpr element element_of() {
    if constexpr (is_complex<T> || std::is_floating_point_v<T>) {
        using R = real_t<T>;
        constexpr int width = std::is_same_v<R, float> ? 0 : std::is_same_v<R, double> ? 1 : 2;
        return static_cast<element>(static_cast<int>(is_complex<T> ? element::complex32 : element::float32) + width);
    } else if constexpr (std::is_same_v<T, bool>) {
        return element::boolean;
    } else {
        constexpr int width = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
        return static_cast<element>(static_cast<int>(element::int8) + 2 * width + (std::is_signed_v<T> ? 0 : 1));
    }
}

/// complex<R> -> R, everything else unchanged.
constexpr element real_element(element e) {
    return e < element::complex32 ? e : static_cast<element>(static_cast<int>(e) - 3);
}

constexpr char const* name_of(element e) {
    constexpr char const* names[] = {
        "bool",   "int8",        "uint8",          "int16",           "uint16",
        "int32",  "uint32",      "int64",          "uint64",          "float",
        "double", "long double", "complex<float>", "complex<double>", "complex<long double>"};
    return names[static_cast<int>(e)];
}

}  // namespace faltung
