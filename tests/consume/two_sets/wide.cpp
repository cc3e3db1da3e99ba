// tests/consume/two_sets/wide.cpp -- a file that may use AVX2 anywhere
#include <vector>

#include <faltung/convolve.hpp>

float wide_sum() {
    const auto y = faltung::convolve(std::vector<float>(100, 2), std::vector<float>{1, 2, 3});
    float sum = 0;
    for (float v : y) sum += v;
    return sum;
}
