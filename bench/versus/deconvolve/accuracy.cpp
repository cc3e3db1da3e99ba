// bench/versus/deconvolve/accuracy.cpp -- pseudo-inverses beside the closed form and Eigen's decompositions: how far
// off and how long, for matrices of every kind, in one table
#include <Eigen/QR>
#include <Eigen/SVD>
#include <cstdio>
#include <vector>

#include <faltung/linalg.hpp>

#include "../../measure.hpp"

using namespace faltung;
using namespace faltung_bench;

namespace {

using dense = Eigen::MatrixXd;
__extension__ using wide = __float128;  // 113 bits: of a product of two doubles nothing is lost

/// Row-major, of 113 bits.
struct wide_matrix {
    index_t rows, columns;
    std::vector<wide> data;

    wide_matrix(index_t m, index_t n) : rows(m), columns(n), data(static_cast<std::size_t>(m * n)) {}
    explicit wide_matrix(dense const& a) : wide_matrix(a.rows(), a.cols()) {
        for (index_t i = 0; i < rows; ++i)
            for (index_t j = 0; j < columns; ++j) (*this)(i, j) = a(i, j);
    }
    wide& operator()(index_t i, index_t j) { return data[static_cast<std::size_t>(i * columns + j)]; }
    wide operator()(index_t i, index_t j) const { return data[static_cast<std::size_t>(i * columns + j)]; }

