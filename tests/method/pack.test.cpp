// tests/method/pack.test.cpp -- a kernel in the order of the sum, copied or held
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

TEST_CASE("pack_weights: a kernel that has an owner is held instead of copied", "[method]") {
    const auto taps = std::make_shared<std::vector<int>>(std::vector<int>{1, 2, 3});
    const std::weak_ptr<std::vector<int>> watched = taps;
    detail::kernel_taps<int> h({taps->data(), {3}, {1}}, taps);
    auto held = detail::pack_weights(h);
    CHECK(held.get() == taps->data());
    CHECK(taps.use_count() == 3);
    h.owner.reset();
    CHECK(detail::pack_weights(h).get() != taps->data());
    held.reset();
    CHECK(watched.use_count() == 1);
}
