// faltung/simd/winograd_tiles.hpp -- samples of tiles to Winograd's points and sums of points to outputs, a tile in
// each lane
#pragma once

#include <utility>

#include "../core/index.hpp"
#include "target.hpp"
#include "transpose_lanes.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Along one axis, F(Outputs, 3): as many outputs of 3 taps from Outputs + 2 samples and as many points,
///
///     y[o] = sum over p of A[o][p] * (sum over t of G[p][t] h[t]) * (sum over s of B[p][s] x[s])
///
/// with the points 0, 1, -1, infinity (F(2, 3)), and 2, -2 (F(4, 3)). `points` is B, `outputs` is A.
/// Source: A. Lavin and S. Gray, Fast algorithms for convolutional neural networks, 2015.
template <class T, int Bytes, int Outputs>
struct winograd_line;

template <class T, int Bytes>
struct winograd_line<T, Bytes, 2> {
    using V = typename lanes<T, Bytes>::vector;
    static FALTUNG_ALWAYS_INLINE void points(V const* x, V* p) {
        p[0] = x[0] - x[2];
        p[1] = x[1] + x[2];
        p[2] = x[2] - x[1];
        p[3] = x[1] - x[3];
    }
    static FALTUNG_ALWAYS_INLINE void outputs(V const* p, V* y) {
        y[0] = p[0] + p[1] + p[2];
        y[1] = p[1] - p[2] - p[3];
    }
};

template <class T, int Bytes>
struct winograd_line<T, Bytes, 4> {
    using V = typename lanes<T, Bytes>::vector;
    static FALTUNG_ALWAYS_INLINE void points(V const* x, V* p) {
        const V even = x[4] - T(4) * x[2], odd = x[3] - T(4) * x[1], far_even = x[4] - x[2], gap = x[3] - x[1],
                far_odd = gap + gap;
        p[0] = T(4) * x[0] - T(5) * x[2] + x[4];
        p[1] = even + odd;
        p[2] = even - odd;
        p[3] = far_even + far_odd;
        p[4] = far_even - far_odd;
        p[5] = T(4) * x[1] - T(5) * x[3] + x[5];
    }
    static FALTUNG_ALWAYS_INLINE void outputs(V const* p, V* y) {
        const V even = p[1] + p[2], odd = p[1] - p[2], far_even = p[3] + p[4], far_odd = p[3] - p[4];
        y[0] = p[0] + even + far_even;
        y[1] = odd + T(2) * far_odd;
        y[2] = even + T(4) * far_even;
        y[3] = odd + T(8) * far_odd + p[5];
    }
};

/// The points of `tiles` tiles side by side, Outputs samples apart: point p of tile i, row-major over both axes, goes
/// to points[p * point_step + i]. `lines` are Outputs + 2 lines, `line_step` apart; they are read to the end of the
/// vector group behind the last tile, and up to a vector is written beyond the tiles. `phases` has room for
/// (Outputs + 2) * Outputs lines of `phase_step`.
template <class T, int Outputs>
struct winograd_points {
    static constexpr int count = Outputs + 2;
    static constexpr std::size_t side = count, outputs = Outputs;

