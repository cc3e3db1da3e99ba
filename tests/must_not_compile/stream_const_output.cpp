// tests/must_not_compile/stream_const_output.cpp -- a stream writes its output
// expect: the output is read-only
#include <vector>

#include <faltung/stream.hpp>

int main() {
    faltung::stream_convolver<float> stream{std::vector<float>{1, 2}};
    const std::vector<float> x(9);
#if defined(SHOULD_COMPILE)
    std::vector<float> y(9);
#else
    const std::vector<float> y(9);
#endif
    stream.process(x, y);
}
