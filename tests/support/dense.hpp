// tests/support/dense.hpp -- what dense matrices are multiplied, factored and inverted by: Eigen, compiled once
#pragma once

#include <Eigen/Core>
#include <complex>

namespace faltung::testing {

using real_matrix = Eigen::MatrixXd;
using complex_matrix = Eigen::MatrixXcd;

/// left diag(values) right^H, the largest value first.
template <class D>
struct singular_values {
    D left, right;
    Eigen::VectorXd values;
};
singular_values<real_matrix> svd_of(real_matrix const& a);
singular_values<complex_matrix> svd_of(complex_matrix const& a);

/// The pseudo-inverse, of the rank that the pivots above `relative` times the largest show: by orthogonal factors.
real_matrix dense_pinv(real_matrix const& a, double relative);
complex_matrix dense_pinv(complex_matrix const& a, double relative);

/// Orthonormal columns: the Q of A = QR, rows x rows.
real_matrix basis_of(real_matrix const& a);
complex_matrix basis_of(complex_matrix const& a);

/// The shortest x of A x = y where A has full row rank: A^T (A A^T)^-1 y, by a factorisation that keeps its digits.
Eigen::VectorXd least_norm(real_matrix const& a, Eigen::VectorXd const& y);

real_matrix product(real_matrix const& a, real_matrix const& b);
complex_matrix product(complex_matrix const& a, complex_matrix const& b);

}  // namespace faltung::testing
