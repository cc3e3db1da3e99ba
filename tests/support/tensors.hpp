// tests/support/tensors.hpp -- random tensors, and where two tensors differ
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include <faltung/view/tensor.hpp>

#include "support/random.hpp"

namespace faltung::testing {

/// Small integers in any type: what is computed from them is exact.
template <class T, std::size_t Rank>
tensor<T, Rank> small_tensor(random_source& r, shape const& n) {
    tensor<T, Rank> x(n);
    for (T& v : x) v = r.small<T>();
    return x;
}

/// Values of all magnitudes and mantissas: what is computed from them is rounded.
template <class T, std::size_t Rank>
tensor<T, Rank> any_tensor(random_source& r, shape const& n) {
    tensor<T, Rank> x(n);
    for (T& v : x) v = r.any<T>();
    return x;
}

/// The samples of an array, converted.
template <class T>
std::vector<T> as_vector(auto const& x) {
    return {x.begin(), x.end()};
}

/// The same number with the same sign of zero, or both NaN.
template <class T>
bool is_same_value(T l, T r) {
    if constexpr (is_complex<T>)
        return is_same_value(l.real(), r.real()) && is_same_value(l.imag(), r.imag());
    else if constexpr (is_floating<T>)
        return (l == r && std::signbit(l) == std::signbit(r)) || (l != l && r != r);
    else
        return l == r;
}

template <class T>
std::string printed(T v) {
    if constexpr (is_complex<T>)
        return text("(", v.real(), ", ", v.imag(), ")");
    else
        return text(v);
}

/// Empty where two tensors have the same shape and bits, else the first difference.
template <class T, std::size_t Rank>
std::string difference(tensor<T, Rank> const& l, tensor<T, Rank> const& r) {
    if (!(l.shape() == r.shape())) return text("shapes ", l.shape(), " and ", r.shape());
    std::string first;
    for_each_index(l.shape(), [&](index_list const& i) {
        if (first.empty() && !is_same_value(l(i), r(i)))
            first = text("at ", i, ": ", printed(l(i)), " and ", printed(r(i)));
    });
    return first;
}

/// A new tensor whose samples are `sample(index)`.
template <class T, std::size_t Rank, class Sample>
tensor<T, Rank> tensor_of(shape const& n, Sample sample) {
    tensor<T, Rank> x(n);
    for_each_index(n, [&](index_list const& i) { x(i) = sample(i); });
    return x;
}

}  // namespace faltung::testing
