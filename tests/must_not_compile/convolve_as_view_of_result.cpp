// tests/must_not_compile/convolve_as_view_of_result.cpp -- a view of what a call returns would outlive it
// expect: a view of a temporary would outlive the memory that it shows
#include <faltung/convolve.hpp>

int main() {
    const std::vector<float> x{1, 2}, h{1};
#if defined(SHOULD_COMPILE)
    const auto y = faltung::convolve(x, h);
    const auto view = faltung::as_view(y);
#else
    const auto view = faltung::as_view(faltung::convolve(x, h));
#endif
    return static_cast<int>(view.count());
}
