// faltung/simd/point_location.hpp -- the inner loops that find where a point's kernel begins on a grid
#pragma once

#include "../core/index.hpp"
#include "lanes.hpp"
#include "target.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Points that are located at a time.
inline constexpr index_t location_block = 64;

/// Rounded to an integer, and down to one, for |v| < 2^51.
template <class Vector>
FALTUNG_ALWAYS_INLINE void round_lanes(Vector& to, Vector const& v) {
    constexpr double shift = 0x1.8p52;  // adding and taking it away leaves no binary digit behind the point
    to = v + shift;
    to = to - shift;
}
template <class Vector>
FALTUNG_ALWAYS_INLINE void floor_lanes(Vector& to, Vector const& v) {
    round_lanes(to, v);
    to = to > v ? to - 1.0 : to;
}

/// Of `location_block` coordinates x along an axis, scale x in turns and less than 1.5: the first of the nodes around
/// each, at most half a width to its left, and t in [-1, 1], where it lies between nodes.
struct locate_nodes {
    struct arguments {
        double const* x;
        double scale, nodes, half_width;
        double *node, *t;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<double, Bytes>;
        for (index_t p = 0; p < location_block; p += L::count) {
            typename L::vector q, whole, left, node;
            L::load(q, a.x + p);
            q = q * a.scale;
            round_lanes(whole, q);
            left = (q - whole) * a.nodes;
            left = left < 0.0 ? left + a.nodes : left;
            left = left - a.half_width;
            floor_lanes(node, left);
            node = node < left ? node + 1.0 : node;
            left = (node - left) * 2.0 - 1.0;
            L::store(a.t + p, left);
            node = node < 0.0 ? node + a.nodes : node;
            node = node >= a.nodes ? node - a.nodes : node;
            L::store(a.node + p, node);
        }
    }
};

/// Of as many points on an outer, a middle and an inner axis: the place in the memory of a band, and the number of the
/// tile that the node lies in, counted by band, middle axis, inner axis, and slices of a band where tiles are so thin.
struct place_points {
    struct arguments {
        double const* node[3];
        double height, last_band;                    // slices of a band
        double slice, row;                           // numbers from one to the next
        double of_row, of_column;                    // 1 over the nodes of a tile, powers of two
        double rows, columns, thickness, per_slice;  // tiles; slices; 1 or 0
        double *place, *tile;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<double, Bytes>;
        for (index_t p = 0; p < location_block; p += L::count) {
            typename L::vector z, y, x, band, part;
            L::load(z, a.node[0] + p);
            L::load(y, a.node[1] + p);
            L::load(x, a.node[2] + p);
            floor_lanes(band, z / a.height);
            band = band > a.last_band ? band * 0.0 + a.last_band : band;
            z = z - band * a.height;
            L::store(a.place + p, z * a.slice + y * a.row + x);
            floor_lanes(part, y * a.of_row);
            band = band * a.rows + part;
            floor_lanes(part, x * a.of_column);
            band = (band * a.columns + part) * a.thickness + z * a.per_slice;
            L::store(a.tile + p, band);
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
