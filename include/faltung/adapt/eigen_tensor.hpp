// faltung/adapt/eigen_tensor.hpp -- Eigen's tensors and tensor maps as views
#pragma once

#include <unsupported/Eigen/CXX11/Tensor>

#include "../view/permute.hpp"

namespace faltung {
namespace detail {

// Only declared. What X is to Eigen is deduced, so that it holds for classes derived from Eigen's, too.
template <class Expression>
std::type_identity<Expression> as_eigen_tensor(Eigen::TensorBase<Expression, Eigen::ReadOnlyAccessors> const&);

template <class T, int Rank, int Options, class Index>
std::true_type eigen_tensor_owns(Eigen::Tensor<T, Rank, Options, Index> const&);
template <class T, class Extents, int Options, class Index>
std::true_type eigen_tensor_owns(Eigen::TensorFixedSize<T, Extents, Options, Index> const&);
template <class Plain, int Options, template <class> class Pointer>
std::false_type eigen_tensor_owns(Eigen::TensorMap<Plain, Options, Pointer> const&);

template <class X>
using eigen_tensor = typename decltype(as_eigen_tensor(std::declval<X const&>()))::type;

template <class X>
concept eigen_tensor_expression = requires(X const& x) {
    as_eigen_tensor(x);
    requires scalar<typename eigen_tensor<X>::Scalar>;
};

template <class X>
concept eigen_tensor_memory = eigen_tensor_expression<X> && requires(X const& x) {
    eigen_tensor_owns(x);
};

}  // namespace detail

template <detail::eigen_tensor_expression X>
struct view_traits<X> {
    static_assert(sizeof(X) == 0,
                  "this Eigen tensor expression is computed sample by sample and has no memory to view: evaluate it "
                  "into an Eigen::Tensor first");
};

/// Eigen::Tensor, TensorFixedSize and TensorMap, in either storage order. No sample is copied.
///
/// Shapes: axis a is Eigen's dimension a. Types: const tensors, and maps of const ones, are views of const samples.
/// Errors: at compile time an expression that has no memory, as a + b or a slice; a temporary that owns its samples; a
/// tensor of rank 0. As view: shape_error, overflow_error.
template <detail::eigen_tensor_memory X>
struct view_traits<X> {
    static constexpr bool owns = decltype(detail::eigen_tensor_owns(std::declval<X const&>()))::value;

    static auto make(auto& x) {
        using tensor = detail::eigen_tensor<X>;
        constexpr std::size_t rank = std::size_t{tensor::NumIndices};
        constexpr bool rows_first = int{tensor::Layout} == int{Eigen::RowMajor};
        // Column-major is the transpose of row-major with the extents in reverse order.
        shape n;
        for (std::size_t a = 0; a < rank; ++a)
            // Eigen's classes count dimensions in different types: this one converts to each of them.
            n.push_back(x.dimension(static_cast<unsigned short>(rows_first ? a : rank - 1 - a)));
        const auto v =
            tensor_view<std::remove_pointer_t<decltype(x.data())>, rank>::from_raw(x.data(), n, row_major(n));
        if constexpr (rows_first)
            return v;
        else
            return transpose(v);
    }
};

}  // namespace faltung
