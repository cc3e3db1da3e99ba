// tests/examples/png.test.cpp -- PNG files of every kind against samples computed from the specification
#include "examples/support/png.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "support/catch.hpp"
#include "tiny_png.hpp"

using faltung::error;
using faltung::index_t;
using faltung::testing::message_of;

namespace {

std::string refusal(std::span<std::uint8_t const> bytes) {
    return message_of<error>([&] { png::decode(bytes, "some.png"); });
}

bool is_refused(std::span<std::uint8_t const> bytes) { return refusal(bytes).starts_with("some.png: "); }

std::vector<std::uint8_t> const& hostile_file(std::string_view name) {
    for (auto const& f : tiny_png::hostile_files)
        if (f.name == name) return f.file;
    throw std::logic_error("no such file among the hostile ones");
}

std::vector<std::uint8_t> samples_of(auto const& p) { return {p.begin(), p.end()}; }

}  // namespace

TEST_CASE("png::decode reads every colour type, depth, filter and the interlaced order") {
    for (auto const& f : tiny_png::files) {
        INFO(f.name);
        const rgb_picture p = png::decode(f.file, f.name);
        REQUIRE(p.shape() == faltung::shape{f.shape[0], f.shape[1], f.shape[2]});
        CHECK(samples_of(p) == f.samples);
    }
}

TEST_CASE("png::decode refuses a file that is cut off anywhere") {
    for (auto const& f : tiny_png::files)
        for (std::size_t n = 0; n < f.file.size(); ++n) {
            INFO(f.name << ", first " << n << " bytes");
            CHECK(is_refused(std::span(f.file).first(n)));
        }
}

TEST_CASE("png::decode refuses a file with any bit flipped: every chunk carries a checksum") {
    for (auto const& f : tiny_png::files)
        for (std::size_t bit = 0; bit < 8 * f.file.size(); ++bit) {
            auto damaged = f.file;
            damaged[bit / 8] = static_cast<std::uint8_t>(damaged[bit / 8] ^ (1u << bit % 8));
            INFO(f.name << ", byte " << bit / 8 << ", bit " << bit % 8);
            if (std::string_view(f.name) == "palette2" && !is_refused(damaged)) {
                // transparency is optional and ignored, damaged or not
                CHECK(samples_of(png::decode(damaged, "some.png")) == f.samples);
                continue;
            }
            CHECK(is_refused(damaged));
        }
}

TEST_CASE("png::decode refuses hostile headers") {
    for (auto const& f : tiny_png::hostile_files) {
        INFO(f.name);
        CHECK(is_refused(f.file));
    }
    CHECK(refusal(hostile_file("largest_sizes")) ==
          "some.png: (2147483647, 2147483647, 3) samples, more than the 268435456 that are read");
    CHECK(refusal(hostile_file("large_for_its_bytes")) ==
          "some.png: (16000, 16000, 1) samples cannot be packed into 68 bytes");
    CHECK(refusal({}) == "some.png: not a PNG that can be read (0 bytes): the data ends too early");
}

TEST_CASE("png::encode writes what the specification asks for, and decode gives the picture back") {
    rgb_picture x{{3, 5, 3}};
    std::iota(x.begin(), x.end(), std::uint8_t{30});
    const auto file = png::encode(x.view(), "x.png");
    const std::array<std::uint8_t, 26> start{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I',
                                             'H',  'D', 'R', 0,   0,    0,    5,    0,    0, 0, 3, 8,  2};
    REQUIRE(file.size() > start.size());
    CHECK(std::equal(start.begin(), start.end(), file.begin()));
    CHECK(samples_of(png::decode(file, "x.png")) == samples_of(x));

    const auto mirrored = flip(x, {1});
    CHECK(samples_of(png::decode(png::encode(mirrored, "x.png"), "x.png")) == samples_of(copy(mirrored)));
    const auto one_channel = slice(x, faltung::all, faltung::all, 1);
    const rgb_picture gray = png::decode(png::encode(one_channel, "x.png"), "x.png");
    REQUIRE(gray.shape() == faltung::shape{3, 5, 1});
    CHECK(gray(2, 4, 0) == 30 + 3 * 14 + 1);
}

TEST_CASE("png::encode refuses what PNG cannot hold") {
    const rgb_picture none{{0, 4, 3}}, two{{2, 2, 2}};
    CHECK(message_of<error>([&] { png::encode(none.view(), "x.png"); }) ==
          "x.png: a picture of shape (0, 4, 3); PNG needs rows and columns, and 1 or 3 channels");
    CHECK(message_of<error>([&] { png::encode(two.view(), "x.png"); }) ==
          "x.png: a picture of shape (2, 2, 2); PNG needs rows and columns, and 1 or 3 channels");
}

TEST_CASE("png files: gray is asked for as gray, colour as colour") {
    gray_picture gray{{2, 2}, std::vector<std::uint8_t>{1, 2, 3, 4}};
    png::write("written_gray.png", gray);
    CHECK(samples_of(png::read_gray("written_gray.png")) == samples_of(gray));
    const rgb_picture repeated = png::read_rgb("written_gray.png");
    CHECK(samples_of(repeated) == std::vector<std::uint8_t>{1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4});
    png::write("written_rgb.png", repeated);
    CHECK(message_of<error>([] { png::read_gray("written_rgb.png"); }) ==
          "written_rgb.png: a colour picture of shape (2, 2, 3), gray was asked for");
    std::filesystem::remove("written_gray.png");
    std::filesystem::remove("written_rgb.png");
}

// The numbers were taken with NumPy from the file in Debian's python3-imageio, decoded by Pillow.
TEST_CASE("the photograph of examples/data is NASA's, sample by sample") {
    const rgb_picture photo = png::read_rgb(FALTUNG_EXAMPLE_DATA "/astronaut.png");
    REQUIRE(photo.shape() == faltung::shape{512, 512, 3});
    const std::array<index_t, 3> sums{37109758, 27724204, 25290362};
    for (index_t c = 0; c < 3; ++c) {
        index_t sum = 0;
        for (index_t i = 0; i < 512; ++i)
            for (index_t j = 0; j < 512; ++j) sum += photo(i, j, c);
        CHECK(sum == sums[static_cast<std::size_t>(c)]);
    }
    CHECK(std::filesystem::file_size(FALTUNG_EXAMPLE_DATA "/astronaut.png") < 900'000);
}
