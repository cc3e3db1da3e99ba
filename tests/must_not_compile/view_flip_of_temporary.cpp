// expect: a view of a temporary would outlive the memory that it shows
#include <faltung/view/copy.hpp>
#include <faltung/view/flip.hpp>

using namespace faltung;

int main() {
    const tensor<float, 2> x({3, 4});
#if defined(SHOULD_COMPILE)
    const auto y = copy(x);
    const auto v = flip(y);
#else
    const auto v = flip(copy(x));
#endif
}
