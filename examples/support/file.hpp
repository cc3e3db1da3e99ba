// examples/support/file.hpp -- whole files: read under a size limit, written so that none is ever half-written
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include <faltung/view.hpp>

namespace file {

using faltung::index_t;

/// The largest file that is read, and the most samples that a file may claim to hold.
inline constexpr index_t max_bytes = index_t{1} << 28;
inline constexpr index_t max_samples = index_t{1} << 28;

/// All bytes of a file. Errors: faltung::error naming the file when it cannot be read, is not a regular file or has
/// more than `limit` bytes (checked before anything is allocated).
std::vector<std::uint8_t> read(std::filesystem::path const& path, index_t limit = max_bytes);

/// Write under a temporary name in the same folder, then rename: whoever looks sees the old file or the whole new one.
/// Errors: faltung::error naming the file and the system's reason; the temporary file is removed.
void write(std::filesystem::path const& path, std::span<std::uint8_t const> bytes);

/// The product of all extents, once it is known to be at most max_samples. Errors: faltung::error with the extents.
index_t checked_count(faltung::shape const& n, std::filesystem::path const& path);

/// Where an example writes: the folder that its first argument names, created if need be, or the current one.
std::filesystem::path output_folder(int count, char const* const* arguments);

}  // namespace file
