// examples/support/picture.cpp -- 8-bit pictures as tensors: gray is (h, w), colour is (h, w, 3)
#include "picture.hpp"

#include <cmath>

using faltung::index_t;

gray_picture as_gray(rgb_view decoded, std::filesystem::path const& path) {
    if (decoded.extent(2) != 1)
        throw faltung::error(
            faltung::text(path.string(), ": a colour picture of shape ", decoded.shape(), ", gray was asked for"));
    return copy(slice(decoded, faltung::all, faltung::all, 0));
}

rgb_picture as_rgb(rgb_view decoded) {
    return copy(faltung::broadcast_to<3>(decoded, {decoded.extent(0), decoded.extent(1), 3}));
}

rgb_picture as_rgb(gray_view gray) { return as_rgb(expand(gray, 2)); }

gray_picture as_bytes(faltung::tensor_view<float const, 2> x, float low, float high) {
    gray_picture bytes{x.shape()};
    for_each_index(x.shape(), [&](faltung::index_list const& i) {
        const float v = std::round((x(i) - low) / (high - low) * 255.0f);
        bytes(i) = static_cast<std::uint8_t>(v >= 255.0f ? 255.0f : v > 0.0f ? v : 0.0f);
    });
    return bytes;
}

faltung::tensor<float, 2> brightness(rgb_view rgb) {
    faltung::tensor<float, 2> y{{rgb.extent(0), rgb.extent(1)}};
    for (index_t i = 0; i < y.extent(0); ++i)
        for (index_t j = 0; j < y.extent(1); ++j)
            y(i, j) = 0.299f * rgb(i, j, 0) + 0.587f * rgb(i, j, 1) + 0.114f * rgb(i, j, 2);
    return y;
}
