// tests/must_not_compile/convolve_in_no_algebra.cpp -- an element type where the algebra stands
// expect: other_algebra
#include <faltung/convolve.hpp>

void use(faltung::tensor<float, 1> const& x, faltung::tensor<float, 1> const& h) {
#if defined(SHOULD_COMPILE)
    [[maybe_unused]] const auto y = faltung::convolve_in<faltung::max_plus, double>(x, h);
#else
    [[maybe_unused]] const auto y = faltung::convolve_in<double>(x, h);
#endif
}
