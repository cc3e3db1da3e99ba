// tests/examples/npy.test.cpp -- .npy files as numpy.lib.format of NumPy 1.24.2 writes them
#include "examples/support/npy.hpp"

#include <limits>
#include <vector>

#include "support/catch.hpp"

using faltung::error;
using faltung::testing::message_of;
using namespace std::string_literals;

namespace {

std::vector<std::uint8_t> bytes_of(std::string const& s) { return {s.begin(), s.end()}; }

/// NumPy pads the header with spaces and a newline up to byte 128.
std::string version_1(std::string const& entries, std::string const& data) {
    const std::string start = "\x93NUMPY\1\0v\0"s + entries;
    return start + std::string(127 - start.size(), ' ') + "\n" + data;
}
std::string version_2(std::string const& entries, std::string const& data) {
    const std::string start = "\x93NUMPY\2\0t\0\0\0"s + entries;
    return start + std::string(127 - start.size(), ' ') + "\n" + data;
}

const std::string floats =
    version_1("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
              "\x00\x00\x80\x3f\x00\x00\x20\xc0\xcd\xcc\xcc\x3d\xe6\xb1\x61\x7f\x00\x00\x80\x7f\x00\x00\x00\x80"s);
const std::string integers = version_1("{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }",
                                       "\x01\0\0\0\0\0\0\0\xfe\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\x40"s);
const std::string bytes =
    version_1("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2, 2), }", "\0\1\2\3\4\5\6\7"s);
const std::string doubles = version_2("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1), }",
                                      "\0\0\0\0\0\0\xe0\x3f\x55\x55\x55\x55\x55\x55\xd5\x3f"s);
const std::string complex = version_1("{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }",
                                      "\0\0\x80\x3f\0\0\0\x40\0\0\0\x80\0\0\x40\xc0"s);
const std::string none = version_1("{'descr': '<i2', 'fortran_order': False, 'shape': (0, 3), }", "");

template <class T, std::size_t Rank>
faltung::tensor<T, Rank> decode(std::string const& file) {
    return npy::decode<T, Rank>(bytes_of(file), "some.npy");
}

template <class T, std::size_t Rank>
std::string refusal(std::string const& file) {
    return message_of<error>([&] { decode<T, Rank>(file); });
}

template <class T, std::size_t Rank>
std::vector<T> values_of(faltung::tensor<T, Rank> const& x) {
    return {x.begin(), x.end()};
}

template <class T, std::size_t Rank>
void check(std::string const& file, faltung::tensor<T, Rank> const& expected) {
    const auto x = decode<T, Rank>(file);
    REQUIRE(x.shape() == expected.shape());
    CHECK(values_of(x) == values_of(expected));
}

}  // namespace

TEST_CASE("npy::decode reads NumPy's files, encode writes the same bytes") {
    using faltung::tensor;
    const float infinity = std::numeric_limits<float>::infinity();
    const tensor<float, 2> f{{2, 3}, {1.0f, -2.5f, 0.1f, 3e38f, infinity, -0.0f}};
    const tensor<std::int64_t, 1> i{{3}, {1, -2, std::int64_t{1} << 62}};
    const tensor<std::uint8_t, 3> u{{2, 2, 2}, {0, 1, 2, 3, 4, 5, 6, 7}};
    const tensor<std::complex<float>, 1> c{{2}, {{1.0f, 2.0f}, {-0.0f, -3.0f}}};
    check(floats, f);
    check(integers, i);
    check(bytes, u);
    check(complex, c);
    check(doubles, tensor<double, 2>{{2, 1}, {0.5, 1.0 / 3}});
    check(none, tensor<std::int16_t, 2>{{0, 3}});

    CHECK(npy::encode(f) == bytes_of(floats));
    CHECK(npy::encode(i) == bytes_of(integers));
    CHECK(npy::encode(u) == bytes_of(bytes));
    CHECK(npy::encode(c) == bytes_of(complex));
    CHECK(npy::encode(tensor<std::int16_t, 2>{{0, 3}}) == bytes_of(none));
    CHECK(npy::encode(slice(u, faltung::all, 1, faltung::all)) ==
          bytes_of(version_1("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), }", "\2\3\6\7")));
}

