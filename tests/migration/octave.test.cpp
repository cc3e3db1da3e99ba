// tests/migration/octave.test.cpp -- calls of Octave, which are MATLAB's too, and the same here
#include "migration/recorded.hpp"

using namespace faltung;
using namespace faltung::testing;

TEST_CASE("migration: Octave and MATLAB", "[migration]") {
    // [octave]
    // conv(x, h)
    const auto full = convolve(x, h, octave);
    // conv(x, e, "same")
    const auto same = convolve(x, e, octave(mode::same));
    // conv2(image, even, "same")
    const auto plane = convolve(image, even, octave(mode::same));
    // conv2(image, kernel, "valid")
    const auto inside = convolve(image, kernel, octave(mode::valid));
    // conv2(kernel, image, "valid")
    const auto larger = convolve(kernel, image, octave(mode::valid));
    // filter2(even, image)
    const auto filtered = correlate(image, even, octave);
    // circshift(image, [1, -2])
    const auto shifted = roll(image, {1, -2});
    // image(2:4, end:-1:1)
    const auto part = slice(image, range{1, 4}, range{5, -1, -1});
    // [/octave]
    require_recorded("octave.full", full);
    require_recorded("octave.same", same);
    require_recorded("octave.plane", plane);
    require_recorded("octave.inside", inside);
    require_recorded("octave.larger", larger);
    require_recorded("octave.filtered", filtered);
    require_recorded("octave.shifted", shifted);
    require_recorded("octave.part", part);
}
