// examples/support/pnm.hpp -- binary PGM (P5) and PPM (P6) files, by hand
#pragma once

#include <span>
#include <string>
#include <vector>

#include "file.hpp"
#include "picture.hpp"

namespace pnm {

namespace detail {

// The text part: magic, width, height, largest value, with white space and # comments between them.
struct header_reader {
    std::span<std::uint8_t const> bytes;
    std::filesystem::path const& name;
    std::size_t position = 0;

    [[noreturn]] void refuse(std::string const& reason) const {
        throw faltung::error(
            faltung::text(name.string(), ": not a PGM or PPM that can be read (", bytes.size(), " bytes): ", reason));
    }

    std::uint8_t next(char const* what) {
        if (position == bytes.size()) refuse(faltung::text("the data ends in the ", what));
        return bytes[position++];
    }

    static bool is_space(std::uint8_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
    static bool is_digit(std::uint8_t c) { return c >= '0' && c <= '9'; }

    /// A number and the one character of white space behind it.
    faltung::index_t number(char const* what) {
        std::uint8_t c = next(what);
        while (is_space(c) || c == '#') {
            if (c == '#')
                while (c != '\n' && c != '\r') c = next(what);
            c = next(what);
        }
        faltung::index_t value = 0;
        if (!is_digit(c)) refuse(faltung::text("the ", what, " is no number"));
        for (; is_digit(c); c = next(what)) {
            value = 10 * value + (c - '0');
            if (value > file::max_samples)
                refuse(faltung::text("the ", what, " is ", value, " or more, the limit ", file::max_samples));
        }
        if (!is_space(c)) refuse(faltung::text("no white space behind the ", what, " ", value));
        return value;
    }
};

inline std::vector<std::uint8_t> with_header(char const* magic, rgb_view picture) {
    const std::string header = faltung::text(magic, "\n", picture.extent(1), " ", picture.extent(0), "\n255\n");
    const rgb_picture packed = copy(picture);
    std::vector<std::uint8_t> bytes(header.begin(), header.end());
    bytes.insert(bytes.end(), packed.begin(), packed.end());
    return bytes;
}

}  // namespace detail

/// A picture of shape (h, w, 1) from P5, (h, w, 3) from P6. Samples up to another largest value than 255 (8 or 16 bits)
/// are rounded to 0 to 255. Only the first picture of a file is read.
/// Errors: faltung::error that starts with `name`; sizes are compared with the bytes there are before memory is taken.
inline rgb_picture decode(std::span<std::uint8_t const> bytes, std::filesystem::path const& name) {
    using faltung::index_t;
    detail::header_reader in{bytes, name};
    const std::uint8_t p = in.next("magic"), kind = in.next("magic");
    if (p != 'P' || (kind != '5' && kind != '6'))
        in.refuse(faltung::text("it starts with the bytes ", p, " ", kind, ", not with P5 or P6"));
    const index_t width = in.number("width"), height = in.number("height"), largest = in.number("largest value");
    if (width == 0 || height == 0) in.refuse(faltung::text("an empty picture, ", height, " rows of ", width));
    if (largest < 1 || largest > 65535) in.refuse(faltung::text("the largest value is ", largest, ", not 1 to 65535"));

    const faltung::shape extents{height, width, kind == '6' ? 3 : 1};
    const index_t count = file::checked_count(extents, name), sample_bytes = largest > 255 ? 2 : 1;
    const auto left = static_cast<index_t>(bytes.size() - in.position);
    if (left < count * sample_bytes)
        in.refuse(faltung::text(extents, " samples need ", count * sample_bytes, " bytes, ", left, " are there"));

    rgb_picture picture{extents};
    std::uint8_t const* from = bytes.data() + in.position;
    for (index_t i = 0; i < count; ++i, from += sample_bytes) {
        const int v = sample_bytes == 2 ? 256 * from[0] + from[1] : from[0];
        if (v > largest) in.refuse(faltung::text("sample ", i, " is ", v, ", above the largest value ", largest));
        picture.data()[i] = static_cast<std::uint8_t>((510 * v + largest) / (2 * largest));
    }
    return picture;
}

/// The bytes of a P5 or P6 file.
inline std::vector<std::uint8_t> encode(gray_view picture) { return detail::with_header("P5", expand(picture, 2)); }
inline std::vector<std::uint8_t> encode(rgb_view picture) { return detail::with_header("P6", picture); }

/// decode() of a file. read_gray refuses a colour picture; read_rgb takes both.
inline gray_picture read_gray(std::filesystem::path const& path) {
    const rgb_picture decoded = decode(file::read(path), path);
    return as_gray(decoded.view(), path);
}
inline rgb_picture read_rgb(std::filesystem::path const& path) {
    const rgb_picture decoded = decode(file::read(path), path);
    return as_rgb(decoded.view());
}

/// encode() into a file, all or nothing.
template <faltung::viewable Picture>
void write(std::filesystem::path const& path, Picture const& picture) {
    file::write(path, encode(faltung::as_view(picture)));
}

}  // namespace pnm