    struct arguments {
        T const* lines;
        index_t line_step, tiles;
        T* phases;
        index_t phase_step;
        T* points;
        index_t point_step;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<T, Bytes>;
        using V = typename L::vector;
        constexpr index_t width = L::count;
        constexpr auto every = std::make_index_sequence<static_cast<std::size_t>(L::count)>();
        // across the lines; then every line by phases: sample s of all tiles side by side
        for (index_t i = 0; i <= a.tiles; i += width) {
            V across[outputs][side];
#pragma GCC unroll 4
            for (int v = 0; v < Outputs; ++v) {
                V x[side];
#pragma GCC unroll 6
                for (int s = 0; s < count; ++s) L::load(x[s], a.lines + s * a.line_step + i * Outputs + v * width);
                winograd_line<T, Bytes, Outputs>::points(x, across[v]);
            }
#pragma GCC unroll 6
            for (int p = 0; p < count; ++p) {
                V phase[4];
                split_lanes<T, Bytes>(across[0][p], across[1][p], phase[0], phase[1], every);
                if constexpr (Outputs == 4) {
                    V even, odd;
                    split_lanes<T, Bytes>(across[2][p], across[3][p], even, odd, every);
                    split_lanes<T, Bytes>(phase[1], odd, phase[1], phase[3], every);
                    split_lanes<T, Bytes>(phase[0], even, phase[0], phase[2], every);
                }
#pragma GCC unroll 4
                for (int s = 0; s < Outputs; ++s) L::store(a.phases + (p * Outputs + s) * a.phase_step + i, phase[s]);
            }
        }
        for (index_t i = 0; i < a.tiles; i += width)
            for (int p = 0; p < count; ++p) {
                T const* from = a.phases + p * Outputs * a.phase_step + i;
                V x[side], along[side];
#pragma GCC unroll 6
                for (int s = 0; s < count; ++s) L::load(x[s], from + s % Outputs * a.phase_step + s / Outputs);
                winograd_line<T, Bytes, Outputs>::points(x, along);
#pragma GCC unroll 6
                for (int s = 0; s < count; ++s) L::store(a.points + (p * count + s) * a.point_step + i, along[s]);
            }
    }
};

/// The outputs of as many tiles as so many vectors have lanes: row r of tile i begins at rows[r * row_step + Outputs *
/// i]; to each the bias, if there is one, is added. Points are as above. Where all are finite, *not_finite = 0, else
/// NaN.
template <class T, int Outputs>
struct winograd_outputs {
    static constexpr int count = Outputs + 2;
    static constexpr std::size_t side = count, outputs = Outputs;

    struct arguments {
        T const* points;
        index_t point_step, vectors;
        T const* bias;
        T* rows;
        index_t row_step;
        T* not_finite;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<T, Bytes>;
        using V = typename L::vector;
        constexpr auto every = std::make_index_sequence<static_cast<std::size_t>(L::count)>();
        V flaws{};  // v - v is NaN where v is not finite
        for (index_t v = 0; v < a.vectors; ++v) {
            V across[outputs][side];
#pragma GCC unroll 6
            for (int s = 0; s < count; ++s) {
                V p[side], y[outputs];
#pragma GCC unroll 6
                for (int i = 0; i < count; ++i) L::load(p[i], a.points + (i * count + s) * a.point_step + v * L::count);
                winograd_line<T, Bytes, Outputs>::outputs(p, y);
#pragma GCC unroll 4
                for (int r = 0; r < Outputs; ++r) across[r][s] = y[r];
            }
#pragma GCC unroll 4
            for (int r = 0; r < Outputs; ++r) {
                V y[4];
                winograd_line<T, Bytes, Outputs>::outputs(across[r], y);
                if (a.bias)
#pragma GCC unroll 4
                    for (int s = 0; s < Outputs; ++s) y[s] += *a.bias;
#pragma GCC unroll 4
                for (int s = 0; s < Outputs; ++s) flaws += y[s] - y[s];
                if constexpr (Outputs == 4) {
                    mix_lanes<T, Bytes>(y[0], y[2], y[0], y[2], every);
                    mix_lanes<T, Bytes>(y[1], y[3], y[1], y[3], every);
                    mix_lanes<T, Bytes>(y[2], y[3], y[2], y[3], every);
                }
                mix_lanes<T, Bytes>(y[0], y[1], y[0], y[1], every);
#pragma GCC unroll 4
                for (int s = 0; s < Outputs; ++s)
                    L::store(a.rows + r * a.row_step + (v * Outputs + s) * L::count, y[s]);
            }
        }
        T sum{};
        for (int l = 0; l < L::count; ++l) sum += flaws[l];
        *a.not_finite = sum;
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
