// tests/must_not_compile/filter_edges_of_one_axis.cpp -- edges of a line
// expect: edge_magnitude needs rows and columns
#include <faltung/filter.hpp>

using namespace faltung;

#if defined(SHOULD_COMPILE)
constexpr std::size_t axes = 2;
#else
constexpr std::size_t axes = 1;
#endif

void use(tensor<float, axes> const& x) { [[maybe_unused]] const auto y = edge_magnitude(x); }
