// tests/must_not_compile/nn_bias_of_temporary.cpp -- options look at a bias: it must outlive them
// expect: a view of a temporary would outlive the memory that it shows
#include <faltung/nn.hpp>

#include <vector>

int main() {
#if defined(SHOULD_COMPILE)
    const std::vector<float> bias{1, 2};
    const faltung::nn::nn_options options{.bias = bias};
#else
    const faltung::nn::nn_options options{.bias = std::vector<float>{1, 2}};
#endif
    return static_cast<int>(options.groups);
}
