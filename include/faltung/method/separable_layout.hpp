// faltung/method/separable_layout.hpp -- what separable computes at a time, and in which order
#pragma once

#include <vector>

#include "../simd/column_sweep.hpp"
#include "line_layout.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// What separable works on at a time, and where it keeps it. Along the last axis lines of x~ are filtered in pieces;
/// along every leading axis with more than one tap, a level, filtered lines (blocks of them, but at the innermost
/// level) are kept in a ring until the windows have moved on.
struct separable_layout {
    static constexpr index_t most_kept = index_t{1} << 17;  // samples of the outermost ring: the second-level cache
    static constexpr index_t strip = 8;                     // groups of rows that are one grain
    static constexpr index_t rows = 4;                      // of a group

    struct level {
        int axis;
        axis_walk walk;
        index_t taps, slots;
        bool overlapping;   // whether neighbours' windows share lines
        index_t tile;       // outputs of an inner level that are computed at a time
        index_t block = 0;  // samples of one slot

        level(int a, problem const& p)
            : axis(a), walk(p[a]), taps(p[a].taps), overlapping(walk.step < taps), tile(p[a].outputs()) {
            slots = overlapping ? (rows - 1) * walk.step + taps : rows * taps;
        }
        index_t line_step() const { return overlapping ? walk.step : taps; }
    };

    std::vector<level> levels;  // outermost first
    bool columns_first;         // whether the sums across lines are filtered along them, not the other way round
    line_layout line;
    index_t piece;  // samples of a filtered line, with those that complete its last vector
    shape batch;    // outputs along the leading axes of one tap, 1 along the others
    shape tiles;    // of every axis: 1 along the batch and the outermost level

    explicit separable_layout(problem const& p)
        : levels(levels_of(p)),
          columns_first(has_columns_first(p)),
          line(p.last(), longest_piece(levels)),
          piece(checked::ceil_divide(line.outputs, unit) * unit) {
        for (int a = 0; a + 1 < p.rank; ++a) {
            batch.push_back(p[a].taps > 1 ? 1 : p[a].outputs());
            tiles.push_back(1);
        }
        batch.push_back(1);
        tiles.push_back(checked::ceil_divide(p.last().outputs(), std::max<index_t>(line.outputs, 1)));
        index_t block =
            columns_first ? checked::ceil_divide(extended(p.last(), line.outputs) + unit, unit) * unit : piece;
        // inner tiles as large as the outermost ring allows, halved in turn; a tile of few outputs repeats too much
        for (std::size_t l = levels.size(); l-- > 0;) {
            levels[l].block =
                block + unit;  // not a multiple of 4096 bytes: such lines would share the places of a cache
            if (l == 0) break;
            const index_t room = most_kept / std::max<index_t>(checked::multiply(levels[0].slots, block, "slots"), 1);
            const index_t least = std::min(levels[l].tile, levels[l].taps + 2 * rows);
            levels[l].tile =
                std::clamp<index_t>(room, std::max<index_t>(least, 1), std::max<index_t>(levels[l].tile, 1));
            block = checked::multiply(block, levels[l].tile, "samples of a block");
            tiles[levels[l].axis] = checked::ceil_divide(p[levels[l].axis].outputs(), levels[l].tile);
        }
    }

    static constexpr index_t unit = 32;  // a multiple of what column_sweep takes

    static constexpr index_t least_aligned = 8 * unit;  // samples of a line that may begin with fewer than a unit more

    /// Samples of x~ that so many outputs read along an axis.
    static index_t extended(axis const& k, index_t outputs) {
        return outputs + checked::multiply(k.taps - 1, k.dilation, "samples of a line");
    }
    /// Rings of a level: one for each term, but where the samples themselves are kept.
    index_t rings(int l, index_t terms) const { return l == 0 && !columns_first ? terms : 1; }

