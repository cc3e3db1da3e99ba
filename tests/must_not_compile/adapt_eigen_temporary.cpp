// expect: a view of a temporary would outlive the memory
#include <faltung/adapt/eigen.hpp>

using namespace faltung;

int main() {
    Eigen::MatrixXf a(2, 2);
#if defined(SHOULD_COMPILE)
    const auto v = as_view(a.block(0, 0, 2, 1));
#else
    const auto v = as_view(Eigen::MatrixXf(2, 2));
#endif
}
