// faltung/filter/kernel_data.hpp -- kernels as data: fixed ones, products and sums of them, and their text
#pragma once

#include <array>
#include <concepts>
#include <cstdint>

#include "../view/tensor.hpp"
#include "../view/viewable.hpp"

namespace faltung {

/// A 2-D kernel whose taps are known when the program is compiled. Like every kernel of this folder it is what
/// `convolve` takes, the response to a unit impulse: a derivative is positive where x grows with the index.
/// `correlate` answers the same with `flip(h)`.
template <scalar T, std::size_t Rows, std::size_t Columns>
using fixed_kernel = std::array<std::array<T, Columns>, Rows>;

namespace detail {

/// Errors: shape_error unless least <= n <= 2^31.
inline void require_taps(char const* name, index_t n, index_t least) {
    constexpr index_t most = index_t{1} << 31;
    if (n < least || n > most)
        fail<shape_error>(name, ": ", n, n == 1 ? " tap" : " taps", "; ", least, " to ", most, " are possible");
}

/// Errors: also shape_error for an even n, which has no middle tap.
inline void require_middle(char const* name, index_t n) {
    require_taps(name, n, 1);
    if (n % 2 == 0) fail<shape_error>(name, ": ", n, " taps have no middle one; ", n - 1, " or ", n + 1, " have");
}

/// Errors: option_error unless the number called `what` is finite and above 0.
inline void require_positive(char const* name, char const* what, double value) {
    if (!(value > 0) || !std::isfinite(value))
        fail<option_error>(name, ": ", what, " ", value, "; a finite number above 0 is needed");
}

/// Errors: option_error unless the number called `what` is finite.
inline void require_finite(char const* name, char const* what, double value) {
    if (!std::isfinite(value)) fail<option_error>(name, ": ", what, " ", value, "; a finite number is needed");
}

}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// The kernel h[i, j] = column[i] * row[j]. Errors: overflow_error.
template <viewable Column, viewable Row>
    requires(rank_of<Column> == 1 && rank_of<Row> == 1)
auto outer_product(Column const& column, Row const& row) {
    using T = std::common_type_t<element_t<Column>, element_t<Row>>;
    const auto c = as_view(column);
    const auto r = as_view(row);
    auto h = tensor<T, 2>::uninitialized({c.extent(0), r.extent(0)});
    for (index_t i = 0; i < c.extent(0); ++i)
        for (index_t j = 0; j < r.extent(0); ++j) h(i, j) = static_cast<T>(c(i)) * static_cast<T>(r(j));
    return h;
}

/// The kernel a h + b g, the middle of the smaller one on the middle of the larger one; taps that only one of them has
/// are those of that one.
/// Types: the common type of a, b and the taps.
/// Errors: shape_error where the extents of an axis are one even and one odd: their middles lie between taps.
template <scalar A, viewable H, scalar B, viewable G>
    requires(rank_of<H> == rank_of<G>)
auto weighted_sum(A a, H const& h, B b, G const& g) {
    using T = std::common_type_t<A, B, element_t<H>, element_t<G>>;
    const auto l = as_view(h);
    const auto r = as_view(g);
    shape n;
    for (int axis = 0; axis < static_cast<int>(rank_of<H>); ++axis) {
        const index_t nl = l.extent(axis), nr = r.extent(axis);
        if (nl % 2 != nr % 2)
            detail::fail<shape_error>("weighted_sum: axis ", axis, ": kernels of ", nl, " and ", nr,
                                      " taps have no common middle");
        n.push_back(nl > nr ? nl : nr);
    }
    tensor<T, rank_of<H>> sum{n};
    const auto add = [&](T weight, auto const& taps) {
        for_each_index(taps.shape(), [&](index_list const& t) {
            index_list at = t;
            for (int axis = 0; axis < at.rank(); ++axis) at[axis] += (n[axis] - taps.extent(axis)) / 2;
            sum(at) += weight * static_cast<T>(taps(t));
        });
    };
    add(static_cast<T>(a), l);
    add(static_cast<T>(b), r);
    return sum;
}

/// The taps as text, 6 digits each: a line for each line of the last axis, columns aligned to the right.
template <viewable H>
std::string kernel_text(H const& h) {
    const auto taps = as_view(h);
    constexpr int last = static_cast<int>(rank_of<H>) - 1;
    std::size_t width = 0;
    const auto spelled = [&](index_list const& t) { return text(taps(t)); };
    for_each_index(taps.shape(), [&](index_list const& t) { width = std::max(width, spelled(t).size()); });
    std::string lines;
    for_each_index(taps.shape(), [&](index_list const& t) {
        const std::string tap = spelled(t);
        lines.append(width - tap.size(), ' ') += tap;
        lines += t[last] + 1 < taps.extent(last) ? ' ' : '\n';
    });
    return lines;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
