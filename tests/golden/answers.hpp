// tests/golden/answers.hpp -- faltung's answers for element types named at run time: each combination is compiled once,
// in the answers_*.cpp of its accumulator, for all systems
#pragma once

#include <faltung/convolve/apply.hpp>
#include <faltung/convolve/convolver.hpp>

#include <array>
#include <variant>

#include "golden.hpp"
#include "support/compiled_methods.hpp"

namespace faltung::golden {

using settings = std::variant<dialect, convolve_options>;

/// One combination of element types.
struct answerer {
    std::string x, h, y;
    array (*answer)(question const&, settings const&);
    array (*adjoint)(line const&, shape const& inputs, array const& h, dialect const&) = nullptr;
};

/// NumPy's name of an element type.
template <class T>
std::string type_name() {
    constexpr std::array names{"bool",    "int8",       "uint8",     "int16",      "uint16",
                               "int32",   "uint32",     "int64",     "uint64",     "float32",
                               "float64", "longdouble", "complex64", "complex128", "clongdouble"};
    return names[static_cast<std::size_t>(element_of<T>())];
}

template <class T, std::size_t Rank>
tensor<T, Rank> as_tensor(array const& a) {
    tensor<T, Rank> t(a.n);
    for (index_t i = 0; i < t.count(); ++i) {
        const std::complex<long double> v = a.values[static_cast<std::size_t>(i)];
        if constexpr (is_complex<T>)
            t.data()[i] = T(static_cast<real_t<T>>(v.real()), static_cast<real_t<T>>(v.imag()));
        else
            t.data()[i] = static_cast<T>(v.real());
    }
    return t;
}

template <class T, std::size_t Rank>
array as_array(tensor<T, Rank> const& t) {
    array a{type_name<T>(), t.shape(), {}};
    for (index_t i = 0; i < t.count(); ++i) {
        const T v = t.data()[i];
        if constexpr (is_complex<T>)
            a.values.emplace_back(v.real(), v.imag());
        else
            a.values.emplace_back(static_cast<long double>(v));
    }
    return a;
}

template <class X, class H, class Y, std::size_t Rank>
array answer_of_rank(question const& q, settings const& how) {
    auto const x = as_tensor<X, Rank>(q.x);
    auto const h = as_tensor<H, Rank>(q.h);
    return std::visit(
        [&](auto const& o) {
            return as_array(q.sense == sense::convolution ? convolve<Y>(x, h, o) : correlate<Y>(x, h, o));
        },
        how);
}

template <class X, class H = X, class Y = X>
answerer answers() {
    return {type_name<X>(), type_name<H>(), type_name<Y>(), [](question const& q, settings const& how) {
                switch (q.x.n.rank()) {
                    case 1:
                        return answer_of_rank<X, H, Y, 1>(q, how);
                    case 2:
                        return answer_of_rank<X, H, Y, 2>(q, how);
                    case 3:
                        return answer_of_rank<X, H, Y, 3>(q, how);
                }
                throw shape_error("golden: a case of another rank");
            }};
}

template <class T, std::size_t Rank>
array adjoint_of_rank(line const& l, shape const& inputs, array const& h, dialect const& how) {
    const convolver<T> plan(as_correlation{}, inputs, as_tensor<T, Rank>(h), how);
    REQUIRE(plan.output_shape() == l.x.n);
    tensor<T, Rank> y(inputs);
    auto scratch = plan.adjoint_workspace();
    plan.adjoint(as_tensor<T, Rank>(l.x), y, scratch);
    return as_array(y);
}

/// For the element types of transposed convolutions.
template <class T>
answerer answers_and_adjoints() {
    answerer both = answers<T>();
    both.adjoint = [](line const& l, shape const& inputs, array const& h, dialect const& how) {
        switch (inputs.rank()) {
            case 1:
                return adjoint_of_rank<T, 1>(l, inputs, h, how);
            case 2:
                return adjoint_of_rank<T, 2>(l, inputs, h, how);
            case 3:
                return adjoint_of_rank<T, 3>(l, inputs, h, how);
        }
        throw shape_error("golden: a case of another rank");
    };
    return both;
}

using answerers = std::vector<answerer>;

answerers with_int64_sums();            // answers_int64.cpp: as wide as the operands
answerers with_int64_sums_as_double();  // answers_int64_as_double.cpp
answerers with_float_sums();            // answers_float.cpp
answerers with_double_sums();           // answers_double.cpp
answerers with_complex_sums();          // answers_complex.cpp
answerers with_wide_sums();             // answers_wide.cpp: uint64, long double

}  // namespace faltung::golden
