// examples/13_identities.cpp -- what holds for every picture: sifting, sharpening as one kernel, order and grouping

#include <algorithm>
#include <cmath>
#include <iostream>

#include <faltung/convolve.hpp>
#include <faltung/filter.hpp>

#include "support/png.hpp"

using namespace faltung;

namespace {

using picture = tensor<double, 2>;

double largest_difference(picture const& l, picture const& r) {
    double most = 0;
    for (index_t i = 0; i < l.count(); ++i) most = std::max(most, std::abs(l.data()[i] - r.data()[i]));
    return most;
}

picture filtered(picture const& x, auto const& h) {
    return convolve(x, h, {.padding = mode::same, .boundary = boundary::replicate});
}

}  // namespace

int main() try {
    const rgb_picture photo = png::read_rgb(FALTUNG_EXAMPLE_DATA "/astronaut.png");
    const tensor<float, 2> gray = brightness(photo.view());
    picture x{gray.shape()};
    std::copy(gray.begin(), gray.end(), x.begin());
    const auto say = [](char const* what, double most) { std::cout << what << ": " << most << '\n'; };

    std::cout << "largest difference of samples from 0 to 255:\n";
    say("x * impulse, x", largest_difference(filtered(x, unit_impulse({5, 5})), x));

    const double a = 0.25;
    picture sum = filtered(x, high_pass());
    for (index_t i = 0; i < x.count(); ++i) sum.data()[i] = x.data()[i] + a * sum.data()[i];
    say("x + a x * h, x * (impulse + a h)", largest_difference(sum, filtered(x, sharpening_kernel(a, high_pass()))));

    const auto g = outer_product(gaussian_taps(1.5), gaussian_taps(1.5));
    const auto h = sobel(towards::right);
    say("(x * g) * h, x * (g * h)", largest_difference(convolve(convolve(x, g), h), convolve(x, convolve(g, h))));
    say("(x * g) * h, (x * h) * g", largest_difference(convolve(convolve(x, g), h), convolve(convolve(x, h), g)));
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
