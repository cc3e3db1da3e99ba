// tests/must_not_compile/nn_bias_rank.cpp -- a bias has one value per channel
// expect: one value per channel: an array of one axis
#include <faltung/nn.hpp>

int main() {
#if defined(SHOULD_COMPILE)
    const faltung::tensor<float, 1> bias({4});
#else
    const faltung::tensor<float, 2> bias({4, 1});
#endif
    const faltung::nn::nn_options options{.bias = bias};
    return static_cast<int>(options.groups);
}
