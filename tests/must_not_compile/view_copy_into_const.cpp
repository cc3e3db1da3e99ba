// expect: copy_into writes its first argument
#include <faltung/view/copy.hpp>

using namespace faltung;

int main() {
    tensor<float, 1> x({3}), y({3});
#if defined(SHOULD_COMPILE)
    copy_into(y, x);
#else
    copy_into(std::as_const(y), x);
#endif
}
