// examples/21_cloud.cpp -- a cloud of points on a torus: its spectrum, its convolution, and a kernel learned from
// clouds

#include <cmath>
#include <iostream>

#include <faltung/nufft.hpp>

#include "support/canvas.hpp"
#include "support/png.hpp"

using namespace faltung;

namespace {

constexpr double pi = 3.14159265358979323846;
constexpr index_t side = 256, margin = 40;  // pixels of a plot, and around it for its labels
const std::vector<double> torus{2 * pi, 2 * pi};

double random_number() {  // from 0 to 1, from a fixed sequence
    static std::uint64_t state = 1;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(state >> 11) * 0x1p-53;
}
std::vector<double> random_points(int count) {
    std::vector<double> x;
    for (int k = 0; k < 2 * count; ++k) x.push_back(2 * pi * random_number());
    return x;
}
tensor_view<double const, 2> points(std::vector<double> const& x) {
    return {std::span(x), {static_cast<index_t>(x.size()) / 2, 2}};
}

/// n x n values from `low` to `high` as a square of `side` pixels.
rgb_picture shown(std::vector<double> const& values, index_t n, double low, double high) {
    tensor<float, 2> x{{side, side}};
    for_each_index(x.shape(), [&](index_list const& i) {
        x(i) = static_cast<float>(values[static_cast<std::size_t>(i[0] * n / side * n + i[1] * n / side)]);
    });
    const gray_picture bytes = as_bytes(x.view(), static_cast<float>(low), static_cast<float>(high));
    return as_rgb(bytes.view());
}

/// A picture with the numbers of its corners and the names of its axes: the first one points down.
rgb_picture with_axes(rgb_picture const& picture, std::string const& low, std::string const& high,
                      std::string const& down, std::string const& right) {
    canvas c(side + margin, side + margin, colours::white);
    const index_t below = 10 + side;
    c.paste(picture.view(), {4, margin - 4});
    c.write(low, {4, 2}, colours::black, 1);
    c.write(down, {side / 2, 2}, colours::black, 1);
    c.write(high, {side - 8, 2}, colours::black, 1);
    c.write(low, {below, margin - 4}, colours::black, 1);
    c.write(right, {below, margin + side / 2}, colours::black, 1);
    c.write(high, {below, margin + side - 8 * static_cast<index_t>(high.size())}, colours::black, 1);
    return c.picture();
}
rgb_picture over_torus(rgb_picture const& picture) { return with_axes(picture, "0", "2 pi", "x", "y"); }
rgb_picture around_zero(rgb_picture const& picture) { return with_axes(picture, "-pi", "pi", "x", "y"); }

/// The values of a kernel on n x n nodes, the first one at `from`.
std::vector<double> on_grid(mode_coefficients const& k, std::vector<double> const& cloud, index_t n, double from) {
    std::vector<double> grid;
    for_each_index(shape{n, n}, [&](index_list const& i) {
        for (int a : {0, 1}) grid.push_back(from + 2 * pi * static_cast<double>(i[a]) / static_cast<double>(n));
    });
    return point_convolver<double>(points(cloud), points(grid), k,
                                   {.tolerance = 1e-12})(std::vector<double>(cloud.size() / 2, 1.0));
}

enum class guide { none, diagonal };

/// A plot: values from low to high on each axis, with their numbers; a dot for each pair, and where both are equal.
rgb_picture plot(std::vector<double> const& x, std::vector<double> const& y, double x_high, double y_low, double y_high,
                 std::string const& x_label, std::string const& y_label, guide equal = guide::none) {
    canvas c(side + margin, side + margin, colours::white);
    const box area{{20, margin}, side - 20, side - 20};
    c.frame(area, colours::gray, 1);
    c.write(y_label, {2, 4}, colours::black, 1);
    c.write(text(y_high), {20, 2}, colours::black, 1);
    c.write(text(y_low), {area.height + 10, 2}, colours::black, 1);
    c.write("0", {area.height + 26, margin}, colours::black, 1);
    c.write(x_label, {area.height + 26, margin + 90}, colours::black, 1);
    c.write(text(x_high), {area.height + 26, margin + area.width - 24}, colours::black, 1);
    if (equal == guide::diagonal) c.line({20 + area.height - 1, margin}, {20, margin + area.width - 1}, colours::gray);
    for (std::size_t k = 0; k < x.size(); ++k) {
        const double right = x[k] / x_high, up = (y[k] - y_low) / (y_high - y_low);
        if (!(right >= 0 && right <= 1 && up >= 0 && up <= 1)) continue;
        const index_t row = 20 + static_cast<index_t>((1 - up) * static_cast<double>(area.height - 2)),
                      column = margin + static_cast<index_t>(right * static_cast<double>(area.width - 2));
        c.fill({{row, column}, 2, 2}, colours::red);
    }
    return c.picture();
}

/// Real parts of n x n modes, clipped at `most` and -most.
rgb_picture spectrum(std::vector<std::complex<double>> const& modes, index_t n, double most) {
    std::vector<double> real;
    for (auto const& v : modes) real.push_back(v.real());
    return with_axes(shown(real, n, -most, most), text(-n / 2), text(n / 2 - 1), "k", "l");
}

}  // namespace

