// tests/consume/two_sets/plain.cpp -- a file for every processor, beside one that is not
#include <vector>

#include <faltung/convolve.hpp>

float wide_sum();

int main(int count, char**) {
    const auto y = faltung::convolve(std::vector<float>(100, 2), std::vector<float>{1, 2, 3});
    float sum = 0;
    for (float v : y) sum += v;
    if (count > 1) return sum == 1200 ? 0 : 1;
    return sum == 1200 && wide_sum() == 1200 ? 0 : 1;
}
