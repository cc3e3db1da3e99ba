// examples/support/npy.cpp -- the header of a .npy file: a Python dictionary of three entries
#include "npy.hpp"

namespace npy::detail {
namespace {

using faltung::index_t;
using faltung::text;

constexpr std::string_view magic{"\x93NUMPY", 6};

// {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }: the entries in any order, white space anywhere.
struct dictionary_reader {
    std::string_view rest;
    std::filesystem::path const& name;

    [[noreturn]] void refuse(std::string const& reason) const {
        throw faltung::error(text(name.string(), ": not a .npy file that can be read: ", reason));
    }

    void skip_space() {
        while (!rest.empty() && (rest[0] == ' ' || (rest[0] >= '\t' && rest[0] <= '\r'))) rest.remove_prefix(1);
    }

    /// True, and one character further, when the next one that is not white space is c.
    bool takes(char c) {
        skip_space();
        const bool found = !rest.empty() && rest[0] == c;
        if (found) rest.remove_prefix(1);
        return found;
    }

    void expect(char c, char const* where) {
        if (!takes(c)) refuse(text("no ", std::string_view(&c, 1), " ", where));
    }

    std::string quoted(char const* what) {
        skip_space();
        const char quote = rest.empty() ? ' ' : rest[0];
        const std::size_t end = quote == '\'' || quote == '"' ? rest.find(quote, 1) : rest.npos;
        constexpr std::size_t longest = 64;
        if (end == rest.npos || end > longest)
            refuse(text("the ", what, " is no quoted text of up to ", longest - 1, " letters"));
        std::string inside(rest.substr(1, end - 1));
        rest.remove_prefix(end + 1);
        return inside;
    }

    index_t number() {
        skip_space();
        index_t value = 0;
        std::size_t digits = 0;
        for (; digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9'; ++digits) {
            value = 10 * value + (rest[digits] - '0');
            if (value > file::max_samples)
                refuse(text("an extent of ", value, " or more, the limit is ", file::max_samples));
        }
        if (digits == 0) refuse("an extent is no number");
        rest.remove_prefix(digits);
        return value;
    }

    faltung::shape tuple() {
        faltung::shape extents;
        expect('(', "in front of the extents");
        while (!takes(')')) {
            if (extents.rank() == faltung::max_rank) refuse(text("more than ", faltung::max_rank, " axes"));
            extents.push_back(number());
            if (takes(',')) continue;
            expect(')', "behind the extents");
            break;
        }
        return extents;
    }

    /// Fortran order is refused, so False is the only word that may stand here.
    void c_order() {
        skip_space();
        constexpr std::string_view yes = "True", no = "False";
        if (rest.starts_with(yes)) refuse("it is in Fortran order, only C order is read");
        if (!rest.starts_with(no)) refuse("fortran_order is neither True nor False");
        rest.remove_prefix(no.size());
    }
};

std::size_t little_endian(std::span<std::uint8_t const> bytes) {
    std::size_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) value = 256 * value + bytes[i];
    return value;
}

}  // namespace

header parse(std::span<std::uint8_t const> bytes, std::filesystem::path const& name) {
    dictionary_reader in{{}, name};
    if (bytes.size() < magic.size() + 2 || std::memcmp(bytes.data(), magic.data(), magic.size()) != 0)
        in.refuse(text("its ", bytes.size(), " bytes do not start with \\x93NUMPY and a version"));
    const int version = bytes[6], minor = bytes[7];
    if ((version != 1 && version != 2) || minor != 0)
        in.refuse(text("version ", version, ".", minor, ", only 1.0 and 2.0 are read"));
    const std::size_t length_bytes = version == 1 ? 2 : 4, start = magic.size() + 2 + length_bytes;
    if (bytes.size() < start) in.refuse(text("its ", bytes.size(), " bytes end in the length of the header"));
    const std::size_t length = little_endian(bytes.subspan(magic.size() + 2, length_bytes));
    if (length > bytes.size() - start)
        in.refuse(text("a header of ", length, " bytes, ", bytes.size() - start, " are there"));

    in.rest = {reinterpret_cast<char const*>(bytes.data()) + start, length};
    header h;
    bool have_descr = false, have_order = false, have_shape = false;
    const auto once = [&](bool& have, std::string const& key) {
        if (have) in.refuse(text("the entry ", key, " appears twice"));
        have = true;
    };
    in.expect('{', "at the start of the header");
    while (!in.takes('}')) {
        const std::string key = in.quoted("name of an entry");
        in.expect(':', "behind the name of an entry");
        if (key == "descr") {
            once(have_descr, key);
            h.element = in.quoted("element type");
        } else if (key == "fortran_order") {
            once(have_order, key);
            in.c_order();
        } else if (key == "shape") {
            once(have_shape, key);
            h.extents = in.tuple();
        } else {
            in.refuse(text("an unknown entry of ", key.size(), " letters in the header"));
        }
        if (in.takes(',')) continue;
        in.expect('}', "at the end of the header");
        break;
    }
    in.skip_space();
    if (!in.rest.empty()) in.refuse(text(in.rest.size(), " bytes behind the header's closing brace"));
    if (!have_descr || !have_order || !have_shape) in.refuse("descr, fortran_order or shape is missing");
    h.bytes = start + length;
    return h;
}

std::string header_text(std::string_view element, faltung::shape const& extents) {
    const std::string entries = text("{'descr': '", element, "', 'fortran_order': False, 'shape': ", extents, ", }");
    constexpr std::size_t alignment = 64, fixed = magic.size() + 4, newline = 1;
    const std::size_t padding = alignment - (fixed + entries.size() + newline) % alignment;
    const std::size_t length = entries.size() + padding % alignment + newline;
    std::string header(magic);
    header += '\1';
    header += '\0';
    header += static_cast<char>(length % 256);
    header += static_cast<char>(length / 256);
    header += entries;
    header.append(padding % alignment, ' ');
    header += '\n';
    return header;
}

}  // namespace npy::detail
