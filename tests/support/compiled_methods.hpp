// tests/support/compiled_methods.hpp -- the methods of common element types, compiled once for all tests
#pragma once

#include <faltung/convolve/choose.hpp>

// Every test that convolves would compile the loops of every method again, three instruction sets each.
#define FALTUNG_METHODS_FOR(keyword, X, H, Acc, Y) \
    keyword template faltung::detail::method_list faltung::detail::methods_for<faltung::detail::types<X, H, Acc, Y>>();

#if !defined(FALTUNG_COMPILES_METHODS)
FALTUNG_METHODS_FOR(extern, float, float, float, float)
FALTUNG_METHODS_FOR(extern, double, double, double, double)
FALTUNG_METHODS_FOR(extern, std::complex<float>, std::complex<float>, std::complex<float>, std::complex<float>)
FALTUNG_METHODS_FOR(extern, std::complex<double>, std::complex<double>, std::complex<double>, std::complex<double>)
FALTUNG_METHODS_FOR(extern, std::int64_t, std::int64_t, std::int64_t, std::int64_t)
FALTUNG_METHODS_FOR(extern, std::int32_t, std::int32_t, std::int64_t, std::int64_t)
#endif
