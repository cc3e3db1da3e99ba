// expect: slice takes one choice per axis
#include <faltung/view/slice.hpp>

using namespace faltung;

int main() {
    const tensor<float, 2> x({3, 4});
#if defined(SHOULD_COMPILE)
    const auto v = slice(x, all, range{0, 2});
#else
    const auto v = slice(x, all);
#endif
}
