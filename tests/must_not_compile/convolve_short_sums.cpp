// tests/must_not_compile/convolve_short_sums.cpp -- an accumulator of 16 bits
// expect: an accumulator has at least 32 bits
#include <faltung/convolve.hpp>

int main() {
    const faltung::tensor<std::uint8_t, 1> x({5}), h({3});
#if defined(SHOULD_COMPILE)
    faltung::convolve<std::int16_t, std::int32_t>(x, h);
#else
    faltung::convolve<std::int16_t, std::int16_t>(x, h);
#endif
}
