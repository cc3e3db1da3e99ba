// expect: merge takes 1 axis up to all axes of x
#include <faltung/view/reshape.hpp>

using namespace faltung;

int main() {
    const tensor<float, 2> x({2, 3});
#if defined(SHOULD_COMPILE)
    const auto v = merge<2>(x, 0);
#else
    const auto v = merge<3>(x, 0);
#endif
}
