// examples/10_periods.cpp -- three ways to convolve on a circle, two of which move the result: the classic trap

#include <cmath>
#include <iomanip>
#include <iostream>
#include <vector>

#include <faltung/convolve.hpp>

#include "support/canvas.hpp"
#include "support/png.hpp"

using namespace faltung;

namespace {

using picture = tensor<float, 2>;
constexpr index_t n = 10;  // samples of a period

const picture sobel{{3, 3}, {1, 0, -1, 2, 0, -2, 1, 0, -1}};

// [circle]
/// The kernel's middle lies on the output's own sample: at the origin of the period.
picture by_middle(picture const& x) {
    return convolve(x, sobel, {.padding = mode::same, .boundary = boundary::circular, .method = method::fft});
}

/// The kernel's first tap lies there: what a product of transforms gives when zeros are put behind the kernel's rows.
picture by_corner(picture const& x) {
    return convolve(x, sobel,
                    {.padding = mode::same, .boundary = boundary::circular, .centre = 0, .method = method::fft});
}
// [/circle]

/// Two periods along each axis, of whose result half a period is cut off at each end.
picture by_tiles(picture const& x) {
    const picture one{{1, 1}, {1}};
    const auto tiles = convolve(x, one, {.padding = {{0, n}, {0, n}}, .boundary = boundary::circular});
    const auto y = convolve(tiles, sobel, {.padding = mode::same});
    return copy(slice(y, range{n / 2, n / 2 + n}, range{n / 2, n / 2 + n}));
}

void print_row(char const* name, picture const& y) {
    std::cout << std::left << std::setw(8) << name << std::right;
    for (index_t j = 0; j < n; ++j) std::cout << std::setw(3) << std::lround(y(0, j));
    std::cout << '\n';
}

/// Every sample a square, black at -most and white at most. 0 must not lie between two bytes: its roundings would show.
canvas drawn(picture const& x, float most) {
    const gray_picture bytes = as_bytes(x.view(), -most, 1.01f * most);
    const index_t zoom = 200 / x.extent(0);
    gray_picture large{{x.extent(0) * zoom, x.extent(1) * zoom}};
    for_each_index(large.shape(), [&](index_list const& i) { large(i) = bytes(i[0] / zoom, i[1] / zoom); });
    return canvas(as_rgb(large.view()));
}

/// The same of one period with a frame around the sample at the place of `at` moved by `shift` along both axes.
rgb_picture marked(picture const& x, float most, point at, index_t shift) {
    canvas c = drawn(x, most);
    const auto place = [&](index_t i) { return checked::floor_modulo(i + shift, n) * 200 / n + 3; };
    c.frame({{place(at.row), place(at.column)}, 200 / n - 6, 200 / n - 6}, colours::yellow, 3);
    return c.picture();
}

}  // namespace

int main(int argc, char** argv) try {
    const std::filesystem::path folder = file::output_folder(argc, argv);

    // A picture whose left half is white, the first row of each result. The tiles are off by half a period, which this
    // picture and this kernel show as a sign: correlating tiles gives the row of "middle". So transforms seem to
    // correlate.
    picture half{{n, n}};
    for_each_index(half.shape(), [&](index_list const& i) { half(i) = i[1] < n / 2 ? 1.0f : 0.0f; });
    print_row("picture", half);
    print_row("middle", by_middle(half));
    print_row("corner", by_corner(half));
    print_row("tiles", by_tiles(half));

    // A picture with a top and a left, and an impulse at the origin, whose result is the kernel as it is laid out.
    picture letter{{n, n}}, impulse{{n, n}};
    impulse(0, 0) = 1;
    for (index_t i = 2; i < 8; ++i) letter(i, 3) = 1;
    for (index_t j = 4; j < 7; ++j) letter(2, j) = letter(4, j) = 1;
    std::vector<tile> tiles;
    const auto add = [&](picture (*way)(picture const&), index_t shift, char const* name, char const* moved) {
        tiles.push_back({"a picture", marked(letter, 1, {2, 3}, 0)});
        tiles.push_back({name, marked(way(impulse), 2, {0, 0}, shift)});
        tiles.push_back({moved, marked(way(letter), 4, {2, 3}, shift)});
    };
    add(by_middle, 0, "middle at the origin", "in its place");
    add(by_corner, 1, "corner at the origin", "1 down, 1 right");
    add(by_tiles, -n / 2, "four periods, cut", "5 up, 5 left");
    png::write(folder / "10_periods.png", contact_sheet(tiles, {.columns = 3, .spacing = 24}));

    // A kernel as large as the period is drawn with its middle in the middle; roll brings it to the origin.
    picture gaussian{{128, 128}};
    for_each_index(gaussian.shape(), [&](index_list const& i) {
        const double step = 6.283185307179586 / 128, v = step * static_cast<double>(i[0] - 64),
                     u = step * static_cast<double>(i[1] - 64);
        gaussian(i) = static_cast<float>(std::exp(-(v * v + u * u) / (2 * 0.5 * 0.5)));
    });
    const tile large[] = {{"a gaussian on a torus", drawn(gaussian, 1).picture()},
                          {"its middle at the origin", drawn(roll(gaussian, {-64, -64}), 1).picture()}};
    png::write(folder / "10_gaussian.png", contact_sheet(large, {.columns = 2, .spacing = 24}));
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
