// faltung/stream/kernel.hpp -- a kernel as a stream needs it: the head's taps, and the spectra of the partitions
#pragma once

#include <algorithm>
#include <memory>

#include "../core/buffer.hpp"
#include "../core/for_each.hpp"
#include "../core/scalar.hpp"
#include "../core/strided.hpp"
#include "partitions.hpp"

namespace faltung {
namespace detail {
inline namespace FALTUNG_COMPILED {

/// Immutable. The taps are divided by the transform's scale before they are transformed, so a result needs no factor.
template <class T>
class kernel_parts {
    std::shared_ptr<partitions const> grid_;
    buffer<T> head_, spectra_;

public:
    /// h has the axes outputs, inputs, taps. Errors: shape_error for another shape than the stream's; option_error for
    /// a tap that is not finite as a T; overflow_error; std::bad_alloc.
    template <class H>
    kernel_parts(char const* operation, std::shared_ptr<partitions const> grid, strided<H> const& h)
        : grid_(std::move(grid)) {
        partitions const& g = *grid_;
        if (!(h.n == g.kernel_shape()))
            fail<shape_error>(operation, ": a kernel of shape ", h.n, " for a stream made for ", g.kernel_shape());
        head_ = buffer<T>(checked::product({g.outputs, g.inputs, g.head}, "taps of the head"));
        spectra_ = buffer<T>(
            checked::product({g.outputs, g.inputs, g.count, g.plan.spectrum}, "numbers in the spectra of a kernel"));
        const buffer<T> line(g.plan.data);
        for_each_line(h.n, [&](index_list const& i) {
            const auto tap = [&](index_t t) {
                const T value = convert<T>(h.data[offset(i, h.stride) + t * h.stride[2]]);
                if (!std::isfinite(value))
                    fail<option_error>(operation, ": tap ", shape{i[0], i[1], t},
                                       " of the kernel is not finite: ", static_cast<long double>(value));
                return value;
            };
            T* const first = head_.data() + (i[0] * g.inputs + i[1]) * g.head;
            for (index_t t = 0; t < g.head; ++t) first[t] = tap(t);
            for (index_t p = 0; p < g.count; ++p) {
                const index_t from = g.head + p * g.block, some = std::min(g.block, g.taps - from);
                std::fill_n(line.data(), g.plan.data, T(0));
                for (index_t t = 0; t < some; ++t)
                    line.data()[t] = static_cast<T>(static_cast<long double>(tap(from + t)) / g.plan.scale);
                g.engine->forward(g.plan, line.data(), spectrum(i[0], i[1], p));
            }
        });
    }

    partitions const& grid() const noexcept { return *grid_; }
    T const* head() const noexcept { return head_.data(); }
    T* spectrum(index_t output, index_t input, index_t part) const noexcept {
        return spectra_.data() + ((output * grid_->inputs + input) * grid_->count + part) * grid_->plan.spectrum;
    }
};

/// A kernel by its three axes: one with one axis is for one input and one output.
template <class H>
strided<H> with_channels(strided<H> const& h) {
    if (h.n.rank() == 3) return h;
    return {h.data, {1, 1, h.n[0]}, {0, 0, h.stride[0]}};
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

template <scalar T>
class stream_convolver;

/// A kernel that a stream_convolver has prepared, and that it or another one like it can swap in. Copies share one
/// memory; empty where none was prepared, and when it was moved away.
template <scalar T>
class stream_kernel {
    std::shared_ptr<detail::kernel_parts<T> const> parts_;

    explicit stream_kernel(std::shared_ptr<detail::kernel_parts<T> const> parts) noexcept : parts_(std::move(parts)) {}
    friend class stream_convolver<T>;

public:
    stream_kernel() = default;

    bool is_empty() const noexcept { return !parts_; }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