    wide_matrix transposed() const {
        wide_matrix t(columns, rows);
        for (index_t i = 0; i < rows; ++i)
            for (index_t j = 0; j < columns; ++j) t(j, i) = (*this)(i, j);
        return t;
    }
    wide_matrix times(wide_matrix const& b) const {
        wide_matrix c(rows, b.columns);
        for (index_t i = 0; i < rows; ++i)
            for (index_t k = 0; k < columns; ++k)
                for (index_t j = 0; j < b.columns; ++j) c(i, j) += (*this)(i, k) * b(k, j);
        return c;
    }
    /// The solution X of A X = B, by elimination of rows in the order of their pivots; A is definite.
    wide_matrix solved(wide_matrix b) const {
        wide_matrix a = *this;
        for (index_t k = 0; k < rows; ++k)
            for (index_t i = 0; i < rows; ++i) {
                if (i == k) continue;
                const wide factor = a(i, k) / a(k, k);
                for (index_t j = k; j < columns; ++j) a(i, j) -= factor * a(k, j);
                for (index_t j = 0; j < b.columns; ++j) b(i, j) -= factor * b(k, j);
            }
        for (index_t i = 0; i < rows; ++i)
            for (index_t j = 0; j < b.columns; ++j) b(i, j) /= a(i, i);
        return b;
    }
};

/// The pseudo-inverse of left right, factors of full rank: right^T (right right^T)^-1 (left^T left)^-1 left^T.
wide_matrix exact_pinv(dense const& left, dense const& right) {
    const wide_matrix l(left), r(right), lt = l.transposed(), rt = r.transposed();
    return rt.times(r.times(rt).solved(lt.times(l).solved(lt)));
}

double next_noise() {  // -1 to 1
    static std::uint32_t count = 0;
    std::uint32_t bits = count++ * 2654435761u;
    bits = (bits ^ bits >> 15) * 2246822519u;
    return static_cast<double>(bits >> 8) / 0x1p23 - 1;
}

dense random_dense(index_t m, index_t n) {
    dense a(m, n);
    for (index_t i = 0; i < m; ++i)
        for (index_t j = 0; j < n; ++j) a(i, j) = next_noise();
    return a;
}

/// One kind of matrix: what it is called, and a batch with the exact pseudo-inverses, rounded.
struct kind {
    const char* name;
    double condition;
    index_t rank;  // 0: full
};

struct batch {
    tensor<double, 3> a, exact;
};

batch make(kind const& k, index_t count, index_t m, index_t n) {
    const index_t full = std::min(m, n);
    batch b{tensor<double, 3>({count, m, n}), tensor<double, 3>({count, n, m})};
    for (index_t at = 0; at < count && k.rank >= 0; ++at) {
        dense left = dense::Identity(m, m), right(m, n);
        if (k.rank > 0) {  // of few bits, so that their product is exact
            left = (random_dense(m, k.rank) * 64).array().round();
            right = (random_dense(k.rank, n) * 64).array().round();
        } else {
            const dense u = Eigen::HouseholderQR<dense>(random_dense(m, m)).householderQ();
            const dense v = Eigen::HouseholderQR<dense>(random_dense(n, n)).householderQ();
            dense s = dense::Zero(m, n);
            for (index_t i = 0; i < full; ++i)
                s(i, i) = std::pow(k.condition, -static_cast<double>(i) / static_cast<double>(full - 1));
            right = u * s * v.transpose();
            if (m > n) {
                left = right;
                right = dense::Identity(n, n);
            }
        }
        const dense a = left * right;
        const wide_matrix p = exact_pinv(left, right);
        for (index_t i = 0; i < m; ++i)
            for (index_t j = 0; j < n; ++j) {
                b.a(at, i, j) = a(i, j);
                b.exact(at, j, i) = static_cast<double>(p(j, i));
            }
    }
    return b;
}

/// The largest |P - exact| / |exact| of a batch, in the Frobenius norm; of zeros, |P|.
double worst_error(tensor<double, 3> const& p, tensor<double, 3> const& exact) {
    double worst = 0;
    for (index_t k = 0; k < p.extent(0); ++k) {
        double off = 0, all_of_it = 0;
        for (index_t i = 0; i < p.extent(1); ++i)
            for (index_t j = 0; j < p.extent(2); ++j) {
                off += (p(k, i, j) - exact(k, i, j)) * (p(k, i, j) - exact(k, i, j));
                all_of_it += exact(k, i, j) * exact(k, i, j);
            }
        const double error = std::sqrt(off / (all_of_it > 0 ? all_of_it : 1));
        worst = error > worst || !(error <= worst) ? error : worst;  // NaN is the worst
    }
    return worst;
}

template <class Invert>
tensor<double, 3> one_by_one(batch const& b, Invert const& invert) {
    tensor<double, 3> p(b.exact.shape());
    dense a(b.a.extent(1), b.a.extent(2));
    for (index_t k = 0; k < b.a.extent(0); ++k) {
        for (index_t i = 0; i < a.rows(); ++i)
            for (index_t j = 0; j < a.cols(); ++j) a(i, j) = b.a(k, i, j);
        const dense found = invert(a);
        for (index_t i = 0; i < found.rows(); ++i)
            for (index_t j = 0; j < found.cols(); ++j) p(k, i, j) = found(i, j);
    }
    return p;
}

dense by_svd(dense const& a) {
    const Eigen::JacobiSVD<dense> svd(a, Eigen::ComputeThinU | Eigen::ComputeThinV);
    Eigen::VectorXd inverse = svd.singularValues();
    const double least = static_cast<double>(std::max(a.rows(), a.cols())) * 0x1p-52 * inverse(0);
    for (double& s : inverse) s = s > least ? 1 / s : 0;
    return svd.matrixV() * inverse.asDiagonal() * svd.matrixU().transpose();
}

template <class Run>
void column(batch const& b, Run const& run) {
    tensor<double, 3> p(b.exact.shape());
    const double seconds = best_seconds([&] { p = run(); });
    std::printf(" %.1e, %.0f ns |", worst_error(p, b.exact), seconds / static_cast<double>(b.a.extent(0)) * 1e9);
}

}  // namespace

int main() {
    std::puts(
        "| matrices of double | pinv | closed_form_pinv | Eigen, JacobiSVD | Eigen, CompleteOrthogonalDecomposition |\n"
        "|---|---|---|---|---|");
    for (auto const& [m, n, count] : {std::array<index_t, 3>{2, 4, 2000}, {8, 8, 500}, {32, 20, 40}})
        for (kind const& k : {kind{"condition 10", 10, 0}, kind{"condition 1e4", 1e4, 0}, kind{"condition 1e8", 1e8, 0},
                              kind{"condition 1e12", 1e12, 0}, kind{"rank 1", 0, 1}, kind{"zeros", 0, -1}}) {
            const batch b = make(k, count, m, n);
            std::printf("| %d x %d, %s |", static_cast<int>(m), static_cast<int>(n), k.name);
            column(b, [&] { return pinv(b.a).inverse; });
            try {
                column(b, [&] { return closed_form_pinv(b.a); });
            } catch (option_error const&) {  // a product that has no inverse
                std::printf(" refused |");
            }
            column(b, [&] { return one_by_one(b, by_svd); });
            column(b, [&] {
                return one_by_one(b, [](dense const& a) {
                    return dense(Eigen::CompleteOrthogonalDecomposition<dense>(a).pseudoInverse());
                });
            });
            std::puts("");
        }
}
