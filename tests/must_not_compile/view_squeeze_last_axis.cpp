// expect: squeeze needs a second axis
#include <faltung/view/reshape.hpp>

using namespace faltung;

int main() {
#if defined(SHOULD_COMPILE)
    const tensor<float, 2> x({1, 3});
    const auto v = squeeze(x, 0);
#else
    const tensor<float, 1> x({1});
    const auto v = squeeze(x, 0);
#endif
}
