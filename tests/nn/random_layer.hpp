// tests/nn/random_layer.hpp -- a random layer: geometry, channels and layouts in memory
#pragma once

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <vector>

#include <faltung/nn/layer_options.hpp>
#include <faltung/view/tensor.hpp>

#include "nn/layer_reference.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"

namespace faltung::testing {

/// The methods that have channels and take every layer.
inline constexpr method layer_methods[] = {method::direct, method::im2col, method::fft, method::overlap_save};

struct random_layer {
    reference::layer layer;
    nn::nn_options options;
    shape x, w, y, kernel_taps;
    std::uint64_t number;
    bool has_three_by_three = false;  // taps along the last two axes, side by side, and one along the others

    /// `maps` are the boundaries that may come up; `with_empty`: also outputs without a sample.
    random_layer(random_source& r, std::uint64_t number_, int rank, std::string const& maps) : number(number_) {
        do make(r, rank, maps);
        while (layer.outputs() == 0 && number % 50 != 0);
    }

    /// One line that says what it is.
    std::string name() const {
        std::string s = text("case ", number, ": x ", x, " w ", w, " groups ", options.groups);
        for (reference::line const& k : layer.axes)
            s += text(" [", std::string(1, k.map), " stride ", k.stride, " dilation ", k.dilation, " low ", k.low,
                      " high ", k.high, "]");
        return s;
    }

    /// Those that take it, in float.
    std::vector<method> methods() const {
        std::vector<method> all_of_them(std::begin(layer_methods), std::end(layer_methods));
        if (has_three_by_three) all_of_them.push_back(method::winograd);
        return all_of_them;
    }

private:
    void make(random_source& r, int rank, std::string const& maps) {
        const bool is_depthwise = r.percent(25), is_long = r.percent(10);
        has_three_by_three = rank > 1 && r.percent(20);
        const index_t groups = is_depthwise ? r.between(1, 6) : r.between(1, 3),
                      in = groups * (is_depthwise ? 1 : r.between(1, 4)), out = groups * r.between(1, 4);
        layer.axes.clear();
        layer.batch = static_cast<std::size_t>(r.between(1, 3));
        layer.in = static_cast<std::size_t>(in);
        layer.out = static_cast<std::size_t>(out);
        layer.groups = static_cast<std::size_t>(groups);
        x = {static_cast<index_t>(layer.batch), in};
        w = {out, in / groups};
        per_axis<index_t> stride, dilation;
        per_axis<low_high> amounts;
        per_axis<boundary> edge;
        kernel_taps = {};
        for (int a = 0; a < rank; ++a) {
            reference::line k{r.between(1, rank == 3 ? 5 : 9), r.between(1, rank == 3 ? 3 : 4), 1, 1, 0, 0, 'z', 0};
            if (is_long && a + 1 == rank) k.n = r.between(60, 200);
            k.stride = r.percent(60) ? 1 : r.between(2, 4);
            k.dilation = r.percent(70) ? 1 : r.between(2, 3);
            if (has_three_by_three) {
                k.taps = a + 2 < rank ? 1 : 3;
                if (a + 2 >= rank) k.stride = k.dilation = 1;
            }
            k.low = r.percent(40) ? 0 : r.between(-1, 4);
            k.high = r.percent(40) ? 0 : r.between(-1, 4);
            k.map = maps[static_cast<std::size_t>(r.between(0, static_cast<index_t>(maps.size()) - 1))];
            k.constant = static_cast<long double>(k.map == 'c' ? r.between(1, 5) : 0);
            layer.axes.push_back(k);
            x.push_back(k.n);
            w.push_back(k.taps);
            kernel_taps.push_back(k.taps);
            stride.push_back(k.stride);
            dilation.push_back(k.dilation);
            amounts.push_back({k.low, k.high});
            edge.push_back(boundary_of(k));
        }
        y = {static_cast<index_t>(layer.batch), out};
        for (index_t n : reference::output_shape(layer.axes)) y.push_back(n);
        options = {.padding = padding(amounts), .boundary = edge, .stride = stride, .dilation = dilation};
        options.groups = groups;
    }
};

/// A tensor whose axes lie in memory in another order: channels behind the spatial axes.
template <class T, std::size_t Rank>
class channels_last {
    tensor<T, Rank> memory_;

public:
    explicit channels_last(shape const& n) : memory_(moved(n)) {}
    tensor_view<T, Rank> view() {
        const shape m = memory_.shape();
        const strides s = memory_.strides();
        shape n{m[0], m[Rank - 1]};
        strides stride{s[0], s[Rank - 1]};
        for (int a = 1; a + 1 < static_cast<int>(Rank); ++a) {
            n.push_back(m[a]);
            stride.push_back(s[a]);
        }
        return tensor_view<T, Rank>::from_raw(memory_.data(), n, stride);
    }

private:
    static shape moved(shape const& n) {
        shape m{n[0]};
        for (int a = 2; a < n.rank(); ++a) m.push_back(n[a]);
        m.push_back(n[1]);
        return m;
    }
};

/// The largest distance of an array, in row-major order, from what is wanted.
template <class Got, class Wide>
double distance(Got const& y, std::vector<Wide> const& want) {
    double worst = 0;
    std::size_t i = 0;
    for_each_index(y.shape(), [&](index_list const& at) {
        worst = std::max(worst, static_cast<double>(std::abs(static_cast<Wide>(y(at)) - want[i])));
        ++i;
    });
    return i == want.size() ? worst : HUGE_VAL;
}

}  // namespace faltung::testing
