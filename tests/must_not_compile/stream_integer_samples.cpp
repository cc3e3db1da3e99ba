// tests/must_not_compile/stream_integer_samples.cpp -- a stream computes in floating point
// expect: a stream's samples are float or double
#include <vector>

#include <faltung/stream.hpp>

int main() {
    const std::vector<int> h{1, 2};
#if defined(SHOULD_COMPILE)
    const faltung::stream_convolver<float> stream{h};
#else
    const faltung::stream_convolver stream{h};
#endif
}
