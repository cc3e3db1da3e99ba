// examples/support/npy.hpp -- NumPy's .npy files (versions 1 and 2, C order, little-endian), by hand
#pragma once

#include <bit>
#include <complex>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "file.hpp"

namespace npy {

namespace detail {

static_assert(std::endian::native == std::endian::little, "samples are copied as they lie in memory");

struct header {
    std::string element;  // NumPy's name: "<f4", "|u1", ...
    faltung::shape extents;
    std::size_t bytes = 0;  // where the samples start
};

/// Errors: faltung::error that starts with `name` unless the bytes begin with a well-formed header in C order.
header parse(std::span<std::uint8_t const> bytes, std::filesystem::path const& name);

/// The header of a version 1 file, padded so that the samples start at a multiple of 64 bytes.
std::string header_text(std::string_view element, faltung::shape const& extents);

}  // namespace detail

/// What a .npy file of ours may hold: integers, floating and complex numbers of up to 16 bytes; no bool, because a
/// byte other than 0 and 1 is not a bool in C++.
template <class T>
concept element = faltung::scalar<T> && !std::is_same_v<T, bool> && sizeof(faltung::real_t<T>) <= 8;

/// NumPy's name of an element type: byte order, kind, bytes.
template <element T>
std::string name_of_element() {
    constexpr char kind = faltung::is_complex<T>    ? 'c'
                          : faltung::is_floating<T> ? 'f'
                          : std::is_signed_v<T>     ? 'i'
                                                    : 'u';
    return std::string(1, sizeof(T) == 1 ? '|' : '<') + kind + std::to_string(sizeof(T));
}

/// The array in the bytes of a .npy file. Errors: faltung::error that starts with `name` when the file holds another
/// element type, rank or byte count than asked for; everything is compared before memory is taken.
template <element T, std::size_t Rank>
faltung::tensor<T, Rank> decode(std::span<std::uint8_t const> bytes, std::filesystem::path const& name) {
    using faltung::text;
    const detail::header h = detail::parse(bytes, name);
    if (h.element != name_of_element<T>())
        throw faltung::error(text(name.string(), ": holds ", h.element, ", ", name_of_element<T>(), " was asked for"));
    if (h.extents.rank() != static_cast<int>(Rank))
        throw faltung::error(text(name.string(), ": has shape ", h.extents, ", rank ", Rank, " was asked for"));
    const auto count = static_cast<std::size_t>(file::checked_count(h.extents, name));
    const std::size_t left = bytes.size() - h.bytes;
    if (left != count * sizeof(T))
        throw faltung::error(text(name.string(), ": ", h.extents, " samples are ", count * sizeof(T), " bytes, ", left,
                                  left < count * sizeof(T) ? " are there" : " are there: too many"));
    faltung::tensor<T, Rank> x{h.extents};
    if (count > 0) std::memcpy(x.data(), bytes.data() + h.bytes, left);
    return x;
}

/// The bytes of a version 1 file.
template <faltung::viewable X>
    requires element<faltung::element_t<X>> std::vector<std::uint8_t> encode(X const& x) {
        using T = faltung::element_t<X>;
        const auto packed = copy(x);
        const std::string header = detail::header_text(name_of_element<T>(), packed.shape());
        std::vector<std::uint8_t> bytes(header.begin(), header.end());
        auto const* const samples = reinterpret_cast<std::uint8_t const*>(packed.data());
        bytes.insert(bytes.end(), samples, samples + packed.count() * faltung::index_t{sizeof(T)});
        return bytes;
    }

/// decode() of a file, encode() into one (all or nothing).
template <element T, std::size_t Rank>
faltung::tensor<T, Rank> read(std::filesystem::path const& path) {
    return decode<T, Rank>(file::read(path), path);
}
template <faltung::viewable X>
void write(std::filesystem::path const& path, X const& x) {
    file::write(path, encode(x));
}

}  // namespace npy
