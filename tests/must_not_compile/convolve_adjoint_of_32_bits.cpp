// tests/must_not_compile/convolve_adjoint_of_32_bits.cpp -- integer outputs of 32 bits do not hold the adjoint's sums
// expect: the output is narrower than the sums, or than 64 bits
#include <faltung/convolve.hpp>

int main() {
    const faltung::tensor<std::int8_t, 1> h({3});
#if defined(SHOULD_COMPILE)
    using sums = std::int64_t;
#else
    using sums = std::int32_t;
#endif
    const faltung::convolver<std::uint8_t, std::int8_t, sums> plan{{5}, h};
    auto scratch = plan.workspace();
    faltung::tensor<sums, 1> y({7}), x({5});
    plan.adjoint(y, x, scratch);
}