    index_t result() const { return levels.empty() ? piece : levels.front().block; }
    /// Groups of rows along the outermost level, those of each phase apart.
    index_t groups_per_phase(problem const& p) const {
        auto const& l = levels.front();
        return checked::ceil_divide(l.walk.in_phase(p[l.axis].outputs(), 0), rows);
    }
    index_t groups(problem const& p) const {
        if (levels.empty()) return 1;
        auto const& l = levels.front();
        return checked::multiply(std::min(l.walk.phases, p[l.axis].outputs()), groups_per_phase(p), "groups of rows");
    }
    index_t strips(problem const& p) const { return checked::ceil_divide(groups(p), strip); }

private:
    static std::vector<level> levels_of(problem const& p) {
        std::vector<level> found;
        for (int a = 0; a + 1 < p.rank; ++a)
            if (p[a].taps > 1) found.emplace_back(a, p);
        return found;
    }
    // Samples that lie in place are not copied then, and what is between two axes is not kept: for one level, where the
    // sums beyond one per output cost less than an eighth of all.
    bool has_columns_first(problem const& p) const {
        axis const& k = p.last();
        if (levels.size() != 1 || k.taps == 1 || k.window_stride != 1) return false;
        if ((p.types.x == real_element(p.types.x)) != (p.types.accumulator == real_element(p.types.accumulator)))
            return false;
        const auto taps = static_cast<double>(k.taps), across = static_cast<double>(levels.front().taps);
        return 8 * (taps - 1) * static_cast<double>(k.dilation) * across <
               static_cast<double>(std::min<index_t>(k.outputs(), most_kept)) * (taps + across);
    }
    // Whole rows where the ring allows it: rows that are read one after the other arrive in time, pieces do not.
    static index_t longest_piece(std::vector<level> const& levels) {
        return levels.empty() ? 8192 : std::clamp<index_t>(most_kept / levels.front().slots, 512, 8192);
    }
};

/// Scratch of a worker, one after the other: a packed line, the rows of a group, where lines are filtered last rows of
/// sums and a line outside; and for every level its ring, where its slots lie, which positions they hold, the lines of
/// a group, the same two of what lies in place, and a block for rows that a group lacks.
template <class T>
struct separable_scratch {
    using Acc = typename T::Acc;
    index_t bytes = 0, packed, result, sums, outside;
    struct level {
        index_t ring, at, held, lines, inside_at, inside, spare;
    };
    std::array<level, max_axes> levels{};

    separable_scratch(separable_layout const& layout, index_t terms)
        : packed(take<typename T::Data>(layout.line.length)),
          result(take<Acc>(checked::multiply(separable_layout::rows, layout.result(), "rows of a group"))),
          sums(take<Acc>(layout.columns_first
                             ? checked::multiply(terms > 1 ? separable_layout::rows : 1, layout.piece, "rows of sums")
                             : 0)),
          outside(take<typename T::X>(layout.columns_first ? layout.result() : 0)) {
        for (std::size_t l = 0; l < layout.levels.size(); ++l) {
            auto const& of = layout.levels[l];
            const index_t slots =
                checked::multiply(of.slots, layout.rings(static_cast<int>(l), terms), "slots of a ring");
            levels[l].ring = take<Acc>(checked::multiply(slots, of.block, "samples of a ring"));
            levels[l].at = take<std::uintptr_t>(slots);
            levels[l].held = take<index_t>(slots);
            levels[l].lines = take<std::uintptr_t>(of.slots);
            levels[l].inside_at = take<std::uintptr_t>(slots);
            levels[l].inside = take<std::uintptr_t>(of.slots);
            levels[l].spare = take<Acc>(l == 0 ? 0 : of.block);
        }
    }

private:
    template <class E>
    index_t take(index_t count) {
        constexpr index_t alignment = static_cast<index_t>(buffer_alignment);
        const index_t first = bytes, size = checked::multiply(count, sizeof(E), "scratch");
        bytes = checked::add(bytes, checked::multiply(checked::ceil_divide(size, alignment), alignment, "scratch"),
                             "scratch");
        return first;
    }
};

/// The ring of a level in that scratch; `held` says which position a slot stands for.
template <class T>
struct separable_ring {
    using X = typename T::X;
    using Acc = typename T::Acc;
    Acc* samples = nullptr;
    Acc const** at = nullptr;
    index_t* held = nullptr;
    Acc const** lines = nullptr;
    X const** inside_at = nullptr;  // where of the same lines what lies in place does
    X const** inside = nullptr;
    Acc* spare = nullptr;

    separable_ring() = default;
    separable_ring(std::byte* scratch, typename separable_scratch<T>::level const& l) noexcept
        : samples(reinterpret_cast<Acc*>(scratch + l.ring)),
          at(reinterpret_cast<Acc const**>(scratch + l.at)),
          held(reinterpret_cast<index_t*>(scratch + l.held)),
          lines(reinterpret_cast<Acc const**>(scratch + l.lines)),
          inside_at(reinterpret_cast<X const**>(scratch + l.inside_at)),
          inside(reinterpret_cast<X const**>(scratch + l.inside)),
          spare(reinterpret_cast<Acc*>(scratch + l.spare)) {}
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
