// tests/must_not_compile/convolve_max_plus_of_complex.cpp -- the largest of complex numbers
// expect: samples and taps of other algebras are real
#include <complex>

#include <faltung/convolve.hpp>

#if defined(SHOULD_COMPILE)
using sample = float;
#else
using sample = std::complex<float>;
#endif

void use(faltung::tensor<sample, 1> const& x, faltung::tensor<float, 1> const& h) {
    [[maybe_unused]] const auto y = faltung::convolve_in<faltung::max_plus>(x, h);
}
