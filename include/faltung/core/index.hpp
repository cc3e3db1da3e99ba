// faltung/core/index.hpp -- index_t, and short lists of it: shapes and strides
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>

#include "error.hpp"

namespace faltung {

/// Every count, extent, stride, padding amount and position: signed, 64 bits.
using index_t = std::ptrdiff_t;
static_assert(sizeof(index_t) == 8, "faltung counts in 64 bits");

/// The most axes that a problem may have: spatial and batch axes together.
inline constexpr int max_axes = 8;

/// The most axes that a view may have: those of a problem, and two of channels.
inline constexpr int max_rank = max_axes + 2;

/// At most `max_rank` integers, one per axis, without an allocation. `shape` and `strides` are lists of this kind.
class index_list {
    std::array<index_t, max_rank> values_{};
    int rank_ = 0;

public:
    constexpr index_list() = default;
    constexpr index_list(std::initializer_list<index_t> list) {
        for (index_t v : list) push_back(v);
    }
    template <std::size_t Rank>
    constexpr index_list(std::array<index_t, Rank> const& list) {
        static_assert(Rank <= std::size_t{max_rank});
        for (index_t v : list) push_back(v);
    }

    /// `rank` copies of `value`.
    static constexpr index_list repeated(int rank, index_t value) {
        index_list list;
        for (int a = 0; a < rank; ++a) list.push_back(value);
        return list;
    }

    constexpr int rank() const { return rank_; }
    constexpr index_t& operator[](int a) { return values_[static_cast<std::size_t>(a)]; }
    constexpr index_t const& operator[](int a) const { return values_[static_cast<std::size_t>(a)]; }
    constexpr index_t const* begin() const { return values_.data(); }
    constexpr index_t const* end() const { return values_.data() + rank_; }

    /// Errors: shape_error when the list is full.
    constexpr void push_back(index_t value) {
        if (rank_ == max_rank)
            detail::fail<shape_error>("a list of ", rank_ + 1, " axes: at most ", max_rank, " are possible");
        values_[static_cast<std::size_t>(rank_++)] = value;
    }

    /// The same in front of the others.
    constexpr void push_front(index_t value) {
        push_back(0);
        for (std::size_t a = static_cast<std::size_t>(rank_); --a > 0;) values_[a] = values_[a - 1];
        values_[0] = value;
    }

    friend constexpr bool operator==(index_list const& l, index_list const& r) {
        if (l.rank_ != r.rank_) return false;
        for (int a = 0; a < l.rank_; ++a)
            if (l[a] != r[a]) return false;
        return true;
    }
};

/// The extents of an array, outermost axis first.
using shape = index_list;

/// The distance in elements, not bytes, from one sample to the next along each axis; may be negative or 0.
using strides = index_list;

/// "(3, 4)": how error texts show a list.
inline void append(std::string& s, index_list const& list) {
    s += '(';
    for (int a = 0; a < list.rank(); ++a) {
        if (a > 0) s += ", ";
        append(s, list[a]);
    }
    s += list.rank() == 1 ? ",)" : ")";
}

}  // namespace faltung
