// expect: a view of a temporary would outlive the memory
#include <faltung/adapt/eigen_tensor.hpp>

using namespace faltung;

int main() {
    float x[4] = {};
#if defined(SHOULD_COMPILE)
    const auto v = as_view(Eigen::TensorMap<Eigen::Tensor<float, 2>>(x, 2, 2));
#else
    const auto v = as_view(Eigen::Tensor<float, 2>(2, 2));
#endif
}
