// tests/consume/eigen/consumer.cpp -- faltung::eigen brings Eigen's headers along, and the installed adapter takes its
// arrays as they are
#include <vector>

#include <faltung/adapt/eigen.hpp>
#include <faltung/convolve.hpp>

int main() {
    Eigen::Matrix3f x;
    x << 1, 2, 3, 4, 5, 6, 7, 8, 9;
    const Eigen::Vector2f h(1, 1);
    const auto y = faltung::convolve(Eigen::Vector3f(1, 2, 3), h);
    const auto corner = faltung::convolve(x.block(0, 0, 2, 2), Eigen::Matrix2f::Ones().eval());
    const bool is_right =
        std::vector<float>(y.begin(), y.end()) == std::vector<float>{1, 3, 5, 3} &&
        std::vector<float>(corner.begin(), corner.end()) == std::vector<float>{1, 3, 2, 5, 12, 7, 4, 9, 5};
    return is_right ? 0 : 1;
}
