// examples/22_bright_points.cpp -- the bright pixels of a photograph as a cloud, smoothed where they are and on the
// grid

#include <cmath>
#include <iostream>

#include <faltung/convolve.hpp>
#include <faltung/nufft.hpp>

#include "support/canvas.hpp"
#include "support/png.hpp"

using namespace faltung;

int main(int argc, char** argv) try {
    const std::filesystem::path folder = file::output_folder(argc, argv);
    const rgb_picture photo = png::read_rgb(FALTUNG_EXAMPLE_DATA "/astronaut.png");
    const tensor<float, 2> whole = brightness(photo.view());
    const index_t height = whole.extent(0), width = whole.extent(1);

    // [bright]
    std::vector<double> places, strengths;  // in pixels; brightness above 180
    tensor<float, 2> bright{whole.shape()};
    for_each_index(whole.shape(), [&](index_list const& i) {
        if (whole(i) < 180) return;
        places.push_back(static_cast<double>(i[0]));
        places.push_back(static_cast<double>(i[1]));
        strengths.push_back(static_cast<double>(whole(i)) - 180);
        bright(i) = whole(i) - 180;
    });
    const double sigma = 4;
    // a box with room for the kernel: nothing comes back at the other side
    const std::vector<double> box{static_cast<double>(height) + 12 * sigma, static_cast<double>(width) + 12 * sigma};
    auto kernel = gaussian_coefficients(gaussian_modes(box, sigma, 1e-7), box, sigma);
    for (auto& v : kernel.at) v /= 2 * 3.14159265358979323846 * sigma * sigma;  // a mean
    const tensor_view<double const, 2> points(std::span(std::as_const(places)),
                                              {static_cast<index_t>(strengths.size()), 2});
    const point_convolver<double> smooth(points, kernel, {.tolerance = 1e-8});
    const std::vector<double> at_points = smooth(strengths);
    // [/bright]
    std::cout << smooth.explain();

    // the same on the grid: a kernel of 49 taps, with zeros around the photograph
    tensor<float, 1> taps{{49}};
    for (index_t t = 0; t < 49; ++t) {
        const double d = static_cast<double>(t - 24);
        taps(t) =
            static_cast<float>(std::exp(-d * d / (2 * sigma * sigma)) / std::sqrt(2 * 3.14159265358979323846) / sigma);
    }
    tensor<float, 2> h{{49, 49}};
    for_each_index(h.shape(), [&](index_list const& i) { h(i) = taps(i[0]) * taps(i[1]); });
    const tensor<float, 2> on_grid = convolve(bright, h, {.padding = mode::same});

    tensor<float, 2> found{whole.shape()}, expected{whole.shape()};
    double difference = 0, norm = 0;
    for (std::size_t k = 0; k < strengths.size(); ++k) {
        const auto row = static_cast<index_t>(places[2 * k]), column = static_cast<index_t>(places[2 * k + 1]);
        found(row, column) = static_cast<float>(at_points[k]);
        expected(row, column) = on_grid(row, column);
        difference += std::pow(at_points[k] - static_cast<double>(on_grid(row, column)), 2);
        norm += std::pow(static_cast<double>(on_grid(row, column)), 2);
    }
    std::cout << text(strengths.size(), " points; on their places the grid says the same to ",
                      std::sqrt(difference / norm), '\n');

    const auto shown = [](tensor<float, 2> const& p, float high) {
        const gray_picture bytes = as_bytes(p.view(), 0, high);
        return as_rgb(bytes.view());
    };
    const std::vector<tile> tiles{{"bright pixels", shown(bright, 75)},
                                  {"a cloud, smoothed where it is", shown(found, 75)},
                                  {"the grid, at the same places", shown(expected, 75)},
                                  {"the grid, everywhere", shown(on_grid, 75)}};
    png::write(folder / "22_bright_points.png", contact_sheet(tiles, {.columns = 2, .spacing = 12, .scale = 1}));
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
