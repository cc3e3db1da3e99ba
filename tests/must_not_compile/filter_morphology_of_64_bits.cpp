// tests/must_not_compile/filter_morphology_of_64_bits.cpp -- sums that could overflow
// expect: integers of at most 32 bits
#include <faltung/filter.hpp>

using namespace faltung;

#if defined(SHOULD_COMPILE)
using sample = std::int32_t;
#else
using sample = std::int64_t;
#endif

void use(tensor<sample, 2> const& x) {
    // a sum of a sample of 64 bits and a tap could overflow
    [[maybe_unused]] const auto y = dilate(x, {3, 3});
}