int main(int argc, char** argv) try {
    const std::filesystem::path folder = file::output_folder(argc, argv);
    const index_t n = 128;
    const auto x = random_points(20);

    // [cloud]
    const auto kernel = gaussian_coefficients({n, n}, torus, 0.5);  // of e^(-r^2 / (2 0.5^2)), over all periods
    const point_convolver<double> convolution(points(x), kernel, {.tolerance = 1e-12});
    const std::vector<double> ones(20, 1.0), u = convolution(ones);

    const nufft<double> transform(nufft_type::points_to_modes, {n, n}, points(x), {.tolerance = 1e-12});
    const auto modes = transform(std::vector<std::complex<double>>(20, 1.0));
    // [/cloud]
    std::cout << convolution.explain();

    auto product = modes, scaled = kernel.at;
    for (std::size_t m = 0; m < modes.size(); ++m) {
        scaled[m] *= 4 * pi * pi;
        product[m] *= scaled[m];
    }
    // the sums by hand, without images, as they are often written; and with the nearest ones
    std::vector<double> raw, wrapped;
    double of_raw = 0, of_wrapped = 0, norm = 0;
    for (std::size_t k = 0; k < 20; ++k) {
        double sums[2] = {0, 0};
        for (std::size_t j = 0; j < 20; ++j) {
            const double a = x[2 * k] - x[2 * j], b = x[2 * k + 1] - x[2 * j + 1], p = std::remainder(a, 2 * pi),
                         q = std::remainder(b, 2 * pi);
            sums[0] += std::exp(-2 * (a * a + b * b));
            sums[1] += std::exp(-2 * (p * p + q * q));
        }
        raw.push_back(sums[0]);
        wrapped.push_back(sums[1]);
        of_raw += (u[k] - sums[0]) * (u[k] - sums[0]);
        of_wrapped += (u[k] - sums[1]) * (u[k] - sums[1]);
        norm += sums[1] * sums[1];
    }
    std::cout << text("by raw differences: ", std::sqrt(of_raw / norm),
                      ", by the nearest ones: ", std::sqrt(of_wrapped / norm), '\n');

    // [learning]
    const auto truth = gaussian_coefficients({32, 32}, torus, 0.5);
    mode_coefficients start = truth;
    std::fill(start.at.begin(), start.at.end(), 0.0);
    const auto examples = [&](index_t) {
        std::vector<cloud_example> batch;
        for (int e = 0; e < 8; ++e) {
            cloud_example one{random_points(20), {}, {}};
            for (int j = 0; j < 20; ++j) one.strengths.push_back(2 * random_number() - 1);
            one.results = point_convolver<double>(points(one.points), truth, {.tolerance = 1e-12})(one.strengths);
            batch.push_back(one);
        }
        return batch;
    };
    const auto learned =
        learn_kernel(start, {.steps = 2000}, examples, [](index_t, double) { return true; });  // AdamW, a falling rate
    // [/learning]
    std::cout << text("loss after ", learned.losses.size(), " steps: ", learned.losses.back(), '\n');

    std::vector<double> steps, logarithms;
    for (std::size_t t = 0; t < learned.losses.size(); ++t) {
        steps.push_back(static_cast<double>(t));
        logarithms.push_back(std::log10(learned.losses[t]));
    }
    const std::vector<double> origin{0, 0};
    canvas with_points(shown(on_grid(kernel, x, n, 0), n, 0, 4)), cloud(side, side, colours::white);
    for (std::size_t k = 0; k < 20; ++k)
        for (canvas* c : {&with_points, &cloud})
            c->fill({{static_cast<index_t>(x[2 * k] / (2 * pi) * side) - 1,
                      static_cast<index_t>(x[2 * k + 1] / (2 * pi) * side) - 1},
                     3,
                     3},
                    colours::red);
    const std::vector<tile> tiles{
        {"kernel, -pi to pi", around_zero(shown(on_grid(kernel, origin, n, -pi), n, 0, 1))},
        {"from 0 to 2 pi", over_torus(shown(on_grid(kernel, origin, n, 0), n, 0, 1))},
        {"20 points", over_torus(cloud.picture())},
        {"their modes", spectrum(modes, n, 10)},
        {"the kernel's", spectrum(scaled, n, 1)},
        {"the product", spectrum(product, n, 10)},
        {"convolved", over_torus(with_points.picture())},
        {"sums without images", plot(raw, u, 3, 0, 3, "by hand", "by modes", guide::diagonal)},
        {"with the nearest", plot(wrapped, u, 3, 0, 3, "by hand", "by modes", guide::diagonal)},
        {"learning a kernel", plot(steps, logarithms, 2000, -26, 2, "step", "log10 of the loss")},
        {"the kernel learned", around_zero(shown(on_grid(learned.kernel, origin, n, -pi), n, 0, 1))}};
    png::write(folder / "21_cloud.png", contact_sheet(tiles, {.columns = 4, .spacing = 12, .scale = 1}));
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
