// examples/18_deblurring.cpp -- a photograph blurred by a motion and noise, and restored six ways

#include <algorithm>
#include <cmath>
#include <iostream>
#include <vector>

#include <faltung/convolve.hpp>
#include <faltung/deconvolve.hpp>
#include <faltung/linalg.hpp>

#include "support/canvas.hpp"
#include "support/png.hpp"

using namespace faltung;

namespace {

using picture = tensor<float, 2>;

/// A straight motion of 9 samples, three rows down.
picture motion() {
    picture h{{4, 9}};
    for (index_t j = 0; j < 9; ++j) h((j * 3 + 4) / 8, j) = 1.0f / 9;
    return h;
}

/// Noise of variance 1 from a fixed sequence: the sum of twelve even numbers.
float noise() {
    static std::uint32_t state = 1;
    float sum = -6;
    for (int k = 0; k < 12; ++k) {
        state = state * 1664525u + 1013904223u;
        sum += static_cast<float>(state >> 8) / 16777216.0f;
    }
    return sum;
}

/// 10 log10(255^2 / mean squared error), in dB.
double psnr(picture const& x, picture const& y) {
    double sum = 0;
    for (index_t i = 0; i < x.count(); ++i) sum += std::pow(static_cast<double>(x.data()[i] - y.data()[i]), 2);
    return 10 * std::log10(255 * 255 / (sum / static_cast<double>(x.count())));
}

}  // namespace

int main(int argc, char** argv) try {
    const std::filesystem::path folder = file::output_folder(argc, argv);
    const rgb_picture photo = png::read_rgb(FALTUNG_EXAMPLE_DATA "/astronaut.png");
    const picture whole = brightness(photo.view());
    const picture x = copy(slice(whole, range{0, 160}, range{140, 300})), h = motion();

    // [deblurring]
    const convolve_options periodic{.padding = mode::same, .boundary = boundary::circular};
    picture y = convolve(x, h, periodic);
    for (float& v : y) v += 1.5f * noise();

    std::vector<std::pair<char const*, picture>> results;
    results.emplace_back("pseudo-inverse", deconvolve(y, h));
    results.emplace_back("truncated at 0.1", deconvolve(y, h, {.relative = 0.1}));
    results.emplace_back("tikhonov", deconvolve(y, h, {.regularization = tikhonov{0.004}}));
    results.emplace_back("smooth gradient", deconvolve(y, h, {.regularization = gradient_penalty{0.004}}));

    const auto blur = operator_of(convolver{x.shape(), h, periodic});  // any plan will do: the iterations ask no more
    std::vector<float> counts(y.begin(), y.end());
    for (float& v : counts) v = std::max(v, 0.0f);
    const auto lucy = richardson_lucy(blur, counts, {.iterations = 30}).x;
    results.emplace_back("richardson-lucy", picture{x.shape(), lucy});
    const auto edges = total_variation(blur, counts, x.shape(), {.lambda = 0.6, .iterations = 150}).x;
    results.emplace_back("total variation", picture{x.shape(), edges});
    // [/deblurring]

    const auto shown = [&](std::string const& title, picture const& p) {
        const gray_picture bytes = as_bytes(p.view(), 0, 255);
        return tile{title, as_rgb(bytes.view())};
    };
    std::vector<tile> tiles{shown("original", x), shown(text("blurred, ", std::round(psnr(x, y) * 10) / 10, " dB"), y)};
    for (auto const& [name, found] : results) {
        tiles.push_back(shown(text(name, ", ", std::round(psnr(x, found) * 10) / 10, " dB"), found));
        std::cout << text(name, ": ", std::round(psnr(x, found) * 10) / 10, " dB\n");
    }
    png::write(folder / "18_deblurring.png", contact_sheet(tiles, {.columns = 4, .spacing = 12, .scale = 1}));
    std::cout << deconvolver(x.shape(), h).certificate().condition() << '\n';
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
