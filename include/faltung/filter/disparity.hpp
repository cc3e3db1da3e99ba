// faltung/filter/disparity.hpp -- how rough a disparity map is where the image beside it is not: a loss and its
// gradients
#pragma once

#include <cmath>

#include "../view/tensor.hpp"
#include "../view/viewable.hpp"

namespace faltung {

/// The loss disparity_smoothness, and its derivatives by the samples of both operands.
template <class Value, class T, std::size_t Rank>
struct disparity_gradients {
    Value loss = 0;
    tensor<T, Rank> disparity, image;
};

namespace detail {
inline namespace FALTUNG_COMPILED {

inline index_list last_axes(index_list const& list, int count) {
    index_list last;
    for (int a = list.rank() - count; a < list.rank(); ++a) last.push_back(list[a]);
    return last;
}

/// One entry of a batch, from `data` on: its last `count` axes.
template <class T>
strided<T> entry(strided<T> const& v, T* data, int count) {
    return {data, last_axes(v.n, count), last_axes(v.stride, count)};
}

/// Of one disparity (h, w) and image (channels, h, w), the steps along one axis: 0 downwards, 1 to the right. The step
/// from pixel i has the term |slope(i)| exp(-norm(i)).
template <class T, class Value>
struct disparity_steps {
    strided<T const> disparity, image;
    int axis;

    shape starts() const {
        shape n = disparity.n;
        --n[axis];
        return n;
    }

    Value difference(T const* at, index_t step) const { return static_cast<Value>(at[step]) - static_cast<Value>(*at); }

    Value slope(index_list const& i) const {
        return difference(disparity.data + offset(i, disparity.stride), disparity.stride[axis]);
    }

    Value slope(index_t channel, index_list const& i) const {
        return difference(image.data + offset({channel, i[0], i[1]}, image.stride), image.stride[axis + 1]);
    }

    Value norm(index_list const& i) const {
        Value squares = 0;
        for (index_t c = 0; c < image.n[0]; ++c) squares += slope(c, i) * slope(c, i);
        return std::sqrt(squares);
    }
};

/// Errors: shape_error.
inline void require_disparity(shape const& disparity, shape const& image) {
    shape wanted = image;
    wanted[image.rank() - 3] = 1;
    if (!(disparity == wanted))
        fail<shape_error>("disparity_smoothness: a disparity of shape ", disparity, " for an image of shape ", image,
                          ", which needs ", wanted);
    if (is_empty(disparity))
        fail<shape_error>("disparity_smoothness: no mean over the pixels of a disparity of shape ", disparity);
}

template <class Disparity, class Image>
struct disparity_call {
    using T = element_t<Disparity>;
    static_assert(std::is_floating_point_v<T> && std::is_same_v<T, element_t<Image>>,
                  "disparity_smoothness takes a disparity and an image of one real floating type");
    static_assert(rank_of<Disparity> == rank_of<Image> && rank_of<Image> >= 3,
                  "disparity_smoothness takes (..., 1, h, w) and (..., channels, h, w)");
    using Value = std::common_type_t<T, double>;

    strided<T const> disparity, image;

    disparity_call(Disparity const& d, Image const& x) : disparity(as_view(d).erased()), image(as_view(x).erased()) {
        require_disparity(disparity.n, image.n);
    }

    Value pixels() const { return static_cast<Value>(checked::product(disparity.n, "pixels of a disparity")); }

    /// visit(index of the entry, its steps along an axis) for both axes of every entry of the batch.
    template <class Visit>
    void for_each(Visit visit) const {
        shape batch = disparity.n;
        for (int a = batch.rank() - 3; a < batch.rank(); ++a) batch[a] = 1;
        for_each_index(batch, [&](index_list const& b) {
            for (int axis = 0; axis < 2; ++axis)
                visit(b, disparity_steps<T, Value>{entry(disparity, disparity.data + offset(b, disparity.stride), 2),
                                                   entry(image, image.data + offset(b, image.stride), 3), axis});
        });
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// The mean over all pixels of |d_x| exp(-|I_x|) + |d_y| exp(-|I_y|): how much the disparity d changes from pixel to
/// pixel where the image I does not. d_x[i, j] = d[i, j + 1] - d[i, j], and 0 in the last column; d_y likewise down the
/// rows; |I_x| is the Euclidean norm over the channels.
///
/// Shapes: d (..., 1, h, w), I (..., channels, h, w). Types: one real floating type; the sum and the result are double,
/// or long double. Errors: shape_error, also where there is no pixel.
/// Cost: an exponential for each pixel and axis.
/// Source: Godard, Mac Aodha, Brostow, Unsupervised monocular depth estimation with left-right consistency (2017).
template <viewable Disparity, viewable Image>
[[nodiscard]] auto disparity_smoothness(Disparity const& disparity, Image const& image) {
    const detail::disparity_call<Disparity, Image> call(disparity, image);
    decltype(call.pixels()) sum = 0;
    call.for_each([&](index_list const&, auto const& steps) {
        for_each_index(steps.starts(),
                       [&](index_list const& i) { sum += std::fabs(steps.slope(i)) * std::exp(-steps.norm(i)); });
    });
    return sum / call.pixels();
}

/// The same, with its derivatives by every sample of the disparity and of the image. Where a slope of the disparity is
/// 0, and where the image does not change, a term has a corner: its derivative is taken as 0 there.
/// Types: the gradients have that of the operands.
template <viewable Disparity, viewable Image>
[[nodiscard]] auto disparity_smoothness_gradients(Disparity const& disparity, Image const& image) {
    const detail::disparity_call<Disparity, Image> call(disparity, image);
    using T = element_t<Disparity>;
    using Value = decltype(call.pixels());
    disparity_gradients<Value, T, rank_of<Image>> y{0, tensor<T, rank_of<Image>>(call.disparity.n),
                                                    tensor<T, rank_of<Image>>(call.image.n)};
    const strided<T> all_by_disparity = y.disparity.view().erased(), all_by_image = y.image.view().erased();
    call.for_each([&](index_list const& b, auto const& steps) {
        const auto by_disparity =
            detail::entry(all_by_disparity, all_by_disparity.data + offset(b, all_by_disparity.stride), 2);
        const auto by_image = detail::entry(all_by_image, all_by_image.data + offset(b, all_by_image.stride), 3);
        const auto add = [](T* at, index_t step, Value derivative) {
            at[step] += static_cast<T>(derivative);
            *at -= static_cast<T>(derivative);
        };
        for_each_index(steps.starts(), [&](index_list const& i) {
            const Value slope = steps.slope(i), norm = steps.norm(i), weight = std::exp(-norm) / call.pixels();
            y.loss += std::fabs(slope) * weight;
            add(by_disparity.data + offset(i, by_disparity.stride), by_disparity.stride[steps.axis],
                slope > 0   ? weight
                : slope < 0 ? -weight
                            : slope * weight);
            if (norm == 0) return;
            for (index_t c = 0; c < by_image.n[0]; ++c)
                add(by_image.data + offset({c, i[0], i[1]}, by_image.stride), by_image.stride[steps.axis + 1],
                    -std::fabs(slope) * weight * steps.slope(c, i) / norm);
        });
    });
    return y;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
