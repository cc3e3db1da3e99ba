// faltung/stream/stream_convolver.hpp -- a convolution of a signal that arrives in pieces, and does not end
#pragma once

#include <limits>
#include <utility>

#include "../fft/own_engine.hpp"
#include "../simd/loops.hpp"
#include "../view/copy.hpp"
#include "state.hpp"

namespace faltung {

/// How a new kernel takes over: sample j of the fade is old + (j + 1) / (fade + 1) * (new - old). 0: at once.
struct fade_options {
    index_t fade = 512;
};

inline namespace FALTUNG_COMPILED {

/// y[o][n] = sum over inputs i and taps t of h[o][i][t] * x[i][n - latency() - t], with silence before the first
/// sample.
///
///     stream_convolver<float> reverb{h, {.block = 256, .latency = latency::zero}};
///     while (read(in)) reverb.process(in, out);   // pieces of any length; allocates nothing
///
/// Shapes: h has the axis (taps) or the axes (outputs, inputs, taps).
/// Types: float or double; h any real type, converted.
/// Bits: an output does not depend on how the input is cut into pieces.
/// Errors: when it is made or a kernel is prepared, shape_error, option_error (a tap that is not finite, a block below
/// 1), overflow_error, std::bad_alloc. Distance from the exact sum: docs/methods.md.
/// Cost: docs/methods.md. One thread at a time, but for `prepare`, which only reads what never changes. Moves, never
/// copies; what was moved away can only be assigned to.
template <scalar T>
class stream_convolver {
    static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>, "a stream's samples are float or double");

    using sweep = detail::row_sweep<T, T, T>;
    using stage = detail::swap_stage;

    std::shared_ptr<detail::partitions const> grid_;
    detail::stream_memory<T> now_;
    buffer<T> line_, rows_;              // scratch: what is transformed; outputs on their way out, of two kernels
    buffer<index_t> tap_offset_;         // of the head's taps
    buffer<detail::tap_line<T>> lines_;  // one for each input
    typename detail::versions<sweep>::function sweep_;
    index_t width_;  // outputs that one sweep of the head computes

    template <class H>
    stream_convolver(strided<H> const& h, stream_options const& o)
        : grid_(std::make_shared<detail::partitions const>(h.n, o, detail::own_engine<T>::table)),
          now_(grid_),
          line_(grid_->plan.data),
          rows_(checked::multiply(2, now_.row_length(), "outputs of a block")),
          tap_offset_(grid_->head),
          lines_(grid_->inputs),
          sweep_(detail::versions<sweep>::of(grid_->instruction_set)),
          width_(4 * detail::transform_loops::of<T>(grid_->instruction_set).lanes) {
        for (index_t t = 0; t < grid_->head; ++t) tap_offset_.data()[t] = -t;
        now_.kernels[0] = prepared("stream_convolver", h);
    }

    template <class H>
    std::shared_ptr<detail::kernel_parts<T> const> prepared(char const* operation, strided<H> const& h) const {
        return std::make_shared<detail::kernel_parts<T> const>(operation, grid_, h);
    }

    template <viewable Kernel>
    static auto taps_of(Kernel const& h) {
        static_assert(rank_of<Kernel> == 1 || rank_of<Kernel> == 3,
                      "a stream's kernel has the axis (taps) or the axes (outputs, inputs, taps)");
        static_assert(!is_complex<element_t<Kernel>>, "a stream's kernel is real");
        return detail::with_channels(as_view(h).erased());
    }

    template <viewable X>
    static auto channels_of(X& x) {
        static_assert(rank_of<X> == 1 || rank_of<X> == 2, "a stream's samples have the axes (channels, n) or (n)");
        static_assert(std::is_same_v<element_t<X>, T>, "the elements have another type than the stream's samples");
        auto v = as_view(x).erased();
        if (v.n.rank() == 1) v = {v.data, {1, v.n[0]}, {0, v.stride[0]}};
        return v;
    }

public:
    template <viewable Kernel>
    explicit stream_convolver(Kernel const& h, stream_options const& o = {}) : stream_convolver(taps_of(h), o) {}

    /// y = the next outputs, as many as x has samples. Shapes: (inputs, n) and (outputs, n), any n; one channel may
    /// also be (n). The output may be exactly the input: the same first sample, extents and strides. Errors:
    /// shape_error; overlap_error for any other overlap. Nothing has happened then. No other errors, and no allocation.
    ///
    /// An output whose window touches a NaN or Inf in any input is NaN, on every channel; all others have the bits that
    /// they would have with 0 in its place. (Finite samples so large that a transform overflows can spoil all outputs
    /// of their block and those less than taps + 2 blocks later.)
    template <viewable Input, class Output>
        requires viewable<std::remove_cvref_t<Output>>
    void process(Input const& x, Output&& y) {
        static_assert(!std::is_const_v<typename view_of<Output>::element_type>, "the output is read-only");
        const strided<T const> from = channels_of(x);
        const strided<T> to = channels_of(y);
        require_call(from, to);
        run(from, to);
    }

    /// How many samples an output comes after the input that it belongs to.
    index_t latency() const noexcept { return grid_->latency == faltung::latency::zero ? 0 : grid_->block; }
    index_t block() const noexcept { return grid_->block; }
    /// (outputs, inputs, taps)
    shape kernel_shape() const noexcept { return grid_->kernel_shape(); }

    /// As if no sample had arrived yet. A swap that is under way is over: the new kernel has taken the old one's place.
    void reset() noexcept {
        const int heard = is_swapping() ? 1 - now_.at.active : now_.at.active;
        now_.forget();
        now_.at.active = heard;
    }

    /// All that the next outputs depend on. Errors: std::bad_alloc.
    stream_state<T> save() const {
        stream_state<T> state(grid_);
        state.memory_.copy_from(now_);
        return state;
    }
    /// The same into a state that is there; allocates nothing. Errors: shape_error for a state of another stream: of
    /// another kernel shape, block, latency or engine, or one that was moved away.
    void save_into(stream_state<T>& state) const {
        require_own("save_into", state);
        state.memory_.copy_from(now_);
    }
    /// Go on from there, with the kernels of that time. Allocates nothing. Errors: as save_into; nothing changes then.
    void restore(stream_state<T> const& state) {
        require_own("restore", state);
        now_.copy_from(state.memory_);
    }

    /// A kernel for `swap`, here or at another stream like this one; any thread may make it meanwhile. Errors: as for
    /// the constructor, and shape_error for another shape than kernel_shape().
    template <viewable Kernel>
    [[nodiscard]] stream_kernel<T> prepare(Kernel const& h) const {
        return stream_kernel<T>(prepared("prepare", taps_of(h)));
    }

    /// From here on fade over to another kernel: as if both had been there from the beginning, each with all that has
    /// arrived. The fade begins at the second multiple of block() from here on, counting the place where the stream is:
    /// until then the new kernel's sums are prepared. Until its last block is over both kernels are computed. Returns
    /// the kernel that the swap before this one replaced, so that nothing is freed here; allocates nothing.
    ///
    /// Errors: option_error for a fade below 0, for an empty kernel or one of another stream, and while is_swapping();
    /// `next` is untouched then.
    stream_kernel<T> swap(stream_kernel<T>&& next, fade_options const& o = {}) {
        if (next.is_empty()) detail::fail<option_error>("swap: an empty kernel; prepare makes one");
        if (!(next.parts_->grid() == *grid_))
            detail::fail<option_error>("swap: a kernel prepared for ", next.parts_->grid(), "; this stream has ",
                                       *grid_);
        if (o.fade < 0) detail::fail<option_error>("swap: a fade of ", o.fade, " samples: at least 0 are needed");
        auto& at = now_.at;
        if (is_swapping())
            detail::fail<option_error>("swap: another kernel is fading in, ", at.faded, " of ", at.fade,
                                       " samples are over; swap again when is_swapping() is false");
        stream_kernel<T> replaced(std::exchange(other_kernel(), std::move(next.parts_)));
        at.stage = stage::requested;
        at.fade = o.fade;
        at.faded = 0;
        return replaced;
    }
    /// From a swap to the end of the last block of its fade.
    bool is_swapping() const noexcept { return now_.at.stage != stage::none; }

private:
    std::shared_ptr<detail::kernel_parts<T> const>& other_kernel() noexcept {
        return now_.kernels[static_cast<std::size_t>(1 - now_.at.active)];
    }

    void require_own(char const* operation, stream_state<T> const& state) const {
        if (state.memory_.is_empty()) detail::fail<shape_error>(operation, ": a state that was moved away");
        if (!(state.memory_.grid() == *grid_))
            detail::fail<shape_error>(operation, ": a state of a stream for ", state.memory_.grid(),
                                      "; this stream has ", *grid_);
    }

    void require_call(strided<T const> const& x, strided<T> const& y) const {
        if (x.n[0] != grid_->inputs)
            detail::fail<shape_error>("process: an input of ", x.n[0], " channels for a stream of ", grid_->inputs);
        if (y.n[0] != grid_->outputs)
            detail::fail<shape_error>("process: an output of ", y.n[0], " channels for a stream of ", grid_->outputs);
        if (x.n[1] != y.n[1])
            detail::fail<shape_error>("process: an output of ", y.n[1], " samples for an input of ", x.n[1]);
        if (overlaps_itself(y))
            detail::fail<overlap_error>("process: the output of shape ", y.n, " with strides ", y.stride,
                                        " overlaps itself");
        const bool in_place = x.data == y.data && x.n == y.n && x.stride == y.stride;
        if (!in_place && overlap(x, y))
            detail::fail<overlap_error>(
                "process: the output overlaps a part of the input; let it be the same memory, "
                "or none of it");
    }

    // Kernels that are computed, the one that is heard first.
    int kernels() const noexcept { return now_.at.stage >= stage::preparing ? 2 : 1; }
    int place(int kernel) const noexcept { return kernel == 0 ? now_.at.active : 1 - now_.at.active; }
    detail::kernel_parts<T> const& kernel_at(int place) const noexcept {
        return *now_.kernels[static_cast<std::size_t>(place)];
    }

    void run(strided<T const> const& x, strided<T> const& y) noexcept {
        auto& at = now_.at;
        for (index_t first = 0; first < x.n[1];) {
            // not when the last one is complete: the transforms belong to the share of the samples that wait for them
            if (at.in_block == grid_->block) begin_block();
            const index_t count = std::min(x.n[1] - first, grid_->block - at.in_block);
            read(x, first, count);
            multiply_until(at.in_block + count);
            write(y, first, count);
            at.in_block += count;
            first += count;
        }
    }

    T* arrived(index_t input) const noexcept { return now_.recent(input) + grid_->block + now_.at.in_block; }

    void read(strided<T const> const& x, index_t first, index_t count) noexcept {
        T* const damage = now_.damage() + now_.at.in_block;
        std::fill_n(damage, count, T(0));
        for (index_t i = 0; i < grid_->inputs; ++i) {
            T* const to = arrived(i);
            detail::load_row(x.data + i * x.stride[0] + first * x.stride[1], x.stride[1], to, count);
            for (index_t s = 0; s < count; ++s)
                if (!std::isfinite(to[s])) {
                    to[s] = 0;
                    damage[s] = std::numeric_limits<T>::quiet_NaN();
                }
        }
        index_t& damaged = now_.at.damaged;
        for (index_t s = 0; s < count; ++s) {
            if (std::isnan(damage[s])) damaged = grid_->taps;
            if (damaged == 0) continue;
            damage[s] = std::numeric_limits<T>::quiet_NaN();
            --damaged;
        }
    }

    void write(strided<T> const& y, index_t first, index_t count) noexcept {
        auto& at = now_.at;
        const bool fades = at.stage == stage::fading;
        T *const heard = rows_.data(), *const next = heard + now_.row_length();
        for (index_t o = 0; o < grid_->outputs; ++o) {
            outputs_of(place(0), o, count, heard);
            if (fades) {
                outputs_of(place(1), o, count, next);
                mix(heard, next, count);
            }
            if (grid_->latency == faltung::latency::zero) spoil(heard, now_.damage() + at.in_block, count);
            detail::copy_row(y.data + o * y.stride[0] + first * y.stride[1], y.stride[1], heard, 1, count);
        }
        if (fades) at.faded += std::min(count, at.fade - at.faded);
    }

    // `count` outputs from the next one on: what the spectra gave, and the head's taps. These are summed in fours of
    // vectors, the last of which may have too many outputs: the bits must not depend on the place in a piece, and which
    // multiply-adds a compiler fuses may differ between loops for one number of vectors and another.
    void outputs_of(int place, index_t output, index_t count, T* to) noexcept {
        const index_t in_block = now_.at.in_block;
        const index_t some = grid_->head == 0 ? count : checked::ceil_divide(count, width_) * width_;
        std::copy_n(now_.row(place, output) + in_block, some, to);
        if (grid_->head == 0) return;
        T const* const taps = kernel_at(place).head() + output * grid_->inputs * grid_->head;
        for (index_t first = 0; first < some; first += width_) {
            for (index_t i = 0; i < grid_->inputs; ++i) lines_.data()[i] = {arrived(i) + first, i * grid_->head};
            sweep_({lines_.data(), grid_->inputs, tap_offset_.data(), grid_->head, taps, to + first, width_, true});
        }
    }

    void mix(T* heard, T const* next, index_t count) const noexcept {
        auto const& at = now_.at;
        const double whole = static_cast<double>(at.fade) + 1;
        const index_t rest = std::min(count, at.fade - at.faded);
        for (index_t s = 0; s < rest; ++s)
            heard[s] += static_cast<T>(static_cast<double>(at.faded + s + 1) / whole) * (next[s] - heard[s]);
        std::copy_n(next + rest, count - rest, heard + rest);
    }

    static void spoil(T* row, T const* damage, index_t count) noexcept {
        for (index_t s = 0; s < count; ++s)
            if (std::isnan(damage[s])) row[s] = damage[s];
    }

    void begin_block() noexcept {
        auto& at = now_.at;
        if (at.stage == stage::fading && at.faded == at.fade) {
            at.active = 1 - at.active;
            at.stage = stage::none;
        }
        transform_block();
        if (grid_->latency == faltung::latency::block)
            for (int k = 0; k < kernels(); ++k)
                for (index_t o = 0; o < grid_->outputs; ++o) spoil(now_.row(place(k), o), now_.damage(), grid_->block);
        at.in_block = at.done = 0;
        at.first_work = grid_->first_work(kernels());
        if (at.stage == stage::requested)
            at.stage = stage::preparing;
        else if (at.stage == stage::preparing)
            at.stage = stage::fading;
    }

    // The block that is complete, into the delay line; with it the sums of the next block are complete too.
    void transform_block() noexcept {
        detail::partitions const& g = *grid_;
        auto& newest = now_.at.newest;
        if (g.count > 0) newest = (newest == 0 ? g.count : newest) - 1;
        for (index_t i = 0; i < g.inputs; ++i) {
            T* const recent = now_.recent(i);
            if (g.count > 0) {
                std::fill(std::copy_n(recent, 2 * g.block, line_.data()), line_.data() + g.plan.data, T(0));
                g.engine->forward(g.plan, line_.data(), now_.spectrum(i, 0));
            }
            std::copy_n(recent + g.block, g.block, recent);
        }
        if (g.count == 0) return;
        for (int k = 0; k < kernels(); ++k)
            for (index_t o = 0; o < g.outputs; ++o) {
                T* const sum = now_.sum(place(k), o);
                for (index_t i = 0; i < g.inputs; ++i)
                    g.engine->multiply(g.plan, now_.spectrum(i, 0), kernel_at(place(k)).spectrum(o, i, 0), sum,
                                       g.count > 1 || i > 0 ? spectrum_update::add : spectrum_update::replace);
                g.engine->backward(g.plan, line_.data(), sum);
                std::copy_n(line_.data() + g.block, g.block, now_.row(place(k), o));
            }
    }

    void multiply_until(index_t samples_in) noexcept {
        auto& at = now_.at;
        for (const index_t due = grid_->due(samples_in, at.first_work, grid_->products(kernels())); at.done < due;
             ++at.done)
            multiply(at.done);
    }

    // Product `number` for the next block: kernels, outputs, partitions from the oldest on, inputs. The sum of an
    // output is made of groups, so that its rounding errors grow with the number of products in a group and the number
    // of groups, not with that of all products.
    void multiply(index_t number) noexcept {
        detail::partitions const& g = *grid_;
        const index_t each = g.products_of_output(), row = number / each, j = number % each;
        const int to = place(static_cast<int>(row / g.outputs));
        const index_t output = row % g.outputs, part = g.count - 1 - j / g.inputs, input = j % g.inputs;
        T *const sum = now_.sum(to, output), *const group = j < g.group ? sum : now_.group();
        g.engine->multiply(g.plan, now_.spectrum(input, part - 1), kernel_at(to).spectrum(output, input, part), group,
                           j % g.group != 0 ? spectrum_update::add : spectrum_update::replace);
        if (group == sum || ((j + 1) % g.group != 0 && j + 1 != each)) return;
        const detail::tap_line<T> from{group, 0};
        const index_t in_place = 0;
        const T one = 1;
        sweep_({&from, 1, &in_place, 1, &one, sum, g.plan.spectrum, true});
    }
};

template <viewable Kernel>
stream_convolver(Kernel const&, stream_options) -> stream_convolver<element_t<Kernel>>;
template <viewable Kernel>
stream_convolver(Kernel const&) -> stream_convolver<element_t<Kernel>>;

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
