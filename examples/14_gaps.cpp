// examples/14_gaps.cpp -- a moving average over a signal with gaps, which are no zeros

#include <cmath>
#include <iostream>

#include <faltung/convolve.hpp>
#include <faltung/filter.hpp>

#include "support/plot.hpp"
#include "support/png.hpp"

using namespace faltung;

namespace {

using samples = tensor<double, 1>;

void draw(canvas& c, index_t number, char const* title, samples const& y) {
    const index_t top = 26 + 120 * number;
    c.write(title, {top - 18, 12}, colours::black, 1);
    const bar_plot plot{{{top, 12}, 90, 840}, 0, y.count(), 0, 3};
    for (index_t i = 0; i < y.count(); ++i)
        if (std::isnan(y(i))) plot.mark(c, i, colours::padding);
    plot.draw_axes(c);
    for (index_t i = 0; i < y.count(); ++i)
        if (!std::isnan(y(i))) plot.bar(c, i, y(i), colours::data);
}

}  // namespace

int main(int argc, char** argv) try {
    const std::filesystem::path folder = file::output_folder(argc, argv);
    samples x{{140}};
    for (index_t i = 0; i < x.count(); ++i) {
        const double t = static_cast<double>(i);
        x(i) = 1.5 + 0.8 * std::sin(t / 11) + 0.4 * std::sin(t * 2.1);
        if ((i > 30 && i < 38) || (i > 70 && i < 74) || i % 17 == 0) x(i) = std::nan("");
    }
    samples zeros = x;
    for (double& v : zeros)
        if (std::isnan(v)) v = 0;

    // [gaps]
    tensor<bool, 1> known{x.shape()};
    for (index_t i = 0; i < x.count(); ++i) known(i) = !std::isnan(x(i));
    const std::vector<double> window(9, 1.0);
    const auto mean = normalised_convolve(x, known, window);  // of the samples that are there
    // [/gaps]

    canvas c(26 + 4 * 120 - 14, 864, colours::white);
    draw(c, 0, "a signal with gaps", x);
    draw(c, 1, "moving average of 9 samples: NaN reaches as far as its windows", moving_average(x, 9));
    draw(c, 2, "gaps taken for zeros: the average dips", moving_average(zeros, 9));
    draw(c, 3, "the mean of the samples that are there, at the ends too", mean);
    png::write(folder / "14_gaps.png", c.picture());
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
