// tests/consume/consumer.cpp -- what a user writes first, built by each way to get the library
#include <cstdio>
#include <vector>

#include <faltung/convolve.hpp>

int main() {
    const std::vector<float> x{1, 2, 3}, h{1, 0, -1};
    const auto y = faltung::convolve(x, h);
    const std::vector<float> expected{1, 2, 2, -2, -3};  // full: 3 + 3 - 1 samples
    for (float v : y) std::printf("%g ", static_cast<double>(v));
    std::printf("\n");
    return std::vector<float>(y.begin(), y.end()) == expected ? 0 : 1;
}
