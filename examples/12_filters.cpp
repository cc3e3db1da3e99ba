// examples/12_filters.cpp -- the filters on a photograph, and their kernels as numbers

#include <cmath>
#include <iostream>
#include <vector>

#include <faltung/convolve.hpp>
#include <faltung/filter.hpp>

#include "support/plot.hpp"
#include "support/png.hpp"

using namespace faltung;

namespace {

using picture = tensor<float, 2>;

/// A filter's result with its name; what may be negative has 0 at a middle gray.
class gallery {
    std::vector<tile> tiles_;

public:
    void add(char const* name, picture const& y, float low, float high) {
        const gray_picture bytes = as_bytes(y.view(), low, high);
        tiles_.push_back({name, as_rgb(bytes.view())});
    }
    void add(char const* name, picture const& y) { add(name, y, 0, 255); }
    void add_signed(char const* name, picture const& y, float most) { add(name, y, -most, most); }
    std::vector<tile> const& tiles() const { return tiles_; }
};

template <viewable H>
picture filtered(picture const& x, H const& h) {
    return convolve(x, h, {.padding = mode::same, .boundary = boundary::symmetric});
}

/// The taps of a kernel as cells: red below 0, blue above, as strong as they are large.
template <viewable H>
rgb_picture cells(H const& kernel, index_t side) {
    const auto h = as_view(kernel);
    double most = 0;
    for_each_index(h.shape(), [&](index_list const& t) { most = std::max(most, std::abs(static_cast<double>(h(t)))); });
    canvas c(h.extent(0) * side - 1, h.extent(1) * side - 1, colours::gray);
    const cell_plot plot{{0, 0}, side};
    for_each_index(h.shape(), [&](index_list const& t) {
        const double tap = static_cast<double>(h(t)), share = most > 0 ? std::abs(tap) / most : 0;
        const auto fade = [&](int full) { return static_cast<std::uint8_t>(255 - share * (255 - full)); };
        const colour paper =
            tap < 0 ? colour{fade(235), fade(110), fade(100)} : colour{fade(110), fade(150), fade(235)};
        plot.cell(c, t[0], t[1], side >= 24 ? text(std::round(tap * 100) / 100) : "", paper, colours::black);
    });
    return c.picture();
}

}  // namespace

int main(int argc, char** argv) try {
    const std::filesystem::path folder = file::output_folder(argc, argv);
    const rgb_picture photo = png::read_rgb(FALTUNG_EXAMPLE_DATA "/astronaut.png");
    const picture whole = brightness(photo.view());
    const index_t top = whole.extent(0) / 5 - 24, left = whole.extent(1) / 2 - 66;
    const picture x = copy(slice(whole, range{top, top + 112}, range{left, left + 112}));

    gallery g;
    g.add("the photograph", x);
    g.add("gaussian, sigma 2", gaussian_filter(x, 2));
    g.add("recursive, sigma 8", recursive_gaussian_filter(x, 8));
    g.add("box, 9 x 9", box_filter(x, {9, 9}));
    g.add("unsharp mask", unsharp_mask(x, 2, 1.5));
    g.add("sharpened", filtered(x, sharpening_kernel(0.5f, high_pass<float>())));
    g.add_signed("sobel, right", sobel_filter(x, 1), 400);
    g.add_signed("sobel, down", sobel_filter(x, 0), 400);
    g.add_signed("prewitt, diagonal", filtered(x, prewitt<float>(towards::bottom_right)), 400);
    g.add_signed("scharr, right", filtered(x, scharr<float>(towards::right)), 1600);
    g.add_signed("roberts", filtered(x, roberts<float>(towards::bottom_right)), 80);
    g.add("gradient magnitude", gradient_magnitude(x), 0, 400);
    g.add_signed("laplacian", laplace(x), 120);
    g.add_signed("of gaussian", filtered(x, laplacian_of_gaussian<float>(2)), 12);
    g.add_signed("two gaussians", filtered(x, difference_of_gaussians<float>(1, 3)), 50);
    g.add_signed("high pass", filtered(x, high_pass<float>()), 250);
    g.add_signed("emboss", filtered(x, emboss<float>()), 400);
    g.add_signed("steered, 45 degrees", filtered(x, steered_gaussian<float>(2, 0.7854)), 25);
    g.add_signed("gabor", filtered(x, gabor<float>({.taps = 21, .sigma = 4, .wavelength = 8, .phase = -1.5708})), 1500);
    g.add("gaussian gradient", gaussian_gradient_magnitude(x, 2), 0, 25);
    g.add("dilated, 5 x 5", dilate(x, {5, 5}));
    g.add("eroded, 5 x 5", erode(x, {5, 5}));
    g.add("opened, 7 x 7", opening(x, per_axis<index_t>{7, 7}));
    g.add("closed, 7 x 7", closing(x, per_axis<index_t>{7, 7}));

    // every third sample of some rows is lost, and filled from its neighbours
    picture holes = x;
    for (index_t i = 0; i < holes.extent(0); ++i)
        for (index_t j = 0; j < holes.extent(1); ++j)
            if ((i / 6) % 2 == 0 && (j / 5) % 3 == 0) holes(i, j) = std::nanf("");
    const auto bell = gaussian_taps<float>(2.5);
    g.add("samples missing", holes);
    g.add("filled", fill_missing(holes, outer_product(bell, bell)));
    const picture eye = copy(slice(x, range{50, 74}, range{35, 75}));
    g.add_signed("like a part of it", match_template(x, eye, {.correlation = {.padding = mode::same}}), 1);
    png::write(folder / "12_filters.png", contact_sheet(g.tiles(), {.columns = 9, .spacing = 10, .scale = 1}));

    const tile kernels[] = {
        {"box", cells(box_kernel({3, 3}), 36)},
        {"prewitt, right", cells(prewitt<int>(towards::right), 36)},
        {"sobel, right", cells(sobel<int>(towards::right), 36)},
        {"scharr, right", cells(scharr<int>(towards::right), 36)},
        {"sobel, bottom right", cells(sobel<int>(towards::bottom_right), 36)},
        {"roberts", cells(roberts<int>(towards::bottom_right), 36)},
        {"laplacian, 4", cells(laplacian_4<int>(), 36)},
        {"laplacian, 8", cells(laplacian_8<int>(), 36)},
        {"high pass", cells(high_pass<int>(), 36)},
        {"emboss", cells(emboss<int>(), 36)},
        {"sharpening, 1/4", cells(sharpening_kernel(0.25, high_pass()), 36)},
        {"gaussian, 5 taps", cells(outer_product(gaussian_taps_of_size(5), gaussian_taps_of_size(5)), 36)},
        {"laplacian of gaussian, 2", cells(laplacian_of_gaussian(2), 8)},
        {"gaussians 1 and 3", cells(difference_of_gaussians(1, 3), 6)},
        {"steered, 45 degrees", cells(steered_gaussian(3, 0.7854), 6)},
        {"gabor", cells(gabor({.taps = 21, .sigma = 4, .wavelength = 8, .angle = 0.5}), 7)}};
    png::write(folder / "12_kernels.png", contact_sheet(kernels, {.columns = 4, .spacing = 16, .scale = 1}));
    std::cout << kernel_text(sobel<int>(towards::right));
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
