// examples/17_bank.cpp -- a picture, one of its windows, four filters of 7 x 7 taps, and what they see

#include <algorithm>
#include <iostream>
#include <vector>

#include <faltung/convolve.hpp>
#include <faltung/filter.hpp>

#include "support/figure.hpp"
#include "support/png.hpp"

using namespace faltung;

namespace {

using picture = tensor<float, 2>;

rgb_picture as_picture(tensor_view<float const, 2> x, float low, float high) {
    const gray_picture bytes = as_bytes(x, low, high);
    return as_rgb(bytes.view());
}

/// A kernel of n x n taps, sampled around its middle.
template <class Value>
tensor<double, 2> sampled(index_t n, Value value) {
    tensor<double, 2> h{{n, n}};
    for_each_index(h.shape(), [&](index_list const& i) {
        h(i) = value(static_cast<double>(i[0] - n / 2), static_cast<double>(i[1] - n / 2));
    });
    return h;
}

}  // namespace

int main(int argc, char** argv) try {
    const std::filesystem::path folder = file::output_folder(argc, argv);
    const rgb_picture photo = png::read_rgb(FALTUNG_EXAMPLE_DATA "/astronaut.png");
    const picture whole = brightness(photo.view());
    const auto every_fourth = [](auto const& y) {
        return slice(y, range{0, y.extent(0), 4}, range{0, y.extent(1), 4});
    };
    std::vector<tile> tiles{{"every 4th sample", as_picture(every_fourth(whole), 0, 255)}};
    const auto across = sampled(7, [](double v, double u) { return u == 0 && v == 0 ? 0 : u / (u * u + v * v); });
    const auto flat_top = windows::flat_top(7), gaussian = windows::gaussian(7, 1);
    const tensor<double, 2> filters[] = {across, copy(transpose(across)), outer_product(gaussian, gaussian),
                                         outer_product(flat_top, flat_top)};
    char const* const names[] = {"across", "down", "gaussian", "flat top"};
    for (int f = 0; f < 4; ++f) tiles.push_back({names[f], kernel_cells(filters[f].view(), 18)});
    const auto views = sliding_window(whole, {128, 128}, {.stride = 128});
    tiles.push_back({"view 0, 1", as_picture(slice(views, 0, 1, all, all), 0, 255)});
    for (int f = 0; f < 4; ++f) {
        const picture map = correlate<float>(whole, filters[f], {.padding = mode::valid});
        const float most = *std::max_element(map.begin(), map.end());
        tiles.push_back({text(names[f], " map"), as_picture(every_fourth(map), f < 2 ? -most : 0, most)});
    }
    png::write(folder / "17_bank.png", contact_sheet(tiles, {.columns = 5, .spacing = 12, .scale = 1}));
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
