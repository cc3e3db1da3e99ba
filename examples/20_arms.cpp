// examples/20_arms.cpp -- many arms of four joints reach for their targets by the pseudo-inverses of their Jacobians

#include <cmath>
#include <iostream>

#include <faltung/linalg.hpp>
#include <faltung/view.hpp>

using namespace faltung;

int main() try {
    constexpr index_t arms = 1000, joints = 4;
    tensor<double, 2> angles{{arms, joints}}, targets{{arms, 2}};
    for (index_t k = 0; k < arms; ++k) {
        const double turn = 6.283185307179586 * static_cast<double>(k) / arms;
        for (index_t j = 0; j < joints; ++j) angles(k, j) = turn + 0.5 * static_cast<double>(j);
        targets(k, 0) = 2.5 * std::cos(turn + 2);
        targets(k, 1) = 2.5 * std::sin(turn + 2);
    }

    // [arms]
    tensor<double, 3> jacobian{{arms, 2, joints}};  // of the hand's place with respect to the angles
    tensor<double, 2> step{{arms, 2}};
    for (int round = 0; round <= 8; ++round) {
        double distance = 0;
        for (index_t k = 0; k < arms; ++k) {
            double x = 0, y = 0;
            for (index_t j = 0; j < joints; ++j) {  // angles of the links, each 1 long, against the horizontal
                x += std::cos(angles(k, j));
                y += std::sin(angles(k, j));
                jacobian(k, 0, j) = -std::sin(angles(k, j));
                jacobian(k, 1, j) = std::cos(angles(k, j));
            }
            step(k, 0) = targets(k, 0) - x;
            step(k, 1) = targets(k, 1) - y;
            distance = std::max(distance, std::hypot(step(k, 0), step(k, 1)));
        }
        std::cout << text("round ", round, ": the farthest hand is ", distance, " away\n");
        const auto inverse = pinv(jacobian, {.relative = 1e-3}).inverse;  // a stretched arm moves along what it can
        for (index_t k = 0; k < arms; ++k)
            for (index_t j = 0; j < joints; ++j)
                angles(k, j) += inverse(k, j, 0) * step(k, 0) + inverse(k, j, 1) * step(k, 1);
    }
    // [/arms]
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
