// examples/support/gif.hpp -- animated GIF files through giflib
#pragma once

#include <span>
#include <vector>

#include "file.hpp"
#include "picture.hpp"

namespace gif {

/// The bytes of a GIF89a file that shows all frames again and again, each for so many milliseconds.
/// Errors: faltung::error that starts with `name` for no frame, frames of different or impossible sizes, more than 256
/// colours in all frames together, or a time that is no multiple of 10 from 20 to 655350.
std::vector<std::uint8_t> encode(std::span<rgb_picture const> frames, faltung::index_t milliseconds,
                                 std::filesystem::path const& name);

/// encode() into a file, all or nothing.
void write(std::filesystem::path const& path, std::span<rgb_picture const> frames, faltung::index_t milliseconds);

}  // namespace gif
