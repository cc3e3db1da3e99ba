// tests/must_not_compile/convolve_const_output.cpp -- the output of a call must be writable
// expect: the output is read-only
#include <faltung/convolve.hpp>

int main() {
    const faltung::tensor<float, 1> x({5}), h({3});
#if defined(SHOULD_COMPILE)
    faltung::tensor<float, 1> y({7});
#else
    const faltung::tensor<float, 1> y({7});
#endif
    faltung::convolve_into(y, x, h);
}
