// expect: a view of a temporary would outlive the memory
#include <faltung/adapt/eigen.hpp>

using namespace faltung;

int main() {
    Eigen::MatrixXf a(2, 2);
#if defined(SHOULD_COMPILE)
    const auto v = as_view(Eigen::Ref<Eigen::MatrixXf>(a));
#else
    const auto v = as_view(Eigen::Ref<Eigen::MatrixXf const>(a));  // it may hold a copy
#endif
}
