// examples/23_layer_stack.cpp -- four layers on a photograph: edges of every colour, smoothed, mixed, and put on it
// again

#include <chrono>
#include <iostream>

#include <faltung/nn.hpp>

#include "support/canvas.hpp"
#include "support/png.hpp"

using namespace faltung;

namespace {

/// Runs a plan, and prints what it made, how, and how fast.
tensor<float, 4> run(char const* name, nn::convolver<float> const& layer, tensor<float, 4> const& x) {
    tensor<float, 4> y(layer.output_shape());
    auto scratch = layer.workspace();
    const auto begin = std::chrono::steady_clock::now();
    layer(x, y, scratch);
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    const shape w = layer.kernel_shape();
    const double products = static_cast<double>(y.count()) * static_cast<double>(w[1] * w[2] * w[3]);
    std::cout << text(name, ": ", x.shape(), " -> ", y.shape(), " by ", name_of(layer.method()), ", ",
                      2e-9 * products / time.count(), " GFLOP/s\n");
    return y;
}

rgb_picture shown(tensor_view<float const, 3> channels, float high) {
    const auto packed = copy(permute(channels, {1, 2, 0}));
    rgb_picture p{packed.shape()};
    for_each_index(p.shape(), [&](index_list const& i) {
        p(i) = static_cast<std::uint8_t>(std::clamp(packed(i) * 255 / high, 0.0F, 255.0F));
    });
    return p;
}

}  // namespace

int main(int argc, char** argv) try {
    const std::filesystem::path folder = file::output_folder(argc, argv);
    const rgb_picture photo = png::read_rgb(FALTUNG_EXAMPLE_DATA "/astronaut.png");
    tensor<float, 4> x({1, 3, photo.extent(0), photo.extent(1)});
    for_each_index(photo.shape(), [&](index_list const& i) { x(0, i[2], i[0], i[1]) = photo(i); });

    // Of every colour the mean, and the edges in both directions: 9 channels of half the size.
    const float taps[3][9] = {
        {1, 2, 1, 2, 4, 2, 1, 2, 1}, {-1, 0, 1, -2, 0, 2, -1, 0, 1}, {-1, -2, -1, 0, 0, 0, 1, 2, 1}};
    tensor<float, 4> w1({9, 3, 3, 3}), w2({9, 1, 3, 3}), w3({3, 9, 1, 1}), w4({3, 1, 4, 4});
    for_each_index({9, 9}, [&](index_list const& i) {
        w1(i[0], i[0] % 3, i[1] / 3, i[1] % 3) = taps[i[0] / 3][i[1]] / 16;
        w2(i[0], 0, i[1] / 3, i[1] % 3) = taps[0][i[1]] / 16;
    });
    // Edges are added to the colours; a transposed layer with the taps of a tent makes the picture large again.
    for (index_t c = 0; c < 3; ++c)
        for (index_t k = 0; k < 3; ++k) w3(c, 3 * k + c, 0, 0) = k == 0 ? 1.0F : 5.0F;
    const float tent[] = {1, 3, 3, 1};
    for_each_index({3, 4, 4}, [&](index_list const& i) { w4(i[0], 0, i[1], i[2]) = tent[i[1]] * tent[i[2]] / 16; });

    // [stack]
    const std::vector<float> threshold{0, 0, 0, -2, -2, -2, -2, -2, -2};
    const nn::convolver edges{
        x.shape(),
        w1,
        {.padding = 1, .boundary = boundary::replicate, .stride = 2, .bias = threshold, .epilogue = nn::relu}};
    const auto found = run("edges", edges, x);
    const nn::convolver depthwise{found.shape(), w2, {.padding = 1, .boundary = boundary::replicate, .groups = 9}};
    const auto smoothed = run("depthwise", depthwise, found);
    const nn::convolver mix{found.shape(), w3, {.epilogue = nn::clamp{0, 255}}};
    const auto mixed = run("1x1", mix, smoothed);
    auto large = nn::conv_transpose(mixed, w4, {.padding = 1, .stride = 2, .groups = 3});
    // [/stack]
    const auto begin = std::chrono::steady_clock::now();
    nn::conv_transpose_into(large, mixed, w4, {.padding = 1, .stride = 2, .groups = 3});
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    std::cout << text("transposed: ", mixed.shape(), " -> ", large.shape(), ", ",
                      2e-9 * static_cast<double>(mixed.count() * 16) / time.count(), " GFLOP/s with its preparation\n");

    const tile tiles[] = {{"the photograph (NASA)", photo},
                          {"edges added, and large again", shown(slice(large, 0, all, all, all), 255)},
                          {"edges across, of every colour", shown(slice(found, 0, range{3, 6}, all, all), 16)},
                          {"edges down", shown(slice(found, 0, range{6, 9}, all, all), 16)}};
    png::write(folder / "23_layer_stack.png", contact_sheet(tiles, {.columns = 2, .spacing = 12, .scale = 1}));
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
