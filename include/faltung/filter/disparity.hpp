// faltung/filter/disparity.hpp -- how rough a disparity map is where the image beside it is not: a loss and its
// gradients
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "../convolve/resolve.hpp"
#include "../core/workspace.hpp"
#include "../view/tensor.hpp"
#include "../view/viewable.hpp"

namespace faltung {

/// Options of disparity_smoothness.
struct disparity_options {
    /// Workers of a call; 0 = as many as the machine has processors. The bits of the result do not depend on it.
    int threads = 1;
};

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
/// from pixel (i, j) has the term |slope(i, j)| exp(-norm(i, j)).
template <class T, class Value>
struct disparity_steps {
    strided<T const> disparity, image;
    int axis;

    index_t columns() const { return disparity.n[1] - axis; }

    Value difference(T const* at, index_t step) const { return static_cast<Value>(at[step]) - static_cast<Value>(*at); }

    Value slope(index_t i, index_t j) const {
        return difference(disparity.data + i * disparity.stride[0] + j * disparity.stride[1], disparity.stride[axis]);
    }

    Value slope(index_t channel, index_t i, index_t j) const {
        return difference(image.data + channel * image.stride[0] + i * image.stride[1] + j * image.stride[2],
                          image.stride[axis + 1]);
    }

    Value norm(index_t i, index_t j) const {
        Value squares = 0;
        for (index_t c = 0; c < image.n[0]; ++c) squares += slope(c, i, j) * slope(c, i, j);
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
    int threads;
    shape batch;     // the axes before the last three
    index_t pixels;  // of all entries

    disparity_call(Disparity const& d, Image const& x, disparity_options const& options)
        : disparity(as_view(d).erased()),
          image(as_view(x).erased()),
          threads(threads_of("disparity_smoothness", options.threads)),
          batch(disparity.n) {
        require_disparity(disparity.n, image.n);
        pixels = checked::product(disparity.n, "pixels of a disparity");
        for (int a = batch.rank() - 3; a < batch.rank(); ++a) batch[a] = 1;
    }

    /// The sum of of_row(entry, steps, i) over the rows of every entry of the batch and both axes, the same for any
    /// number of threads. Nobody else is at row i or i + 1 meanwhile.
    template <class OfRow>
    Value sum(OfRow of_row) const {
        const index_t rows = disparity.n[disparity.n.rank() - 2], entries = checked::product(batch, "entries"),
                      lines = entries * rows;
        std::vector<Value> sums(static_cast<std::size_t>(lines));
        workspace workers(0, 0, static_cast<int>(std::min<index_t>(lines, threads)));
        const auto pass = [&](int axis, index_t first, index_t every) {
            const index_t starts = axis == 0 ? rows - 1 : rows,
                          own = starts > first ? checked::ceil_divide(starts - first, every) : 0;
            workers.run(entries * own, [&](grain_range range, std::byte*) noexcept {
                for (index_t g = range.first; g < range.last; ++g) {
                    const index_list b = index_at(batch, g / own);
                    const index_t i = first + g % own * every;
                    const disparity_steps<T, Value> steps{
                        entry(disparity, disparity.data + offset(b, disparity.stride), 2),
                        entry(image, image.data + offset(b, image.stride), 3), axis};
                    sums[static_cast<std::size_t>(g / own * rows + i)] += of_row(b, steps, i);
                }
            });
        };
        pass(1, 0, 1);
        pass(0, 0, 2);
        pass(0, 1, 2);
        return std::accumulate(sums.begin(), sums.end(), Value{0});
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
/// or long double. Errors: shape_error, also where there is no pixel; option_error for a negative number of threads.
/// Cost: an exponential for each pixel and axis.
/// Source: Godard, Mac Aodha, Brostow, Unsupervised monocular depth estimation with left-right consistency (2017).
template <viewable Disparity, viewable Image>
[[nodiscard]] auto disparity_smoothness(Disparity const& disparity, Image const& image,
                                        disparity_options const& options = {}) {
    const detail::disparity_call<Disparity, Image> call(disparity, image, options);
    using Value = typename decltype(call)::Value;
    const Value sum = call.sum([](index_list const&, auto const& steps, index_t i) {
        Value terms = 0;
        for (index_t j = 0; j < steps.columns(); ++j)
            terms += std::fabs(steps.slope(i, j)) * std::exp(-steps.norm(i, j));
        return terms;
    });
    return sum / static_cast<Value>(call.pixels);
}

/// The same, with its derivatives by every sample of the disparity and of the image. Where a slope of the disparity is
/// 0, and where the image does not change, a term has a corner: its derivative is taken as 0 there.
/// Types: the gradients have that of the operands.
template <viewable Disparity, viewable Image>
[[nodiscard]] auto disparity_smoothness_gradients(Disparity const& disparity, Image const& image,
                                                  disparity_options const& options = {}) {
    const detail::disparity_call<Disparity, Image> call(disparity, image, options);
    using T = element_t<Disparity>;
    using Value = typename decltype(call)::Value;
    disparity_gradients<Value, T, rank_of<Image>> y{0, tensor<T, rank_of<Image>>(call.disparity.n),
                                                    tensor<T, rank_of<Image>>(call.image.n)};
    const strided<T> all_by_disparity = y.disparity.view().erased(), all_by_image = y.image.view().erased();
    const auto add = [](T* at, index_t step, Value derivative) {
        at[step] += static_cast<T>(derivative);
        *at -= static_cast<T>(derivative);
    };
    y.loss = call.sum([&](index_list const& b, auto const& steps, index_t i) {
        const auto by_disparity =
            detail::entry(all_by_disparity, all_by_disparity.data + offset(b, all_by_disparity.stride), 2);
        const auto by_image = detail::entry(all_by_image, all_by_image.data + offset(b, all_by_image.stride), 3);
        Value terms = 0;
        for (index_t j = 0; j < steps.columns(); ++j) {
            const Value slope = steps.slope(i, j), norm = steps.norm(i, j),
                        weight = std::exp(-norm) / static_cast<Value>(call.pixels);
            terms += std::fabs(slope) * weight;
            add(by_disparity.data + i * by_disparity.stride[0] + j * by_disparity.stride[1],
                by_disparity.stride[steps.axis],
                slope > 0   ? weight
                : slope < 0 ? -weight
                            : slope * weight);
            if (norm == 0) continue;
            for (index_t c = 0; c < by_image.n[0]; ++c)
                add(by_image.data + c * by_image.stride[0] + i * by_image.stride[1] + j * by_image.stride[2],
                    by_image.stride[steps.axis + 1], -std::fabs(slope) * weight * steps.slope(c, i, j) / norm);
        }
        return terms;
    });
    return y;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
