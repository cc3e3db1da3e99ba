// examples/06_sizes.cpp -- how many samples come out, where they lie in other systems, and which method computes them

#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

#include <faltung/convolve.hpp>

using namespace faltung;

namespace {

std::ostream& begin_row(std::string const& name) {
    return std::cout << std::left << std::setw(30) << name << std::right;
}

void print_sizes(std::string const& name, convolve_options options) {
    begin_row(name);
    for (mode m : {mode::full, mode::same, mode::valid}) {
        options.padding = m;
        for (index_t taps : {3, 4})
            std::cout << std::setw(6) << convolver{{16}, tensor<float, 1>{{taps}}, options}.output_shape()[0];
    }
    std::cout << '\n';
}

void print_sizes(std::string const& name, dialect const& system) {
    begin_row(name);
    for (index_t n : {16, 17, 3}) try {
            std::cout << std::setw(9)
                      << convolver{as_correlation{}, {n}, tensor<float, 1>{{4}}, system}.output_shape()[0];
        } catch (faltung::error const&) {
            std::cout << std::setw(9) << "refused";
        }
    std::cout << '\n';
}

void print_samples(std::string const& name, auto const& y) {
    begin_row(name);
    for (float v : y) std::cout << std::setw(3) << v;
    std::cout << '\n';
}

}  // namespace

int main() try {
    begin_row("outputs of 16 samples") << "  full        same        valid\n";
    begin_row("taps of the kernel") << "     3     4     3     4     3     4\n";
    print_sizes("window stride 1, dilation 1", {});
    print_sizes("window stride 2", convolve_options{.stride = 2});
    print_sizes("window stride 3", convolve_options{.stride = 3});
    print_sizes("dilation 2", convolve_options{.dilation = 2});
    print_sizes("window stride 2, dilation 3", convolve_options{.stride = 2, .dilation = 3});

    std::cout << '\n';
    begin_row("outputs of correlate, 4 taps") << "n =  16       17        3\n";
    print_sizes("numpy(mode::same)", numpy(mode::same));
    print_sizes("scipy::signal(mode::same)", scipy::signal(mode::same));
    print_sizes("scipy::signal(mode::valid)", scipy::signal(mode::valid));
    print_sizes("octave(mode::valid)", octave(mode::valid));
    print_sizes("opencv", opencv);
    print_sizes("tensorflow_, SAME, stride 2", tensorflow_({.padding = mode::same, .stride = 2}));
    print_sizes("pytorch, stride 2", pytorch({.stride = 2}));

    // An even kernel has no middle tap, and systems disagree about which one to take: here is an impulse with one.
    const std::vector<float> impulse{0, 0, 0, 1, 0, 0, 0}, h{1, 2, 3, 4};
    std::cout << '\n';
    begin_row("an impulse, taps 1 2 3 4") << "  0  0  0  1  0  0  0\n";
    print_samples("convolve", convolve(impulse, h, {.padding = mode::same}));
    print_samples("convolve, scipy::signal", convolve(impulse, h, scipy::signal(mode::same)));
    print_samples("convolve, scipy::ndimage", convolve(impulse, h, scipy::ndimage));
    print_samples("correlate", correlate(impulse, h, {.padding = mode::same}));
    print_samples("correlate, numpy", correlate(impulse, h, numpy(mode::same)));
    print_samples("correlate, pytorch", correlate(impulse, h, pytorch({.padding = mode::same})));

    const tensor<float, 2> image{{512, 512}}, kernel{{15, 15}};
    std::cout << "\n512 x 512 with 15 x 15 taps: who can compute it at which cost (* is taken)\n"
              << explain(image, kernel, {.padding = mode::same, .boundary = boundary::reflect});
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
