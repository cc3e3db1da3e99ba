// tests/must_not_compile/stream_other_samples.cpp -- a stream of floats does not read doubles
// expect: the elements have another type than the stream's samples
#include <vector>

#include <faltung/stream.hpp>

int main() {
    faltung::stream_convolver<float> stream{std::vector<float>{1, 2}};
#if defined(SHOULD_COMPILE)
    const std::vector<float> x(9);
#else
    const std::vector<double> x(9);
#endif
    std::vector<float> y(9);
    stream.process(x, y);
}
