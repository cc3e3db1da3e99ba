// tests/examples/figure.test.cpp -- three panels of widths 4 : 1 : 4, and grids of pictures, kernels and maps
#include "examples/support/figure.hpp"

#include <faltung/convolve.hpp>
#include <faltung/filter.hpp>

#include "documents/arrays.hpp"
#include "examples/support/png.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using testing::message_of;
using testing::tensor_of;

namespace {

rgb_picture shaded(index_t height, index_t width, int offset) {
    return tensor_of<std::uint8_t, 3>({height, width, 3}, [&](index_list const& i) {
        return static_cast<std::uint8_t>((i[0] * 3 + i[1] * 5 + i[2] * 7 + offset) % 200);
    });
}

bool holds(rgb_picture const& sheet, point at, rgb_picture const& picture) {
    const auto part =
        slice(sheet, range{at.row, at.row + picture.extent(0)}, range{at.column, at.column + picture.extent(1)}, all);
    return testing::equal(part, picture);
}

}  // namespace

TEST_CASE("kernel_cells: white at 0, blue above, red below, by the size of the tap") {
    const tensor<double, 2> h{{1, 4}, {0, 2, 1, -2}};
    const rgb_picture cells = kernel_cells(h.view(), 10);
    REQUIRE(cells.shape() == shape{9, 39, 3});
    const auto at = [&](index_t column) {
        return std::vector<int>{cells(4, column, 0), cells(4, column, 1), cells(4, column, 2)};
    };
    CHECK(at(4) == std::vector<int>{255, 255, 255});
    CHECK(at(9) == std::vector<int>{150, 150, 150});
    CHECK(at(14) == std::vector<int>{110, 150, 235});
    CHECK(at(24) == std::vector<int>{182, 202, 245});
    CHECK(at(34) == std::vector<int>{235, 110, 100});
    // all zeros are white, and the widest number that is written fits
    const tensor<double, 2> nothing{{2, 2}}, wide{{1, 1}, {-0.125}};
    CHECK_NOTHROW(kernel_cells(nothing.view(), 10));
    CHECK_NOTHROW(kernel_cells(wide.view(), 39));
}

TEST_CASE("4.16: a figure has the picture, the kernel and the result in widths 4 : 1 : 4", "[documents]") {
    const rgb_picture x = shaded(50, 80, 0), y = shaded(50, 80, 90);
    const tensor<double, 2> h{{3, 5}, std::vector<double>(15, 1.0)};
    const rgb_picture sheet = figure(x.view(), h.view(), y.view());
    REQUIRE(sheet.shape() == shape{50, 80 + 8 + 20 + 8 + 80, 3});
    CHECK(holds(sheet, {0, 0}, x));
    CHECK(holds(sheet, {0, 116}, y));
    // 20 pixels for 5 taps are 4 a tap; 11 x 19 pixels of cells in the middle
    CHECK(holds(sheet, {(50 - 11) / 2, 88}, kernel_cells(h.view(), 4)));
    const auto file = png::encode(sheet.view(), "some.png");
    const rgb_picture seen = png::decode(file, "some.png"), other = shaded(50, 81, 0);
    CHECK(testing::equal(seen, sheet));

    CHECK(message_of<error>([&] { figure(x.view(), h.view(), other.view()); }) ==
          "figure: pictures of shapes (50, 80, 3) and (50, 81, 3)");
    const tensor<double, 2> large{{3, 11}};
    CHECK(message_of<error>([&] { figure(x.view(), large.view(), y.view()); }) ==
          "figure: a kernel of shape (3, 11) on 20 pixels");
}

TEST_CASE("2.13: a picture, its views, filters and their maps in a grid with titles, borders and spacing",
          "[documents]") {
    const rgb_picture photo = shaded(48, 48, 0);
    const tensor<float, 2> x = brightness(photo.view());
    const auto views = sliding_window(photo, {12, 12, 3}, {.stride = {12, 12, 1}});
    const auto bell = gaussian_taps_of_size(7);
    const auto h = outer_product(bell, bell);
    const auto seen = correlate<float>(x, h, {.padding = mode::valid});
    const gray_picture bytes = as_bytes(seen.view(), 0, 255);
    const tile tiles[] = {{"x", photo},
                          {"view", copy(slice(views, 1, 2, 0, all, all, all))},
                          {"h", kernel_cells(h.view(), 5)},
                          {"map", as_rgb(bytes.view())}};
    const rgb_picture sheet = contact_sheet(tiles, {.columns = 2, .spacing = 6, .border = 2, .scale = 1});
    // titles are 9 + 2 high, borders 2 wide; rows of 48 + 4 and 42 + 4, columns of 48 + 4 and 42 + 4
    REQUIRE(sheet.shape() == shape{6 + 11 + 52 + 6 + 11 + 46 + 6, 6 + 52 + 6 + 46 + 6, 3});
    const point corners[] = {{19, 8}, {19, 66}, {88, 8}, {88, 66}};
    for (std::size_t k = 0; k < 4; ++k) {
        CHECK(holds(sheet, corners[k], tiles[k].picture));
        const auto [row, column] = corners[k];
        for (index_t edge : {1, 2}) {
            CHECK(sheet(row - edge, column, 0) == colours::gray.red);
            CHECK(sheet(row, column - edge, 0) == colours::gray.red);
        }
        CHECK(sheet(row, column - 3, 0) == 255);
        const auto title = slice(sheet, range{row - 13, row - 4}, range{column - 2, column + 20}, 0);
        index_t inked = 0;
        for_each_index(title.shape(), [&](index_list const& i) { inked += title(i) == 0 ? 1 : 0; });
        CHECK(inked > 5);
    }
    const rgb_picture decoded = png::decode(png::encode(sheet.view(), "some.png"), "some.png");
    CHECK(testing::equal(decoded, sheet));
}
