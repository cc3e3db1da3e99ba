// expect: layout of this mdspan has no strides
#include <faltung/adapt/mdspan.hpp>

#include "../adapt/mdspan_stand_in.hpp"

using namespace faltung;
using two = stand_in::extents<int, 2>;

#if defined(SHOULD_COMPILE)
using layout = stand_in::layout_left;
#else
using layout = stand_in::layout_tiled;
#endif

int main() {
    float x[4] = {};
    const auto v = as_view(stand_in::mdspan<float, two, layout>(x, {two{{2, 2}}}));
}
