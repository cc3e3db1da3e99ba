// tests/must_not_compile/stream_kernel_rank.cpp -- a matrix is neither one kernel nor one for each pair of channels
// expect: a stream's kernel has the axis \(taps\) or the axes \(outputs, inputs, taps\)
#include <faltung/stream.hpp>

int main() {
#if defined(SHOULD_COMPILE)
    const faltung::tensor<float, 3> h({2, 1, 5});
#else
    const faltung::tensor<float, 2> h({2, 5});
#endif
    const faltung::stream_convolver<float> stream{h};
}
