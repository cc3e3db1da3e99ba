// tests/must_not_compile/nn_without_spatial_axes.cpp -- batch and channels alone are no layer
// expect: a layer has 1 to 4 spatial axes behind batch and channels
#include <faltung/nn.hpp>

int main() {
#if defined(SHOULD_COMPILE)
    const faltung::tensor<float, 3> x({2, 3, 1}), w({4, 3, 1});
#else
    const faltung::tensor<float, 2> x({2, 3}), w({4, 3});
#endif
    return static_cast<int>(faltung::nn::conv(x, w).count());
}
