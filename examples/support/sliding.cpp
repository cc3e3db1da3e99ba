// examples/support/sliding.cpp -- the frames of a kernel that slides over a signal or a picture, from a plan's geometry
#include "sliding.hpp"

#include <algorithm>

#include "plot.hpp"

using namespace faltung;

namespace {

/// What x~ holds at a position: a sample of x, or what the boundary says.
struct seen {
    double value;
    bool is_data;
};
seen at(signal const& x, axis const& k, index_t position) {
    const index_t i = k.edge.source(position, k.n);
    if (i < 0) return {static_cast<double>(k.edge.re), false};
    return {x[static_cast<std::size_t>(i)], position >= 0 && position < k.n};
}

}  // namespace

std::vector<rgb_picture> slide(signal const& x, signal const& h, convolve_options const& options,
                               std::string const& title) {
    const convolver plan{{static_cast<index_t>(x.size())}, h, options};
    const axis k = plan.problem()[0];
    const auto y = plan(x);
    const index_t first = std::min<index_t>(-k.low, 0);
    const index_t last = std::max(k.n, k.position(k.outputs() - 1, k.taps - 1) + 1);

    const auto extremes = [](auto const& samples) {
        const auto [low, high] = std::minmax_element(samples.begin(), samples.end());
        return std::pair{std::min(1.1 * static_cast<double>(*low), 0.0),
                         std::max(1.1 * static_cast<double>(*high), 0.1)};
    };
    const index_t wide = 720, high = 90, left = 16, step = high + 34;
    const auto panel = [&](index_t number, index_t from, index_t to, auto const& samples) {
        const auto [least, most] = extremes(samples);
        return bar_plot{{{26 + number * step, left}, high, wide}, from, to, least, most};
    };
    const bar_plot input = panel(0, first, last, x), kernel = panel(1, first, last, h),
                   output = panel(2, 0, std::max<index_t>(k.outputs(), last - first), y);

    std::vector<rgb_picture> frames;
    for (index_t o = 0; o < k.outputs(); ++o) {
        canvas c(26 + 3 * step, wide + 2 * left, colours::white);
        c.write("x: " + title, {8, left}, colours::black, 1);
        c.write("h, reversed, in its place", {8 + step, left}, colours::black, 1);
        c.write(text("y: output ", o, " of ", k.outputs()), {8 + 2 * step, left}, colours::black, 1);
        for (index_t p = first; p < last; ++p)
            if (p < 0 || p >= k.n) input.mark(c, p, colours::padding);
        for (index_t t = 0; t < k.taps; ++t) input.mark(c, k.position(o, t), colours::read);
        for (bar_plot const* plot : {&input, &kernel, &output}) plot->draw_axes(c);
        for (index_t p = first; p < last; ++p) {
            const seen s = at(x, k, p);
            input.bar(c, p, s.value, s.is_data ? colours::data : colours::given);
        }
        for (index_t t = 0; t < k.taps; ++t)  // tap t of the slid kernel is the reversed h
            kernel.bar(c, k.position(o, t), h[h.size() - 1 - static_cast<std::size_t>(t)], colours::kernel);
        for (index_t done = 0; done <= o; ++done)
            output.bar(c, done, y(done), done == o ? colours::kernel : colours::result);
        frames.push_back(c.picture());
    }
    return frames;
}

std::vector<rgb_picture> slide(tensor<int, 2> const& x, tensor<int, 2> const& h, convolve_options const& options) {
    const convolver<int> plan(x.shape(), h, options);
    const axis rows = plan.problem()[0], columns = plan.problem()[1];
    const auto y = plan(x);
    const auto range_of = [](axis const& k) {
        return range{std::min<index_t>(-k.low, 0), std::max(k.n, k.position(k.outputs() - 1, k.taps - 1) + 1)};
    };
    const range r = range_of(rows), s = range_of(columns);
    const index_t side = 36, gap = 16, height = std::max(r.last - r.first, rows.outputs()) * side + 2 * gap,
                  right = gap * 2 + (s.last - s.first) * side, width = right + columns.outputs() * side + gap;

    std::vector<rgb_picture> frames;
    for_each_index(y.shape(), [&](index_list const& o) {
        canvas c(height, width, colours::white);
        const cell_plot input{{gap - r.first * side, gap - s.first * side}, side}, output{{gap, right}, side};
        for (index_t i = r.first; i < r.last; ++i)
            for (index_t j = s.first; j < s.last; ++j) {
                const index_t from_row = rows.edge.source(i, rows.n), from_column = columns.edge.source(j, columns.n);
                const bool is_data = i >= 0 && i < rows.n && j >= 0 && j < columns.n;
                const int value = from_row < 0 || from_column < 0 ? 0 : x(from_row, from_column);
                input.cell(c, i, j, text(value), is_data ? colours::light : colours::padding,
                           is_data ? colours::black : colours::gray);
            }
        for (index_t t = 0; t < rows.taps; ++t)
            for (index_t u = 0; u < columns.taps; ++u) {
                const index_t i = rows.position(o[0], t), j = columns.position(o[1], u);
                input.frame(c, i, j, 1, 1, colours::kernel);
            }
        for_each_index(y.shape(), [&](index_list const& done) {
            const bool is_known = done[0] < o[0] || (done[0] == o[0] && done[1] <= o[1]);
            output.cell(c, done[0], done[1], is_known ? text(y(done)) : "",
                        is_known ? colours::light : colours::padding, colours::black);
        });
        output.frame(c, o[0], o[1], 1, 1, colours::kernel);
        frames.push_back(c.picture());
    });
    return frames;
}
