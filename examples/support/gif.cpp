// examples/support/gif.cpp -- animated GIF files through giflib
#include "gif.hpp"

#include <gif_lib.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace gif {
namespace {

using faltung::error;
using faltung::index_t;
using faltung::text;

using rgb = std::uint32_t;  // red, green and blue, a byte each

rgb pixel(std::uint8_t const* samples) { return static_cast<rgb>(samples[0] << 16 | samples[1] << 8 | samples[2]); }

/// All colours of all frames, in order.
std::vector<rgb> palette_of(std::span<rgb_picture const> frames, std::filesystem::path const& name) {
    std::vector<rgb> all;
    for (rgb_picture const& f : frames) {
        for (std::uint8_t const* samples = f.begin(); samples != f.end(); samples += 3) {
            const rgb colour = pixel(samples);
            if (all.empty() || all.back() != colour) all.push_back(colour);
        }
        std::sort(all.begin(), all.end());
        all.erase(std::unique(all.begin(), all.end()), all.end());
    }
    if (all.size() > 256) throw error(text(name.string(), ": ", all.size(), " colours, at most 256 are possible"));
    return all;
}

/// One run of the encoder. giflib closes the file even where it fails.
class encoder {
    GifFileType* file_ = nullptr;
    std::filesystem::path name_;
    std::vector<std::uint8_t> bytes_;

    static int append(GifFileType* file, GifByteType const* from, int count) {
        auto& bytes = *static_cast<std::vector<std::uint8_t>*>(file->UserData);
        bytes.insert(bytes.end(), from, from + count);
        return count;
    }

    [[noreturn]] void refuse(int code) const {
        char const* const reason = GifErrorString(code);
        throw error(text(name_.string(), ": ", reason ? reason : "giflib failed"));
    }

public:
    explicit encoder(std::filesystem::path name) : name_(std::move(name)) {
        int code = 0;
        file_ = EGifOpen(&bytes_, append, &code);
        if (!file_) refuse(code);
        EGifSetGifVersion(file_, true);
    }
    encoder(encoder const&) = delete;
    encoder& operator=(encoder const&) = delete;
    ~encoder() {
        int ignored = 0;
        if (file_) EGifCloseFile(file_, &ignored);
    }

    template <class Step, class... Arguments>
    void run(Step step, Arguments... arguments) {
        if (step(file_, arguments...) == GIF_ERROR) refuse(file_->Error);
    }

    std::vector<std::uint8_t> finish() {
        int code = 0;
        const bool is_closed = EGifCloseFile(std::exchange(file_, nullptr), &code) == GIF_OK;
        if (!is_closed) refuse(code);
        return std::move(bytes_);
    }
};

struct free_colour_map {
    void operator()(ColorMapObject* map) const noexcept { GifFreeMapObject(map); }
};

}  // namespace

std::vector<std::uint8_t> encode(std::span<rgb_picture const> frames, index_t milliseconds,
                                 std::filesystem::path const& name) {
    if (frames.empty()) throw error(text(name.string(), ": no frame"));
    const index_t height = frames.front().extent(0), width = frames.front().extent(1);
    if (height < 1 || width < 1 || height > 65535 || width > 65535)
        throw error(text(name.string(), ": frames of ", height, " x ", width, " pixels; 1 to 65535 are possible"));
    for (rgb_picture const& f : frames)
        if (!(f.shape() == faltung::shape{height, width, 3}))
            throw error(
                text(name.string(), ": a frame of shape ", f.shape(), " behind one of ", frames.front().shape()));
    if (milliseconds < 20 || milliseconds > 655350 || milliseconds % 10 != 0)
        throw error(
            text(name.string(), ": ", milliseconds, " ms a frame; multiples of 10 from 20 to 655350 are possible"));

    const std::vector<rgb> palette = palette_of(frames, name);
    int bits = 1;
    while ((std::size_t{1} << bits) < palette.size()) ++bits;
    const std::unique_ptr<ColorMapObject, free_colour_map> map(GifMakeMapObject(1 << bits, nullptr));
    if (!map) throw std::bad_alloc();
    for (std::size_t k = 0; k < palette.size(); ++k) {
        const auto channel = [&](int bits_below) { return static_cast<GifByteType>(palette[k] >> bits_below & 255); };
        map->Colors[k] = {channel(16), channel(8), channel(0)};
    }

    const int h = static_cast<int>(height), w = static_cast<int>(width);
    encoder to(name);
    to.run(EGifPutScreenDesc, w, h, bits, 0, map.get());
    const std::uint8_t for_ever[] = {1, 0, 0};
    to.run(EGifPutExtensionLeader, APPLICATION_EXT_FUNC_CODE);
    to.run(EGifPutExtensionBlock, 11, "NETSCAPE2.0");
    to.run(EGifPutExtensionBlock, 3, for_ever);
    to.run(EGifPutExtensionTrailer);

    const GraphicsControlBlock control{DISPOSE_DO_NOT, false, static_cast<int>(milliseconds / 10),
                                       NO_TRANSPARENT_COLOR};
    std::vector<GifPixelType> row(static_cast<std::size_t>(width));
    for (rgb_picture const& f : frames) {
        std::uint8_t const* samples = f.begin();
        GifByteType extension[4];
        EGifGCBToExtension(&control, extension);
        to.run(EGifPutExtension, GRAPHICS_EXT_FUNC_CODE, 4, extension);
        to.run(EGifPutImageDesc, 0, 0, w, h, false, nullptr);
        for (index_t i = 0; i < height; ++i) {
            auto found = palette.begin();  // mostly the colour of the pixel before
            for (index_t j = 0; j < width; ++j, samples += 3) {
                const rgb colour = pixel(samples);
                if (*found != colour) found = std::lower_bound(palette.begin(), palette.end(), colour);
                row[static_cast<std::size_t>(j)] = static_cast<GifPixelType>(found - palette.begin());
            }
            to.run(EGifPutLine, row.data(), w);
        }
    }
    return to.finish();
}

void write(std::filesystem::path const& path, std::span<rgb_picture const> frames, index_t milliseconds) {
    file::write(path, encode(frames, milliseconds, path));
}

}  // namespace gif
