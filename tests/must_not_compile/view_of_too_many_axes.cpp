// expect: a view has at most faltung::max_rank axes
#include <faltung/view/tensor_view.hpp>

int main() {
    constexpr std::size_t most = faltung::max_rank;
#if defined(SHOULD_COMPILE)
    const faltung::tensor_view<float, most> v;
#else
    const faltung::tensor_view<float, most + 1> v;
#endif
}
