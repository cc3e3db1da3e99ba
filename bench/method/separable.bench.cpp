// bench/method/separable.bench.cpp -- every named case by separable
#include "../spatial.hpp"

static const bool registered = faltung_bench::register_cases(faltung::method::separable, faltung_bench::cases);
