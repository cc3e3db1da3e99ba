// examples/support/sliding.cpp -- the frames of a kernel that slides over a signal or a picture, from a plan's geometry
#include "sliding.hpp"

#include <algorithm>

#include "plot.hpp"

using namespace faltung;

namespace {

constexpr legend_entry of_signals[] = {{colours::data, "a sample"},
                                       {colours::padding, "outside"},
                                       {colours::given, "what the boundary gives there"},
                                       {colours::read, "read by a tap"},
                                       {colours::read_outside, "read outside"}};
constexpr index_t margin = 16, title = 14;

bool is_sample(axis const& k, index_t position) { return position >= 0 && position < k.n; }

/// The positions that x and the windows of all outputs cover.
range covered(axis const& k) {
    return {std::min<index_t>(-k.low, 0), std::max(k.n, k.position(k.outputs() - 1, k.taps - 1) + 1)};
}

/// x~ at a position: a sample of x, or what the boundary says.
double extended(signal const& x, axis const& k, index_t position) {
    const index_t i = k.edge.source(position, k.n);
    return i < 0 ? static_cast<double>(k.edge.re) : x[static_cast<std::size_t>(i)];
}

template <class Samples>
bar_plot panel(index_t number, range positions, Samples const& samples) {
    constexpr index_t wide = 720, high = 90;
    const auto [low, top] = std::minmax_element(samples.begin(), samples.end());
    return {{{title + 12 + number * (high + 34), margin}, high, wide},
            positions.first,
            positions.last,
            std::min(1.1 * *low, 0.0),
            std::max(1.1 * *top, 0.1)};
}

/// Numbers in cells, with a title.
struct number_panel {
    std::string words;
    point corner;
    index_t rows, columns, side = 36;

    index_t height() const { return title + rows * side; }
    index_t width() const { return std::max(columns * side, text_extent(words, 1).width); }
    cell_plot cells() const { return {{corner.row + title, corner.column}, side}; }
};

}  // namespace

std::vector<rgb_picture> slide(signal const& x, signal const& h, convolve_options const& options,
                               std::string const& name) {
    const convolver plan{{static_cast<index_t>(x.size())}, h, options};
    const axis k = plan.problem()[0];
    const auto y = plan(x);
    if (y.count() == 0) return {};

    const range positions = covered(k);
    std::vector<double> continued;
    for (index_t p = positions.first; p < positions.last; ++p) continued.push_back(extended(x, k, p));
    const bar_plot input = panel(0, positions, continued), kernel = panel(1, positions, h),
                   output = panel(2, {0, std::max(k.outputs(), positions.last - positions.first)}, y);
    const index_t below = output.area.corner.row + output.area.height + 12;

    std::vector<rgb_picture> frames;
    for (index_t o = 0; o < k.outputs(); ++o) {
        canvas c(below + title + 6, input.area.width + 2 * margin, colours::white);
        const auto entitle = [&](bar_plot const& plot, std::string const& words) {
            c.write(words, {plot.area.corner.row - title - 4, margin}, colours::black, 1);
        };
        entitle(input, "x: " + name);
        entitle(kernel, "h, reversed, in its place");
        entitle(output, text("y: output ", o, " of ", k.outputs(), " is ", y(o)));
        draw_legend(c, {below, margin}, of_signals);

        for (index_t p = positions.first; p < positions.last; ++p)
            if (!is_sample(k, p)) input.mark(c, p, colours::padding);
        for (index_t t = 0; t < k.taps; ++t) {
            const index_t p = k.position(o, t);
            input.mark(c, p, is_sample(k, p) ? colours::read : colours::read_outside);
        }
        for (bar_plot const* plot : {&input, &kernel, &output}) plot->draw_axes(c);
        for (index_t p = positions.first; p < positions.last; ++p)
            input.bar(c, p, extended(x, k, p), is_sample(k, p) ? colours::data : colours::given);
        for (index_t t = 0; t < k.taps; ++t)  // tap t of the slid kernel is the reversed h
            kernel.bar(c, k.position(o, t), h[h.size() - 1 - static_cast<std::size_t>(t)], colours::kernel);
        for (index_t done = 0; done <= o; ++done)
            output.bar(c, done, y(done), done == o ? colours::kernel : colours::result);
        frames.push_back(c.picture());
    }
    return frames;
}

std::vector<rgb_picture> slide(tensor<double, 2> const& x, tensor<double, 2> const& h,
                               convolve_options const& options) {
    const convolver<double> plan(x.shape(), h, options);
    const axis rows = plan.problem()[0], columns = plan.problem()[1];
    const auto y = plan(x);
    if (y.count() == 0) return {};

    // One tap with padding is x, continued: the corners, too, are what the library says.
    const range r = covered(rows), s = covered(columns);
    const auto continued = convolve(
        x, tensor<double, 2>{{1, 1}, {1}},
        {.padding = {{-r.first, r.last - rows.n}, {-s.first, s.last - columns.n}}, .boundary = options.boundary});
    const auto reversed = flip(h);

    const number_panel input{"x", {margin, margin}, continued.extent(0), continued.extent(1)},
        kernel{"h, reversed", {margin, 2 * margin + input.width()}, h.extent(0), h.extent(1)},
        output{"y", {2 * margin + kernel.height(), kernel.corner.column}, y.extent(0), y.extent(1)};
    const index_t height = std::max(input.corner.row + input.height(), output.corner.row + output.height()) + margin,
                  width = kernel.corner.column + std::max(kernel.width(), output.width()) + margin;

    std::vector<rgb_picture> frames;
    for_each_index(y.shape(), [&](index_list const& o) {
        canvas c(height, width, colours::white);
        for (number_panel const* p : {&input, &kernel, &output}) c.write(p->words, p->corner, colours::black, 1);

        const auto draw = [&](index_t i, index_t j, colour inside, colour outside) {
            const bool is_data = is_sample(rows, i) && is_sample(columns, j);
            input.cells().cell(c, i - r.first, j - s.first, text(continued(i - r.first, j - s.first)),
                               is_data ? inside : outside, is_data ? colours::black : colours::dim);
        };
        for (index_t i = r.first; i < r.last; ++i)
            for (index_t j = s.first; j < s.last; ++j) draw(i, j, colours::light, colours::padding);
        for_each_index(h.shape(), [&](index_list const& t) {
            const index_t i = rows.position(o[0], t[0]), j = columns.position(o[1], t[1]);
            draw(i, j, colours::read, colours::read_outside);
            input.cells().frame(c, i - r.first, j - s.first, 1, 1, colours::kernel);
            kernel.cells().cell(c, t[0], t[1], text(reversed(t)), colours::light, colours::black);
            kernel.cells().frame(c, t[0], t[1], 1, 1, colours::kernel);
        });
        for_each_index(y.shape(), [&](index_list const& done) {
            const bool is_known = done[0] < o[0] || (done[0] == o[0] && done[1] <= o[1]);
            output.cells().cell(c, done[0], done[1], is_known ? text(y(done)) : "",
                                is_known ? colours::light : colours::padding, colours::black);
        });
        output.cells().frame(c, o[0], o[1], 1, 1, colours::kernel);
        frames.push_back(c.picture());
    });
    return frames;
}
