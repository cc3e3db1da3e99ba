// tests/support/compiled_methods.cpp -- those of real and integer types
#define FALTUNG_COMPILES_METHODS
#include "support/compiled_methods.hpp"

FALTUNG_METHODS_FOR(, float, float, float, float)
FALTUNG_METHODS_FOR(, std::int64_t, std::int64_t, std::int64_t, std::int64_t)
FALTUNG_METHODS_FOR(, std::int32_t, std::int32_t, std::int64_t, std::int64_t)
