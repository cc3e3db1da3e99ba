// tests/consume/eigen/consumer.cpp -- faltung::eigen brings Eigen's headers along, the installed adapter takes its
// arrays as they are, and one include stands for every door
#include <vector>

#include <faltung/adapt/eigen.hpp>
#include <faltung/faltung.hpp>

int main() {
    Eigen::Matrix3f x;
    x << 1, 2, 3, 4, 5, 6, 7, 8, 9;
    const Eigen::Matrix2f h = Eigen::Matrix2f::Ones();
    const auto line = faltung::convolve(Eigen::Vector3f(1, 2, 3), Eigen::Vector2f(1, 1));
    const auto corner = faltung::convolve(faltung::transpose(x.block(0, 0, 2, 2)), h);

    constexpr faltung::axis rows{.n = 2, .taps = 2, .low = 1, .high = 1};
    const bool is_right =
        std::vector<float>(line.begin(), line.end()) == std::vector<float>{1, 3, 5, 3} &&
        std::vector<float>(corner.begin(), corner.end()) == std::vector<float>{1, 5, 4, 3, 12, 9, 2, 7, 5} &&
        corner.extent(0) == rows.outputs();
    return is_right ? 0 : 1;
}
