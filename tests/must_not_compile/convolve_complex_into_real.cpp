// tests/must_not_compile/convolve_complex_into_real.cpp -- complex sums do not fit a real output
// expect: complex sums need a complex output
#include <faltung/convolve.hpp>

int main() {
    const faltung::tensor<std::complex<float>, 1> x({5}), h({3});
#if defined(SHOULD_COMPILE)
    faltung::tensor<std::complex<double>, 1> y({7});
#else
    faltung::tensor<double, 1> y({7});
#endif
    faltung::convolve_into(y, x, h);
}
