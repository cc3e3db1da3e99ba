// expect: a complex value does not fit a real type
#include <faltung/core/scalar.hpp>

int main() {
    const std::complex<float> v(1, 2);
#if defined(SHOULD_COMPILE)
    return faltung::convert<int>(v.real());
#else
    return faltung::convert<int>(v);
#endif
}
