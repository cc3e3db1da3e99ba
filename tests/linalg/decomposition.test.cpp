// tests/linalg/decomposition.test.cpp -- singular values and vectors against matrices made of known ones, and the
// largest value of many matrices
#include <faltung/linalg/decomposition.hpp>

#include "support/catch.hpp"
#include "support/dense.hpp"
#include "support/random.hpp"

using namespace faltung;

using detail::best_instruction_set;
using testing::random_source;

namespace {

template <class Z>
using dense = Eigen::Matrix<Z, Eigen::Dynamic, Eigen::Dynamic>;

template <class Z>
dense<Z> random_matrix(random_source& r, index_t m, index_t n) {
    dense<Z> a(m, n);
    const auto number = [&] { return static_cast<double>(r.between(-1000, 1000)) / 1000; };
    for (index_t i = 0; i < m; ++i)
        for (index_t j = 0; j < n; ++j)
            if constexpr (is_complex<Z>)
                a(i, j) = {number(), number()};
            else
                a(i, j) = number();
    return a;
}

/// U diag(values) V^H with orthonormal columns of U and V.
template <class Z>
dense<Z> with_values(random_source& r, index_t m, index_t n, std::vector<double> const& values) {
    const auto orthonormal = [&](index_t rows) {
        const auto count = static_cast<index_t>(values.size());
        return dense<Z>(testing::basis_of(random_matrix<Z>(r, rows, rows)).leftCols(count));
    };
    dense<Z> u = orthonormal(m);
    const dense<Z> v = orthonormal(n);
    for (std::size_t k = 0; k < values.size(); ++k) u.col(static_cast<index_t>(k)) *= values[k];
    return testing::product(u, dense<Z>(v.adjoint()));
}

template <class Z>
void set(detail::decomposition<Z>& to, index_t lane, dense<Z> const& a) {
    for (index_t i = 0; i < a.rows(); ++i)
        for (index_t j = 0; j < a.cols(); ++j) to.set(lane, i, j, a(i, j));
}

}  // namespace

TEMPLATE_TEST_CASE("decomposition: matrices of known singular values, each lane its own", "[linalg]", double,
                   std::complex<double>) {
    using Z = TestType;
    random_source r(1);
    for (instruction_set i : {instruction_set::baseline, best_instruction_set()})
        for (auto [m, n] : {std::pair<index_t, index_t>{1, 1}, {5, 3}, {3, 5}, {8, 8}, {32, 20}, {1, 7}}) {
            detail::decomposition<Z> d(i, m, n);
            std::vector<std::vector<double>> values;
            std::vector<dense<Z>> matrices;
            for (index_t l = 0; l < d.lanes(); ++l) {
                std::vector<double> of_lane;
                for (index_t k = 0; k < d.count(); ++k)
                    of_lane.push_back(std::ldexp(1 + static_cast<double>(r.between(0, 1000)) / 1000,
                                                 static_cast<int>(r.between(-20, 0) + (l % 2 ? 600 : -700))));
                if (l == 1) of_lane.back() = 0;
                std::sort(of_lane.rbegin(), of_lane.rend());
                matrices.push_back(with_values<Z>(r, m, n, of_lane));
                values.push_back(of_lane);
                set(d, l, matrices.back());
            }
            d.decompose();
            for (index_t l = 0; l < d.lanes(); ++l) {
                auto const& expected = values[static_cast<std::size_t>(l)];
                for (index_t k = 0; k < d.count(); ++k) {
                    CHECK(std::abs(d.value(l, k) - expected[static_cast<std::size_t>(k)]) <= 1e-14 * expected.front());
                    d.set_weight(l, k, d.value(l, k));  // composed of its own values it is the adjoint
                }
            }
            d.compose();
            for (index_t l = 0; l < d.lanes(); ++l) {
                dense<Z> const& a = matrices[static_cast<std::size_t>(l)];
                double most = 0;
                for (index_t j = 0; j < n; ++j)
                    for (index_t k = 0; k < m; ++k)
                        most = std::max(most, std::abs(d.inverse(l, j, k) - conjugate(a(k, j))));
                CHECK(most <= 1e-14 * values[static_cast<std::size_t>(l)].front());
            }
        }
}

TEST_CASE("decomposition: graded columns keep small singular values to full precision", "[linalg]") {
    // diag(1, d) times a rotation: its singular values are known exactly, and d is far below the rounding of the first
    detail::decomposition<double> d(best_instruction_set(), 2, 2);
    const double small = 1e-150;
    set<double>(d, 0, dense<double>{{1, small}, {1, -small}});
    d.decompose();
    CHECK(d.value(0, 0) == Approx(std::sqrt(2)).epsilon(1e-15));
    CHECK(d.value(0, 1) == Approx(std::sqrt(2) * 1e-150).epsilon(1e-12));
}

TEST_CASE("decomposition: zeros, and one column", "[linalg]") {
    detail::decomposition<double> zeros(best_instruction_set(), 3, 2), column(best_instruction_set(), 3, 1);
    zeros.decompose();
    CHECK(zeros.value(0, 0) == 0);
    zeros.set_weight(0, 0, 1);
    zeros.compose();
    CHECK(zeros.inverse(0, 1, 2) == 0);
    set<double>(column, 0, dense<double>{{2}, {-3}, {6}});
    column.decompose();
    CHECK(column.value(0, 0) == 7);
}

TEST_CASE("largest_singular_value: of matrices of many norms", "[linalg]") {
    random_source r(2);
    for (int round = 0; round < 20; ++round) {
        detail::largest_singular_value found;
        double expected = 0;
        const index_t m = r.between(1, 6), n = r.between(1, 6);
        detail::decomposition<double> group(best_instruction_set(), m, n);
        for (int k = 0; k < 30; ++k) {
            group.clear();
            for (index_t l = 0; l < group.lanes(); ++l) {
                std::vector<double> values;
                for (index_t v = 0; v < group.count(); ++v)
                    values.push_back(std::ldexp(1 + static_cast<double>(r.between(0, 100)) / 100,
                                                static_cast<int>(r.between(-3, 3)) * (round % 2 ? 1 : 200)));
                expected = std::max(expected, *std::max_element(values.begin(), values.end()));
                set(group, l, with_values<double>(r, m, n, values));
            }
            found.look_at(group);
        }
        CHECK(found.value() == Approx(expected).epsilon(1e-14));
    }
}
