// expect: copy_into copies between views of one rank
#include <faltung/view/copy.hpp>

using namespace faltung;

int main() {
    const tensor<float, 1> x({3});
#if defined(SHOULD_COMPILE)
    tensor<float, 1> y({3});
#else
    tensor<float, 2> y({1, 3});
#endif
    copy_into(y, x);
}
