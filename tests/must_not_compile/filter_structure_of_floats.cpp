// tests/must_not_compile/filter_structure_of_floats.cpp -- integers and a floating structuring element
// expect: the structuring element of integers has integers
#include <faltung/filter.hpp>

using namespace faltung;

#if defined(SHOULD_COMPILE)
using height = std::int8_t;
#else
using height = float;
#endif

void use(tensor<std::uint8_t, 2> const& x, tensor<height, 2> const& element) {
    [[maybe_unused]] const auto y = erode(x, element);
}
