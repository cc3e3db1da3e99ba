// tests/consume/eigen/consumer.cpp -- faltung::eigen brings Eigen's headers along
#include <span>
#include <vector>

#include <Eigen/Core>
#include <faltung/convolve.hpp>

int main() {
    const Eigen::Vector3f x(1, 2, 3);
    const auto y = faltung::convolve(std::span(x.data(), 3), std::vector<float>{1, 1});
    return std::vector<float>(y.begin(), y.end()) == std::vector<float>{1, 3, 5, 3} ? 0 : 1;
}
