// expect: read-only|returns a const value
#include <faltung/view/viewable.hpp>

using namespace faltung;

int main() {
    tensor<float, 1> x({3});
#if defined(SHOULD_COMPILE)
    as_view(x)(0) = 1;
#else
    as_view(std::as_const(x))(0) = 1;
#endif
}
