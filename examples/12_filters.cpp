// examples/12_filters.cpp -- the filters, each on the same photograph

#include <cmath>
#include <iostream>
#include <vector>

#include <faltung/convolve.hpp>
#include <faltung/filter.hpp>

#include "support/canvas.hpp"
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

/// Along both axes, the photograph continued by its nearest samples.
picture resampled(picture const& x, index_t up, index_t down) {
    const resample_options rows{.axis = 0, .boundary = boundary::replicate}, columns{.boundary = boundary::replicate};
    return resample_poly(resample_poly(x, up, down, rows), up, down, columns);
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
    g.add("moving average, 15", moving_average(x, 15));
    const auto fitted = savitzky_golay<float>(15, 3);
    g.add("savitzky-golay, 15", filtered(x, expand(fitted, 0)));
    g.add("zeros outside", convolve(x, box_kernel<float>({25, 25}), {.padding = mode::same}));
    g.add("normalised", normalised_convolve(x, box_kernel<float>({25, 25})));
    g.add("resampled, 1 / 4", resampled(resampled(x, 1, 4), 4, 1));
    g.add("unsharp mask", unsharp_mask(x, 2, 1.5));
    g.add("sharpened", filtered(x, sharpening_kernel(0.5f, high_pass<float>())));
    g.add_signed("high pass", filtered(x, high_pass<float>()), 250);
    g.add_signed("sobel, right", sobel_filter(x, 1), 400);
    g.add_signed("sobel, down", sobel_filter(x, 0), 400);
    g.add_signed("prewitt, down", prewitt_filter(x, 0), 300);
    g.add_signed("prewitt, diagonal", filtered(x, prewitt<float>(towards::bottom_right)), 400);
    g.add_signed("scharr, right", filtered(x, scharr<float>(towards::right)), 1600);
    g.add_signed("roberts", filtered(x, roberts<float>(towards::bottom_right)), 80);
    g.add("gradient magnitude", gradient_magnitude(x), 0, 400);
    g.add_signed("gradient direction", gradient_direction(x), 3.1416f);
    g.add("edge magnitude", edge_magnitude(x), 0, 120);
    g.add("gaussian gradient", gaussian_gradient_magnitude(x, 2), 0, 25);
    g.add_signed("steered, 45 degrees", filtered(x, steered_gaussian<float>(2, 0.7854)), 25);
    g.add_signed("emboss", filtered(x, emboss<float>()), 400);
    g.add_signed("laplacian", laplace(x), 120);
    g.add_signed("laplacian, 8", filtered(x, laplacian_8<float>()), 250);
    g.add_signed("gaussian laplace", gaussian_laplace(x, 2), 12);
    g.add_signed("two gaussians", filtered(x, difference_of_gaussians<float>(1, 3)), 50);
    g.add_signed("gabor", filtered(x, gabor<float>({.taps = 21, .sigma = 4, .wavelength = 8, .phase = -1.5708})), 1500);
    const picture eye = copy(slice(x, range{50, 74}, range{35, 75}));
    g.add_signed("template matching", match_template(x, eye, {.correlation = {.padding = mode::same}}), 1);
    g.add("dilated, 5 x 5", dilate(x, {5, 5}));
    g.add("eroded, 5 x 5", erode(x, {5, 5}));
    g.add("opened, 7 x 7", opening(x, per_axis<index_t>{7, 7}));
    g.add("closed, 7 x 7", closing(x, per_axis<index_t>{7, 7}));

    picture holes = x;  // filled from what is around them
    for (index_t i = 0; i < holes.extent(0); ++i)
        for (index_t j = 0; j < holes.extent(1); ++j)
            if ((i / 6) % 2 == 0 && (j / 5) % 3 == 0) holes(i, j) = std::nanf("");
    const auto bell = gaussian_taps<float>(2.5);
    g.add("samples missing", holes);
    g.add("filled", fill_missing(holes, outer_product(bell, bell)));
    const rgb_picture sheet = contact_sheet(g.tiles(), {.columns = 6, .spacing = 10, .scale = 1});
    png::write(folder / "12_filters.png", slice(sheet, all, all, 0));  // it is gray: one channel is enough
    std::cout << text(g.tiles().size(), " pictures of ", x.shape(), "\n");
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
