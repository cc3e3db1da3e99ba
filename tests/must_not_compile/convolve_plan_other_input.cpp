// tests/must_not_compile/convolve_plan_other_input.cpp -- a plan of floats does not read bytes unless it says so
// expect: the input's elements have another type than the plan reads
#include <faltung/convolve.hpp>

int main() {
    const faltung::tensor<std::uint8_t, 1> x({5});
    const faltung::tensor<float, 1> h({3});
#if defined(SHOULD_COMPILE)
    const faltung::convolver<std::uint8_t, float> plan{x.shape(), h};
#else
    const faltung::convolver plan{x.shape(), h};
#endif
    auto scratch = plan.workspace();
    faltung::tensor<float, 1> y({7});
    plan(x, y, scratch);
}
