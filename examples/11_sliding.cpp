// examples/11_sliding.cpp -- animations of a kernel that slides over a signal and over a picture, drawn from the
// geometry of the plan itself

#include <algorithm>
#include <cmath>
#include <iostream>
#include <vector>

#include <faltung/convolve.hpp>
#include <faltung/filter.hpp>

#include "support/gif.hpp"
#include "support/sliding.hpp"

using namespace faltung;

namespace {

// A block that is pushed six times, and how it answers a push.
signal pushes() {
    signal x(70);
    for (std::size_t i = 0; i < 60; ++i) x[5 + i] = static_cast<double>(i % 10) * 0.1;
    return x;
}
signal answer() {
    signal h;
    for (int i = 0; i < 40; ++i) h.push_back(std::exp(-20 * (i / 39.0)));
    return h;
}

}  // namespace

int main(int argc, char** argv) try {
    const std::filesystem::path folder = file::output_folder(argc, argv);
    const auto save = [&](char const* name, std::vector<rgb_picture> const& frames, index_t milliseconds) {
        gif::write(folder / name, frames, milliseconds);
        std::cout << name << ": " << frames.size() << " frames\n";
    };

    save("11_block.gif", slide(pushes(), answer(), {}, "a block that is pushed six times"), 40);

    signal box(60);
    std::fill(box.begin() + 20, box.begin() + 40, 1.0);
    const auto bell = gaussian_samples(30, 0.1 * 29);
    save("11_gaussian.gif", slide(box, {bell.begin(), bell.end()}, {}, "a box, smoothed by a gaussian of 30 taps"), 40);

    const signal steps{1, 3, 2, 5, 4, 2, 3}, odd{1, 2, 1}, even{1, 2, 2, 1};
    for (auto const& [name, padding] : {std::pair{"full", mode::full}, {"same", mode::same}, {"valid", mode::valid}})
        for (signal const* h : {&odd, &even})
            save(text("11_", name, "_", h->size(), ".gif").c_str(),
                 slide(steps, *h, {.padding = padding}, text(name, ": 7 samples, ", h->size(), " taps")), 400);
    save("11_strides.gif",
         slide(steps, odd, {.padding = {{3, 3}}, .boundary = boundary::reflect, .stride = 2, .dilation = 2},
               "reflected by 3, window stride 2, dilation 2"),
         400);

    tensor<double, 2> small{{5, 5}}, large{{6, 6}};
    for (tensor<double, 2>* x : {&small, &large})
        for (index_t i = 0; i < x->count(); ++i) x->data()[i] = static_cast<int>(i * 7 % 10);
    const tensor<double, 2> ones{{3, 3}, {1, 1, 1, 1, 1, 1, 1, 1, 1}}, across{{3, 3}, {1, 0, -1, 2, 0, -2, 1, 0, -1}};
    save("11_windows.gif", slide(small, ones, {.padding = mode::valid}), 400);
    save("11_picture.gif", slide(large, across, {.padding = mode::valid}), 400);
    save("11_picture_strides.gif",
         slide(small, across, {.padding = 2, .boundary = boundary::symmetric, .stride = {2, 1}, .dilation = {1, 2}}),
         400);
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
