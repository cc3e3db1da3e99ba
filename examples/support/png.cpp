// examples/support/png.cpp -- PNG files through libpng, as 8-bit pictures
#include "png.hpp"

#include <png.h>

#include <csetjmp>
#include <cstdio>
#include <cstring>

namespace png {
namespace {

using faltung::error;
using faltung::index_t;
using faltung::text;

// One run of the decoder. libpng leaves a failing call with longjmp, so whatever needs a destructor lives here or in
// the caller, never in a function that libpng may jump out of.
struct decoder {
    std::span<std::uint8_t const> bytes;
    std::size_t position = 0;
    char reason[160] = "not enough memory";
    png_structp png = nullptr;
    png_infop info = nullptr;

    explicit decoder(std::span<std::uint8_t const> all) : bytes(all) {}
    decoder(decoder const&) = delete;
    decoder& operator=(decoder const&) = delete;
    ~decoder() { png_destroy_read_struct(&png, &info, nullptr); }
};

[[noreturn]] void remember(png_structp png, png_const_charp message) {
    auto& d = *static_cast<decoder*>(png_get_error_ptr(png));
    std::snprintf(d.reason, sizeof d.reason, "%s", message);
    png_longjmp(png, 1);
}

void ignore(png_structp, png_const_charp) {}

void deliver(png_structp png, png_bytep to, std::size_t count) {
    auto& d = *static_cast<decoder*>(png_get_io_ptr(png));
    if (count > d.bytes.size() - d.position) png_error(png, "the data ends too early");
    std::memcpy(to, d.bytes.data() + d.position, count);
    d.position += count;
}

template <class Step>
bool completes(png_structp png, Step const& step) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    step();
    return true;
}

struct layout {
    index_t height, width, channels, packed_row_bytes;
};

layout read_header(decoder& d) {
    png_set_user_limits(d.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // ours are checked below, with numbers
    png_set_read_fn(d.png, &d, deliver);
    png_read_info(d.png, d.info);
    const auto packed = static_cast<index_t>(png_get_rowbytes(d.png, d.info));
    png_set_scale_16(d.png);
    png_set_expand_gray_1_2_4_to_8(d.png);
    png_set_palette_to_rgb(d.png);
    png_set_strip_alpha(d.png);
    return {png_get_image_height(d.png, d.info), png_get_image_width(d.png, d.info),
            (png_get_color_type(d.png, d.info) & PNG_COLOR_MASK_COLOR) != 0 ? 3 : 1, packed};
}

void read_rows(decoder& d, layout const& n, std::uint8_t* to) {
    const int passes = png_set_interlace_handling(d.png);
    png_read_update_info(d.png, d.info);
    const auto row_bytes = static_cast<std::size_t>(n.width * n.channels);
    if (png_get_rowbytes(d.png, d.info) != row_bytes) png_error(d.png, "an unforeseen kind of sample");
    for (int pass = 0; pass < passes; ++pass)
        for (index_t i = 0; i < n.height; ++i)
            png_read_row(d.png, to + static_cast<std::size_t>(i) * row_bytes, nullptr);
    png_read_end(d.png, nullptr);
}

std::vector<std::uint8_t> encode_rows(std::uint8_t const* samples, faltung::shape const& n,
                                      std::filesystem::path const& name) {
    const index_t channels = n[2];
    if (n[0] == 0 || n[1] == 0 || (channels != 1 && channels != 3))
        throw error(
            text(name.string(), ": a picture of shape ", n, "; PNG needs rows and columns, and 1 or 3 channels"));
    file::checked_count(n, name);

    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.height = static_cast<png_uint_32>(n[0]);
    image.width = static_cast<png_uint_32>(n[1]);
    image.format = channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    std::vector<std::uint8_t> bytes(PNG_IMAGE_PNG_SIZE_MAX(image));
    png_alloc_size_t size = bytes.size();
    if (png_image_write_to_memory(&image, bytes.data(), &size, 0, samples, 0, nullptr) == 0)
        throw error(text(name.string(), ": a picture of shape ", n, " cannot be encoded: ", image.message));
    bytes.resize(size);
    return bytes;
}

}  // namespace

rgb_picture decode(std::span<std::uint8_t const> bytes, std::filesystem::path const& name) {
    decoder d(bytes);
    const auto refuse = [&] {
        return error(text(name.string(), ": not a PNG that can be read (", bytes.size(), " bytes): ", d.reason));
    };
    d.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &d, remember, ignore);
    if (d.png) d.info = png_create_info_struct(d.png);
    if (!d.info) throw refuse();

    layout n{};
    if (!completes(d.png, [&] { n = read_header(d); })) throw refuse();
    const faltung::shape extents{n.height, n.width, n.channels};
    file::checked_count(extents, name);
    // Deflate packs at most 1032 bytes into one: a small file that claims more is damaged, and costs no memory here.
    constexpr index_t best_ratio = 1032;
    const auto compressed = static_cast<index_t>(bytes.size());
    if (n.packed_row_bytes * n.height / best_ratio > compressed)
        throw error(text(name.string(), ": ", extents, " samples cannot be packed into ", compressed, " bytes"));

    rgb_picture picture{extents};
    std::uint8_t* const to = picture.data();
    if (!completes(d.png, [&] { read_rows(d, n, to); })) throw refuse();
    return picture;
}

std::vector<std::uint8_t> encode(rgb_view picture, std::filesystem::path const& name) {
    return encode_rows(copy(picture).data(), picture.shape(), name);
}
std::vector<std::uint8_t> encode(gray_view picture, std::filesystem::path const& name) {
    return encode(expand(picture, 2), name);
}

gray_picture read_gray(std::filesystem::path const& path) {
    const rgb_picture decoded = decode(file::read(path), path);
    return as_gray(decoded.view(), path);
}
rgb_picture read_rgb(std::filesystem::path const& path) {
    const rgb_picture decoded = decode(file::read(path), path);
    return as_rgb(decoded.view());
}

}  // namespace png
