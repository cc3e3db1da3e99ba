// tests/examples/pnm.test.cpp -- PGM and PPM files written by hand
#include "examples/support/pnm.hpp"

#include "support/catch.hpp"

using faltung::error;
using faltung::testing::message_of;
using namespace std::string_literals;

namespace {

std::vector<std::uint8_t> bytes_of(std::string const& s) { return {s.begin(), s.end()}; }
std::vector<std::uint8_t> samples_of(auto const& p) { return {p.begin(), p.end()}; }
rgb_picture decode(std::string const& file) { return pnm::decode(bytes_of(file), "some.pnm"); }
std::string refusal(std::string const& file) {
    return message_of<error>([&] { decode(file); });
}

}  // namespace

TEST_CASE("pnm::decode reads gray and colour, comments, and other largest values") {
    const rgb_picture gray = decode("P5\n# made by hand\n3 # columns\n 2\n255\n\x01\x02\x03\xfd\xfe\xff");
    CHECK(gray.shape() == faltung::shape{2, 3, 1});
    CHECK(samples_of(gray) == std::vector<std::uint8_t>{1, 2, 3, 253, 254, 255});

    const rgb_picture colour = decode("P6 1 2 255 abcdef");
    CHECK(colour.shape() == faltung::shape{2, 1, 3});
    CHECK(samples_of(colour) == std::vector<std::uint8_t>{'a', 'b', 'c', 'd', 'e', 'f'});

    // v * 255 / largest: 1 of 3 is 85, 1 of 2 is 127.5 and goes up, 4095 of 65535 is 15.93
    CHECK(samples_of(decode("P5 4 1 3\n\0\1\2\3"s)) == std::vector<std::uint8_t>{0, 85, 170, 255});
    CHECK(samples_of(decode("P5 3 1 2\n\0\1\2"s)) == std::vector<std::uint8_t>{0, 128, 255});
    CHECK(samples_of(decode("P5 3 1 65535\n\x0f\xff\xff\xff\x00\x80"s)) == std::vector<std::uint8_t>{16, 255, 0});

    CHECK(decode("P5 1 1 255\nab").count() == 1);  // what follows is another picture
}

TEST_CASE("pnm::decode refuses a file that is cut off anywhere") {
    for (std::string const& file : {"P6\n# c\n2 2\n255\n0123456789ab"s, "P5 2 2 300\n\0\0\0\0\0\0\0\0"s})
        for (std::size_t n = 0; n < file.size(); ++n) {
            INFO(n << " bytes of " << file);
            CHECK(refusal(file.substr(0, n)).starts_with("some.pnm: not a PGM or PPM that can be read ("));
        }
}

TEST_CASE("pnm::decode refuses hostile files with their numbers") {
    const std::string start = "some.pnm: not a PGM or PPM that can be read (";
    CHECK(refusal("P2 1 1 255 7") == start + "12 bytes): it starts with the bytes 80 50, not with P5 or P6");
    CHECK(refusal("P5 100000 1 255\n") == start + "16 bytes): (1, 100000, 1) samples need 100000 bytes, 0 are there");
    CHECK(refusal("P6 16384 16384 255\n") ==
          "some.pnm: (16384, 16384, 3) samples, more than the 268435456 that are read");
    CHECK(refusal("P5 99999999999999999999 1 255\n").ends_with("the width is 999999999 or more, the limit 268435456"));
    CHECK(refusal("P5 0 3 255\n").ends_with("an empty picture, 3 rows of 0"));
    CHECK(refusal("P5 1 1 0\n\0"s).ends_with("the largest value is 0, not 1 to 65535"));
    CHECK(refusal("P5 1 1 65536\n\0\0"s).ends_with("the largest value is 65536, not 1 to 65535"));
    CHECK(refusal("P5 1 1 9\n\x0a").ends_with("sample 0 is 10, above the largest value 9"));
    CHECK(refusal("P5 -1 1 255\n\1").ends_with("the width is no number"));
    CHECK(refusal("P5 1x1 255\n\1").ends_with("no white space behind the width 1"));
    CHECK(refusal("P5 1 1 255").ends_with("the data ends in the largest value"));
}

TEST_CASE("pnm::encode writes the shortest header and the samples") {
    const gray_picture gray{{2, 3}, std::vector<std::uint8_t>{'a', 'b', 'c', 'd', 'e', 'f'}};
    CHECK(pnm::encode(gray.view()) == bytes_of("P5\n3 2\n255\nabcdef"));
    CHECK(pnm::encode(transpose(gray)) == bytes_of("P5\n2 3\n255\nadbecf"));
    const rgb_picture colour{{1, 2, 3}, std::vector<std::uint8_t>{'a', 'b', 'c', 'd', 'e', 'f'}};
    CHECK(pnm::encode(colour.view()) == bytes_of("P6\n2 1\n255\nabcdef"));

    pnm::write("written.pgm", gray);
    CHECK(samples_of(pnm::read_gray("written.pgm")) == samples_of(gray));
    CHECK(pnm::read_rgb("written.pgm").shape() == faltung::shape{2, 3, 3});
    std::filesystem::remove("written.pgm");
}
