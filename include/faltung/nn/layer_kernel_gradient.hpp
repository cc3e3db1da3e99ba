// faltung/nn/layer_kernel_gradient.hpp -- the plan of a layer's gradient by its kernel: shapes and options fixed once
#pragma once

#include "../convolve/late_kernel.hpp"
#include "layer_gradients.hpp"

namespace faltung::nn {

/// dw = gradient_kernel(x, dy, kernel_shape, options), prepared once: immutable, shared by any number of threads, each
/// with its own workspace.
///
///     nn::kernel_gradient<float> back{x.shape(), w.shape(), {.padding = 1, .stride = 2}};
///     auto scratch = back.workspace();
///     back(x, dy, dw, scratch);          // allocates nothing
///
/// Types: X of the input, Y of dy, Acc of the sums and of dw. Shapes: x (N, C, 1 to 4 spatial axes), w and dw
/// (O, C / groups, spatial). Errors: those of gradient_kernel when it is made, and option_error for a method that is
/// neither automatic nor direct; when it is called, arrays of other shapes, and a dw that overlaps. A failed call
/// leaves dw untouched. Cost: that of gradient_kernel by direct.
template <scalar X, scalar Y = X, scalar Acc = sum_t<X, Y>>
class kernel_gradient {
    using T = detail::types<X, Y, Acc, Acc>;
    using in_tiles = detail::kernel_gradient<T>;
    static_assert(
        !std::is_integral_v<Acc> || sizeof(Acc) == 8,
        "sums of integers might not fit fewer than 64 bits: name them, nn::kernel_gradient<X, Y, std::int64_t>");

    detail::layer_problem layer_;
    problem p_;
    detail::kernel_gradient_problem as_forward_;
    std::shared_ptr<in_tiles const> tiles_;
    std::shared_ptr<detail::late_kernel<T> const>
        rows_;                                    // where there are no tiles, or these may have to be computed again
    index_t bytes_ = 0, shared_ = 0, dense_ = 0;  // of a worker; of all; from where on tiles have dw row by row
    int workers_ = 1;

    static constexpr detail::request request_{"gradient_kernel", sense::correlation, 100};

    static detail::layer_problem problem_of(faltung::shape const& x, faltung::shape const& w, nn_options const& o) {
        if (x.rank() != w.rank() || x.rank() < 3 || x.rank() > 6)
            detail::fail<shape_error>("gradient_kernel: an input ", x, " and a kernel ", w,
                                      ": (N, C, 1 to 4 spatial axes) and (O, C / groups, as many) are needed");
        if (o.method != method::automatic && o.method != method::direct)
            detail::fail<option_error>("gradient_kernel: .method = ", name_of(o.method),
                                       ": a plan computes it directly: automatic and direct are possible");
        detail::require_shape(x, static_cast<std::size_t>(x.rank()), request_.operation);
        detail::require_shape(w, static_cast<std::size_t>(w.rank()), request_.operation);
        const detail::layer_problem l = detail::layer_problem_of(request_, x, w, o);
        detail::require_gradient(request_.operation, l, o, l.y);
        return l;
    }

public:
    /// `x` and `w` are the shapes of the layer's input and of its kernel.
    kernel_gradient(faltung::shape const& x, faltung::shape const& w, nn_options const& options = {})
        : layer_(problem_of(x, w, options)), p_(detail::typed<T>(request_, layer_.to)), as_forward_(layer_) {
        using checked::add;
        if (is_empty(layer_.y)) return;
        if (auto tiles = detail::gradient_tiles<T>(p_, method::direct))
            tiles_ = std::make_shared<in_tiles const>(std::move(*tiles));
        if (!tiles_ || detail::has_padding(p_)) {
            rows_ = std::make_shared<detail::late_kernel<T> const>(detail::typed<T>(request_, as_forward_.to));
            bytes_ = rows_->workspace();
            shared_ = rows_->shared();
            workers_ = rows_->workers();
        }
        if constexpr (in_tiles::has)
            if (tiles_) {
                bytes_ = std::max(bytes_, tiles_->workspace());
                dense_ = checked::ceil_divide(std::max(shared_, tiles_->shared()), 64) * 64;
                shared_ = add(dense_, checked::multiply(checked::product(layer_.w, "taps"), sizeof(Acc), "bytes of dw"),
                              "bytes");
                workers_ = std::max(workers_, tiles_->workers());
            }
        const index_t needed =
            add(checked::multiply(bytes_, workers_, "scratch of all workers"), shared_, "bytes of a workspace");
        if (needed > p_.limits.memory)
            detail::fail<unsupported_error>("gradient_kernel: it needs ", needed, " bytes of scratch, the limit is ",
                                            p_.limits.memory);
    }

