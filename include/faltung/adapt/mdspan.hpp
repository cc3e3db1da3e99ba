// faltung/adapt/mdspan.hpp -- any mdspan as a view: std::mdspan and what has its members
#pragma once

#include <utility>

#include "../view/viewable.hpp"

namespace faltung {
namespace detail {

template <class X>
concept mdspan_like = requires(X const& x) {
    typename X::element_type;
    typename X::extents_type;
    typename X::layout_type;
    typename X::accessor_type;
    { X::rank() } -> std::convertible_to<std::size_t>;
    { x.is_strided() } -> std::convertible_to<bool>;
    { x.extent(0) } -> std::integral;
    x.data_handle();
    x.mapping();
    requires scalar<std::remove_const_t<typename X::element_type>>;
};

// Its samples lie in memory as they are: nothing is computed on the way, as a scaling or conjugating accessor does.
template <class X>
concept mdspan_of_memory = requires(X const& x) {
    { x.data_handle() } -> std::convertible_to<typename X::element_type*>;
    requires std::same_as<typename X::reference, typename X::element_type&>;
};

template <class X>
concept mdspan_with_strides = requires(X const& x) {
    { x.mapping().stride(0) } -> std::integral;
};

constexpr index_t mdspan_number(std::integral auto number, char const* what, std::size_t axis) {
    if (!std::in_range<index_t>(number))
        detail::fail<overflow_error>("mdspan: axis ", axis, ": ", what, " ", number, " does not fit 64 bits");
    return static_cast<index_t>(number);
}

}  // namespace detail

/// Any mdspan whose layout has strides (left, right, stride, or the caller's own). No sample is copied.
///
/// Shapes: axis a is extent a. Types: const samples where element_type is const; a const mdspan may write its samples.
/// Errors: shape_error when a layout that need not be strided is not; overflow_error for an unsigned extent or stride
/// of 2^63 and more. At compile time: an accessor that computes what it shows; a layout without strides; rank 0.
template <detail::mdspan_like X>
struct view_traits<X> {
    static_assert(
        detail::mdspan_of_memory<X>,
        "the accessor of this mdspan does not show memory as it is: view the mdspan of the samples themselves, "
        "or copy");
    static_assert(detail::mdspan_with_strides<X>,
                  "the layout of this mdspan has no strides: copy it into a tensor first");

    static constexpr bool owns = false;

    static constexpr auto make(X const& x) {
        constexpr std::size_t rank = X::rank();
        shape n;
        for (std::size_t a = 0; a < rank; ++a)
            n.push_back(detail::mdspan_number(x.extent(static_cast<rank_type>(a)), "extent", a));
        if (!x.is_strided())
            detail::fail<shape_error>("mdspan: the samples of shape ", n, " do not lie at fixed strides");
        strides stride;
        for (std::size_t a = 0; a < rank; ++a)
            stride.push_back(detail::mdspan_number(x.mapping().stride(static_cast<rank_type>(a)), "stride", a));
        return tensor_view<typename X::element_type, rank>::from_raw(x.data_handle(), n, stride);
    }

private:
    using rank_type = decltype(X::rank());
};

}  // namespace faltung
