// faltung/core/per_axis.hpp -- a value for every axis, or a list with one value per axis
#pragma once

#include <array>
#include <initializer_list>

#include "index.hpp"

namespace faltung {

/// How options take what may differ from axis to axis: `.stride = 2` holds for every axis, `.stride = {2, 1}` is a
/// list with one value per axis. `{2}` is a list of one: right for a problem of one axis, an error for all others.
template <class T>
class per_axis {
    std::array<T, max_axes> values_{};
    int count_ = 0;  // 0: one value for every axis

public:
    constexpr per_axis(T every = T{}) { values_.fill(every); }
    constexpr per_axis(std::initializer_list<T> list) {
        if (list.size() == 0) detail::fail<shape_error>("a list without values: give one value per axis");
        for (T const& v : list) push_back(v);
    }

    /// One value more: the object becomes a list. Errors: shape_error when it is full.
    constexpr void push_back(T const& value) {
        if (count_ == max_axes)
            detail::fail<shape_error>("a list of more than ", max_axes, " values: a problem has at most ", max_axes,
                                      " axes");
        values_[static_cast<std::size_t>(count_++)] = value;
    }

    /// False where one value holds for every axis.
    constexpr bool is_list() const { return count_ > 0; }
    constexpr int count() const { return count_; }
    constexpr T const& operator[](int a) const { return values_[static_cast<std::size_t>(a)]; }

    /// Errors: shape_error when a list has another length than the problem has axes. `operation` is who asks, where
    /// that is not plain.
    constexpr void require_axes(int axes, char const* name, char const* operation = "") const {
        if (is_list() && count_ != axes)
            detail::fail<shape_error>(operation, *operation ? ": " : "", name, ": a list of ", count_,
                                      count_ == 1 ? " value" : " values", " for ", axes, axes == 1 ? " axis" : " axes",
                                      "; give one value per axis, or one without braces for all");
    }
};

}  // namespace faltung
