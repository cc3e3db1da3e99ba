// expect: a view of a temporary would outlive the memory that it shows
#include <faltung/view/tensor_view.hpp>

#include <vector>

using namespace faltung;

int main() {
    const std::vector<float> memory(3);
#if defined(SHOULD_COMPILE)
    const tensor_view<float const, 1> v(memory, {2}, {2});
#else
    const tensor_view<float const, 1> v(std::vector<float>(3), {2}, {2});
#endif
}
