// tests/examples/file.test.cpp -- files are read under a limit and written whole or not at all
#include "examples/support/file.hpp"

#include <algorithm>
#include <string>

#include "support/catch.hpp"

using faltung::error;
using faltung::testing::message_of;
namespace fs = std::filesystem;

namespace {

struct empty_folder {
    fs::path path = "files_of_the_test";
    empty_folder() {
        fs::remove_all(path);
        fs::create_directory(path);
    }
    ~empty_folder() { fs::remove_all(path); }
    std::ptrdiff_t entries() const { return std::distance(fs::directory_iterator(path), fs::directory_iterator()); }
};

}  // namespace

TEST_CASE("file::write replaces a file as a whole and leaves nothing else behind") {
    const empty_folder folder;
    const fs::path path = folder.path / "a name with spaces.bin";
    const std::vector<std::uint8_t> longer{1, 2, 3, 0, 255}, shorter{9};
    file::write(path, longer);
    CHECK(file::read(path) == longer);
    file::write(path, shorter);
    CHECK(file::read(path) == shorter);
    file::write(path, {});
    CHECK(file::read(path).empty());
    CHECK(folder.entries() == 1);
}

TEST_CASE("file::write says why it cannot, and leaves nothing behind") {
    const empty_folder folder;
    const std::vector<std::uint8_t> bytes{1};
    CHECK(message_of<error>([&] { file::write(folder.path / "missing/x", bytes); }) ==
          "files_of_the_test/missing/x: cannot be created: No such file or directory");
    fs::create_directory(folder.path / "taken");
    CHECK(message_of<error>([&] { file::write(folder.path / "taken", bytes); }) ==
          "files_of_the_test/taken: cannot be replaced: Is a directory");
    CHECK(folder.entries() == 1);
}

TEST_CASE("file::read checks before it reads") {
    const empty_folder folder;
    const fs::path path = folder.path / "x";
    file::write(path, std::vector<std::uint8_t>(11));
    CHECK(file::read(path, 11).size() == 11);
    CHECK(message_of<error>([&] { file::read(path, 10); }) ==
          "files_of_the_test/x: 11 bytes, more than the 10 that are read");
    CHECK(message_of<error>([&] { file::read(folder.path / "y"); }) == "files_of_the_test/y: no such file");
    CHECK(message_of<error>([&] { file::read(folder.path); }) == "files_of_the_test: not a regular file");
}

TEST_CASE("file::checked_count multiplies only what fits") {
    CHECK(file::checked_count({3, 4, 5}, "x") == 60);
    CHECK(file::checked_count({0, 7}, "x") == 0);
    CHECK(file::checked_count({1 << 14, 1 << 14}, "x") == 268435456);
    CHECK(message_of<error>([] {
              file::checked_count({1 << 14, 1 << 14, 2}, "x");
          }) == "x: (16384, 16384, 2) samples, more than the 268435456 that are read");
    const std::ptrdiff_t huge = std::ptrdiff_t{1} << 62;
    CHECK(message_of<error>([&] {
              file::checked_count({huge, huge, 0}, "x");
          }) == "x: (4611686018427387904, 4611686018427387904, 0) samples, more than the 268435456 that are read");
}

TEST_CASE("file::output_folder makes the folder that the first argument names") {
    const empty_folder folder;
    char const* const arguments[] = {"program", "files_of_the_test/a/b"};
    CHECK(file::output_folder(1, arguments) == ".");
    CHECK(file::output_folder(2, arguments) == "files_of_the_test/a/b");
    CHECK(fs::is_directory("files_of_the_test/a/b"));
    CHECK(file::output_folder(2, arguments) == "files_of_the_test/a/b");

    file::write(folder.path / "file", std::vector<std::uint8_t>{1});
    char const* const taken[] = {"program", "files_of_the_test/file"};
    CHECK(
        message_of<error>([&] { file::output_folder(2, taken); }).starts_with("files_of_the_test/file: not a folder"));
}
