// expect: write x\(i, j\) instead of a slice
#include <faltung/view/slice.hpp>

using namespace faltung;

int main() {
    const tensor<float, 2> x({3, 4});
#if defined(SHOULD_COMPILE)
    const auto v = x(1, 2);
#else
    const auto v = slice(x, 1, 2);
#endif
}
