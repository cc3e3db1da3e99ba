// examples/00_tour.cpp -- the code of the README and of the tutorial: functions, options, sizes, errors

#include <algorithm>
#include <iostream>
#include <vector>

#include <faltung/convolve.hpp>
#include <faltung/geometry.hpp>

using namespace faltung;

namespace {

/// One line for each row.
void print(viewable auto const& y) {
    const auto v = as_view(y);
    for_each_index(v.shape(), [&](index_list const& i) {
        const int last = i.rank() - 1;
        std::cout << +v(i) << (i[last] + 1 < v.extent(last) ? ' ' : '\n');
    });
}

void begin(char const* section) { std::cout << "\n[" << section << "]\n"; }

void readme() {
    begin("readme");
    // [readme]
    const std::vector<float> x{1, 2, 3, 4}, h{1, 0, -1};
    print(convolve(x, h));                                                          // full: 4 + 3 - 1 samples
    print(convolve(x, h, {.padding = mode::same, .boundary = boundary::reflect}));  // as many as x has
    print(correlate(x, h, {.padding = mode::valid}));                               // h is not reversed
    print(convolve(x, h, scipy::ndimage));                                          // what SciPy's ndimage answers
    const tensor<float, 2> image{{3, 4}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}}, mean{{2, 2}, {.25, .25, .25, .25}};
    print(convolve(image, mean, {.padding = mode::valid, .stride = {1, 2}}));  // every second column
    print(convolve(image, h, {.padding = mode::valid, .axes = {1}}));          // a line along every row
    // [/readme]
}

void lines() {
    begin("padding");
    // [padding]
    const std::vector<float> x{1, 2, 3, 4, 5}, h{1, 1, 1};
    print(convolve(x, h));                            // full
    print(convolve(x, h, {.padding = mode::same}));   // the middle of it
    print(convolve(x, h, {.padding = mode::valid}));  // no padding at all
    print(convolve(x, h, {.padding = {{2, 0}}}));     // {low, high}: 2 zeros before, none behind
    // [/padding]

    begin("boundary");
    // [boundary]
    print(convolve(x, h, {.padding = mode::same, .boundary = boundary::replicate}));
    print(convolve(x, h, {.padding = mode::same, .boundary = boundary::circular}));
    print(convolve(x, h, {.padding = mode::same, .boundary = boundary::constant(10)}));
    // [/boundary]

    begin("stride");
    // [stride]
    print(convolve(x, h, {.padding = mode::same, .stride = 2}));     // outputs 0, 2 and 4
    print(convolve(x, h, {.padding = mode::valid, .dilation = 2}));  // x[0] + x[2] + x[4]
    // [/stride]
}

void sizes() {
    begin("solve");
    // [solve]
    // 16 samples, 4 taps: how much padding on both sides gives 16 outputs again?
    const solution p = solve(unknown::padding, axis{.n = 16, .taps = 4}, 16);
    std::cout << (p ? text("p = ", *p.value) : p.reason()) << '\n';
    // [/solve]

    begin("lags");
    // [lags]
    const std::vector<float> sent{1, 2, 1}, heard{0, 0, 0, 0, 1, 2, 1, 0};
    const convolver plan{as_correlation{}, {8}, sent};
    const auto likeness = plan(heard);
    const lags lag(plan.problem()[0], sense::correlation);
    const auto best = std::max_element(likeness.begin(), likeness.end()) - likeness.begin();
    std::cout << "heard " << lag[best] << " samples later\n";
    // [/lags]
}

void errors() {
    begin("errors");
    // [errors]
    const std::vector<float> x{1, 2, 3, 4}, h{1, 0, -1};
    try {
        print(convolve(x, h, {.padding = mode::same, .stride = {2, 2}}));
    } catch (faltung::error const& e) {
        std::cout << e.what() << '\n';
    }
    // [/errors]
}

}  // namespace

int main() {
    readme();
    lines();
    sizes();
    errors();
}
