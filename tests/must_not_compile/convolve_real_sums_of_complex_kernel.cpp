// tests/must_not_compile/convolve_real_sums_of_complex_kernel.cpp -- a real accumulator with a complex kernel
// expect: a complex input or kernel needs a complex accumulator
#include <faltung/convolve.hpp>

int main() {
    const faltung::tensor<float, 1> x({5});
    const faltung::tensor<std::complex<float>, 1> h({3});
#if defined(SHOULD_COMPILE)
    faltung::convolve<std::complex<double>, std::complex<double>>(x, h);
#else
    faltung::convolve<std::complex<double>, double>(x, h);
#endif
}
