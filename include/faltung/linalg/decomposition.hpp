// faltung/linalg/decomposition.hpp -- singular values and vectors of a matrix, and the largest value of many matrices
#pragma once

#include <Eigen/Eigenvalues>
#include <Eigen/SVD>
#include <cmath>
#include <vector>

#include "../core/scalar.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

template <class T>
using dense_matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

/// Decompositions are made in double: one of each is compiled for real and one for complex numbers, and in it a float
/// is exact.
template <class T>
using decomposed = dense_matrix<with_complexity<double, is_complex<T>>>;

// Not the divide-and-conquer of BDCSVD, which takes four times as long to compile.
template <class D>
Eigen::VectorXd singular_values_of(D const& a) {
    return Eigen::JacobiSVD<D>(a).singularValues();
}

/// left diag(values) right^H, with vectors of length 1 as columns; the values of a Hermitian matrix may be negative.
template <class D>
struct decomposition {
    D left, right;
    Eigen::VectorXd values;

    static decomposition of(D const& a) {
        const Eigen::JacobiSVD<D> found(a, Eigen::ComputeThinU | Eigen::ComputeThinV);
        return {found.matrixU(), found.matrixV(), found.singularValues()};
    }
    static decomposition of_hermitian(D const& a) {
        const Eigen::SelfAdjointEigenSolver<D> found(a);
        return {found.eigenvectors(), found.eigenvectors(), found.eigenvalues()};
    }

    double largest() const { return values.size() > 0 ? values.cwiseAbs().maxCoeff() : 0; }

    /// right diag(inverse) left^H
    D composed(Eigen::VectorXd const& inverse) const {
        D scaled = right;
        for (Eigen::Index j = 0; j < scaled.cols(); ++j) scaled.col(j) *= inverse(j);
        return scaled * left.adjoint();
    }
};

/// The largest singular value of many matrices, without taking those apart whose norms say that it is not theirs:
/// (sum of sigma^p)^(1/p) >= the largest sigma, for p = 4, 8, ..., is the root of a norm of (A^H A)^(p/4).
template <class D>
class largest_singular_value {
    double largest_ = 0;

public:
    double value() const { return largest_; }

    void look_at(D const& a) {
        const double norm = a.stableNorm();
        if (!(norm > largest_)) return;
        const D scaled = a / norm;
        D square;
        if (a.rows() < a.cols())
            square = scaled * scaled.adjoint();
        else
            square = scaled.adjoint() * scaled;
        for (int power = 4; power <= 32; power *= 2) {
            if (std::pow(square.norm(), 2.0 / power) * norm <= largest_) return;
            square = (square * square).eval();
        }
        largest_ = std::max(largest_, singular_values_of(a)(0));
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
