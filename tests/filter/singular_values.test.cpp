// tests/filter/singular_values.test.cpp -- against matrices that are built from known values, and against Eigen
#include <faltung/filter/kernel_data.hpp>
#include <faltung/filter/singular_values.hpp>

#include "support/catch.hpp"
#include "support/dense.hpp"
#include "support/random.hpp"

using namespace faltung;
using detail::singular_values;

namespace {

using matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

singular_values<double> values_of(matrix const& m) {
    return {{m.data(), m.data() + m.size()}, static_cast<std::size_t>(m.rows())};
}

double rebuilding_error(singular_values<double> const& svd, matrix m) {
    for (std::size_t k = 0; k < svd.values.size(); ++k)
        for (Eigen::Index i = 0; i < m.rows(); ++i)
            for (Eigen::Index j = 0; j < m.cols(); ++j)
                m(i, j) -= svd.values[k] * svd.left[k][static_cast<std::size_t>(i)] *
                           svd.right[k][static_cast<std::size_t>(j)];
    return m.norm();
}

double worst_product(std::vector<std::vector<double>> const& side) {
    double worst = 0;
    for (std::size_t p = 0; p < side.size(); ++p)
        for (std::size_t q = 0; q <= p; ++q) {
            const double product = std::inner_product(side[p].begin(), side[p].end(), side[q].begin(), 0.0);
            worst = std::max(worst, std::abs(product - (p == q ? 1 : 0)));
        }
    return worst;
}

}  // namespace

TEST_CASE("singular values: those of Eigen, and vectors that rebuild the matrix", "[filter]") {
    testing::random_source r(31);
    for (auto [rows, columns] : {std::pair{1, 1}, {1, 7}, {7, 1}, {5, 5}, {3, 11}, {11, 3}, {31, 31}, {20, 64}}) {
        matrix m(rows, columns);
        for (Eigen::Index i = 0; i < m.size(); ++i) m.data()[i] = r.any<double>();
        m /= m.cwiseAbs().maxCoeff();
        const auto svd = values_of(m);
        const Eigen::VectorXd expected = testing::svd_of(testing::real_matrix(m)).values;
        INFO(rows << " x " << columns);
        REQUIRE(static_cast<Eigen::Index>(svd.values.size()) == expected.size());
        for (Eigen::Index k = 0; k < expected.size(); ++k)
            CHECK(std::abs(svd.values[static_cast<std::size_t>(k)] - expected(k)) <= 1e-14 * expected(0));
        CHECK(rebuilding_error(svd, m) <= 1e-14 * m.norm());
        CHECK(worst_product(svd.left) <= 1e-13);
        CHECK(worst_product(svd.right) <= 1e-13);
    }
}

TEST_CASE("singular values: small ones are as precise as large ones", "[filter]") {
    // columns of very different lengths: 1, 1e-10 and 1e-20 times orthogonal vectors
    matrix m(3, 3);
    m << 1, 1e-10, -1e-20, 1, -1e-10, -1e-20, 1, 0, 2e-20;
    const auto svd = values_of(m);
    REQUIRE(svd.values.size() == 3);
    CHECK(std::abs(svd.values[0] / std::sqrt(3.0) - 1) <= 1e-15);
    CHECK(std::abs(svd.values[1] / (std::sqrt(2.0) * 1e-10) - 1) <= 1e-15);
    CHECK(std::abs(svd.values[2] / (std::sqrt(6.0) * 1e-20) - 1) <= 1e-15);
}

TEST_CASE("singular values: a matrix of zeros has none, one of a product has one", "[filter]") {
    CHECK(values_of(matrix::Zero(4, 3)).values.empty());
    const auto svd = values_of(matrix::Ones(4, 9));
    CHECK(std::abs(svd.values.front() - 6) <= 1e-14);
    for (std::size_t k = 1; k < svd.values.size(); ++k) CHECK(svd.values[k] <= 1e-15);
}
