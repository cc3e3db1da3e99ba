// tests/must_not_compile/nn_const_output.cpp -- the output of a layer must be writable
// expect: the output is read-only
#include <faltung/nn.hpp>

int main() {
    const faltung::tensor<float, 3> x({1, 2, 5}), w({3, 2, 3});
#if defined(SHOULD_COMPILE)
    faltung::tensor<float, 3> y({1, 3, 3});
#else
    const faltung::tensor<float, 3> y({1, 3, 3});
#endif
    faltung::nn::conv_into(y, x, w);
}
