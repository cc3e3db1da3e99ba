// tests/support/boundaries.hpp -- every boundary beside its letter in the reference
#pragma once

#include <faltung/geometry/boundary.hpp>

namespace faltung::testing {

struct named_boundary {
    boundary rule;
    char map;
};

inline constexpr named_boundary boundaries[] = {{boundary::zero, 'z'},     {boundary::replicate, 'e'},
                                                {boundary::reflect, 'r'},  {boundary::symmetric, 's'},
                                                {boundary::circular, 'w'}, {boundary::constant(3), 'c'}};

constexpr named_boundary boundary_of(char map) {
    for (auto const& edge : boundaries)
        if (edge.map == map) return edge;
    throw "no boundary has this letter";
}

}  // namespace faltung::testing
