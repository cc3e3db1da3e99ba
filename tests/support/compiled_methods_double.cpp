// tests/support/compiled_methods_double.cpp -- those of double and complex types
#define FALTUNG_COMPILES_METHODS
#include "support/compiled_methods.hpp"

FALTUNG_METHODS_FOR(, double, double, double, double)
FALTUNG_METHODS_FOR(, std::complex<float>, std::complex<float>, std::complex<float>, std::complex<float>)
FALTUNG_METHODS_FOR(, std::complex<double>, std::complex<double>, std::complex<double>, std::complex<double>)
