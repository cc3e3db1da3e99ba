// bench/method/direct.bench.cpp -- every named case by direct
#include "../spatial.hpp"

static const bool registered = faltung_bench::register_cases(faltung::method::direct, faltung_bench::cases);
