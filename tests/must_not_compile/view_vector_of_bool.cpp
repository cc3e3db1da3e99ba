// expect: has no memory to view: use tensor<bool, 1>
#include <faltung/view/viewable.hpp>

using namespace faltung;

int main() {
#if defined(SHOULD_COMPILE)
    tensor<bool, 1> x({3});
    const auto v = as_view(x);
#else
    std::vector<bool> x(3);
    const auto v = as_view(x);
#endif
}
