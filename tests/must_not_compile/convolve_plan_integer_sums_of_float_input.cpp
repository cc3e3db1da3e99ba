// tests/must_not_compile/convolve_plan_integer_sums_of_float_input.cpp -- an integer accumulator with a floating input
// expect: an integer accumulator cannot hold products with a floating input or kernel: name a floating one
#include <faltung/convolve.hpp>

int main() {
    const faltung::tensor<std::int8_t, 1> h({3});
#if defined(SHOULD_COMPILE)
    const faltung::convolver<float, std::int8_t, float> plan{{5}, h};
#else
    const faltung::convolver<float, std::int8_t, std::int64_t> plan{{5}, h};
#endif
}
