// expect: use of deleted function|call to deleted member function
#include <faltung/view/tensor.hpp>

using namespace faltung;

int main() {
    tensor<float, 1> x({3});
#if defined(SHOULD_COMPILE)
    const auto v = x.view();
#else
    const auto v = tensor<float, 1>({3}).view();
#endif
}
