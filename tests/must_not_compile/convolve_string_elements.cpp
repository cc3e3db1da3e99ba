// tests/must_not_compile/convolve_string_elements.cpp -- a list of strings is no signal
// expect: constraints not satisfied|no matching function
#include <faltung/convolve.hpp>

#include <string>

int main() {
    const std::vector<float> h{1, 2};
#if defined(SHOULD_COMPILE)
    const std::vector<float> x{1, 2};
#else
    const std::vector<std::string> x{"1", "2"};
#endif
    faltung::convolve(x, h);
}
