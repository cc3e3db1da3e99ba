// tests/must_not_compile/nn_kernel_rank.cpp -- a layer's kernel has as many axes as its input
// expect: the input has the axes \(N, C, spatial\), the kernel \(O, C / groups, spatial\): as many
#include <faltung/nn.hpp>

int main() {
    const faltung::tensor<float, 4> x({1, 3, 5, 5});
#if defined(SHOULD_COMPILE)
    const faltung::tensor<float, 4> w({1, 3, 3, 3});
#else
    const faltung::tensor<float, 2> w({3, 3});
#endif
    return static_cast<int>(faltung::nn::conv(x, w).count());
}
