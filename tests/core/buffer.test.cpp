// tests/core/buffer.test.cpp -- aligned storage
#include <faltung/core/buffer.hpp>

#include <cstdint>
#include <type_traits>
#include <utility>

#include "support/catch.hpp"

using namespace faltung;
using faltung::testing::message_of;

TEST_CASE("buffer: begins on a cache line, for every element type and count", "[core]") {
    for (index_t count = 1; count < 40; ++count) {
        const buffer<std::uint8_t> bytes(count);
        const buffer<double> doubles(count);
        CHECK(reinterpret_cast<std::uintptr_t>(bytes.data()) % 64 == 0);
        CHECK(reinterpret_cast<std::uintptr_t>(doubles.data()) % 64 == 0);
        CHECK(doubles.count() == count);
        bytes.data()[count - 1] = 1;  // the address sanitizer sees a block that is too short
        doubles.data()[count - 1] = 1;
    }
}

TEST_CASE("buffer: nothing is allocated for nothing", "[core]") {
    CHECK(buffer<float>().data() == nullptr);
    CHECK(buffer<float>().count() == 0);
    CHECK(buffer<float>(0).data() == nullptr);
}

TEST_CASE("buffer: moves its memory and cannot be copied", "[core]") {
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<buffer<int>>);
    STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<buffer<int>>);
    buffer<int> from(3);
    from.data()[2] = 42;
    int const* memory = from.data();
    const buffer<int> to = std::move(from);
    CHECK(to.data() == memory);
    CHECK(to.count() == 3);
    CHECK(to.data()[2] == 42);
}

TEST_CASE("buffer: a size in bytes that does not fit 64 bits is refused with the product", "[core]") {
    CHECK(message_of<overflow_error>([] { buffer<double>(index_t{1} << 60); }) ==
          "bytes of a buffer: 1152921504606846976 * 8 does not fit 64 bits");
}

TEST_CASE("buffer: large pages or small ones, all of it can be written and read", "[core]") {
    for (const index_t bytes : {(index_t{4} << 20) - 1, index_t{4} << 20, (index_t{9} << 20) + 12345}) {
        const buffer<char> b(bytes);
        for (index_t i = 0; i < bytes; i += 4095) b.data()[i] = static_cast<char>(i % 101);
        b.data()[bytes - 1] = 77;
        index_t wrong = b.data()[bytes - 1] != 77;
        for (index_t i = 0; i < bytes - 1; i += 4095) wrong += b.data()[i] != static_cast<char>(i % 101);
        CHECK(wrong == 0);
    }
}
