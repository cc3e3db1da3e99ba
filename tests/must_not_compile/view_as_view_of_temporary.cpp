// expect: a view of a temporary would outlive the memory that it shows
#include <faltung/view/viewable.hpp>

using namespace faltung;

int main() {
    std::vector<float> memory(3);
#if defined(SHOULD_COMPILE)
    const auto v = as_view(std::span<float>(memory));
#else
    const auto v = as_view(std::vector<float>(memory));
#endif
}
