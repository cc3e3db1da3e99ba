// faltung/adapt/eigen.hpp -- Eigen's matrices, arrays, blocks and maps as views
#pragma once

#include <Eigen/Core>

#include "../view/viewable.hpp"

namespace faltung {
namespace detail {

// Only declared. What X is to Eigen is deduced, so that it holds for classes derived from Eigen's, too.
template <class Dense>
std::type_identity<Dense> as_eigen_dense(Eigen::DenseBase<Dense> const&);
template <class Plain>
void as_eigen_plain(Eigen::PlainObjectBase<Plain> const&);

template <class X>
using eigen_dense = typename decltype(as_eigen_dense(std::declval<X const&>()))::type;

template <class X>
concept eigen_expression = requires(X const& x) {
    as_eigen_dense(x);
    requires scalar<typename eigen_dense<X>::Scalar>;
};

template <class X>
concept eigen_memory = eigen_expression<X> && requires(X& x) {
    x.data();
    x.rowStride();
    x.colStride();
    requires(static_cast<unsigned>(eigen_dense<X>::Flags) & Eigen::DirectAccessBit) != 0;
};

template <class X>
inline constexpr bool eigen_owns = requires(X const& x) {
    as_eigen_plain(x);
};
// A Ref to const holds a copy where it was made from something that it cannot point into.
template <class Plain, int Options, class Stride>
inline constexpr bool eigen_owns<Eigen::Ref<Plain const, Options, Stride>> = true;

template <class X>
auto* first_of_eigen(X& x) {
    return x.data();
}
// real() and imag() of a complex matrix: their data() compiles for whole matrices only.
template <class... Parameters>
auto* first_of_eigen(Eigen::CwiseUnaryView<Parameters...>& x) {
    return &x.coeffRef(0, 0);
}
template <class... Parameters>
auto* first_of_eigen(Eigen::CwiseUnaryView<Parameters...> const& x) {
    return &x.coeff(0, 0);
}

}  // namespace detail

template <detail::eigen_expression X>
struct view_traits<X> {
    static_assert(sizeof(X) == 0,
                  "this Eigen expression is computed sample by sample and has no memory to view: evaluate it into a "
                  "matrix or an array first");
};

/// Eigen's matrices and arrays, and what shows a part of one in place: Block, Map and Ref with any strides, Transpose,
/// Diagonal, array(), matrix(), real() and imag() of complex ones. No sample is copied.
///
/// Shapes: {rows, columns}, in either storage order; rank 1 where Eigen knows a vector at compile time.
/// Types: what Eigen shows as const (a const matrix, a const Map) is a view of const samples.
/// Errors: at compile time an expression that has no memory, as a + b; and a temporary that owns its samples: a matrix,
/// an array, a Ref to const.
template <detail::eigen_memory X>
struct view_traits<X> {
    static constexpr bool owns = detail::eigen_owns<X>;

    static auto make(auto& x) {
        using dense = detail::eigen_dense<X>;
        using sample = std::remove_pointer_t<decltype(detail::first_of_eigen(x))>;
        sample* const data = x.size() == 0 ? nullptr : detail::first_of_eigen(x);
        if constexpr (dense::IsVectorAtCompileTime)
            return tensor_view<sample, 1>::from_raw(
                data, {x.size()}, {int{dense::RowsAtCompileTime} == 1 ? x.colStride() : x.rowStride()});
        else
            return tensor_view<sample, 2>::from_raw(data, {x.rows(), x.cols()}, {x.rowStride(), x.colStride()});
    }
};

}  // namespace faltung
