// tests/must_not_compile/convolve_default_dialect.cpp -- there is no dialect without a name
// expect: no matching (function|constructor)
#include <faltung/convolve.hpp>

int main() {
    const std::vector<float> x{1, 2}, h{1};
#if defined(SHOULD_COMPILE)
    faltung::convolve(x, h, faltung::numpy);
    faltung::convolve(x, h, {});
#else
    faltung::convolve(x, h, faltung::dialect{});
#endif
}
