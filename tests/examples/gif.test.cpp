// tests/examples/gif.test.cpp -- files read back by giflib's decoder, and what is refused
#include "examples/support/gif.hpp"

#include <cstring>

#include "decoded_gif.hpp"
#include "support/catch.hpp"
#include "support/tensors.hpp"

using faltung::error;
using faltung::index_t;
using faltung::testing::decode_gif;
using faltung::testing::message_of;

namespace {

rgb_picture picture(index_t height, index_t width, int seed, int colours) {
    return faltung::testing::tensor_of<std::uint8_t, 3>({height, width, 3}, [&](faltung::index_list const& i) {
        const index_t number = (i[0] * width + i[1] + seed) % colours;
        return static_cast<std::uint8_t>(i[2] == 0 ? number : i[2] == 1 ? 255 - number : 17);
    });
}

}  // namespace

TEST_CASE("gif::encode: a decoder sees the frames, their times, and that they repeat") {
    for (int colours : {1, 2, 3, 16, 255, 256}) {
        const std::vector<rgb_picture> frames{picture(9, 40, 0, colours), picture(9, 40, 5, colours),
                                              picture(9, 40, 9, colours)};
        const auto bytes = gif::encode(frames, 40, "some.gif");
        CHECK(std::memcmp(bytes.data(), "GIF89a", 6) == 0);
        const auto d = decode_gif(bytes);
        CHECK(d.height == 9);
        CHECK(d.width == 40);
        CHECK(d.repeats);
        CHECK(d.hundredths == std::vector<int>{4, 4, 4});
        REQUIRE(d.frames.size() == 3);
        for (std::size_t k = 0; k < 3; ++k)
            CHECK((d.frames[k] == std::vector<std::uint8_t>(frames[k].begin(), frames[k].end())));
    }
}

TEST_CASE("gif::encode: what is refused") {
    const auto refusal = [](std::vector<rgb_picture> const& frames, index_t milliseconds) {
        return message_of<error>([&] { gif::encode(frames, milliseconds, "some.gif"); });
    };
    CHECK(refusal({}, 40) == "some.gif: no frame");
    CHECK(refusal({picture(20, 20, 0, 2), picture(20, 21, 0, 2)}, 40) ==
          "some.gif: a frame of shape (20, 21, 3) behind one of (20, 20, 3)");
    CHECK(refusal({rgb_picture{{0, 5, 3}}}, 40) == "some.gif: frames of 0 x 5 pixels; 1 to 65535 are possible");
    CHECK(refusal({picture(2, 2, 0, 2)}, 45) ==
          "some.gif: 45 ms a frame; multiples of 10 from 20 to 655350 are possible");
    auto many = picture(20, 20, 0, 256);
    many(0, 0, 2) = 18;
    CHECK(refusal({many}, 40) == "some.gif: 257 colours, at most 256 are possible");
}

TEST_CASE("gif::write: all or nothing") {
    const auto folder = std::filesystem::temp_directory_path() / "faltung gif test";
    std::filesystem::create_directories(folder);
    const std::vector<rgb_picture> frames{picture(5, 6, 0, 3)};
    gif::write(folder / "a.gif", frames, 100);
    CHECK(file::read(folder / "a.gif") == gif::encode(frames, 100, "a.gif"));
    CHECK_THROWS_AS(gif::write(folder / "missing" / "a.gif", frames, 100), error);
    CHECK_THROWS_AS(gif::write(folder / "b.gif", frames, 1), error);
    CHECK(std::distance(std::filesystem::directory_iterator(folder), {}) == 1);
    std::filesystem::remove_all(folder);
}
