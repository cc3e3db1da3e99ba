// faltung/method/winograd.hpp -- kernels of 3 x 3 by tiles of outputs, at fewer products
#pragma once

#include "winograd_worker.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

struct winograd {
    static constexpr method name = method::winograd;

    template <class T>
    static constexpr bool has =
        (std::is_same_v<typename T::Acc, float> || std::is_same_v<typename T::Acc, double>)&&std::is_same_v<
            typename T::Data, typename T::Acc>&& std::is_same_v<typename T::Weight, typename T::Acc>;

    static verdict supports(problem const& p) {
        if (p.direction != direction::forward)
            return "winograd computes forward problems; the plan lowers its adjoints to them";
        if ((p.types.accumulator != element::float32 && p.types.accumulator != element::float64) ||
            p.types.x >= element::complex32 || p.types.h >= element::complex32 ||
            p.types.algebra != algebra::plus_times)
            return text("winograd sums real numbers in float or double, not in ", name_of(p.types.accumulator));
        if (p.rank < 2) return "winograd has two axes with 3 taps, the problem has one axis";
        for (int a = 0; a < p.rank; ++a) {
            const index_t wanted = a + 2 < p.rank ? 1 : 3;
            if (p[a].taps != wanted) return text("axis ", a, " has ", p[a].taps, " taps, winograd takes ", wanted);
            if (wanted == 3 && (p[a].window_stride != 1 || p[a].dilation != 1))
                return text("axis ", a, " has window stride ", p[a].window_stride, " and dilation ", p[a].dilation,
                            ", winograd takes 1 and 1");
        }
        if (!p.kernel.finite) return "a kernel with NaN or Inf needs direct: winograd mixes its taps";
        const bool is_single = p.types.accumulator == element::float32;
        if (p.kernel.known && p.kernel.norm_1 > 0 && p.kernel.norm_1 < (is_single ? 0x1p-80 : 0x1p-900))
            return text("a kernel whose absolute sum is ", p.kernel.norm_1, " would lose digits at winograd's points");
        if (p.in / p.groups > most_channels)
            return text(p.in / p.groups, " input channels of a group are more than ", most_channels);
        return {};
    }

    static cost predict(problem const& p) {
        const winograd_layout l = winograd_layout_of(p);
        const error_bound e = winograd_error(p, l.outputs);
        constexpr double each = 2.5e-9;  // seconds to make one point of the kernel
        const index_t points = winograd_kernel<float>::count(p, l);
        const index_t bytes = p.types.accumulator == element::float32 ? 4 : 8;
        cost c{l.seconds(p), e.expected, e.certified, 1e-6 + static_cast<double>(points) * each,
               checked::multiply(points, bytes, "points of the kernel")};
        c.asks_for_tolerance = true;
        return c;
    }

    template <class T>
    static index_t workspace(problem const& p) {
        return winograd_scratch(p, winograd_layout_of(p)).all;
    }

    template <class T>
    static prepared prepare(problem const& p, kernel_taps<typename T::Weight> const& h, prepared const* earlier) {
        prepared ready;
        if constexpr (has<T>) {
            ready.geometry =
                earlier ? earlier->geometry : std::make_shared<winograd_geometry const>(p, winograd_layout_of(p));
            ready.kernel = std::make_shared<winograd_kernel<typename T::Acc> const>(
                p, static_cast<winograd_geometry const*>(ready.geometry.get())->layout, h);
        }
        return ready;
    }

    static index_t grains(problem const& p) { return winograd_layout_of(p).grains(p); }

    template <class T>
    static void run(problem const& p, prepared const& ready, strided<typename T::X const> const& x,
                    strided<typename T::Y> const& y, std::byte* scratch, grain_range range) noexcept {
        if constexpr (has<T>) {
            if (static_cast<winograd_geometry const*>(ready.geometry.get())->layout.outputs == 4)
                compute(winograd_worker<T, 4>(p, ready, x, y, scratch), range);
            else
                compute(winograd_worker<T, 2>(p, ready, x, y, scratch), range);
        }
    }

private:
    static constexpr index_t most_channels = index_t{1} << 22;  // their places are numbers of 32 bits

    template <class Worker>
    static void compute(Worker worker, grain_range range) noexcept {
        for (index_t g = range.first; g < range.last; ++g) worker.compute(g);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
