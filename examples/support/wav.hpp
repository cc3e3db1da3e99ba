// examples/support/wav.hpp -- sound as WAV files of 16-bit PCM, by hand
#pragma once

#include <vector>

#include "file.hpp"

namespace wav {

/// Samples of shape (channels, n) or, with one channel, (n).
using sound_view = faltung::tensor_view<float const, 2>;
using mono_view = faltung::tensor_view<float const, 1>;

/// The bytes of a WAV file of `rate` samples a second: the integers nearest to 32767 v, clamped to -32767 and 32767;
/// NaN becomes 0. Errors: faltung::error that starts with `name` for no channel, for more channels or samples than fit,
/// and for a rate that the header cannot hold.
std::vector<std::uint8_t> encode(sound_view sound, faltung::index_t rate, std::filesystem::path const& name);
std::vector<std::uint8_t> encode(mono_view sound, faltung::index_t rate, std::filesystem::path const& name);

/// encode() into a file, all or nothing.
template <faltung::viewable Sound>
void write(std::filesystem::path const& path, Sound const& sound, faltung::index_t rate) {
    file::write(path, encode(faltung::as_view(sound), rate, path));
}

}  // namespace wav
