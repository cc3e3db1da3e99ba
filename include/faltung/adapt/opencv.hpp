// faltung/adapt/opencv.hpp -- matrices of OpenCV and their channels as views
#pragma once

#include <utility>

#include "../view/tensor_view.hpp"
#include "typed_memory.hpp"

namespace faltung {
namespace detail {

/// cv::Mat and what derives from it, known by its members: this header includes nothing of OpenCV.
template <class X>
concept opencv_matrix = requires(X const& m) {
    { m.data } -> std::convertible_to<unsigned char*>;
    { m.dims } -> std::convertible_to<int>;
    { m.rows } -> std::convertible_to<int>;
    { m.cols } -> std::convertible_to<int>;
    { m.step[0] } -> std::convertible_to<std::size_t>;
    { m.depth() } -> std::same_as<int>;
    { m.channels() } -> std::same_as<int>;
};

// The depth codes of OpenCV, in their order. It has no matrices of the other elements; float16 is no scalar here.
inline constexpr element opencv_depths[] = {element::uint8, element::int8,    element::uint16, element::int16,
                                            element::int32, element::float32, element::float64};
inline constexpr int opencv_depth_count = 7;

template <class T>
constexpr int opencv_depth_of() {
    int depth = 0;
    while (depth < opencv_depth_count && opencv_depths[depth] != element_of<T>()) ++depth;
    return depth;
}

constexpr char const* name_of_opencv_depth(int depth) {
    return depth >= 0 && depth < opencv_depth_count ? name_of(opencv_depths[depth]) : "another type";
}

template <class T, class Matrix>
using opencv_sample = std::conditional_t<std::is_const_v<std::remove_reference_t<Matrix>>, T const, T>;

// All of a matrix as (rows, columns, channels); `what` is the function that the caller named.
template <class T, class Matrix>
tensor_view<T, 3> opencv_samples(Matrix const& m, char const* what) {
    using sample = std::remove_const_t<T>;
    constexpr int depth = opencv_depth_of<sample>();
    static_assert(depth < opencv_depth_count, "OpenCV has no matrices with elements of this type");
    if (m.dims != 2) detail::fail<shape_error>(what, ": the matrix has ", m.dims, " axes, but 2 are needed");
    if (m.depth() != depth)
        detail::fail<shape_error>(what, ": the matrix has depth ", m.depth(), " (", name_of_opencv_depth(m.depth()),
                                  "), but ", name_of(element_of<sample>()), " is depth ", depth);
    const std::size_t step = m.step[0];
    if (step % sizeof(T) != 0)
        detail::fail<shape_error>(what, ": the rows lie ", step, " bytes apart, no multiple of the ", sizeof(T),
                                  " of a ", name_of(element_of<sample>()));
    if (!std::in_range<index_t>(step))
        detail::fail<overflow_error>(what, ": rows ", step, " bytes apart do not fit 64 bits");
    const index_t channels = m.channels();
    return tensor_view<T, 3>::from_raw(typed_memory<T>(m.data, what), {m.rows, m.cols, channels},
                                       {static_cast<index_t>(step / sizeof(T)), channels, 1});
}

template <class T>
tensor_view<T, 2> opencv_channel(tensor_view<T, 3> const& samples, index_t channel) {
    return view_from<2>(samples.data(), channel, {samples.extent(0), samples.extent(1)},
                        {samples.strides()[0], samples.strides()[1]});
}

}  // namespace detail

/// A cv::Mat, or a region of one, as a view. No sample is copied; rows may be padded.
///
/// Shapes: Rank 2 is {rows, columns} of a matrix with one channel, Rank 3 is {rows, columns, channels}.
/// Types: T is uint8, int8, uint16, int16, int32, float or double, as the matrix says; const of a const matrix.
/// Errors: shape_error for another type, number of channels or of axes, and for rows or samples that are not aligned
/// for T; overflow_error. A temporary matrix is refused at compile time: it may own its memory.
template <class T, std::size_t Rank, class Matrix>
    requires detail::opencv_matrix<std::remove_cvref_t<Matrix>>
[[nodiscard]] auto cv_mat(Matrix&& m) -> tensor_view<detail::opencv_sample<T, Matrix>, Rank> {
    static_assert(std::is_lvalue_reference_v<Matrix>,
                  "a view of a temporary matrix may outlive the memory that it shows: give the matrix a name first");
    static_assert(Rank == 2 || Rank == 3, "cv_mat shows {rows, columns} or {rows, columns, channels}: rank 2 or 3");
    const auto samples = detail::opencv_samples<detail::opencv_sample<T, Matrix>>(m, "cv_mat");
    if constexpr (Rank == 3) {
        return samples;
    } else {
        if (m.channels() != 1)
            detail::fail<shape_error>("cv_mat: the matrix has ", m.channels(),
                                      " channels, but rank 2 shows 1: take cv_channel, or rank 3");
        return detail::opencv_channel(samples, 0);
    }
}

/// One channel of a cv::Mat with any number of them, {rows, columns}; otherwise as cv_mat.
/// Errors: also shape_error when the matrix has no such channel.
template <class T, class Matrix>
    requires detail::opencv_matrix<std::remove_cvref_t<Matrix>>
[[nodiscard]] auto cv_channel(Matrix&& m, int channel) -> tensor_view<detail::opencv_sample<T, Matrix>, 2> {
    static_assert(std::is_lvalue_reference_v<Matrix>,
                  "a view of a temporary matrix may outlive the memory that it shows: give the matrix a name first");
    if (channel < 0 || channel >= m.channels())
        detail::fail<shape_error>("cv_channel: channel ", channel, ", but the channels are 0 to ", m.channels() - 1);
    return detail::opencv_channel(detail::opencv_samples<detail::opencv_sample<T, Matrix>>(m, "cv_channel"), channel);
}

}  // namespace faltung
