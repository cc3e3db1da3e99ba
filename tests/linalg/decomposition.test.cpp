// tests/linalg/decomposition.test.cpp -- values and vectors put together again, and the largest value of many matrices
#include <faltung/linalg/decomposition.hpp>

#include "support/catch.hpp"
#include "support/random.hpp"

using namespace faltung;

namespace {

Eigen::MatrixXd random_matrix(testing::random_source& r, index_t m, index_t n) {
    Eigen::MatrixXd a(m, n);
    for (double& v : a.reshaped()) v = static_cast<double>(r.between(-1000, 1000)) / 1000;
    return a;
}

}  // namespace

TEST_CASE("decomposition: composed of its own values it is the adjoint, of their inverses the inverse", "[linalg]") {
    testing::random_source r(1);
    const Eigen::MatrixXd a = random_matrix(r, 5, 3);
    const auto d = detail::decomposition<Eigen::MatrixXd>::of(a);
    CHECK((d.composed(d.values) - a.transpose()).norm() <= 1e-14);
    CHECK(d.largest() == Approx(d.values(0)));
    const Eigen::MatrixXd square = a.transpose() * a - Eigen::MatrixXd::Identity(3, 3);
    const auto h = detail::decomposition<Eigen::MatrixXd>::of_hermitian(square);
    CHECK((h.composed(h.values) - square).norm() <= 1e-14);
    CHECK((h.composed(h.values.cwiseInverse()) * square - Eigen::MatrixXd::Identity(3, 3)).norm() <= 1e-12);
    CHECK(detail::decomposition<Eigen::MatrixXd>{}.largest() == 0);
}

TEST_CASE("largest_singular_value: of matrices of many sizes and norms", "[linalg]") {
    testing::random_source r(2);
    for (int round = 0; round < 20; ++round) {
        detail::largest_singular_value<Eigen::MatrixXd> found;
        double expected = 0;
        for (int k = 0; k < 30; ++k) {
            const double size = std::ldexp(1.0, static_cast<int>(r.between(-3, 3)) * (round % 2 ? 1 : 200));
            const Eigen::MatrixXd a = size * random_matrix(r, r.between(1, 6), r.between(1, 6));
            found.look_at(a);
            expected = std::max(expected, Eigen::JacobiSVD<Eigen::MatrixXd>(a).singularValues()(0));
        }
        CHECK(found.value() == expected);
    }
    detail::largest_singular_value<Eigen::MatrixXd> none;
    none.look_at(Eigen::MatrixXd::Zero(3, 2));
    CHECK(none.value() == 0);
}
