// tests/support/operators.hpp -- dense matrices as operators, and the dot test of an operator
#pragma once

#include <Eigen/Core>

#include <faltung/linalg/linear_operator.hpp>

#include "support/random.hpp"

namespace faltung::testing {

template <class T>
using dense = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
template <class T>
using column = Eigen::Matrix<T, Eigen::Dynamic, 1>;

template <class T>
column<T> column_of(std::vector<T> const& v) {
    return Eigen::Map<column<T> const>(v.data(), static_cast<Eigen::Index>(v.size()));
}
template <class T>
std::vector<T> vector_of(column<T> const& v) {
    return {v.data(), v.data() + v.size()};
}

template <class T>
linear_operator<T> operator_from(dense<T> const& a) {
    using map = Eigen::Map<column<T>>;
    using const_map = Eigen::Map<column<T> const>;
    return {a.cols(), a.rows(),
            [a](std::span<T const> x, std::span<T> y) { map(y.data(), a.rows()) = a * const_map(x.data(), a.cols()); },
            [a](std::span<T const> y, std::span<T> x) {
                map(x.data(), a.cols()) = a.adjoint() * const_map(y.data(), a.rows());
            }};
}

/// Numbers between -1 and 1, in steps that a float holds.
template <class T>
std::vector<T> unit_numbers(random_source& r, index_t count) {
    std::vector<T> v(static_cast<std::size_t>(count));
    const auto number = [&] { return static_cast<real_t<T>>(r.between(-1000000, 1000000)) / real_t<T>{1000000}; };
    for (T& s : v)
        if constexpr (is_complex<T>)
            s = T(number(), number());
        else
            s = number();
    return v;
}

template <class T>
dense<T> unit_matrix(random_source& r, index_t rows, index_t columns) {
    const auto v = unit_numbers<T>(r, rows * columns);
    return Eigen::Map<dense<T> const>(v.data(), rows, columns);
}

/// |<A x, y> - <x, A^H y>| relative to |A x| |y| + |x| |A^H y|, for random x and y.
template <class T>
double dot_test(linear_operator<T> const& a, random_source& random) {
    const auto x = unit_numbers<T>(random, a.unknowns), y = unit_numbers<T>(random, a.equations);
    std::vector<T> ax(y.size()), ay(x.size());
    a.apply(x, ax);
    a.adjoint(y, ay);
    using wide = std::complex<double>;
    const auto product = [](std::vector<T> const& l, std::vector<T> const& r) {
        wide sum = 0;
        for (std::size_t i = 0; i < l.size(); ++i) sum += std::conj(convert<wide>(l[i])) * convert<wide>(r[i]);
        return sum;
    };
    const auto norm = [&](std::vector<T> const& v) { return std::sqrt(std::abs(product(v, v))); };
    const double scale = norm(ax) * norm(y) + norm(x) * norm(ay);
    return scale == 0 ? 0 : std::abs(product(ax, y) - product(x, ay)) / scale;
}

}  // namespace faltung::testing
