// tests/adapt/typed_memory.test.cpp -- bytes become samples only where they are aligned for them
#include <faltung/adapt/typed_memory.hpp>

#include "support/catch.hpp"

using namespace faltung;
using testing::message_of;

TEST_CASE("typed_memory: the same address, as another type", "[adapt]") {
    alignas(16) double memory[2] = {1.5, 2.5};
    void* const bytes = memory;
    CHECK(detail::typed_memory<double>(bytes, "f") == &memory[0]);
    STATIC_REQUIRE(std::is_same_v<decltype(detail::typed_memory<float const>(bytes, "f")), float const*>);
    CHECK(detail::typed_memory<double>(nullptr, "f") == nullptr);
}

TEST_CASE("typed_memory: an address that is not aligned is refused with the numbers", "[adapt]") {
    alignas(16) unsigned char memory[32] = {};
    const auto refused = [&]<class T>(std::type_identity<T>, int past) {
        return message_of<shape_error>([&] { (void)detail::typed_memory<T>(memory + past, "f"); });
    };
    CHECK(refused(std::type_identity<float>{}, 3) ==
          "f: the samples begin 3 bytes past a multiple of 4, the alignment of float");
    CHECK(refused(std::type_identity<std::complex<double> const>{}, 12) ==
          "f: the samples begin 4 bytes past a multiple of 8, the alignment of complex<double>");
    CHECK(refused(std::type_identity<std::int16_t>{}, 2) == "nothing was thrown");
    CHECK(refused(std::type_identity<std::uint8_t>{}, 3) == "nothing was thrown");
}
