// tests/examples/wav.test.cpp -- WAV files as the module wave of Python 3.11 writes them, and what they cannot hold
#include "examples/support/wav.hpp"

#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"

using faltung::error;
using faltung::index_t;
using faltung::tensor;
using faltung::testing::message_of;
using namespace std::string_literals;

namespace {

std::string text_of(std::vector<std::uint8_t> const& bytes) { return {bytes.begin(), bytes.end()}; }

/// The sample at a place of a file, as a reader puts its two bytes together.
int sample(std::vector<std::uint8_t> const& file, std::size_t place) {
    const int v = file.at(44 + 2 * place) + 256 * file.at(45 + 2 * place);
    return v < 32768 ? v : v - 65536;
}

std::vector<std::uint8_t> encode(std::vector<float> const& sound) {
    return wav::encode(faltung::as_view(sound), 8000, "some.wav");
}

}  // namespace

TEST_CASE("wav::encode writes the bytes that Python does") {
    const std::vector<float> mono{0.0f, 1.0f, -1.0f, 2.0f, -1e30f, 0.50002f, -0.0f};
    CHECK(text_of(wav::encode(faltung::as_view(mono), 44100, "some.wav")) ==
          "RIFF2\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0D\xac\0\0\x88X\1\0\2\0\x10\0data\x0e\0\0\0"
          "\0\0\xff\x7f\1\x80\xff\x7f\1\x80\0@\0\0"s);

    // two channels: left, right, left, right
    const tensor<float, 2> stereo{{2, 2}, {100 / 32767.0f, 200 / 32767.0f, -100 / 32767.0f, -200 / 32767.0f}};
    const std::string expected =
        "RIFF,\0\0\0WAVEfmt \x10\0\0\0\1\0\2\0@\x1f\0\0\0}\0\0\4\0\x10\0data\x08\0\0\0d\0\x9c\xff\xc8\0\x38\xff"s;
    CHECK(text_of(wav::encode(stereo.view(), 8000, "some.wav")) == expected);
    const tensor<float, 2> frames = copy(transpose(stereo));
    CHECK(text_of(wav::encode(transpose(frames), 8000, "some.wav")) == expected);

    CHECK(text_of(encode({})) == "RIFF$\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0@\x1f\0\0\x80>\0\0\2\0\x10\0data\0\0\0\0"s);
}

TEST_CASE("wav::encode: sizes count the bytes that there are") {
    for (index_t channels : {1, 2, 3})
        for (index_t count : {0, 1, 255, 256, 40000}) {
            const tensor<float, 2> silence{{channels, count}};
            const auto file = wav::encode(silence.view(), 8000, "some.wav");
            const auto number = [&](std::size_t at) {
                return file[at] + 256 * (file[at + 1] + 256 * (file[at + 2] + index_t{256} * file[at + 3]));
            };
            const auto bytes = static_cast<index_t>(file.size());
            INFO(channels << " channels of " << count);
            CHECK(bytes == 44 + 2 * channels * count);
            CHECK(number(4) == bytes - 8);
            CHECK(number(40) == bytes - 44);
            CHECK(number(28) == 8000 * 2 * channels);
        }
}

TEST_CASE("wav::encode rounds to nearest and clips what is too loud") {
    const float infinity = std::numeric_limits<float>::infinity();
    const auto file = encode({0.4f / 32767, 0.6f / 32767, -0.6f / 32767, 32766.4f / 32767, 1.0000001f, -1.0000001f,
                              infinity, -infinity, std::numeric_limits<float>::quiet_NaN()});
    const int expected[] = {0, 1, -1, 32766, 32767, -32767, 32767, -32767, 0};
    for (std::size_t i = 0; i < std::size(expected); ++i) CHECK(sample(file, i) == expected[i]);
}

TEST_CASE("wav::encode refuses what the header cannot hold, with the path and the numbers") {
    const auto refusal = [](faltung::shape const& n, index_t rate) {
        const float silence = 0;
        const wav::sound_view sound({&silence, 1}, n, {0, 0});
        return message_of<error>([&] { wav::encode(sound, rate, "some.wav"); });
    };
    CHECK(refusal({0, 5}, 8000) == "some.wav: a sound of 0 channels, not 1 to 32767");
    CHECK(refusal({32768, 0}, 8000) == "some.wav: a sound of 32768 channels, not 1 to 32767");
    CHECK(refusal({1, 1}, 0) == "some.wav: 0 samples a second, not 1 to 2147483647 of 1 channel");
    CHECK(refusal({1, 1}, -1) == "some.wav: -1 samples a second, not 1 to 2147483647 of 1 channel");
    CHECK(refusal({2, 1}, index_t{1} << 30) ==
          "some.wav: 1073741824 samples a second, not 1 to 1073741823 of 2 channels");
    CHECK(refusal({2, index_t{1} << 60}, 8000) ==
          "some.wav: (2, 1152921504606846976) samples, more than the 268435456 that are read");
}

TEST_CASE("wav files: written whole, or an error that names the file") {
    const tensor<float, 1> sound{{3}, {0.25f, -0.25f, 0.0f}};
    wav::write("written.wav", sound, 8000);
    CHECK(file::read("written.wav") == encode({0.25f, -0.25f, 0.0f}));
    std::filesystem::remove("written.wav");
    CHECK(message_of<error>([&] { wav::write("missing/written.wav", sound, 8000); }) ==
          "missing/written.wav: cannot be created: No such file or directory");
}
