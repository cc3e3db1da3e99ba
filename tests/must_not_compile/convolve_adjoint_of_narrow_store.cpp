// tests/must_not_compile/convolve_adjoint_of_narrow_store.cpp -- a store that rounds has no adjoint
// expect: a store that rounds or wraps is not linear and has no adjoint
#include <faltung/convolve.hpp>

int main() {
    const faltung::tensor<float, 1> h({3});
#if defined(SHOULD_COMPILE)
    using output = float;
#else
    using output = std::uint8_t;
#endif
    const faltung::convolver<std::uint8_t, float, float, output> plan{{5}, h};
    auto scratch = plan.workspace();
    faltung::tensor<output, 1> y({7}), x({5});
    plan.adjoint(y, x, scratch);
}
