// faltung/view/tensor_view.hpp -- the one view: a pointer, extents and signed strides
#pragma once

#include <array>
#include <cassert>
#include <concepts>
#include <span>
#include <type_traits>

#include "../core/strided.hpp"
#include "layout.hpp"

namespace faltung {

/// Samples that somebody else owns: x(i, j, ...) is data()[i * strides()[0] + j * strides()[1] + ...].
///
/// Shapes: extents may be 0 or 1; strides count elements and may be negative (reversed), padded or 0 (broadcast).
/// data() points at the sample with index 0 on every axis, not at the lowest address.
/// Types: a view of T becomes a view of T const by itself, never back. Like a span it is passed by value, and a const
/// view may write its samples: what must not be written has T const.
/// Errors: in every view the extents are >= 0 and the count, each offset and the bytes spanned fit 64 bits.
/// Cost: copying one copies pointer, extents and strides. Nothing here allocates.
template <class T, std::size_t Rank>
class tensor_view {
    static_assert(Rank >= 1, "a view has at least one axis: a single sample is an element, as in x(i, j)");
    static_assert(Rank <= std::size_t{max_rank}, "a view has at most faltung::max_rank axes");

    using one_per_axis = std::array<index_t, Rank>;
    T* data_ = nullptr;
    one_per_axis extents_{}, strides_{};

    template <class, std::size_t>
    friend class tensor_view;

public:
    using element_type = T;
    using value_type = std::remove_const_t<T>;
    static constexpr std::size_t rank = Rank;

    /// No sample: every extent is 0.
    constexpr tensor_view() = default;

    /// All of `memory`, row-major. Errors: shape_error unless it holds exactly as many elements as the shape (for the
    /// beginning of a longer one: memory.first(count)), and as from_raw.
    constexpr tensor_view(std::span<T> memory, faltung::shape const& n) {
        detail::require_shape(n, Rank, "tensor_view");
        const index_t count = checked::product(n, "elements of a view");
        if (static_cast<std::size_t>(count) != memory.size())
            detail::fail<shape_error>("tensor_view: shape ", n, " has ", count, " elements, but the memory ",
                                      memory.size());
        *this = from_raw(memory.data(), n, row_major(n));
    }

    /// Samples of `memory`; `origin` is the place of the one with index 0 on every axis. Errors: shape_error when the
    /// lowest or highest sample lies outside, and as from_raw.
    constexpr tensor_view(std::span<T> memory, faltung::shape const& n, faltung::strides const& stride,
                          index_t origin = 0) {
        *this = from_raw(memory.data(), n, stride);
        const index_t size = static_cast<index_t>(memory.size());
        if (origin < 0 || origin > size)
            detail::fail<shape_error>("tensor_view: origin ", origin, " is outside the memory of ", size, " elements");
        if (!is_empty(n)) {
            const detail::reach r = detail::reach_of(n, stride);
            const index_t lowest = origin + r.lowest, highest = checked::add(origin, r.highest, "reach of a view");
            if (lowest < 0 || highest >= size)
                detail::fail<shape_error>("tensor_view: shape ", n, " with strides ", stride, " from origin ", origin,
                                          " reaches elements ", lowest, " to ", highest, " of a memory of ", size);
        }
        data_ += origin;
    }

    /// Memory that dies with the expression cannot be viewed.
    template <class Owner>
        requires(!std::is_lvalue_reference_v<Owner> && std::convertible_to<Owner, std::span<T>> &&
                 !std::ranges::enable_borrowed_range<std::remove_cvref_t<Owner>>)
    constexpr tensor_view(Owner&&, faltung::shape const&, faltung::strides const& = {}, index_t = 0) {
        static_assert(std::is_lvalue_reference_v<Owner>,
                      "a view of a temporary would outlive the memory that it shows: give the owner a name first");
    }

