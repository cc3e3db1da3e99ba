// expect: the windows of x have twice its rank
#include <faltung/view/sliding_window.hpp>

using namespace faltung;

int main() {
#if defined(SHOULD_COMPILE)
    const tensor<float, 5> x({1, 1, 1, 1, 1});
    const auto v = sliding_window(x, 1);
#else
    const tensor<float, 6> x({1, 1, 1, 1, 1, 1});
    const auto v = sliding_window(x, 1);
#endif
}
