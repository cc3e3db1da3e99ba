// tests/must_not_compile/convolve_unsigned_sums_of_signed_kernel.cpp -- uint32 sums that could be negative
// expect: an unsigned accumulator of 32 bits cannot hold the sums of a signed input or kernel: name a signed one
#include <faltung/convolve.hpp>

int main() {
    const faltung::tensor<std::uint8_t, 1> x({5});
    const faltung::tensor<std::int8_t, 1> h({3});
#if defined(SHOULD_COMPILE)
    faltung::convolve<std::int64_t, std::int32_t>(x, h);
#else
    faltung::convolve<std::int64_t, std::uint32_t>(x, h);
#endif
}
