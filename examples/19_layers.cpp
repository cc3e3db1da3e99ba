// examples/19_layers.cpp -- what goes into a layer of many channels comes back from what comes out of it, or does not

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iostream>

#include <faltung/convolve.hpp>
#include <faltung/deconvolve.hpp>

using namespace faltung;

namespace {

using image = tensor<double, 3>;   // channels, rows, columns
using kernel = tensor<double, 4>;  // channels out, channels in, rows, columns

template <std::size_t Rank>
tensor<double, Rank> noise(shape const& n, std::uint32_t state) {
    tensor<double, Rank> x{n};
    for (double& v : x) {  // the sum of twelve even numbers
        v = -6;
        for (int k = 0; k < 12; ++k) {
            state = state * 1664525u + 1013904223u;
            v += static_cast<double>(state >> 8) / 16777216;
        }
    }
    return x;
}

/// Around the torus, or the outputs whose windows lie inside: those from `first` on, one less at each end.
image layer(image const& x, kernel const& h, mode m) {
    const index_t n = x.extent(1), first = m == mode::valid ? 1 : 0;
    image y{{h.extent(0), n - 2 * first, n - 2 * first}};
    const convolve_options around{.padding = mode::same, .boundary = boundary::circular};
    for (index_t o = 0; o < h.extent(0); ++o)
        for (index_t c = 0; c < h.extent(1); ++c) {
            const auto plane = correlate(slice(x, c, all, all), slice(h, o, c, all, all), around);
            const auto kept = slice(plane, range{first, n - first}, range{first, n - first});
            for_each_index(kept.shape(), [&](index_list const& i) { y(o, i[0], i[1]) += kept(i); });
        }
    return y;
}

/// mean (x - y)^2 / mean x^2
double loss(image const& x, image const& y) {
    double sum = 0, energy = 0;
    for (index_t i = 0; i < x.count(); ++i) {
        sum += std::pow(x.data()[i] - y.data()[i], 2);
        energy += std::pow(x.data()[i], 2);
    }
    return sum / energy;
}

}  // namespace

int main() try {
    constexpr index_t channels = 8, n = 64;
    const auto x = noise<3>({channels, n, n}, 1);
    const auto h = noise<4>({channels, channels, 3, 3}, 2);

    // [layers]
    const deconvolver undo({n, n}, h, {.sense = sense::correlation});
    const image periodic = layer(x, h, mode::same), valid = layer(x, h, mode::valid);
    std::cout << text("periodic data: error ", loss(x, undo(periodic)), "\n");

    image embedded{{channels, n, n}};  // the valid outputs, where they were
    for_each_index(valid.shape(), [&](index_list const& i) { embedded(i[0], i[1] + 1, i[2] + 1) = valid(i); });
    std::cout << text("cropped data:  error ", loss(x, undo(embedded)), "\n");

    const bordered_deconvolver exact({n, n}, h, mode::valid, {.sense = sense::correlation});
    const auto found = exact(valid);
    std::cout << text("its own pseudo-inverse: error ", loss(x, found.x), ", its null space has a share of ",
                      1 - static_cast<double>((n - 2) * (n - 2)) / (n * n), ", and its outputs are right to ",
                      std::sqrt(loss(valid, layer(found.x, h, mode::valid))), "\n");
    // [/layers]
    const auto certificate = undo.certificate();
    std::cout << text("rank ", certificate.rank, " of ", certificate.unknowns, ", condition ", certificate.condition(),
                      "\n");
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