TEST_CASE("npy::decode refuses a file that is cut off anywhere, and one that goes on") {
    for (std::size_t n = 0; n < floats.size(); ++n) {
        INFO(n << " bytes");
        CHECK(refusal<float, 2>(floats.substr(0, n)).starts_with("some.npy: "));
    }
    for (std::size_t n = 0; n < doubles.size(); ++n) {
        INFO(n << " bytes");
        CHECK(refusal<double, 2>(doubles.substr(0, n)).starts_with("some.npy: "));
    }
    CHECK(refusal<float, 2>(floats.substr(0, 151)) == "some.npy: (2, 3) samples are 24 bytes, 23 are there");
    CHECK(refusal<float, 2>(floats + "x") == "some.npy: (2, 3) samples are 24 bytes, 25 are there: too many");
}

TEST_CASE("npy::decode refuses another element type or rank than asked for") {
    CHECK(refusal<double, 2>(floats) == "some.npy: holds <f4, <f8 was asked for");
    CHECK(refusal<std::int32_t, 2>(floats) == "some.npy: holds <f4, <i4 was asked for");
    CHECK(refusal<float, 1>(floats) == "some.npy: has shape (2, 3), rank 1 was asked for");
    CHECK(refusal<float, 1>(version_1("{'descr': '>f4', 'fortran_order': False, 'shape': (0,), }", "")) ==
          "some.npy: holds >f4, <f4 was asked for");
    CHECK(refusal<double, 1>(version_1("{'descr': '<f8', 'fortran_order': False, 'shape': (), }", "12345678")) ==
          "some.npy: has shape (), rank 1 was asked for");
}

TEST_CASE("npy::decode refuses hostile headers with their numbers") {
    const auto reason = [](std::string const& entries) {
        const std::string text = refusal<float, 2>(version_1(entries, "")),
                          start = "some.npy: not a .npy file that can be read: ";
        return text.starts_with(start) ? text.substr(start.size()) : text;
    };
    const std::string f4 = "'descr': '<f4', ", c = "'fortran_order': False, ", s = "'shape': (2, 3)";
    CHECK(reason("{" + s + "," + c + f4 + "}") == "some.npy: (2, 3) samples are 24 bytes, 0 are there");
    CHECK(reason("{" + f4 + "'fortran_order': True, " + s + "}") == "it is in Fortran order, only C order is read");
    CHECK(reason("{" + f4 + "'fortran_order': 0, " + s + "}") == "fortran_order is neither True nor False");
    CHECK(reason("{" + f4 + c + "}") == "descr, fortran_order or shape is missing");
    CHECK(reason("{" + f4 + f4 + c + s + "}") == "the entry descr appears twice");
    CHECK(reason("{" + f4 + c + s + ", 'x': 1}") == "an unknown entry of 1 letters in the header");
    CHECK(reason("{" + f4 + c + s) == "no } at the end of the header");
    CHECK(reason("{" + f4 + c + s + "} x") == "60 bytes behind the header's closing brace");
    CHECK(reason("") == "no { at the start of the header");
    CHECK(reason("{'descr': [('a', '<f4')], " + c + s + "}") ==
          "the element type is no quoted text of up to 63 letters");
    CHECK(reason("{" + f4 + c + "'shape': (-1, 3)}") == "an extent is no number");
    CHECK(reason("{" + f4 + c + "'shape': (2 3)}") == "no ) behind the extents");
    CHECK(reason("{" + f4 + c + "'shape': (1,1,1,1,1,1,1,1,1,1,1)}") == "more than 10 axes");
    CHECK(reason("{" + f4 + c + "'shape': (99999999999999999999999, 0)}") ==
          "an extent of 999999999 or more, the limit is 268435456");
    CHECK(reason("{" + f4 + c + "'shape': (200000000, 200000000)}") ==
          "some.npy: (200000000, 200000000) samples, more than the 268435456 that are read");

    CHECK(refusal<float, 2>("\x93NUMPY\3\0v\0"s).ends_with("version 3.0, only 1.0 and 2.0 are read"));
    CHECK(refusal<float, 2>("\x93NUMPX\1\0v\0"s).ends_with("its 10 bytes do not start with \\x93NUMPY and a version"));
    CHECK(refusal<float, 2>("\x93NUMPY\2\0\xff\xff\xff\xff{"s).ends_with("a header of 4294967295 bytes, 1 are there"));
}

TEST_CASE("npy files: written and read again") {
    const faltung::tensor<double, 2> x{{2, 2}, {1.5, -2.5, 1e300, 0.0}};
    npy::write("written.npy", x);
    CHECK(values_of(npy::read<double, 2>("written.npy")) == values_of(x));
    CHECK(message_of<error>([] { npy::read<float, 2>("written.npy"); }) == "written.npy: holds <f8, <f4 was asked for");
    std::filesystem::remove("written.npy");
}
