// examples/02_photograph.cpp -- a photograph blurred, sharpened, and reduced to its edges

#include <cmath>
#include <iostream>

#include <faltung/convolve.hpp>

#include "support/canvas.hpp"
#include "support/png.hpp"

using namespace faltung;

namespace {

/// Weights exp(-(i^2 + j^2) / (2 sigma^2)) on a square of 2 radius + 1, divided by their sum.
tensor<float, 2> gaussian(float sigma, index_t radius) {
    tensor<float, 2> h{{2 * radius + 1, 2 * radius + 1}};
    float sum = 0;
    for (index_t i = -radius; i <= radius; ++i)
        for (index_t j = -radius; j <= radius; ++j)
            sum += h(i + radius, j + radius) = std::exp(static_cast<float>(i * i + j * j) / (-2 * sigma * sigma));
    for (float& weight : h) weight /= sum;
    return h;
}

/// Twice the picture minus its blur, as one kernel: what the blur loses is added once more.
tensor<float, 2> sharpening(tensor<float, 2> const& blur) {
    tensor<float, 2> h = blur;
    for (float& weight : h) weight = -weight;
    h(h.extent(0) / 2, h.extent(1) / 2) += 2;
    return h;
}

/// How steep the brightness is: the length of its gradient, by Sobel's two kernels.
gray_picture edges(tensor<float, 2> const& y) {
    const tensor<float, 2> across{{3, 3}, {1, 0, -1, 2, 0, -2, 1, 0, -1}};
    const convolve_options options{.padding = mode::same, .boundary = boundary::reflect};
    const auto right = convolve(y, across, options), down = convolve(y, transpose(across), options);
    tensor<float, 2> length{y.shape()};
    for (index_t i = 0; i < y.extent(0); ++i)
        for (index_t j = 0; j < y.extent(1); ++j) length(i, j) = std::hypot(right(i, j), down(i, j));
    return as_bytes(length.view(), 0, 500);
}

}  // namespace

int main(int argc, char** argv) try {
    const std::filesystem::path folder = file::output_folder(argc, argv);
    const rgb_picture photo = png::read_rgb(FALTUNG_EXAMPLE_DATA "/astronaut.png");

    // Channel by channel: a slice is a view, so the samples are read from and written to the packed RGB where they lie.
    const tensor<float, 2> blur = gaussian(4, 12);
    const convolve_options bytes{.padding = mode::same, .boundary = boundary::reflect, .overflow = overflow::saturate};
    rgb_picture blurred{photo.shape()};
    for (int c = 0; c < 3; ++c) convolve_into(slice(blurred, all, all, c), slice(photo, all, all, c), blur, bytes);

    // All channels in one call: the kernel lies along axes 0 and 1, the channels are a batch.
    const tensor<float, 2> sharpen = sharpening(gaussian(1.5f, 5));
    const rgb_picture sharpened = convolve<std::uint8_t>(
        photo, sharpen,
        {.padding = mode::same, .boundary = boundary::reflect, .axes = {0, 1}, .overflow = overflow::saturate});

    const gray_picture steep = edges(brightness(photo.view()));

    png::write(folder / "02_blurred.png", blurred);
    png::write(folder / "02_sharpened.png", sharpened);
    png::write(folder / "02_edges.png", steep);
    const tile tiles[] = {{"the photograph (NASA)", photo},
                          {"blurred", blurred},
                          {"sharpened", sharpened},
                          {"edges", as_rgb(steep.view())}};
    png::write(folder / "02_photograph.png", contact_sheet(tiles, {.columns = 2}));
    std::cout << text("photograph ", photo.shape(), ", blurred with ", blur.shape(), ", sharpened with ",
                      sharpen.shape(), "\n");
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
