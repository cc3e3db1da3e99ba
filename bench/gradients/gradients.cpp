// bench/gradients/gradients.cpp -- the gradients of layers, and transposed layers, beside the layers themselves:
// gradients [part of a name]
//
// Everything takes turns, and the best of each is shown: other work on the machine only ever adds. `plan` is a layer
// that was prepared before, `conv` a call that prepares it, as calls for gradients do; ratios are to `plan`. All are
// direct, whatever a choice would take.
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include <faltung/nn.hpp>

#include "../measure.hpp"

using namespace faltung;
using namespace faltung_bench;

namespace {

/// Batch, channels in and out, groups; the same extent, taps, window stride, dilation and padding along every axis.
struct layer {
    char const* name;
    index_t batch, in, out, groups, n, taps, stride, dilation, padding;
};

constexpr layer planes[] = {
    {"a_3x3", 1, 64, 64, 1, 56, 3, 1, 1, 1},           {"b_14x14", 1, 256, 256, 1, 14, 3, 1, 1, 1},
    {"c_7x7_stride_2", 1, 3, 64, 1, 224, 7, 2, 1, 3},  {"d_1x1", 1, 256, 64, 1, 56, 1, 1, 1, 0},
    {"e_depthwise", 1, 128, 128, 128, 56, 3, 1, 1, 1}, {"f_batch_8", 8, 64, 64, 1, 56, 3, 1, 1, 1},
    {"g_dilation_2", 1, 64, 64, 1, 56, 3, 1, 2, 2},    {"small_7x7", 8, 128, 128, 1, 7, 3, 1, 1, 1},
    {"stride_2_3x3", 1, 64, 128, 1, 56, 3, 2, 1, 1}};
constexpr layer volume{"h_volume", 1, 16, 32, 1, 32, 3, 1, 1, 1};
constexpr layer signals{"i_signals", 8, 64, 64, 1, 4096, 9, 1, 1, 4};

struct contestant {
    char const* name;
    std::function<void()> run;
    double best = 1e9;
};

template <std::size_t Rank>
void compare(layer const& l) {
    shape x_shape{l.batch, l.in}, w_shape{l.out, l.in / l.groups};
    for (std::size_t a = 2; a < Rank; ++a) {
        x_shape.push_back(l.n);
        w_shape.push_back(l.taps);
    }
    const auto x = samples<float, Rank>(x_shape), w = samples<float, Rank>(w_shape);
    nn::nn_options o{.padding = l.padding, .stride = l.stride, .dilation = l.dilation, .groups = l.groups};
    nn::transposed_options t{.padding = l.padding, .stride = l.stride, .dilation = l.dilation, .groups = l.groups};
    o.method = t.method = method::direct;
    const nn::convolver plan{x.shape(), w, o};
    auto scratch = plan.workspace();
    auto y = nn::conv(x, w, o);
    const auto dy = samples<float, Rank>(y.shape());
    contestant all[] = {{"plan", [&] { plan(x, y, scratch); }},
                        {"conv", [&] { nn::conv(x, w, o); }},
                        {"input", [&] { nn::gradient_input(dy, w, x.shape(), o); }},
                        {"transposed", [&] { nn::conv_transpose(dy, w, t); }},
                        {"kernel", [&] { nn::gradient_kernel(x, dy, w.shape(), o); }}};
    double spent = 0;
    for (int round = 0; round < 5 || (spent < 0.7 && round < 2000); ++round)
        for (contestant& c : all) {
            const double seconds = seconds_of(c.run);
            c.best = std::min(c.best, seconds);
            spent += seconds;
        }
    std::printf("%-16s", l.name);
    for (contestant const& c : all) std::printf("  %s %8.3f ms (%5.2f)", c.name, c.best * 1e3, c.best / all[0].best);
    std::printf("\n");
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string part = argc > 1 ? argv[1] : "";
    const auto is_asked_for = [&](layer const& l) { return std::string(l.name).find(part) != std::string::npos; };
    for (layer const& l : planes)
        if (is_asked_for(l)) compare<4>(l);
    if (is_asked_for(volume)) compare<5>(volume);
    if (is_asked_for(signals)) compare<3>(signals);
}
