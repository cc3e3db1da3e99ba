// faltung/filter/edges.hpp -- how steep each image of a batch is at every pixel, in one pass
#pragma once

#include <algorithm>

#include "../core/workspace.hpp"
#include "../simd/loops.hpp"
#include "../simd/square_roots.hpp"
#include "along_axes.hpp"

namespace faltung {

/// Options of edge_magnitude.
struct edge_options {
    faltung::boundary boundary = faltung::boundary::symmetric;

    /// Workers of a call; 0 = as many as the machine has processors. The bits of the result do not depend on it.
    int threads = 1;
};

namespace detail {
inline namespace FALTUNG_COMPILED {

/// out[r * out_step + o] = (here[o + 1] - here[o - 1])^2 + (below[o] - above[o])^2 for o in [0, count), where above,
/// here and below are lines[r], lines[r + 1] and lines[r + 2]. Beyond its ends a line shows its sample
/// `before` or `after`, or `outside` where that is -1.
template <class T>
struct squared_slopes {
    struct arguments {
        T const* const* lines;
        index_t rows, count;
        index_t before, after;
        T outside;
        T* out;
        index_t out_step;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void block(T const* above, T const* here, T const* below, T* out) {
        using L = lanes<T, Bytes>;
        typename L::vector low, high, dx, dy;
        L::load(low, here - 1);
        L::load(high, here + 1);
        dx = high - low;
        L::load(low, above);
        L::load(high, below);
        dy = high - low;
        dy *= dy;
        dy += dx * dx;
        L::store(out, dy);
    }

    // `count` outputs between the ends; the last vector may reach back over finished ones
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void between(T const* above, T const* here, T const* below, T* out, index_t count) {
        constexpr index_t width = lanes<T, Bytes>::count;
        if (count >= width) {
            index_t o = 0;
            for (; o + width < count; o += width) {
                fetch_ahead(below + o, 4096);  // while roots are taken nothing is on its way
                block<Bytes>(above + o, here + o, below + o, out + o);
            }
            o = count - width;
            block<Bytes>(above + o, here + o, below + o, out + o);
        } else if constexpr (width > 1) {
            between<Bytes / 2>(above, here, below, out, count);
        }
    }

    // Rows from r on whose lines and results follow one another in memory: one row but for its ends, which come later.
    static FALTUNG_ALWAYS_INLINE index_t lines_in_a_row(arguments const& a, index_t r) {
        index_t run = 1;
        if (a.out_step == a.count)
            while (r + run < a.rows && a.lines[r + run] == a.lines[r + run - 1] + a.count &&
                   a.lines[r + run + 1] == a.lines[r + run] + a.count &&
                   a.lines[r + run + 2] == a.lines[r + run + 1] + a.count)
                ++run;
        return run;
    }

    static FALTUNG_ALWAYS_INLINE T at_end(T dx, T dy) {
        dy *= dy;
        return dy + dx * dx;
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        const index_t last = a.count - 1;
        for (index_t r = 0; r < a.rows;) {
            const index_t run = lines_in_a_row(a, r);
            between<Bytes>(a.lines[r] + 1, a.lines[r + 1] + 1, a.lines[r + 2] + 1, a.out + r * a.out_step + 1,
                           run * a.count - 2);
            r += run;
        }
        for (index_t r = 0; r < a.rows; ++r) {
            T const *above = a.lines[r], *here = a.lines[r + 1], *below = a.lines[r + 2];
            T* out = a.out + r * a.out_step;
            const T before = a.before < 0 ? a.outside : here[a.before], after = a.after < 0 ? a.outside : here[a.after];
            out[0] = at_end((last > 0 ? here[1] : after) - before, below[0] - above[0]);
            if (last > 0) out[last] = at_end(after - here[last - 1], below[last] - above[last]);
        }
    }
};

/// The magnitudes of images of one shape, a block of rows after the other. T = the type of the differences.
template <class X, class T>
class edge_magnitudes {
    // of the converted lines and of the magnitudes of a block of rows, together: they stay in the first-level cache
    static constexpr index_t block_bytes = index_t{24} * 1024;

    shape image_;
    strides x_stride_, y_stride_;
    boundary edge_;
    destination where_;
    index_t block_ = 1;  // rows
    buffer<T> outside_;  // a line

    index_t rows() const { return image_[0]; }
    index_t columns() const { return image_[1]; }
    bool is_written_in_place() const { return y_stride_[1] == 1 && where_ == destination::caches; }

    // scratch: pointers to the lines of a block and its two neighbours, these lines, results
    index_t bytes_of_pointers() const {
        const index_t bytes = checked::multiply(block_ + 2, index_t{sizeof(T const*)}, "bytes of pointers");
        return checked::ceil_divide(bytes, index_t{buffer_alignment}) * index_t{buffer_alignment};
    }

    // line i of the image, which may be one beyond
    T const* line(X const* x, index_t i, T* room) const {
        const index_t at = edge_.source(i, rows());
        if (at < 0) return outside_.data();
        X const* from = x + at * x_stride_[0];
        if constexpr (std::is_same_v<X, T>)
            if (x_stride_[1] == 1) return from;
        load_row(from, x_stride_[1], room, columns());
        return room;
    }

public:
    /// Extents and strides of one image and of its magnitudes: rows and columns, at least 1 of each; how many images.
    edge_magnitudes(shape const& image, index_t images, strides const& x, strides const& y, boundary edge)
        : image_(image),
          x_stride_(x),
          y_stride_(y),
          edge_(edge),
          where_(y[1] == 1 && y[0] == image[1]
                     ? destination_of(images * image[0] * image[1] * static_cast<index_t>(sizeof(T)))
                     : destination::caches) {
        const index_t line = checked::multiply(columns(), index_t{sizeof(T)}, "bytes of a line");
        block_ = std::clamp<index_t>(block_bytes / line, 1, rows());
        outside_ = buffer<T>(columns());
        std::fill_n(outside_.data(), columns(), static_cast<T>(edge_.re));
    }

    index_t blocks() const { return checked::ceil_divide(rows(), block_); }

    /// Bytes.
    index_t scratch() const {
        const index_t samples = checked::multiply(2 * block_ + 2, columns(), "samples of the lines of a block");
        return checked::add(bytes_of_pointers(), checked::multiply(samples, index_t{sizeof(T)}, "bytes of lines"),
                            "bytes of a block");
    }

    /// Block `number` of the image x.
    void operator()(index_t number, X const* x, T* y, std::byte* scratch) const noexcept {
        const auto slopes = versions<squared_slopes<T>>::of(best_instruction_set());
        const auto roots = versions<square_roots<T>>::of(best_instruction_set());
        const index_t wide = columns(), first = number * block_, count = std::min(block_, rows() - first);
        T const** const lines = reinterpret_cast<T const**>(scratch);
        T* const converted = reinterpret_cast<T*>(scratch + bytes_of_pointers());
        T* const results = converted + (block_ + 2) * wide;
        for (index_t i = 0; i < count + 2; ++i) lines[i] = line(x, first + i - 1, converted + i * wide);
        T* const rows_of_y = y + first * y_stride_[0];
        T* const out = is_written_in_place() ? rows_of_y : results;
        const index_t step = is_written_in_place() ? y_stride_[0] : wide;
        slopes({lines, count, wide, edge_.source(-1, wide), edge_.source(wide, wide), static_cast<T>(edge_.re), out,
                step});
        if (step == wide)
            roots({out, where_ == destination::caches ? out : rows_of_y, count * wide, where_});
        else
            for (index_t r = 0; r < count; ++r) roots({out + r * step, out + r * step, wide, destination::caches});
        if (is_written_in_place() || where_ != destination::caches) return;
        for (index_t r = 0; r < count; ++r)
            for (index_t o = 0; o < wide; ++o) rows_of_y[r * y_stride_[0] + o * y_stride_[1]] = out[r * wide + o];
    }
};

template <class X>
void edge_magnitude_of(strided<smoothing_t<X>> const& y, strided<X const> const& x, boundary edge, int threads) {
    if (is_empty(x.n)) return;
    const int rank = x.n.rank();
    const auto plane = [&](index_list const& list) { return index_list{list[rank - 2], list[rank - 1]}; };
    shape images = x.n;
    images[rank - 2] = images[rank - 1] = 1;
    const index_t count = checked::product(images, "images");
    const edge_magnitudes<X, smoothing_t<X>> magnitudes(plane(x.n), count, plane(x.stride), plane(y.stride), edge);
    const index_t blocks = magnitudes.blocks(), grains = checked::multiply(count, blocks, "blocks of rows");
    workspace work(magnitudes.scratch(), 0, static_cast<int>(std::min<index_t>(grains, threads)));
    work.run(grains, [&](grain_range range, std::byte* scratch) noexcept {
        index_list i = index_at(images, range.first / blocks);
        index_t block = range.first % blocks;
        for (index_t g = range.first; g < range.last; ++g) {
            magnitudes(block, x.data + offset(i, x.stride), y.data + offset(i, y.stride), scratch);
            if (++block < blocks) continue;
            block = 0;
            next_index(i, images);
        }
        finish_stores_past_caches();
    });
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// y = sqrt(dx^2 + dy^2) with the centred differences dx = x~[.., i, j + 1] - x~[.., i, j - 1] and
/// dy = x~[.., i + 1, j] - x~[.., i - 1, j], not halved; x~ = x continued by the boundary. The last two axes are rows
/// and columns, all others a batch.
///
/// Shapes: that of x. Types: real x; y has the type of x, or float for integers of up to 16 bits and bool, double for
/// longer ones. Differences and squares are computed in that type: beyond the root of its largest number y is Inf.
/// Errors: shape_error for another shape, overlap_error when y overlaps x or itself; y is untouched then.
/// Cost: one pass; memory for a few lines of each worker.
template <class Output, real_viewable Input>
    requires viewable<std::remove_cvref_t<Output>>
void edge_magnitude_into(Output&& y, Input const& x, edge_options const& options = {}) {
    using X = element_t<Input>;
    static_assert(rank_of<Input> >= 2, "edge_magnitude needs rows and columns: at least two axes");
    static_assert(!std::is_const_v<typename view_of<Output>::element_type>, "the output is read-only");
    static_assert(std::is_same_v<element_t<Output>, detail::smoothing_t<X>>,
                  "edge_magnitude writes the input's floating type, float for bool and integers of up to 16 bits, "
                  "double for longer ones");
    boundary const& edge = options.boundary;
    if (edge.im != 0 || !detail::holds<detail::smoothing_t<X>>(edge.re))
        detail::fail<option_error>("edge_magnitude: the constant ", edge.re,
                                   edge.im != 0 ? text(" + ", edge.im, "i") : "", " beyond the ends of an input of ",
                                   "type ", name_of(element_of<X>()));
    const int threads = detail::threads_of("edge_magnitude", options.threads);
    const auto to = as_view(y).erased();
    const strided<X const> from = as_view(x).erased();
    detail::require_call("edge_magnitude", from.n, detail::placement_of(from), from.n, detail::placement_of(to));
    detail::edge_magnitude_of<X>(to, from, edge, threads);
}

/// The same into a new tensor.
template <real_viewable Input>
[[nodiscard]] auto edge_magnitude(Input const& x, edge_options const& options = {}) {
    auto y = tensor<detail::smoothing_t<element_t<Input>>, rank_of<Input>>::uninitialized(as_view(x).shape());
    edge_magnitude_into(y, x, options);
    return y;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
