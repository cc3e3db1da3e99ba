// examples/support/png.hpp -- PNG files through libpng, as 8-bit pictures
#pragma once

#include <span>
#include <vector>

#include "file.hpp"
#include "picture.hpp"

namespace png {

/// A picture of shape (h, w, 1) or (h, w, 3) from the bytes of a PNG file of any kind: 16 bits are rounded to 8, fewer
/// are spread over 0 to 255, palettes are looked up, interlacing is undone; transparency, gamma and profiles are
/// ignored. Errors: faltung::error that starts with `name` and says what is wrong; sizes are checked before memory is
/// taken.
rgb_picture decode(std::span<std::uint8_t const> bytes, std::filesystem::path const& name);

/// The bytes of an 8-bit PNG file. Errors: faltung::error that starts with `name` for a picture that is empty, too
/// large, or has neither 1 nor 3 channels.
std::vector<std::uint8_t> encode(gray_view picture, std::filesystem::path const& name);
std::vector<std::uint8_t> encode(rgb_view picture, std::filesystem::path const& name);

/// decode() of a file. read_gray refuses a colour picture; read_rgb takes both.
gray_picture read_gray(std::filesystem::path const& path);
rgb_picture read_rgb(std::filesystem::path const& path);

/// encode() into a file, all or nothing.
template <faltung::viewable Picture>
void write(std::filesystem::path const& path, Picture const& picture) {
    file::write(path, encode(faltung::as_view(picture), path));
}

}  // namespace png
