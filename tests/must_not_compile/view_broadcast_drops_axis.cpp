// expect: broadcast_to adds axes in front
#include <faltung/view/reshape.hpp>

using namespace faltung;

int main() {
    const tensor<float, 2> x({1, 3});
#if defined(SHOULD_COMPILE)
    const auto v = broadcast_to<3>(x, {2, 1, 3});
#else
    const auto v = broadcast_to<1>(x, {3});
#endif
}
