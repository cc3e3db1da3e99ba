// tests/examples/decoded_gif.hpp -- what giflib's decoder sees in a file
#pragma once

#include <gif_lib.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "examples/support/picture.hpp"
#include "support/catch.hpp"

namespace faltung::testing {

struct decoded_gif {
    index_t height = 0, width = 0;
    std::vector<std::vector<std::uint8_t>> frames;  // of height x width x 3 samples
    std::vector<int> hundredths;
    bool repeats = false;
};

inline decoded_gif decode_gif(std::vector<std::uint8_t> const& bytes) {
    struct source {
        std::vector<std::uint8_t> const& bytes;
        std::size_t at = 0;
    } from{bytes};
    int code = 0;
    GifFileType* const file = DGifOpen(
        &from,
        [](GifFileType* f, GifByteType* to, int count) {
            auto& s = *static_cast<source*>(f->UserData);
            const std::size_t some = std::min(static_cast<std::size_t>(count), s.bytes.size() - s.at);
            std::memcpy(to, s.bytes.data() + s.at, some);
            s.at += some;
            return static_cast<int>(some);
        },
        &code);
    REQUIRE(file != nullptr);
    REQUIRE(DGifSlurp(file) == GIF_OK);
    decoded_gif d{file->SHeight, file->SWidth, {}, {}, false};
    for (int k = 0; k < file->ImageCount; ++k) {
        SavedImage const& image = file->SavedImages[k];
        auto& frame = d.frames.emplace_back();
        for (int p = 0; p < image.ImageDesc.Width * image.ImageDesc.Height; ++p) {
            GifColorType const& c = file->SColorMap->Colors[image.RasterBits[p]];
            for (std::uint8_t channel : {c.Red, c.Green, c.Blue}) frame.push_back(channel);
        }
        GraphicsControlBlock control;
        REQUIRE(DGifSavedExtensionToGCB(file, k, &control) == GIF_OK);
        d.hundredths.push_back(control.DelayTime);
        for (int e = 0; e < image.ExtensionBlockCount; ++e) {
            ExtensionBlock const& block = image.ExtensionBlocks[e];
            d.repeats = d.repeats || (block.ByteCount == 11 && std::memcmp(block.Bytes, "NETSCAPE2.0", 11) == 0);
        }
    }
    CHECK(DGifCloseFile(file, &code) == GIF_OK);
    return d;
}

}  // namespace faltung::testing