    /// The unchecked form: that the memory behind `data` is there for every sample is the caller's promise. Errors:
    /// shape_error for lists of another rank, negative extents and null data with samples; overflow_error.
    static constexpr tensor_view from_raw(T* data, faltung::shape const& n, faltung::strides const& stride) {
        detail::require_shape(n, Rank, "tensor_view");
        if (stride.rank() != static_cast<int>(Rank))
            detail::fail<shape_error>("tensor_view: strides ", stride, " for shape ", n);
        const index_t count = checked::product(n, "elements of a view");
        // Constant expressions cannot read through null in any case, and under -fsanitize=undefined g++ 12 does not
        // take a comparison with null for constant.
        if (!std::is_constant_evaluated() && data == nullptr && count > 0)
            detail::fail<shape_error>("tensor_view: no memory for shape ", n);
        const detail::reach r = detail::reach_of(n, stride);
        const index_t spanned = checked::add(r.highest - r.lowest, 1, "elements that a view spans");
        checked::multiply(spanned, index_t{sizeof(T)}, "bytes that a view spans");
        tensor_view v;
        v.data_ = data;
        v.extents_ = listed(n);
        v.strides_ = listed(stride);
        return v;
    }

    constexpr T* data() const { return data_; }
    constexpr faltung::shape shape() const { return extents_; }
    constexpr faltung::strides strides() const { return strides_; }
    constexpr index_t extent(int a) const { return extents_[static_cast<std::size_t>(a)]; }
    constexpr index_t count() const {
        index_t product = 1;
        for (index_t n : extents_)
            if (n == 0) return 0;
        for (index_t n : extents_) product *= n;
        return product;
    }

    /// The sample at one index per axis: not checked in a build with NDEBUG.
    template <std::integral... Index>
        requires(sizeof...(Index) == Rank)
    constexpr T& operator()(Index... i) const { return sample({static_cast<index_t>(i)...}); }

    /// The sample at a list of indices, as for_each_index gives them.
    constexpr T& operator()(index_list const& i) const {
        assert(i.rank() == static_cast<int>(Rank) && "tensor_view: a list of another rank");
        return sample(listed(i));
    }

    /// True when the samples lie in row-major order without a gap.
    constexpr bool is_contiguous() const { return detail::is_row_major(extents_, strides_); }

    /// The same view with its rank at run time. An axis of extent 0 or 1 gets stride 0: no step along it is ever taken,
    /// and so nothing behind the door can overflow on a stride that was never checked.
    constexpr strided<T> erased() const {
        strided<T> v{data_, extents_, strides_};
        for (int a = 0; a < static_cast<int>(Rank); ++a)
            if (v.n[a] <= 1) v.stride[a] = 0;
        return v;
    }

    constexpr operator tensor_view<T const, Rank>() const requires(!std::is_const_v<T>) {
        tensor_view<T const, Rank> v;
        v.data_ = data_;
        v.extents_ = extents_;
        v.strides_ = strides_;
        return v;
    }

private:
    static constexpr one_per_axis listed(index_list const& list) {
        one_per_axis values{};
        for (std::size_t a = 0; a < Rank; ++a) values[a] = list[static_cast<int>(a)];
        return values;
    }

    constexpr T& sample(one_per_axis const& i) const {
        index_t from_data = 0;
        for (std::size_t a = 0; a < Rank; ++a) {
            assert(i[a] >= 0 && i[a] < extents_[a] && "tensor_view: an index outside the extents");
            from_data += i[a] * strides_[a];
        }
        return data_[from_data];
    }
};

namespace detail {

/// A view of the same samples with other extents and strides that begins `from_data` elements further on. A view
/// without samples keeps its pointer: there the sum may point outside the memory.
template <std::size_t Rank, class T>
constexpr tensor_view<T, Rank> view_from(T* data, index_t from_data, shape const& n, strides const& stride) {
    return tensor_view<T, Rank>::from_raw(is_empty(n) ? data : data + from_data, n, stride);
}

}  // namespace detail
}  // namespace faltung
