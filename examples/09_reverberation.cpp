// examples/09_reverberation.cpp -- plucked notes in a hall: a kernel of 66150 taps, at once and as the sound arrives

#include <algorithm>
#include <cmath>
#include <functional>
#include <iostream>
#include <random>

#include <faltung/convolve.hpp>
#include <faltung/stream.hpp>

#include "support/canvas.hpp"
#include "support/png.hpp"
#include "support/wav.hpp"

using namespace faltung;

namespace {

constexpr index_t rate = 44100;  // samples a second
using sound = tensor<float, 1>;

/// Strings that are plucked a quarter of a second apart; a partial dies away the faster, the higher it is.
sound plucked(std::initializer_list<double> hertz) {
    sound x{{rate + static_cast<index_t>(hertz.size()) * rate / 4}};
    index_t first = 0;
    for (double f : hertz) {
        for (index_t i = first; i < x.extent(0); ++i)
            for (int k = 1; k <= 8; ++k) {
                const double t = static_cast<double>(i - first) / rate;
                x(i) += static_cast<float>(0.2 / k * std::exp(-4 * k * t) * std::sin(6.283185307179586 * k * f * t));
            }
        first += rate / 4;
    }
    return x;
}

/// How a hall answers a clap: the clap, then noise that falls by 60 decibels in `seconds`.
sound hall(double seconds) {
    sound h{{static_cast<index_t>(seconds * rate)}};
    std::mt19937 random(9);
    for (index_t i = 0; i < h.extent(0); ++i) {
        const double noise = static_cast<double>(random()) / 0x1p31 - 1;
        h(i) = static_cast<float>(0.05 * noise * std::pow(10, -3 * static_cast<double>(i) / (seconds * rate)));
    }
    h(0) = 1;
    return h;
}

float loudest(sound const& x) {
    const auto [low, high] = std::minmax_element(x.begin(), x.end());
    return std::max(-*low, *high);
}

/// A column of pixels for every 900th part of a sound, from its lowest sample to its highest.
rgb_picture waveform(sound const& x, float most) {
    constexpr index_t width = 900, half = 60;
    canvas c(2 * half + 1, width, colours::white);
    for (index_t j = 0; j < width; ++j) {
        const auto part = slice(x, range{j * x.extent(0) / width, (j + 1) * x.extent(0) / width});
        const auto [low, high] = std::minmax_element(part.data(), part.data() + part.extent(0));
        c.line({half - std::lround(*low / most * half), j}, {half - std::lround(*high / most * half), j},
               colours::black);
    }
    return c.picture();
}

}  // namespace

int main(int argc, char** argv) try {
    const std::filesystem::path folder = file::output_folder(argc, argv);
    const sound notes = plucked({220, 277.18, 329.63, 440, 329.63, 277.18, 220}), room = hall(1.5);

    // [offline]
    const sound heard = convolve(notes, room);  // 187424 samples, by transforms
    // [/offline]
    sound arriving{heard.shape()};
    std::copy(notes.begin(), notes.end(), arriving.begin());  // and then silence

    std::cout << "[stream]\n";
    // [stream]
    stream_convolver<float> live{room, {.block = 512, .latency = latency::zero}};
    sound leaving{arriving.shape()};
    index_t pieces = 0;
    for (range piece{0, 0}; piece.last < arriving.extent(0); ++pieces) {
        piece = {piece.last, std::min(piece.last + 1 + pieces * 74 % 1000, arriving.extent(0))};  // 1, 75, 149, ...
        live.process(slice(arriving, piece), slice(leaving, piece));                              // allocates nothing
    }
    std::cout << text(pieces, " pieces, each output ", live.latency(), " samples late\n");
    // [/stream]

    sound apart = heard;
    std::transform(apart.begin(), apart.end(), leaving.begin(), apart.begin(), std::minus<>{});
    std::cout << text("\nthe loudest sample is ", loudest(heard), ", at once and in pieces they are at most ",
                      loudest(apart), " apart\n");

    const tile tiles[] = {{"the notes, and then silence", waveform(arriving, 1)},
                          {"what the hall makes of a clap, ten times as loud", waveform(room, 0.1f)},
                          {"the notes in the hall, by convolve", waveform(heard, 1)},
                          {"the same by stream_convolver, in pieces of odd lengths", waveform(leaving, 1)},
                          {"their difference, 500000 times as large", waveform(apart, 2e-6f)}};
    png::write(folder / "09_reverberation.png", contact_sheet(tiles, {.columns = 1}));
    wav::write(folder / "09_notes.wav", notes, rate);
    wav::write(folder / "09_convolve.wav", heard, rate);
    wav::write(folder / "09_stream.wav", leaving, rate);
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
