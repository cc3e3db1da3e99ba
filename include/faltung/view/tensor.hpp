// faltung/view/tensor.hpp -- samples that own their memory, in row-major order
#pragma once

#include <cstring>
#include <iterator>
#include <memory>
#include <utility>

#include "../core/buffer.hpp"
#include "../core/scalar.hpp"
#include "tensor_view.hpp"

namespace faltung {

namespace detail {

template <class Values, class T>
concept listing_of = requires(Values const& values) {
    std::size(values);
    requires std::same_as<std::iter_value_t<decltype(std::begin(values))>, T>;
};

}  // namespace detail

/// A dense array: row-major, its first sample on a 64-byte boundary. A copy copies every sample; a move takes the
/// memory and leaves extents of 0. A const tensor shows its samples as const. Types: every scalar, bool too.
template <scalar T, std::size_t Rank>
class tensor {
    buffer<T> memory_;
    tensor_view<T, Rank> view_;

public:
    using value_type = T;
    static constexpr std::size_t rank = Rank;

    /// No sample: every extent is 0.
    tensor() = default;

    /// Zeros. Errors: shape_error for another rank or a negative extent; overflow_error; std::bad_alloc.
    explicit tensor(faltung::shape const& n) : tensor(uninitialized(n)) {
        if (count() > 0) std::memset(static_cast<void*>(data()), 0, bytes());
    }

    /// The values in row-major order: a list in braces, or anything with a size and iterators whose values are T.
    /// Errors: shape_error also where their number is not the count of the shape.
    tensor(faltung::shape const& n, std::initializer_list<T> values) : tensor(made_of(n, values)) {}
    template <detail::listing_of<T> Values>
    tensor(faltung::shape const& n, Values const& values) : tensor(made_of(n, values)) {}

    /// Memory that holds anything: for a caller who writes every sample before one is read.
    static tensor uninitialized(faltung::shape const& n) {
        detail::require_shape(n, Rank, "tensor");
        tensor t;
        t.memory_ = buffer<T>(checked::product(n, "elements of a tensor"));
        t.view_ = tensor_view<T, Rank>::from_raw(t.memory_.data(), n, row_major(n));
        return t;
    }

    tensor(tensor const& other) : tensor(uninitialized(other.shape())) {
        if (count() > 0) std::memcpy(static_cast<void*>(data()), other.data(), bytes());
    }
    tensor& operator=(tensor const& other) {
        if (this != &other) *this = tensor(other);
        return *this;
    }
    tensor(tensor&& other) noexcept : memory_(std::move(other.memory_)), view_(std::exchange(other.view_, {})) {}
    tensor& operator=(tensor&& other) noexcept {
        memory_ = std::move(other.memory_);
        view_ = std::exchange(other.view_, {});
        return *this;
    }
    ~tensor() = default;

    T* data() { return view_.data(); }
    T const* data() const { return view_.data(); }
    faltung::shape shape() const { return view_.shape(); }
    faltung::strides strides() const { return view_.strides(); }
    index_t extent(int a) const { return view_.extent(a); }
    index_t count() const { return view_.count(); }

    T* begin() { return data(); }
    T* end() { return data() + count(); }
    T const* begin() const { return data(); }
    T const* end() const { return data() + count(); }

    /// One sample, as tensor_view does it.
    template <std::integral... Index>
        requires(sizeof...(Index) == Rank)
    T& operator()(Index... i) { return view_(i...); }
    template <std::integral... Index>
        requires(sizeof...(Index) == Rank)
    T const& operator()(Index... i) const { return view_(i...); }
    T& operator()(index_list const& i) { return view_(i); }
    T const& operator()(index_list const& i) const { return view_(i); }

    /// A temporary has no view: its memory dies first.
    tensor_view<T, Rank> view() & { return view_; }
    tensor_view<T const, Rank> view() const& { return view_; }
    void view() && = delete;
    void view() const&& = delete;

private:
    std::size_t bytes() const { return static_cast<std::size_t>(count()) * sizeof(T); }

    template <class Values>
    static tensor made_of(faltung::shape const& n, Values const& values) {
        detail::require_shape(n, Rank, "tensor");
        const index_t count = checked::product(n, "elements of a tensor");
        if (std::size(values) != static_cast<std::size_t>(count))
            detail::fail<shape_error>("tensor: shape ", n, " has ", count, " elements, but ", std::size(values),
                                      " values were given");
        tensor t = uninitialized(n);
        if constexpr (std::contiguous_iterator<decltype(std::begin(values))>) {
            if (count > 0) std::memcpy(static_cast<void*>(t.data()), std::to_address(std::begin(values)), t.bytes());
        } else {
            T* to = t.data();
            for (auto const& value : values) *to++ = value;
        }
        return t;
    }
};

}  // namespace faltung