    faltung::shape input_shape() const { return layer_.x; }
    faltung::shape kernel_shape() const { return layer_.w; }
    faltung::shape output_shape() const { return layer_.y; }

    /// Scratch memory and threads for calls of this plan, one per calling thread. Errors: std::bad_alloc,
    /// std::system_error.
    faltung::workspace workspace() const { return {bytes_, shared_, workers_}; }

    /// Shapes: x input_shape(), dy output_shape(), dw kernel_shape(). Allocates nothing.
    template <viewable Input, viewable Gradient, class Output>
        requires viewable<std::remove_cvref_t<Output>>
    void operator()(Input const& x, Gradient const& dy, Output&& dw, faltung::workspace& scratch) const {
        static_assert(std::is_same_v<element_t<Input>, X> && std::is_same_v<element_t<Gradient>, Y>,
                      "x or dy has another element type than the plan reads: name them, nn::kernel_gradient<X, Y>");
        static_assert(std::is_same_v<element_t<Output>, Acc>, "dw has the type of the sums");
        static_assert(!std::is_const_v<typename view_of<Output>::element_type>, "the output is read-only");
        const strided<X const> from = as_view(x).erased();
        const strided<Y const> by = as_view(dy).erased();
        const strided<Acc> to = as_view(dw).erased();
        detail::require_call(request_.operation, layer_.x, detail::placement_of(from), layer_.w,
                             detail::placement_of(to));
        detail::require_call(request_.operation, layer_.y, detail::placement_of(by), layer_.w,
                             detail::placement_of(to));
        detail::require_workspace(request_.operation, scratch, bytes_, shared_, "workspace");
        if (is_empty(layer_.y)) return map_taps(to, [](Acc) { return Acc{}; });
        if (computes_in_tiles(from, by, to, scratch)) return;
        // the library conjugates kernels, and here dy is the kernel: the conjugate of a sum of x~ conj(dy)
        rows_->run(as_forward_.input(from), as_forward_.kernel(by), detail::conjugate_tap{}, as_forward_.output(to),
                   scratch);
        if constexpr (is_complex<Acc>) map_taps(to, [](Acc v) { return conjugate(v); });
    }

private:
    template <class Map>
    static void map_taps(strided<Acc> const& dw, Map const& map) noexcept {
        const int last = dw.n.rank() - 1;
        for_each_line(dw.n, [&](index_list const& i) {
            Acc* to = dw.data + offset(i, dw.stride);
            for (index_t j = 0; j < dw.n[last]; ++j, to += dw.stride[last]) *to = map(*to);
        });
    }

    bool computes_in_tiles(strided<X const> const& x, strided<Y const> const& dy, strided<Acc> const& dw,
                           faltung::workspace& scratch) const noexcept {
        if constexpr (in_tiles::has)
            if (tiles_) {
                Acc* sums = reinterpret_cast<Acc*>(scratch.shared() + dense_);
                tiles_->run(detail::channels_first(x), detail::channels_first(dy), sums, scratch);
                if (rows_ && !detail::are_finite(sums, checked::product(dw.n, "taps"), p_.limits.instruction_set))
                    return false;
                map_taps(dw, [&](Acc) { return *sums++; });
                return true;
            }
        return false;
    }
};

}  // namespace faltung::nn
