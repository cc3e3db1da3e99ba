// examples/support/picture.hpp -- 8-bit pictures as tensors: gray is (h, w), colour is (h, w, 3)
#pragma once

#include <cstdint>
#include <filesystem>

#include <faltung/view.hpp>

using gray_picture = faltung::tensor<std::uint8_t, 2>;
using rgb_picture = faltung::tensor<std::uint8_t, 3>;
using gray_view = faltung::tensor_view<std::uint8_t const, 2>;
using rgb_view = faltung::tensor_view<std::uint8_t const, 3>;

/// What a decoder delivers, shape (h, w, 1) or (h, w, 3), as a gray picture.
/// Errors: faltung::error naming the file when it holds a colour picture.
gray_picture as_gray(rgb_view decoded, std::filesystem::path const& path);

/// The same, or a gray picture, as a colour picture: gray is repeated into the three channels.
rgb_picture as_rgb(rgb_view decoded);
rgb_picture as_rgb(gray_view gray);

/// The bytes nearest to (v - low) / (high - low) * 255, clamped to 0 and 255; NaN becomes 0.
gray_picture as_bytes(faltung::tensor_view<float const, 2> x, float low, float high);

/// Brightness 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), from 0 to 255.
faltung::tensor<float, 2> brightness(rgb_view rgb);
