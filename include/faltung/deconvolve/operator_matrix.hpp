// faltung/deconvolve/operator_matrix.hpp -- the dense matrix of a convolution or of any operator, for tests and small
// cases
#pragma once

#include "operator_of.hpp"

namespace faltung {
namespace detail {
inline namespace FALTUNG_COMPILED {

template <class Y>
tensor<Y, 2> room_for_matrix(index_t rows, index_t columns, index_t most) {
    const index_t bytes = checked::multiply(checked::multiply(rows, columns, "elements of an operator matrix"),
                                            sizeof(Y), "bytes of an operator matrix");
    if (bytes > most)
        fail<unsupported_error>("operator_matrix: ", rows, " x ", columns, " elements are ", bytes,
                                " bytes; the limit is ", most);
    return tensor<Y, 2>({rows, columns});
}

template <viewable H>
void require_finite_taps(char const* name, H const& h) {
    const auto taps = as_view(h);
    for_each_index(taps.shape(), [&](index_list const& t) {
        if (!is_finite(taps(t))) fail<option_error>(name, ": the tap at ", t, " is not finite");
    });
}

/// Column i is what the plan makes of a single 1 at sample i. The plan has no constant boundary.
template <class X, class H, class Acc, class Y>
tensor<Y, 2> matrix_of_plan(convolver<X, H, Acc, Y> const& plan, index_t most) {
    const shape n = plan.input_shape(), m = plan.output_shape();
    const index_t columns = checked::product(n, "samples of the input"),
                  rows = checked::product(m, "samples of the output");
    tensor<Y, 2> matrix = room_for_matrix<Y>(rows, columns, most);
    std::vector<X> x(static_cast<std::size_t>(columns));
    faltung::workspace scratch = plan.workspace();
    strides down = row_major(m);
    for (int a = 0; a < m.rank(); ++a) down[a] *= columns;
    if (rows > 0)
        for (index_t i = 0; i < columns; ++i) {
            x[static_cast<std::size_t>(i)] = X(1);
            plan(dense_view<X const>(x.data(), n), any_rank_view<Y>{{matrix.data() + i, m, down}}, scratch);
            x[static_cast<std::size_t>(i)] = X(0);
        }
    return matrix;
}

/// With zeros instead of constants; and with every product by itself, where no other method is asked for.
inline convolve_options linear_and_exact(convolve_options o) {
    const per_axis<boundary> given = o.boundary;
    const auto linear = [](boundary const& b) { return b.map == boundary::rule::constant ? boundary::zero : b; };
    o.boundary = linear(given[0]);
    for (int a = 0; a < given.count(); ++a) o.boundary.push_back(linear(given[a]));
    if (o.method == method::automatic) o.method = method::direct;
    return o;
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// The matrix A, outputs x inputs, with convolve(x, h, options) = A x for arrays in row-major order: element (o, i) is
/// the sum of all taps through which output o sees sample i. Of constant(c), the linear part: that of zeros. Elements
/// are exact sums of taps unless `.method` names another method than direct. Types: the accumulator's of h with itself:
/// int64 for integers. Errors: those of convolver; option_error for a tap that is not finite; unsupported_error where
/// the matrix takes more bytes than `.memory`. Cost: a convolution per input.
template <viewable H>
[[nodiscard]] auto operator_matrix(shape const& x, H const& h, convolve_options const& options = {}) {
    detail::require_finite_taps("operator_matrix", h);
    const convolver<element_t<H>> plan(x, h, detail::linear_and_exact(options));
    return detail::matrix_of_plan(plan, options.memory);
}

/// That of correlate(x, h, options).
template <viewable H>
[[nodiscard]] auto operator_matrix(as_correlation, shape const& x, H const& h, convolve_options const& options = {}) {
    detail::require_finite_taps("operator_matrix", h);
    const convolver<element_t<H>> plan(as_correlation{}, x, h, detail::linear_and_exact(options));
    return detail::matrix_of_plan(plan, options.memory);
}

/// That of any operator: equations x unknowns.
template <class T>
[[nodiscard]] tensor<T, 2> operator_matrix(linear_operator<T> const& a) {
    detail::require_operator("operator_matrix", a, detail::needs::apply);
    tensor<T, 2> matrix = detail::room_for_matrix<T>(a.equations, a.unknowns, std::numeric_limits<index_t>::max());
    std::vector<T> x(static_cast<std::size_t>(a.unknowns)), y(static_cast<std::size_t>(a.equations));
    for (index_t i = 0; i < a.unknowns; ++i) {
        x[static_cast<std::size_t>(i)] = T(1);
        a.apply(x, y);
        x[static_cast<std::size_t>(i)] = T(0);
        for (index_t o = 0; o < a.equations; ++o) matrix(o, i) = y[static_cast<std::size_t>(o)];
    }
    return matrix;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
