// expect: accessor of this mdspan does not show memory as it is
#include <faltung/adapt/mdspan.hpp>

#include "../adapt/mdspan_stand_in.hpp"

using namespace faltung;
using two = stand_in::extents<int, 2>;

int main() {
    float x[4] = {};
#if defined(SHOULD_COMPILE)
    const auto v = as_view(stand_in::mdspan<float, two>(x, {two{{2, 2}}}));
#else
    using doubled = stand_in::mdspan<float const, two, stand_in::layout_right, stand_in::doubling_accessor<float>>;
    const auto v = as_view(doubled(x, {two{{2, 2}}}));
#endif
}
