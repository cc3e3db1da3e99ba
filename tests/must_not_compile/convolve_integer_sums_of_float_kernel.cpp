// tests/must_not_compile/convolve_integer_sums_of_float_kernel.cpp -- an integer accumulator with a floating kernel
// expect: an integer accumulator cannot hold products with a floating input or kernel: name a floating one
#include <faltung/convolve.hpp>

int main() {
    const faltung::tensor<std::uint8_t, 1> x({5});
#if defined(SHOULD_COMPILE)
    const faltung::tensor<std::int16_t, 1> h({3});
#else
    const faltung::tensor<float, 1> h({3});
#endif
    faltung::convolve<std::uint8_t, std::int32_t>(x, h);
}
