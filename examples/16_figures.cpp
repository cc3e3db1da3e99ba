// examples/16_figures.cpp -- pictures, kernels and results side by side: edges, blurs, sharpening

#include <algorithm>
#include <cmath>
#include <iostream>
#include <vector>

#include <faltung/convolve.hpp>
#include <faltung/filter.hpp>

#include "support/figure.hpp"
#include "support/png.hpp"

using namespace faltung;

namespace {

using picture = tensor<float, 2>;

/// A moon that is lit from the left, with craters.
picture moon() {
    picture x{{168, 240}};
    const auto disc = [&](double row, double column, double radius, auto const& change) {
        for_each_index(x.shape(), [&](index_list const& i) {
            const double v = (static_cast<double>(i[0]) - row) / radius,
                         u = (static_cast<double>(i[1]) - column) / radius;
            if (u * u + v * v < 1)
                change(x(i), static_cast<float>(u), static_cast<float>(std::sqrt(1 - u * u - v * v)));
        });
    };
    disc(84, 120, 76, [](float& v, float u, float height) { v = 200 * std::max(height * 0.7f - u * 0.6f, 0.1f); });
    constexpr double craters[][3] = {{60, 96, 17},  {104, 84, 11}, {88, 128, 14},
                                     {128, 120, 9}, {50, 132, 8},  {82, 62, 7}};
    for (auto const& c : craters)
        disc(c[0], c[1], c[2], [](float& v, float u, float height) { v *= 1 + 0.5f * u - 0.15f * height; });
    return x;
}

/// Cabinets of a machine with wheels and lamps: many straight edges.
picture machine() {
    canvas c(168, 240, {40, 40, 40});
    for (index_t cabinet = 0; cabinet < 4; ++cabinet) {
        const index_t left = 12 + 56 * cabinet;
        c.fill({{16, left}, 140, 46}, {150, 150, 150});
        for (index_t row = 0; row < 6; ++row)
            for (index_t lamp = 0; lamp < 4; ++lamp)
                c.fill({{24 + 14 * row, left + 5 + 10 * lamp}, 7, 6},
                       (row * 3 + lamp + cabinet) % 4 == 0 ? colour{235, 235, 235} : colour{80, 80, 80});
        for (index_t line = 0; line < 8; ++line)
            c.line({112, left + 3 + line * 5}, {150, left + 8 + line * 4}, {30, 30, 30});
    }
    return brightness(c.picture().view());
}

picture filtered(picture const& x, tensor<float, 2> const& h) {
    return convolve(x, h, {.padding = mode::same, .boundary = boundary::replicate});
}

rgb_picture as_picture(tensor_view<float const, 2> x, float low, float high) {
    const gray_picture bytes = as_bytes(x, low, high);
    return as_rgb(bytes.view());
}

}  // namespace

int main(int argc, char** argv) try {
    const std::filesystem::path folder = file::output_folder(argc, argv);
    std::vector<tile> tiles;
    const auto add = [&](char const* name, picture const& x, auto const& kernel, float low, float high) {
        const tensor<double, 2> h = copy(as_view(kernel));
        tensor<float, 2> taps{h.shape()};
        std::copy(h.begin(), h.end(), taps.begin());
        const rgb_picture before = as_picture(x.view(), 0, 255);
        const picture y = filtered(x, taps);
        const rgb_picture after = as_picture(y.view(), low, high);
        tiles.push_back({name, figure(before.view(), h.view(), after.view())});
    };
    const auto write = [&](char const* name, index_t columns) {
        png::write(folder / name, contact_sheet(tiles, {.columns = columns, .spacing = 12, .scale = 1}));
        tiles.clear();
    };

    const picture x = moon(), m = machine();
    add("sobel, right", m, sobel(towards::right), -400, 400);
    add("sobel, bottom", m, sobel(towards::bottom), -400, 400);
    add("sobel, bottom right", m, sobel(towards::bottom_right), -600, 600);
    add("sobel, top right", m, sobel(towards::top_right), -600, 600);
    add("high pass", m, high_pass(), -400, 400);
    add("laplacian, 4", m, laplacian_4(), -300, 300);
    write("16_edges.png", 2);

    const auto bell = gaussian_taps_of_size(7);
    add("box, 7 x 7", x, box_kernel({7, 7}), 0, 255);
    add("gaussian, 7 taps", x, outer_product(bell, bell), 0, 255);
    add("sharpening by the high pass, 1 / 4", x, sharpening_kernel(0.25, high_pass()), 0, 255);
    write("16_moon.png", 1);
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
