// examples/support/file.cpp -- whole files: read under a size limit, written so that none is ever half-written
#include "file.hpp"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <system_error>

namespace file {
namespace {

using faltung::error;
using faltung::text;

struct closer {
    void operator()(std::FILE* f) const noexcept { std::fclose(f); }
};
using handle = std::unique_ptr<std::FILE, closer>;

std::string reason(int code) { return std::generic_category().message(code); }

struct removed_unless_renamed {
    std::filesystem::path path;
    ~removed_unless_renamed() {
        std::error_code ignored;
        if (!path.empty()) std::filesystem::remove(path, ignored);
    }
};

// A name of its own for every writer, so that two programs that write the same picture do not share a half-written
// file.
std::filesystem::path temporary_name(std::filesystem::path const& path) {
    std::filesystem::path name = path;
    name += text(".", std::random_device{}(), ".part");
    return name;
}

}  // namespace

std::vector<std::uint8_t> read(std::filesystem::path const& path, index_t limit) {
    std::error_code code;
    const auto status = std::filesystem::status(path, code);
    if (!std::filesystem::exists(status)) throw error(text(path.string(), ": no such file"));
    if (!std::filesystem::is_regular_file(status)) throw error(text(path.string(), ": not a regular file"));
    const std::uintmax_t size = std::filesystem::file_size(path, code);
    if (code) throw error(text(path.string(), ": ", code.message()));
    if (size > static_cast<std::uintmax_t>(limit))
        throw error(text(path.string(), ": ", size, " bytes, more than the ", limit, " that are read"));

    const handle f(std::fopen(path.c_str(), "rb"));
    if (!f) throw error(text(path.string(), ": cannot be opened: ", reason(errno)));
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
    const std::size_t count = bytes.empty() ? 0 : std::fread(bytes.data(), 1, bytes.size(), f.get());
    if (count != bytes.size()) throw error(text(path.string(), ": ", count, " bytes could be read of ", bytes.size()));
    return bytes;
}

void write(std::filesystem::path const& path, std::span<std::uint8_t const> bytes) {
    removed_unless_renamed temporary{temporary_name(path)};
    std::FILE* raw = std::fopen(temporary.path.c_str(), "wbx");
    if (!raw) {
        const int code = errno;
        temporary.path.clear();
        throw error(text(path.string(), ": cannot be created: ", reason(code)));
    }
    handle f(raw);
    const std::size_t count = bytes.empty() ? 0 : std::fwrite(bytes.data(), 1, bytes.size(), f.get());
    if (count != bytes.size() || std::fflush(f.get()) != 0)
        throw error(text(path.string(), ": cannot write ", bytes.size(), " bytes: ", reason(errno)));
    if (std::fclose(f.release()) != 0)
        throw error(text(path.string(), ": cannot write ", bytes.size(), " bytes: ", reason(errno)));
    std::error_code code;
    std::filesystem::rename(temporary.path, path, code);
    if (code) throw error(text(path.string(), ": cannot be replaced: ", code.message()));
    temporary.path.clear();
}

index_t checked_count(faltung::shape const& n, std::filesystem::path const& path) {
    index_t count = 1;
    for (index_t extent : n) {
        // both factors are at most max_samples = 2^28 here: the product cannot overflow
        const bool fits = extent >= 0 && extent <= max_samples && count * extent <= max_samples;
        if (!fits) throw error(text(path.string(), ": ", n, " samples, more than the ", max_samples, " that are read"));
        count *= extent;
    }
    return count;
}

std::filesystem::path output_folder(int count, char const* const* arguments) {
    const std::filesystem::path folder = count > 1 ? arguments[1] : ".";
    std::error_code code;
    std::filesystem::create_directories(folder, code);
    if (!std::filesystem::is_directory(folder))
        throw error(text(folder.string(), ": not a folder", code ? ", and cannot be made one: " + code.message() : ""));
    return folder;
}

}  // namespace file
