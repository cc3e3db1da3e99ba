// examples/05_sliding_windows.cpp -- all windows of an array as one view, and a picture cut into n x n windows

#include <iostream>
#include <numeric>
#include <vector>

#include <faltung/view.hpp>

#include "support/canvas.hpp"
#include "support/png.hpp"

using namespace faltung;

namespace {

/// n windows along an extent, from end to end: every `stride` samples one, as far apart as they can be.
struct cut {
    index_t stride, window;
};
constexpr cut cut_into(index_t extent, index_t n) {
    const index_t stride = extent / n;
    return {stride, extent - (n - 1) * stride};
}

}  // namespace

int main(int argc, char** argv) try {
    const std::filesystem::path folder = file::output_folder(argc, argv);

    tensor<int, 2> x{{5, 5}};
    std::iota(x.begin(), x.end(), 1);
    const auto windows = sliding_window(x, {3, 3});
    std::cout << text("windows of a 5 x 5 array: shape ", windows.shape(), ", strides ", windows.strides(), ", ",
                      windows.data() == x.data() ? "no sample copied" : "copied", "\nthe one at (1, 2):\n");
    for (index_t i = 0; i < 3; ++i, std::cout << '\n')
        for (index_t j = 0; j < 3; ++j) std::cout << '\t' << windows(1, 2, i, j);

    constexpr index_t n = 4;
    for (index_t extent : {512, 510}) {
        const cut c = cut_into(extent, n);
        std::cout << text(extent, " pixels into ", n, ": stride ", c.stride, ", window ", c.window,
                          c.window > c.stride ? ", overlapping" : "", "\n");
    }

    const rgb_picture photo = png::read_rgb(FALTUNG_EXAMPLE_DATA "/astronaut.png");
    const cut c = cut_into(photo.extent(0), n);
    const auto views = sliding_window(photo, {c.window, c.window, 3}, {.stride = {c.stride, c.stride, 1}});
    std::vector<tile> tiles;
    for (index_t i = 0; i < n; ++i)
        for (index_t j = 0; j < n; ++j) tiles.push_back({text(i, ", ", j), copy(slice(views, i, j, 0, all, all, all))});
    png::write(folder / "05_windows.png", contact_sheet(tiles, {.columns = n}));
    std::cout << text("windows of the photograph: shape ", views.shape(), "\n");
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
