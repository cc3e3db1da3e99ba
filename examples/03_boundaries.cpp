// examples/03_boundaries.cpp -- the six ways in which a picture can go on beyond its edges, side by side

#include <iostream>
#include <vector>

#include <faltung/convolve.hpp>

#include "support/canvas.hpp"
#include "support/png.hpp"

using namespace faltung;

int main(int argc, char** argv) try {
    const std::filesystem::path folder = file::output_folder(argc, argv);
    const rgb_picture photo = png::read_rgb(FALTUNG_EXAMPLE_DATA "/astronaut.png");
    const auto face = slice(photo, range{80, 180}, range{170, 270}, all);

    struct choice {
        char const* name;
        faltung::boundary boundary;
    };
    const choice choices[] = {{"zero", boundary::zero},           {"constant(170)", boundary::constant(170)},
                              {"replicate", boundary::replicate}, {"reflect", boundary::reflect},
                              {"symmetric", boundary::symmetric}, {"circular", boundary::circular}};

    // A kernel of one tap copies; with padding it copies the extended picture. 130 samples are added on every side of
    // 100, so whatever repeats does it more than once.
    constexpr index_t amount = 130;
    const tensor<int, 2> one{{1, 1}, {1}};
    std::vector<tile> tiles;
    for (choice const& c : choices) {
        canvas extended(convolve<std::uint8_t>(face, one, {.padding = amount, .boundary = c.boundary, .axes = {0, 1}}));
        extended.frame({{amount, amount}, face.extent(0), face.extent(1)}, colours::yellow, 2);
        tiles.push_back({c.name, extended.picture()});
    }
    png::write(folder / "03_boundaries.png", contact_sheet(tiles, {.columns = 3}));

    // The same on a line of four samples, as numbers.
    const std::vector<int> line{1, 2, 3, 4}, tap{1};
    for (choice const& c : choices) {
        std::cout << c.name << ':';
        for (auto v : convolve(line, tap, {.padding = 6, .boundary = c.boundary})) std::cout << ' ' << v;
        std::cout << '\n';
    }
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
