// tests/differential/random_problem.hpp -- geometry, options and layouts in memory, from a seed and a number
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <faltung/convolve/options.hpp>

#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/seam.hpp"

namespace faltung::testing {

/// Where the samples of an array lie in a buffer: any order of axes, gaps, reversed or repeated axes.
struct random_layout {
    shape n;
    strides stride;
    index_t origin = 0, room = 1;  // sample 0's place, and how long the buffer is
    bool has_negative = false;

    random_layout() = default;
    /// `repeats` in percent: how often an axis is broadcast. An array that is written must not be.
    random_layout(random_source& r, shape const& extents, int repeats)
        : n(extents), stride(strides::repeated(extents.rank(), 0)) {
        std::vector<int> order;
        for (int a = 0; a < n.rank(); ++a) order.insert(order.begin() + r.between(0, a) * (r.percent(30) ? 1 : 0), a);
        std::reverse(order.begin(), order.end());  // the last one is the innermost
        if (r.percent(70)) std::sort(order.begin(), order.end());
        index_t inner = r.percent(20) ? r.between(2, 3) : 1;
        for (std::size_t k = order.size(); k-- > 0;) {
            const int a = order[k];
            if (n[a] > 1 && r.percent(repeats)) continue;
            stride[a] = inner;
            inner = inner * std::max<index_t>(n[a], 1) + (r.percent(20) ? r.between(1, 5) : 0);
            if (!r.percent(15)) continue;
            origin += stride[a] * std::max<index_t>(n[a] - 1, 0);
            stride[a] = -stride[a];
            has_negative = has_negative || n[a] > 1;
        }
        room = inner;
    }

    template <class T>
    strided<T> in(T* memory) const {
        return {memory + origin, n, stride};
    }
};

/// What a std::vector holds instead of bool, whose vectors have no elements.
template <class T>
using without_bits = std::conditional_t<std::is_same_v<T, bool>, unsigned char, T>;

/// A problem in the caller's words (options) and, derived here without the library, in those of the reference.
struct random_problem {
    std::uint64_t seed, number;
    sense way;
    shape x, h;
    convolve_options options;
    std::vector<reference::line> axes;     // of x, in its order; the kernel enters as `canonical` makes it
    std::vector<std::size_t> kernel_axes;  // where those of h lie
    random_layout x_layout, h_layout, y_layout;
    bool has_dilation = false, has_window_stride = false, has_even_kernel = false, has_overhang = false;

    random_problem(std::uint64_t seed_, std::uint64_t number_, random_source& r) : seed(seed_), number(number_) {
        way = r.percent(50) ? sense::convolution : sense::correlation;
        const int rank = r.percent(40) ? 1 : r.percent(55) ? 2 : r.percent(60) ? 3 : 4;
        const bool is_long = rank <= 2 && r.percent(12);  // rows of several vectors
        for (int a = 0; a < rank; ++a)
            x.push_back(is_long ? a + 1 == rank ? r.between(60, 260) : r.between(1, 3) : random_extent(r, rank));
        choose_axes(r, rank);
        axes.resize(static_cast<std::size_t>(rank));
        for (int a = 0; a < rank; ++a) axes[static_cast<std::size_t>(a)] = {x[a], 1, 1, 1, 0, 0, 'z', 0};
        const bool alike = r.percent(40);  // one value for every axis
        per_axis<index_t> stride, dilation;
        per_axis<boundary> edge;
        for (std::size_t k = 0; k < kernel_axes.size(); ++k) {
            reference::line& line = axes[kernel_axes[k]];
            if (k == 0 || !alike) {
                line.stride = r.percent(60) ? 1 : r.between(2, 4);
                line.dilation = r.percent(60) ? 1 : r.between(2, 4);
                line.map = r.one_of({'z', 'c', 'e', 'r', 's', 'w'});
                line.constant = static_cast<long double>(r.between(1, 5));  // constant(0) is the zero boundary
            } else {
                reference::line const& first = axes[kernel_axes[0]];
                line.stride = first.stride;
                line.dilation = first.dilation;
                line.map = first.map;
                line.constant = first.constant;
            }
            line.taps = r.between(1, rank <= 2 ? 5 : 3);
            h.push_back(line.taps);
            stride.push_back(line.stride);
            dilation.push_back(line.dilation);
            edge.push_back(boundary_of(line));
        }
        options.stride = alike ? per_axis<index_t>(stride[0]) : stride;
        options.dilation = alike ? per_axis<index_t>(dilation[0]) : dilation;
        options.boundary = alike ? per_axis<boundary>(edge[0]) : edge;
        choose_padding(r, rank);
        options.threads = r.percent(3) ? static_cast<int>(r.between(2, 3)) : 1;
        options.overflow = r.percent(50) ? overflow::saturate : overflow::wrap;
        options.rounding = r.percent(50) ? rounding::toward_zero : rounding::nearest_even;
        x_layout = random_layout(r, x, 4);
        h_layout = random_layout(r, h, 4);
        y_layout = random_layout(r, output_shape(), 0);
        for (reference::line const& k : axes) {
            if (reference::outputs(k) == 0) continue;
            has_dilation = has_dilation || (k.dilation > 1 && k.taps > 1);
            has_window_stride = has_window_stride || (k.stride > 1 && reference::outputs(k) > 1);
            has_even_kernel = has_even_kernel || k.taps % 2 == 0;
            has_overhang = has_overhang || k.low > k.n || k.high > k.n;
        }
    }

    shape output_shape() const {
        shape n;
        for (index_t extent : reference::output_shape(axes)) n.push_back(extent);
        return n;
    }

