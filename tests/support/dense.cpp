// tests/support/dense.cpp -- the functions of dense.hpp, of real and of complex matrices
#include "support/dense.hpp"

#include <Eigen/QR>
#include <Eigen/SVD>

namespace faltung::testing {
namespace {

template <class D>
singular_values<D> values_of(D const& a) {
    const Eigen::JacobiSVD<D> found(a, Eigen::ComputeThinU | Eigen::ComputeThinV);
    return {found.matrixU(), found.matrixV(), found.singularValues()};
}

template <class D>
D pinv_of(D const& a, double relative) {
    Eigen::CompleteOrthogonalDecomposition<D> found(a.rows(), a.cols());
    found.setThreshold(relative);
    found.compute(a);
    return found.pseudoInverse();
}

}  // namespace

singular_values<real_matrix> svd_of(real_matrix const& a) { return values_of(a); }
singular_values<complex_matrix> svd_of(complex_matrix const& a) { return values_of(a); }

real_matrix dense_pinv(real_matrix const& a, double relative) { return pinv_of(a, relative); }
complex_matrix dense_pinv(complex_matrix const& a, double relative) { return pinv_of(a, relative); }

real_matrix basis_of(real_matrix const& a) { return Eigen::HouseholderQR<real_matrix>(a).householderQ(); }
complex_matrix basis_of(complex_matrix const& a) { return Eigen::HouseholderQR<complex_matrix>(a).householderQ(); }

Eigen::VectorXd least_norm(real_matrix const& a, Eigen::VectorXd const& y) {
    const Eigen::HouseholderQR<real_matrix> qr(a.transpose());
    const real_matrix thin = real_matrix::Identity(a.cols(), a.rows());
    const real_matrix triangle = qr.matrixQR().topRows(a.rows()).triangularView<Eigen::Upper>();
    const Eigen::VectorXd inner = triangle.transpose().triangularView<Eigen::Lower>().solve(y);
    return qr.householderQ() * (thin * inner);
}

real_matrix product(real_matrix const& a, real_matrix const& b) { return a * b; }
complex_matrix product(complex_matrix const& a, complex_matrix const& b) { return a * b; }

}  // namespace faltung::testing
