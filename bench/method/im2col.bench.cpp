// bench/method/im2col.bench.cpp -- every named case by im2col
#include "../spatial.hpp"

static const bool registered = faltung_bench::register_cases(faltung::method::im2col, faltung_bench::cases);
