// bench/method/overlap_save.bench.cpp -- every named case by overlap_save, those with large kernels too
#include "../spatial.hpp"

static const bool registered =
    faltung_bench::register_cases(faltung::method::overlap_save, faltung_bench::cases) &&
    faltung_bench::register_cases(faltung::method::overlap_save, faltung_bench::large_kernels);
