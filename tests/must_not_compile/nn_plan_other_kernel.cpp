// tests/must_not_compile/nn_plan_other_kernel.cpp -- a layer's plan has one type of kernel
// expect: the kernel's elements have another type than the plan's: name it, nn::convolver<X, W>
#include <faltung/nn.hpp>

#include <cstdint>

int main() {
    const faltung::tensor<std::int8_t, 3> w({3, 2, 3});
#if defined(SHOULD_COMPILE)
    const faltung::nn::convolver<std::uint8_t, std::int8_t> layer{{1, 2, 5}, w};
#else
    const faltung::nn::convolver<std::uint8_t> layer{{1, 2, 5}, w};
#endif
}
