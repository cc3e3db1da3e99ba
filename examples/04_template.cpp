// examples/04_template.cpp -- find a piece of a picture again, by correlation

#include <algorithm>
#include <cmath>
#include <iostream>
#include <random>

#include <faltung/convolve.hpp>

#include "support/canvas.hpp"
#include "support/png.hpp"

using namespace faltung;

namespace {

/// Every sample moved by up to `amount` in either direction.
rgb_picture noisy(rgb_picture picture, int amount) {
    std::mt19937 random(7);
    for (std::uint8_t& v : picture) {
        const int moved = v + static_cast<int>(random() % (2u * static_cast<unsigned>(amount) + 1)) - amount;
        v = static_cast<std::uint8_t>(std::clamp(moved, 0, 255));
    }
    return picture;
}

/// patch - mean, so that a bright place is not taken for a similar one, with length 1.
tensor<float, 2> normalized(tensor<float, 2> patch) {
    double sum = 0, squares = 0;
    for (float v : patch) sum += v;
    for (float& v : patch) v -= static_cast<float>(sum / static_cast<double>(patch.count()));
    for (float v : patch) squares += v * v;
    for (float& v : patch) v /= static_cast<float>(std::sqrt(squares));
    return patch;
}

/// How similar every window of x is to the patch, from -1 to 1, whatever its brightness and contrast: the correlation
/// divided by the length of the mean-free window, which two correlations with a window of ones give.
tensor<float, 2> similarity(tensor<float, 2> const& x, tensor<float, 2> const& patch) {
    const convolve_options inside{.padding = mode::valid};
    tensor<float, 2> squares = x, ones = patch;
    for (float& v : squares) v *= v;
    for (float& v : ones) v = 1;
    auto score = correlate(x, normalized(patch), inside);
    const auto sum = correlate<double, double>(x, ones, inside),
               of_squares = correlate<double, double>(squares, ones, inside);
    const auto taps = static_cast<double>(patch.count());
    for_each_index(score.shape(), [&](index_list const& i) {
        score(i) /= static_cast<float>(std::sqrt(std::max(of_squares(i) - sum(i) * sum(i) / taps, taps)));
    });
    return score;
}

}  // namespace

int main(int argc, char** argv) try {
    const std::filesystem::path folder = file::output_folder(argc, argv);
    const rgb_picture photo = png::read_rgb(FALTUNG_EXAMPLE_DATA "/astronaut.png");
    const box truth{{346, 132}, 80, 80};  // the badge of the mission
    const auto rows = range{truth.corner.row, truth.corner.row + truth.height};
    const auto columns = range{truth.corner.column, truth.corner.column + truth.width};
    const rgb_picture badge = copy(slice(photo, rows, columns, all)), search = noisy(photo, 100);

    const auto score = similarity(brightness(search.view()), brightness(badge.view()));
    point best{0, 0};
    for (index_t i = 0; i < score.extent(0); ++i)
        for (index_t j = 0; j < score.extent(1); ++j)
            if (score(i, j) > score(best.row, best.column)) best = {i, j};
    std::cout << text("scores of shape ", score.shape(), ": the best is ", score(best.row, best.column), " at row ",
                      best.row, ", column ", best.column, "; the template was cut out at row ", truth.corner.row,
                      ", column ", truth.corner.column, "\n");

    canvas marked(search);
    marked.frame({best, truth.height, truth.width}, colours::yellow, 3);
    const float top = score(best.row, best.column);
    const gray_picture map = as_bytes(score.view(), -top, top);
    const tile tiles[] = {
        {"template", badge}, {"score of every position", as_rgb(map.view())}, {"found in the noise", marked.picture()}};
    png::write(folder / "04_template.png", contact_sheet(tiles, {.columns = 3, .spacing = 32}));
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
