// expect: computed sample by sample and has no memory to view
#include <faltung/adapt/eigen_tensor.hpp>

using namespace faltung;

int main() {
    const Eigen::Tensor<float, 2> a(2, 2), b(2, 2);
#if defined(SHOULD_COMPILE)
    const Eigen::Tensor<float, 2> sum = a + b;
#else
    const auto sum = a + b;
#endif
    const auto v = as_view(sum);
}
