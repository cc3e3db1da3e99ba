// expect: a view has at least one axis
#include <faltung/view/tensor_view.hpp>

int main() {
#if defined(SHOULD_COMPILE)
    const faltung::tensor_view<float, 1> v;
#else
    const faltung::tensor_view<float, 0> v;
#endif
}
