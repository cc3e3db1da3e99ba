// bench/method/winograd.bench.cpp -- kernels of 3 x 3 by winograd, of one channel: what its tiles cost besides products
#include "../spatial.hpp"

namespace {

constexpr auto same = faltung::mode::same;
faltung_bench::named_case const three_by_three[] = {
    {"hd_3x3", {1080, 1920}, {3, 3}, {.padding = same, .boundary = faltung::boundary::reflect}},
    {"tiny_16x16_3x3", {16, 16}, {3, 3}, {.padding = same}},
};

}  // namespace

static const bool registered = faltung_bench::register_cases(faltung::method::winograd, three_by_three);