    /// The kernel as the canonical correlation over all axes of x slides it: row-major in the order of x's axes, and
    /// reversed for a convolution.
    template <class H>
    std::vector<without_bits<H>> canonical(strided<H> const& given) const {
        std::vector<without_bits<H>> to;
        shape taps;
        for (reference::line const& k : axes) taps.push_back(k.taps);
        for_each_index(taps, [&](index_list const& t) {
            index_t at = 0;
            for (std::size_t k = 0; k < kernel_axes.size(); ++k) {
                const int a = static_cast<int>(kernel_axes[k]);
                at += (way == sense::convolution ? taps[a] - 1 - t[a] : t[a]) * given.stride[static_cast<int>(k)];
            }
            to.push_back(given.data[at]);
        });
        return to;
    }

    /// One line that runs this case again, and what it is.
    std::string name() const {
        std::string s = text("FALTUNG_CASE=", seed, ":", number, way == sense::convolution ? " convolve" : " correlate",
                             " x ", x, " h ", h);
        if (options.axes.rank() > 0) s += text(" along ", options.axes);
        for (reference::line const& k : axes)
            s += text(" [", k.map == 'c' ? text("constant ", k.constant) : std::string(1, k.map), " stride ", k.stride,
                      " dilation ", k.dilation, " low ", k.low, " high ", k.high, "]");
        return s + text(" strides x ", x_layout.stride, " h ", h_layout.stride, " y ", y_layout.stride, " threads ",
                        options.threads, " ", options.overflow == overflow::saturate ? "saturate" : "wrap", " ",
                        options.rounding == rounding::nearest_even ? "nearest_even" : "toward_zero");
    }

private:
    static index_t random_extent(random_source& r, int rank) {
        if (r.percent(3)) return r.between(0, 1);
        if (rank == 1) return r.percent(1) ? r.between(1000, 2200) : r.between(1, r.percent(50) ? 12 : 60);
        return r.between(1, rank == 2 ? 12 : rank == 3 ? 6 : 4);
    }

    void choose_axes(random_source& r, int rank) {
        std::vector<std::size_t> all;
        for (std::size_t a = 0; a < static_cast<std::size_t>(rank); ++a)
            all.insert(all.begin() +
                           (r.percent(25) ? r.between(0, static_cast<std::int64_t>(a)) : static_cast<std::int64_t>(a)),
                       a);
        const bool some = r.percent(20);
        kernel_axes = all;
        if (some) kernel_axes.resize(static_cast<std::size_t>(r.between(1, rank)));
        if (!some && std::is_sorted(all.begin(), all.end())) return;  // the default
        index_list list;
        for (std::size_t a : kernel_axes) list.push_back(static_cast<index_t>(a));
        options.axes = list;
    }

    // What every mode means, as its definition says: full has n + span - 1 samples, same the n in its middle, and so
    // on.
    void choose_padding(random_source& r, int rank) {
        per_axis<low_high> amounts;
        per_axis<index_t> centre;
        const auto which = r.between(0, 7);
        for (std::size_t a : kernel_axes) {
            reference::line& k = axes[a];
            const index_t span = k.dilation * (k.taps - 1) + 1, at = r.between(0, k.taps - 1);
            centre.push_back(at);
            switch (which) {
                case 0:
                    k.low = k.high = span - 1;
                    break;
                case 1:
                    k.low = way == sense::convolution ? span - 1 - (span - 1) / 2 : (span - 1) / 2;
                    k.high = span - 1 - k.low;
                    break;
                case 2:
                    break;
                case 3:
                case 4: {
                    const index_t outputs = (k.n + k.stride - 1) / k.stride;
                    const index_t total = k.n == 0 ? 0 : std::max<index_t>((outputs - 1) * k.stride + span - k.n, 0);
                    k.low = which == 3 ? total / 2 : total - total / 2;
                    k.high = total - k.low;
                    break;
                }
                case 5:  // tap `at` of the kernel as given lies on the output's own sample
                    k.low = k.dilation * (way == sense::convolution ? k.taps - 1 - at : at);
                    k.high = span - 1 - k.low;
                    break;
                default: {
                    const index_t most = k.n > 60 ? 10 : rank == 1 ? 2 * k.n + 8 : rank == 2 ? k.n + 4 : 3;
                    k.low = r.between(-2, most);
                    k.high = r.between(-2, most);
                    if (r.percent(10)) k.low = r.between(-k.n - 2, 0);
                }
            }
            amounts.push_back({k.low, k.high});
        }
        constexpr mode modes[] = {mode::full, mode::same, mode::valid, mode::same_upper, mode::same_lower, mode::same};
        if (which <= 5) options.padding = modes[which];
        if (which == 5) options.centre = centre;
        if (which > 5) options.padding = padding_of(amounts);
    }

    static padding padding_of(per_axis<low_high> const& a) {
        switch (a.count()) {
            case 1:
                return {a[0]};
            case 2:
                return {a[0], a[1]};
            case 3:
                return {a[0], a[1], a[2]};
            default:
                return {a[0], a[1], a[2], a[3]};
        }
    }
};

/// The cases to run: all numbers of seed 1, or the one that FALTUNG_CASE=seed:number names.
struct case_range {
    std::uint64_t seed = 1, first = 0, last = random_cases();

    case_range() {
        char const* const one = std::getenv("FALTUNG_CASE");
        if (!one) return;
        char* rest = nullptr;
        seed = std::strtoull(one, &rest, 10);
        first = *rest == ':' ? std::strtoull(rest + 1, nullptr, 10) : 0;
        last = first + 1;
    }
};

}  // namespace faltung::testing
