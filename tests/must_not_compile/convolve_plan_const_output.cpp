// tests/must_not_compile/convolve_plan_const_output.cpp -- the output of a plan must be writable
// expect: the output is read-only
#include <faltung/convolve.hpp>

int main() {
    const faltung::tensor<float, 1> x({5}), h({3});
    const faltung::convolver plan{x.shape(), h};
    auto scratch = plan.workspace();
#if defined(SHOULD_COMPILE)
    faltung::tensor<float, 1> y({7});
#else
    const faltung::tensor<float, 1> y({7});
#endif
    plan(x, y, scratch);
}
