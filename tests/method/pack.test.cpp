// tests/method/pack.test.cpp -- a method's own copy of the kernel
#include <faltung/method/pack.hpp>

#include <vector>

#include "support/catch.hpp"

using namespace faltung;

TEST_CASE("pack_weights: row-major, whatever the strides of the kernel", "[method]") {
    const std::vector<int> memory{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    // 2 x 3 taps: rows 6 apart and reversed, columns 2 apart
    const strided<int const> h{memory.data() + 6, {2, 3}, {-6, 2}};
    const auto packed = detail::pack_weights(h);
    int const* const w = static_cast<int const*>(packed.get());
    CHECK(std::vector<int>(w, w + 6) == std::vector<int>{6, 8, 10, 0, 2, 4});
    CHECK(w != memory.data());
    CHECK(reinterpret_cast<std::uintptr_t>(w) % buffer_alignment == 0);
}

TEST_CASE("pack_weights: the copy lives as long as its owner", "[method]") {
    std::shared_ptr<void const> kept;
    {
        const auto first = detail::pack_weights(strided<int const>{std::vector<int>{7}.data(), {0}, {0}});
        const int seven = 7;
        kept = detail::pack_weights(strided<int const>{&seven, {1, 1}, {0, 0}});
    }
    CHECK(*static_cast<int const*>(kept.get()) == 7);
}
