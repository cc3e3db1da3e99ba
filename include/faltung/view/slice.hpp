// faltung/view/slice.hpp -- choose along each axis: all, one index, or a range
#pragma once

#include "axes.hpp"
#include "viewable.hpp"

namespace faltung {

/// Along this axis: everything.
struct whole_axis {};
inline constexpr whole_axis all{};

/// Along this axis: first, first + step, ... up to but without `last`. A negative step runs downwards and also ends
/// before `last`: range{4, -1, -1} is 4, 3, 2, 1, 0. Numbers never count from the end.
struct range {
    index_t first, last;
    index_t step = 1;
};

namespace detail {

constexpr void require_range(range r, int axis, index_t extent) {
    const auto refuse = [&](char const* why) {
        detail::fail<shape_error>("slice: axis ", axis, ": range{", r.first, ", ", r.last, ", ", r.step, "}", why,
                                  extent);
    };
    if (r.step == 0) refuse(" has step 0 on an extent of ");
    // Upwards 0 <= first <= last <= extent; downwards the same bounds, mirrored.
    const index_t from = r.step > 0 ? 0 : -1;
    const index_t low = r.step > 0 ? r.first : r.last, high = r.step > 0 ? r.last : r.first;
    if (low < from || high > extent + from) refuse(" is not inside an extent of ");
    if (low > high) refuse(" runs against its step on an extent of ");
}

/// How many indices a range has that require_range accepts.
constexpr index_t count_of(range r) {
    return r.first == r.last ? 0 : (r.last - r.first + (r.step > 0 ? -1 : 1)) / r.step + 1;
}

// What is left of a view while its axes are chosen one after the other.
struct choice {
    index_t from_data = 0;
    shape n;
    strides stride;

    constexpr void keep(int, index_t extent, index_t step, whole_axis) { append(extent, step); }
    constexpr void keep(int axis, index_t extent, index_t step, range r) {
        require_range(r, axis, extent);
        const index_t count = count_of(r);
        if (count > 0) from_data += r.first * step;
        append(count, count > 1 ? r.step * step : step);
    }
    constexpr void keep(int axis, index_t extent, index_t step, std::integral auto index) {
        const index_t i = static_cast<index_t>(index);
        if (i < 0 || i >= extent)
            detail::fail<shape_error>("slice: axis ", axis, ": index ", i, ", but the extent is ", extent);
        from_data += i * step;
    }

private:
    constexpr void append(index_t extent, index_t step) {
        n.push_back(extent);
        stride.push_back(step);
    }
};

template <class Choice>
inline constexpr bool is_index = std::integral<Choice> && !std::same_as<Choice, bool>;

template <class Choice>
concept axis_choice = is_index<Choice> || std::same_as<Choice, whole_axis> || std::same_as<Choice, range>;

}  // namespace detail

/// One axis of x, chosen at run time, restricted to a range. Otherwise as slice.
template <viewable X>
[[nodiscard]] constexpr view_of<X> slice_axis(X&& x, int axis, range r) {
    const auto v = as_view(std::forward<X>(x));
    detail::require_axis(axis, static_cast<int>(v.rank), "slice_axis");
    detail::choice left;
    for (int a = 0; a < static_cast<int>(v.rank); ++a)
        if (a == axis)
            left.keep(a, v.extent(a), v.strides()[a], r);
        else
            left.keep(a, v.extent(a), v.strides()[a], all);
    return detail::view_from<rank_of<X>>(v.data(), left.from_data, left.n, left.stride);
}

/// A part of x, with one choice per axis: `all`, an index (which drops the axis) or a range.
///
/// slice(rgb, all, range{0, 480, 2}, 0) is every second column of the first channel.
/// Shapes: rank minus the number of indices, at least 1. Errors: shape_error when something lies outside the extent.
/// Cost: none; no sample is copied.
template <viewable X, detail::axis_choice... Choices>
[[nodiscard]] constexpr auto slice(X&& x, Choices... choices) {
    constexpr std::size_t kept = (std::size_t{0} + ... + std::size_t{!detail::is_index<Choices>});
    static_assert(sizeof...(Choices) == rank_of<X>,
                  "slice takes one choice per axis: all, an index, or range{first, last, step}");
    static_assert(kept > 0, "an index on every axis names one sample: write x(i, j) instead of a slice");
    const auto v = as_view(std::forward<X>(x));
    detail::choice left;
    int a = 0;
    ((left.keep(a, v.extent(a), v.strides()[a], choices), ++a), ...);
    return detail::view_from<kept>(v.data(), left.from_data, left.n, left.stride);
}

}  // namespace faltung
