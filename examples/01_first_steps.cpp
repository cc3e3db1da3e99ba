// examples/01_first_steps.cpp -- convolve vectors and images, make a plan, and smooth a noisy signal

#include <algorithm>
#include <cmath>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <faltung/convolve.hpp>

#include "support/canvas.hpp"
#include "support/png.hpp"

using namespace faltung;

namespace {

void print(std::string const& name, auto const& y) {
    std::cout << text(name, ", shape ", y.shape(), ":");
    for (float v : y) std::cout << ' ' << v;
    std::cout << '\n';
}

std::vector<float> noisy_steps(std::size_t count) {
    std::mt19937 random(1);
    std::vector<float> x(count);
    for (std::size_t i = 0; i < count; ++i) {
        const double noise = static_cast<double>(random()) / std::mt19937::max() - 0.5;
        x[i] = static_cast<float>((i / 100 % 2 == 0 ? 0.3 : 0.7) + 0.35 * noise);
    }
    return x;
}

void draw(canvas& sheet, tensor_view<float const, 1> y, colour ink) {
    const auto at = [&](index_t i) { return point{10 + std::lround((1 - y(i)) * 200), 10 + 2 * i}; };
    for (index_t i = 1; i < y.extent(0); ++i) sheet.line(at(i - 1), at(i), ink);
}

}  // namespace

int main(int argc, char** argv) try {
    const std::filesystem::path folder = file::output_folder(argc, argv);

    const std::vector<float> x{1, 2, 3}, h{0, 1, 0.5f};
    print("full", convolve(x, h));
    print("same", convolve(x, h, {.padding = mode::same}));
    print("slid without reversing h", correlate(x, h, {.padding = mode::same, .boundary = boundary::circular}));

    const tensor<float, 2> image{{3, 4}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
    const tensor<float, 2> difference{{1, 2}, {1, -1}};
    print("differences along the rows", convolve(image, difference, {.padding = mode::valid}));
    print("every second sample",
          convolve(image, difference, {.padding = {{0, 0}, {1, 0}}, .boundary = boundary::reflect, .stride = 2}));
    print("the same kernel along axis 0",
          convolve(image, std::vector<float>{1, -1}, {.padding = mode::valid, .axes = {0}}));

    // A plan prepares once and is then called as often as there is data; with its own workspace a call allocates
    // nothing.
    const std::vector<float> signal = noisy_steps(400), mean(15, 1.0f / 15);
    const convolver smooth{{400}, mean, {.padding = mode::same, .boundary = boundary::replicate}};
    tensor<float, 1> once{smooth.output_shape()}, twice{smooth.output_shape()};
    workspace scratch = smooth.workspace();
    smooth(signal, once, scratch);
    smooth(once, twice, scratch);
    std::cout << text("a plan from ", smooth.input_shape(), " to ", smooth.output_shape(), " by the method ",
                      name_of(smooth.method()), "\n");

    canvas sheet(220, 820, colours::white);
    draw(sheet, as_view(signal), colours::gray);
    draw(sheet, as_view(twice), colours::red);
    sheet.write("gray: a noisy signal   red: its moving average, taken twice", {16, 16}, colours::black, 2);
    png::write(folder / "01_smoothed.png", sheet.picture());
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
