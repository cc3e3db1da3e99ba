// bench/method/fft.bench.cpp -- every named case by fft, those with large kernels too
#include "../spatial.hpp"

static const bool registered = faltung_bench::register_cases(faltung::method::fft, faltung_bench::cases) &&
                               faltung_bench::register_cases(faltung::method::fft, faltung_bench::large_kernels);
