// expect: viewable
#include <faltung/view/flip.hpp>

using namespace faltung;

int main() {
    float sample = 0;
#if defined(SHOULD_COMPILE)
    const auto v = flip(std::span(&sample, 1));
#else
    const auto v = flip(&sample);
#endif
}
