// tests/must_not_compile/convolve_plan_other_output.cpp -- a plan of floats does not write bytes unless it says so
// expect: the output's elements have another type than the plan writes
#include <faltung/convolve.hpp>

int main() {
    const faltung::tensor<float, 1> x({5}), h({3});
#if defined(SHOULD_COMPILE)
    const faltung::convolver<float, float, float, std::uint8_t> plan{x.shape(), h};
#else
    const faltung::convolver plan{x.shape(), h};
#endif
    auto scratch = plan.workspace();
    faltung::tensor<std::uint8_t, 1> y({7});
    plan(x, y, scratch);
}
