// examples/15_kernels.cpp -- kernels as data: of two axes as cells with their taps, of one axis as bars

#include <algorithm>
#include <iostream>

#include <faltung/convolve.hpp>
#include <faltung/filter.hpp>

#include "support/figure.hpp"
#include "support/plot.hpp"
#include "support/png.hpp"

using namespace faltung;

namespace {

template <viewable H>
rgb_picture cells(H const& h, index_t side = 39) {
    return kernel_cells(as_view(h), side);
}

rgb_picture bars(tensor<double, 1> const& h) {
    constexpr index_t height = 72, width = 164;
    const auto [low, high] = std::minmax_element(h.begin(), h.end());
    const double room = 0.06 * (std::max(*high, 0.0) - std::min(*low, 0.0));
    canvas c(height, width, colours::white);
    const bar_plot plot{{{0, 0}, height, width}, 0, h.count(), std::min(*low, 0.0) - room, std::max(*high, 0.0) + room};
    for (index_t t = 0; t < h.count(); ++t) plot.bar(c, t, h(t), h(t) < 0 ? colours::kernel : colours::data);
    c.line({plot.row_of(0), 0}, {plot.row_of(0), width - 1}, colours::gray);
    return c.picture();
}

}  // namespace

int main(int argc, char** argv) try {
    const std::filesystem::path folder = file::output_folder(argc, argv);
    const auto of_5 = gaussian_taps_of_size(5), of_3 = gaussian_taps_of_size(3);
    const auto small = outer_product(of_3, of_3);

    const tile squares[] = {{"unit impulse", cells(unit_impulse({3, 3}))},
                            {"box", cells(box_kernel({3, 3}))},
                            {"gaussian, 3 taps", cells(small)},
                            {"gaussian, 5 taps", cells(outer_product(of_5, of_5))},
                            {"prewitt, right", cells(prewitt(towards::right))},
                            {"prewitt, bottom", cells(prewitt(towards::bottom))},
                            {"prewitt, bottom right", cells(prewitt(towards::bottom_right))},
                            {"prewitt, top right", cells(prewitt(towards::top_right))},
                            {"sobel, right", cells(sobel(towards::right))},
                            {"sobel, bottom", cells(sobel(towards::bottom))},
                            {"sobel, bottom right", cells(sobel(towards::bottom_right))},
                            {"sobel, top right", cells(sobel(towards::top_right))},
                            {"scharr, right", cells(scharr(towards::right))},
                            {"scharr, bottom", cells(scharr(towards::bottom))},
                            {"scharr, bottom right", cells(scharr(towards::bottom_right))},
                            {"scharr, top right", cells(scharr(towards::top_right))},
                            {"roberts, bottom right", cells(roberts(towards::bottom_right))},
                            {"roberts, top right", cells(roberts(towards::top_right))},
                            {"laplacian, 4", cells(laplacian_4())},
                            {"laplacian, 8", cells(laplacian_8())},
                            {"high pass", cells(high_pass())},
                            {"emboss", cells(emboss())},
                            {"sharpening, 1 / 4", cells(sharpening_kernel(0.25, high_pass()))},
                            {"unsharp, 1", cells(unsharp_kernel(1, small))},
                            {"laplacian of gaussian, 2", cells(laplacian_of_gaussian(2), 9)},
                            {"gaussians 1 and 2", cells(difference_of_gaussians(1, 2), 9)},
                            {"steered, 45 degrees", cells(steered_gaussian(2, 0.7854), 9)},
                            {"gabor", cells(gabor({.taps = 21, .sigma = 4, .wavelength = 8, .angle = 0.5}), 7)}};
    png::write(folder / "15_kernels.png", contact_sheet(squares, {.columns = 4, .spacing = 16, .scale = 1}));

    const tile lines[] = {{"hann", bars(windows::hann(41))},
                          {"hamming", bars(windows::hamming(41))},
                          {"blackman", bars(windows::blackman(41))},
                          {"flat top", bars(windows::flat_top(41))},
                          {"bartlett", bars(windows::bartlett(41))},
                          {"kaiser, 8.6", bars(windows::kaiser(41, 8.6))},
                          {"gaussian, 7", bars(windows::gaussian(41, 7))},
                          {"low pass, 0.2", bars(fir::low_pass(41, 0.2))},
                          {"high pass, 0.2", bars(fir::high_pass(41, 0.2))},
                          {"band pass, 0.2 to 0.4", bars(fir::band_pass(41, 0.2, 0.4))},
                          {"band stop, 0.2 to 0.4", bars(fir::band_stop(41, 0.2, 0.4))},
                          {"savitzky-golay", bars(savitzky_golay(21, 2))},
                          {"savitzky-golay, order 1", bars(savitzky_golay(21, 2, {.derivative = 1}))},
                          {"gaussian, sigma 5", bars(gaussian_taps(5))},
                          {"gaussian, order 1", bars(gaussian_taps(5, {.order = 1}))},
                          {"gaussian, order 2", bars(gaussian_taps(5, {.order = 2}))},
                          {"centred difference", bars(derivative_taps(1, 3))},
                          {"derivative of 7 taps", bars(derivative_taps(1, 7))}};
    png::write(folder / "15_lines.png", contact_sheet(lines, {.columns = 4, .spacing = 16, .scale = 1}));
    std::cout << kernel_text(sobel<int>(towards::right));
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
