// tests/examples/canvas.test.cpp -- what is drawn lies where it should, dot by dot
#include "examples/support/canvas.hpp"

#include <limits>

#include "support/catch.hpp"

using faltung::error;
using faltung::index_t;
using faltung::testing::message_of;

namespace {

/// The red channel as text, one row a line: '#' where it is 0 (black ink), '.' elsewhere.
std::string drawing(canvas const& c) {
    std::string s;
    for (index_t i = 0; i < c.picture().extent(0); ++i, s += '\n')
        for (index_t j = 0; j < c.picture().extent(1); ++j) s += c.picture()(i, j, 0) == 0 ? '#' : '.';
    return s;
}

}  // namespace

TEST_CASE("canvas: texts, with descenders and at any scale") {
    canvas c(9, 17, colours::white);
    c.write("Tig", {0, 0}, colours::black, 1);
    CHECK(drawing(c) ==
          "#####...#........\n"
          "..#..............\n"
          "..#....##....####\n"
          "..#.....#...#...#\n"
          "..#.....#...#...#\n"
          "..#.....#...#..##\n"
          "..#....###...##.#\n"
          "................#\n"
          ".............###.\n");
    CHECK(text_extent("Tig", 1).width == 17);
    CHECK(text_extent("Tig", 3).width == 51);
    CHECK(text_extent("Tig", 3).height == 27);
    CHECK(text_extent("", 3).width == 0);

    canvas large(18, 10, colours::white);
    large.write("'", {0, 0}, colours::black, 2);
    CHECK(drawing(large).starts_with(
        "....##....\n....##....\n....##....\n....##....\n....##....\n....##....\n..........\n"));

    CHECK(message_of<error>([&] {
              c.write("Tigs", {0, 0}, colours::black, 1);
          }) == "canvas: a text of 9 x 23 at row 0, column 0 leaves the canvas of 9 x 17");
    CHECK(message_of<error>([&] {
              c.write("T", {1, 0}, colours::black, 1);
          }) == "canvas: a text of 9 x 5 at row 1, column 0 leaves the canvas of 9 x 17");
}

TEST_CASE("canvas: characters outside of ASCII look like question marks") {
    canvas one(9, 5, colours::white), other(9, 5, colours::white), third(9, 5, colours::white);
    one.write("?", {0, 0}, colours::black, 1);
    other.write("\x80", {0, 0}, colours::black, 1);
    third.write("\n", {0, 0}, colours::black, 1);
    CHECK(drawing(one) == drawing(other));
    CHECK(drawing(one) == drawing(third));
}

TEST_CASE("canvas: lines, frames and boxes, cut off at the edges") {
    canvas c(5, 7, colours::white);
    c.frame({{1, 1}, 2, 3}, colours::black, 1);
    CHECK(drawing(c) == "#####..\n#...#..\n#...#..\n#####..\n.......\n");
    c.line({4, 6}, {4, 0}, colours::black);
    c.line({0, 6}, {3, 5}, colours::black);
    CHECK(drawing(c) == "#####.#\n#...#.#\n#...##.\n######.\n#######\n");

    canvas cut(3, 4, colours::white);
    const index_t far = index_t{1} << 40;
    cut.fill({{-far, 2}, 2 * far, far}, colours::black);
    CHECK(drawing(cut) == "..##\n..##\n..##\n");
    cut.frame({{-5, -5}, 6, 6}, colours::black, 1);
    CHECK(drawing(cut) == ".###\n####\n..##\n");
    cut.line({-2, -2}, {5, 5}, colours::black);
    CHECK(drawing(cut) == "####\n####\n..##\n");
}

TEST_CASE("canvas: pictures are pasted where they fit") {
    canvas c(3, 4, colours::white);
    const rgb_picture p{{1, 2, 3}, {1, 2, 3, 0, 5, 6}};
    c.paste(p.view(), {2, 2});
    CHECK(drawing(c) == "....\n....\n...#\n");
    CHECK(c.picture()(2, 2, 2) == 3);
    CHECK(message_of<error>([&] {
              c.paste(p.view(), {2, 3});
          }) == "canvas: a picture of 1 x 2 at row 2, column 3 leaves the canvas of 3 x 4");
    CHECK(message_of<error>([&] {
              c.paste(p.view(), {-1, 0});
          }) == "canvas: a picture of 1 x 2 at row -1, column 0 leaves the canvas of 3 x 4");
    CHECK(message_of<error>([] { canvas(1 << 20, 1 << 20, colours::white); }) ==
          "canvas: (1048576, 1048576, 3) samples, more than the 268435456 that are read");
}

TEST_CASE("contact_sheet: columns as wide as their widest tile or title, nothing cut off") {
    const rgb_picture dark{{4, 3, 3}}, wide{{2, 10, 3}};
    const tile tiles[] = {{"a long title", dark}, {"b", wide}, {"c", wide}};
    const rgb_picture sheet = contact_sheet(tiles, {.columns = 2, .spacing = 5, .border = 1, .scale = 1});
    // 12 letters: 12 * 6 - 1 = 71 wide, 9 + 2 high; the second column 10 + 2 wide; the rows 4 + 2 and 2 + 2 high
    CHECK(sheet.shape() == faltung::shape{5 + 11 + 6 + 5 + 11 + 4 + 5, 5 + 71 + 5 + 12 + 5, 3});
    CHECK(sheet(17, 6, 0) == 0);  // the first sample of the first tile
    CHECK(sheet(20, 8, 0) == 0);  // its last
    CHECK(sheet(16, 5, 0) == colours::gray.red);
    CHECK(sheet(21, 9, 0) == colours::gray.red);  // its frame
    CHECK(sheet(17, 82, 0) == 0);                 // the second
    CHECK(sheet(18, 91, 0) == 0);
    CHECK(sheet(18, 92, 0) == colours::gray.red);
    CHECK(sheet(39, 6, 0) == 0);     // the third, in the second row
    CHECK(sheet(39, 82, 0) == 255);  // an empty cell

    const tile untitled[] = {{"", dark}};
    CHECK(contact_sheet(untitled, {.spacing = 2, .border = 0}).shape() == faltung::shape{8, 7, 3});
    CHECK(message_of<error>([] { contact_sheet({}); }) == "contact_sheet: 0 tiles in 3 columns");
}
