// tests/must_not_compile/stream_complex_kernel.cpp -- a stream of real samples has a real kernel
// expect: a stream's kernel is real
#include <complex>

#include <faltung/stream.hpp>

int main() {
#if defined(SHOULD_COMPILE)
    const faltung::tensor<double, 1> h({5});
#else
    const faltung::tensor<std::complex<float>, 1> h({5});
#endif
    const faltung::stream_convolver<float> stream{h};
}
