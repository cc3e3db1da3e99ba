// tests/must_not_compile/convolve_log_plus_of_integers.cpp -- a logarithm of a sum from integers alone
// expect: the logarithm of a sum is no integer
#include <faltung/convolve.hpp>

#if defined(SHOULD_COMPILE)
using tap = float;
#else
using tap = std::int16_t;
#endif

void use(faltung::tensor<std::int16_t, 1> const& x, faltung::tensor<tap, 1> const& h) {
    [[maybe_unused]] const auto y = faltung::convolve_in<faltung::log_plus>(x, h);
}
