// faltung/view/viewable.hpp -- which things can be viewed, and as_view, which does it
#pragma once

#include <array>
#include <span>
#include <vector>

#include "tensor.hpp"

namespace faltung {

/// How a type becomes a view. Specialise it for X without const and without reference:
///
///     static constexpr bool owns = ...;  // true when the samples die with the object, as a vector's do
///     static constexpr tensor_view<T, Rank> make(X&), make(X const&);  // or one that takes `auto&`
///
/// What `make` returns says the element type and the rank. A type that cannot be viewed has no members here.
template <class X>
struct view_traits {};

/// What as_view accepts: X, X const or a reference to one.
template <class X>
concept viewable = requires(std::remove_reference_t<X>& x) {
    { view_traits<std::remove_cvref_t<X>>::owns } -> std::convertible_to<bool>;
    view_traits<std::remove_cvref_t<X>>::make(x).erased();
};

/// The view that as_view makes of an X: of T const where X shows its samples as const.
template <viewable X>
using view_of = decltype(view_traits<std::remove_cvref_t<X>>::make(std::declval<std::remove_reference_t<X>&>()));

/// The type of X's samples, without const.
template <viewable X>
using element_t = typename view_of<X>::value_type;

template <viewable X>
inline constexpr std::size_t rank_of = view_of<X>::rank;

/// x as a tensor_view: tensors and views themselves, std::vector, std::array and C arrays (nested ones have one axis
/// per level), std::span, and all that has view_traits. A temporary that owns its memory is refused at compile time;
/// what only reads during its own call takes `X const& x`, which a temporary may bind to.
template <viewable X>
[[nodiscard]] constexpr view_of<X> as_view(X&& x) {
    static_assert(std::is_lvalue_reference_v<X> || !view_traits<std::remove_cvref_t<X>>::owns,
                  "a view of a temporary would outlive the memory that it shows: give the owner a name first");
    return view_traits<std::remove_cvref_t<X>>::make(x);
}

template <class T, std::size_t Rank>
struct view_traits<tensor_view<T, Rank>> {
    static constexpr bool owns = false;
    static constexpr tensor_view<T, Rank> make(tensor_view<T, Rank> const& x) { return x; }
};

template <class T, std::size_t Rank>
struct view_traits<tensor<T, Rank>> {
    static constexpr bool owns = true;
    static constexpr auto make(auto& x) { return x.view(); }
};

namespace detail {

template <class T>
concept sample = scalar<std::remove_const_t<T>>;

template <class T>
constexpr tensor_view<T, 1> line(T* data, std::size_t count) {
    return tensor_view<T, 1>::from_raw(data, {static_cast<index_t>(count)}, {1});
}

// One level of a nested array per specialisation, down to the samples; a level of extent 0 has no first sample.
template <class X>
struct nested {
    using element = X;
    static constexpr std::size_t levels = 0;
    static constexpr void append_to(shape&) {}
    static constexpr auto* first(auto& x) { return &x; }
};

template <class Array, class Inner, std::size_t Extent>
struct nested_level {
    using element = typename nested<Inner>::element;
    static constexpr std::size_t levels = nested<Inner>::levels + 1;
    static_assert(Extent == 0 || sizeof(Array) == Extent * sizeof(Inner), "a nested array with gaps");

    static constexpr void append_to(shape& n) {
        n.push_back(static_cast<index_t>(Extent));
        nested<Inner>::append_to(n);
    }
    static constexpr auto first(auto& x) -> decltype(nested<Inner>::first(x[0])) {
        if constexpr (Extent == 0)
            return nullptr;
        else
            return nested<Inner>::first(x[0]);
    }
    static constexpr auto view(auto& x) {
        shape n;
        append_to(n);
        using pointed = std::remove_pointer_t<decltype(first(x))>;
        return tensor_view<pointed, levels>::from_raw(first(x), n, row_major(n));
    }
};

template <class Inner, std::size_t Extent>
struct nested<std::array<Inner, Extent>> : nested_level<std::array<Inner, Extent>, Inner, Extent> {};
template <class Inner, std::size_t Extent>
struct nested<Inner[Extent]> : nested_level<Inner[Extent], Inner, Extent> {};

}  // namespace detail

template <class X>
    requires(detail::nested<X>::levels > 0 && detail::sample<typename detail::nested<X>::element>)
struct view_traits<X> {
    static constexpr bool owns = true;
    static constexpr auto make(auto& x) { return detail::nested<X>::view(x); }
};

template <detail::sample T, class Allocator>
struct view_traits<std::vector<T, Allocator>> {
    static constexpr bool owns = true;
    static constexpr auto make(auto& x) { return detail::line(x.data(), x.size()); }
};

template <class Allocator>
struct view_traits<std::vector<bool, Allocator>> {
    static_assert(sizeof(Allocator) == 0,
                  "std::vector<bool> packs its values into bits and has no memory to view: use tensor<bool, 1>");
};

template <detail::sample T, std::size_t Extent>
struct view_traits<std::span<T, Extent>> {
    static constexpr bool owns = false;
    static constexpr tensor_view<T, 1> make(std::span<T, Extent> const& x) { return detail::line(x.data(), x.size()); }
};

}  // namespace faltung
