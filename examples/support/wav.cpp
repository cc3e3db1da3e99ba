// examples/support/wav.cpp -- sound as WAV files of 16-bit PCM, by hand
#include "wav.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

namespace wav {
namespace {

using faltung::error;
using faltung::index_t;
using faltung::text;

constexpr index_t sample_bytes = 2, header_bytes = 44;

class little_endian {
    std::vector<std::uint8_t> bytes_;

public:
    explicit little_endian(index_t capacity) { bytes_.reserve(static_cast<std::size_t>(capacity)); }

    little_endian& put(std::string_view letters) {
        bytes_.insert(bytes_.end(), letters.begin(), letters.end());
        return *this;
    }
    little_endian& put(index_t number, int bytes) {
        for (int b = 0; b < bytes; ++b) bytes_.push_back(static_cast<std::uint8_t>(number >> 8 * b & 255));
        return *this;
    }
    std::vector<std::uint8_t> take() { return std::move(bytes_); }
};

index_t pulse_code(float v) {
    if (std::isnan(v)) return 0;
    return std::lround(std::clamp(v, -1.0f, 1.0f) * 32767.0);
}

}  // namespace

std::vector<std::uint8_t> encode(sound_view sound, index_t rate, std::filesystem::path const& name) {
    const index_t channels = sound.extent(0), count = sound.extent(1);
    constexpr index_t most_channels = std::numeric_limits<std::uint16_t>::max() / sample_bytes,
                      most_bytes = std::numeric_limits<std::uint32_t>::max();
    if (channels < 1 || channels > most_channels)
        throw error(text(name.string(), ": a sound of ", channels, " channels, not 1 to ", most_channels));
    const index_t frame_bytes = channels * sample_bytes;
    if (rate < 1 || rate > most_bytes / frame_bytes)
        throw error(text(name.string(), ": ", rate, " samples a second, not 1 to ", most_bytes / frame_bytes, " of ",
                         channels, channels == 1 ? " channel" : " channels"));
    const index_t data_bytes = file::checked_count({channels, count}, name) * sample_bytes;

    little_endian out(header_bytes + data_bytes);
    out.put("RIFF").put(header_bytes - 8 + data_bytes, 4).put("WAVE");
    out.put("fmt ").put(16, 4).put(1, 2).put(channels, 2).put(rate, 4);  // 16 bytes of format; 1 is PCM
    out.put(rate * frame_bytes, 4).put(frame_bytes, 2).put(8 * sample_bytes, 2);
    out.put("data").put(data_bytes, 4);
    for (index_t i = 0; i < count; ++i)
        for (index_t c = 0; c < channels; ++c) out.put(pulse_code(sound(c, i)), sample_bytes);
    return out.take();
}

std::vector<std::uint8_t> encode(mono_view sound, index_t rate, std::filesystem::path const& name) {
    return encode(expand(sound, 0), rate, name);
}

}  // namespace wav
