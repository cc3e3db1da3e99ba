// examples/support/figure.cpp -- a kernel as cells, and a picture beside its kernel and what that makes of it
#include "figure.hpp"

#include <algorithm>
#include <cmath>

#include "plot.hpp"

using faltung::index_t;
using faltung::text;

rgb_picture kernel_cells(kernel_view h, index_t side) {
    double most = 0;
    for_each_index(h.shape(), [&](faltung::index_list const& t) { most = std::max(most, std::abs(h(t))); });

    canvas c(h.extent(0) * side - 1, h.extent(1) * side - 1, colours::gray);
    const cell_plot plot{{0, 0}, side};
    for_each_index(h.shape(), [&](faltung::index_list const& t) {
        const double share = most > 0 ? std::abs(h(t)) / most : 0;
        const auto fade = [&](int full) { return static_cast<std::uint8_t>(255 - share * (255 - full)); };
        const colour paper =
            h(t) < 0 ? colour{fade(235), fade(110), fade(100)} : colour{fade(110), fade(150), fade(235)};
        plot.cell(c, t[0], t[1], side >= 39 ? text(std::round(h(t) * 1000) / 1000) : "", paper, colours::black);
    });
    return c.picture();
}

rgb_picture figure(rgb_view x, kernel_view h, rgb_view y) {
    constexpr index_t spacing = 8;
    const index_t height = x.extent(0), wide = x.extent(1), narrow = wide / 4;
    if (!(x.shape() == y.shape()))
        throw faltung::error(text("figure: pictures of shapes ", x.shape(), " and ", y.shape()));
    const index_t taps = std::max(h.extent(0), h.extent(1)), side = std::min(narrow, height) / taps;
    if (side < 2)
        throw faltung::error(
            text("figure: a kernel of shape ", h.shape(), " on ", std::min(narrow, height), " pixels"));

    const rgb_picture cells = kernel_cells(h, side);
    canvas c(height, 2 * wide + narrow + 2 * spacing, colours::white);
    c.paste(x, {0, 0});
    const box middle{{(height - cells.extent(0)) / 2, wide + spacing + (narrow - cells.extent(1)) / 2},
                     cells.extent(0),
                     cells.extent(1)};
    c.frame(middle, colours::gray, 1);
    c.paste(cells.view(), middle.corner);
    c.paste(y, {0, wide + narrow + 2 * spacing});
    return c.picture();
}
