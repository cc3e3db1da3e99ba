// expect: copy_into copies samples of one type
#include <faltung/view/copy.hpp>

using namespace faltung;

int main() {
    tensor<float, 1> y({3});
#if defined(SHOULD_COMPILE)
    const tensor<float, 1> x({3});
    copy_into(y, x);
#else
    const tensor<double, 1> x({3});
    copy_into(y, x);
#endif
}
