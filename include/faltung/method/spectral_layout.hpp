// faltung/method/spectral_layout.hpp -- how a problem is cut into tiles that a transform takes, and what that costs
#pragma once

#include <algorithm>

#include "../fft/engine.hpp"
#include "../fft/length.hpp"
#include "../geometry/problem.hpp"
#include "cost_constants.hpp"
#include "error_bounds.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// One axis of the tiles. With e = o * window_stride / phases for an output o, a tile holds `step` values of e, and the
/// sum of e stands in the ring of `length` samples at e - e0 + first, where e0 is the tile's first e. Sample i of phase
/// q of the tile is
///
///     x~[(e0 + origin - first + i) * phases + q - low]
///
/// and tap t of the kernel, which belongs to phase t * dilation modulo phases, stands at origin - t * dilation /
/// phases, modulo the length. With origin = reach(phases) what stands there or above, or where only samples of 0 wrap
/// to, is the sum itself. With origin = 0 the ring is the period of x~, and what wraps belongs there.
///
/// There is one phase, or as many as the window stride: then all phases are transformed, like channels, but only the
/// sums that are asked for are transformed back.
struct spectral_axis {
    index_t length = 1, first = 0, step = 1, tiles = 0;
    index_t origin = 0;
    bool is_period = false;
    index_t phases = 1;

    /// Where a tap stands, and in which phase.
    index_t place_of(axis const& k, index_t tap) const {
        return checked::floor_modulo(origin - tap * k.dilation / phases, length);
    }
    index_t phase_of(axis const& k, index_t tap) const { return tap * k.dilation % phases; }
    /// The samples that `e` sums need.
    index_t loaded(index_t e) const { return is_period ? length : std::min(length, e + first); }
    /// Values of e from an output to the next one, and from the first output to the last.
    index_t stride(axis const& k) const { return k.window_stride / phases; }
    index_t sums(axis const& k) const { return k.outputs() == 0 ? 0 : (k.outputs() - 1) * stride(k) + 1; }
    /// Samples of a phase, besides one, that a sum reads.
    static index_t reach(axis const& k, index_t phases) { return (k.span() - 1) / phases; }
};

/// The tiles of a problem. Axes with one tap are not transformed, but for the last one: each of their outputs is a tile
/// of its own. The layout depends on the problem and its limit of memory, never on the number of threads.
struct spectral_layout {
    std::array<spectral_axis, max_axes> axes;
    faltung::number_kind numbers = number_kind::real;
    index_t data = 0;  // real numbers of a tile
    double seconds = 0, preparation = 0;

    spectral_axis const& operator[](int a) const { return axes[static_cast<std::size_t>(a)]; }
    spectral_axis& operator[](int a) { return axes[static_cast<std::size_t>(a)]; }

    /// Of all axes together.
    index_t phases() const {
        index_t count = 1;
        for (spectral_axis const& k : axes) count = checked::multiply(count, k.phases, "phases of a window stride");
        return count;
    }
    /// Spectra of the input that one tile of outputs needs.
    index_t inputs(problem const& p) const {
        return checked::multiply(p.in / p.groups, phases(), "input channels and phases");
    }
    /// Whether there is more than one spectrum of the input, or of the output, in a group.
    bool mixes(problem const& p) const { return inputs(p) > 1 || p.out > p.groups; }
};

/// Samples from the first one that a sum begins at to the last one.
inline index_t sum_extent(axis const& k) { return spectral_axis{}.sums(k); }

inline bool is_transformed(problem const& p, int a) { return p[a].taps > 1 || a + 1 == p.rank; }

/// What a problem is transformed in: integers as double.
inline element transformed_as(problem const& p) {
    return p.types.accumulator < element::float32 ? element::float64 : p.types.accumulator;
}

inline number_kind kind_of(problem const& p) {
    return p.types.accumulator >= element::complex32 ? number_kind::complex : number_kind::real;
}

/// Of a real number of the accumulator.
inline index_t real_bytes(problem const& p) {
    constexpr index_t bytes[] = {4, 8, 16};
    return bytes[(static_cast<int>(transformed_as(p)) - static_cast<int>(element::float32)) % 3];
}

/// Of all channels.
inline double input_samples(problem const& p) {
    double count = static_cast<double>(p.in);
    for (index_t n : p.inputs()) count *= static_cast<double>(n);
    return count;
}
inline double output_samples(problem const& p) {
    double count = static_cast<double>(p.out);
    for (index_t n : p.outputs()) count *= static_cast<double>(n);
    return count;
}

/// Where a tile of full size holds data, and where its sums are; and where the kernel's taps stand.
inline array_window held_window(problem const& p, spectral_layout const& l) {
    array_window w;
    for (int a = 0; a < p.rank; ++a) {
        w.first.push_back(0);
        w.last.push_back(l[a].loaded(l[a].step));
    }
    return w;
}
inline array_window wanted_window(problem const& p, spectral_layout const& l) {
    array_window w;
    for (int a = 0; a < p.rank; ++a) {
        w.first.push_back(l[a].length > 1 ? l[a].first : 0);
        w.last.push_back(l[a].length > 1 ? l[a].first + l[a].step : 1);
    }
    return w;
}
inline array_window kernel_window(problem const& p, spectral_layout const& l) {
    array_window w;
    for (int a = 0; a < p.rank; ++a) {
        w.first.push_back(0);
        w.last.push_back(l[a].length == 1 || l[a].is_period ? l[a].length : l[a].origin + 1);
    }
    return w;
}

/// The shape of a tile.
inline transform_request request_of(problem const& p, spectral_layout const& l) {
    transform_request r{{}, l.numbers, ring_kind::any, p.limits.instruction_set};
    int first = -1;
    for (int a = 0; a < p.rank; ++a) {
        r.n.push_back(l[a].length);
        if (first < 0 && l[a].length > 1) first = a;
    }
    if (first >= 0 && l[first].is_period) r.ring = ring_kind::cyclic;
    return r;
}

/// Scratch of a worker in bytes, one part after the other: the tile; spectra of input channels and of their sum, or
/// what the engine needs; a bit for every sample that is not finite, and for every sum that it reaches; a row of sums.
struct spectral_scratch {
    index_t tile, spectrum, mask, row;
    index_t spectra;

    spectral_scratch(problem const& p, spectral_layout const& l, engine_table const& engine)
        : tile(rounded(std::max(l.data, engine.spectrum(request_of(p, l))))),
          spectrum(rounded(engine.spectrum(request_of(p, l)))),
          mask(rounded(l.data / 64 + 1)),
          row(rounded(2 * l[p.rank - 1].length)),
          spectra(l.mixes(p)                  ? checked::add(l.inputs(p), 1, "spectra of a tile")
                  : engine.convolves_in_place ? 0
                                              : 1) {
        const index_t bytes = real_bytes(p);
        for (index_t* part : {&tile, &spectrum, &row}) *part = checked::multiply(*part, bytes, "scratch of a tile");
        mask *= 8;
    }

    index_t bytes() const {
        return checked::add(tile + 2 * mask + row, checked::multiply(spectrum, spectra, "spectra of a tile"),
                            "scratch of a tile");
    }

private:
    // elements, to a whole cache line whatever their size
    static index_t rounded(index_t count) { return (count / 16 + 1) * 16; }
};

/// Tiles of all groups.
inline index_t spectral_grains(problem const& p, spectral_layout const& l) {
    shape tiles{p.groups};
    for (int a = 0; a < p.rank; ++a) tiles.push_back(l[a].tiles);
    return checked::product(tiles, "tiles of the output");
}

/// Bytes that a plan keeps: the kernel's spectra.
inline index_t spectra_bytes(problem const& p, spectral_layout const& l, engine_table const& engine) {
    return checked::multiply(checked::multiply(p.out, l.inputs(p), "spectra of a kernel"),
                             checked::multiply(engine.spectrum(request_of(p, l)), real_bytes(p), "a kernel's spectrum"),
                             "spectra of a kernel");
}

/// A transform reduces every sample through a tree of butterflies to every frequency by one path. A butterfly of radix
/// 2 as it is computed here, s = (a + w c) and 2 a - s, errs by at most 9 u of its norm, rounded twiddles included;
/// radix 4 is two of them; radix 3 and 5 err by at most 20 u and 29 u (products of 3 and sums of up to 6 terms, gamma_m
/// sqrt(2 r)). The norm of a transform's error is at most the sum e over its passes, that of a whole convolution at
/// most (3 e + 8 u) |x|_2 |h|_1 for each tile (x forwards, h, backwards; the product and the scaling), u more for
/// every further channel or phase that is added up, and |h|_1 <= sqrt(K) |h|_2. A sample lies in up to ceil(length /
/// step) tiles along an axis. docs/methods.md has the derivation.
inline error_bound spectral_error(problem const& p, spectral_layout const& l) {
    const double u = unit_roundoff(transformed_as(p)), taps = static_cast<double>(p.taps_per_output());
    const double sums = static_cast<double>(l.inputs(p)) - 1;  // of products
    double passes = 0, digits = 0, covered = 1;
    for (int a = 0; a < p.rank; ++a) {
        index_t n = l[a].length;
        digits += std::log2(static_cast<double>(n));
        if (l[a].tiles > 1) covered *= static_cast<double>(checked::ceil_divide(n, l[a].step));
        for (; n % 5 == 0; n /= 5) passes += 29;
        for (; n % 3 == 0; n /= 3) passes += 20;
        passes += 9 * std::log2(static_cast<double>(n));
    }
    error_bound e{1.2 * u * std::sqrt(digits + 1),
                  (3 * passes + 8 + sums) * u * (1 + 4 * passes * u) * std::sqrt(taps * covered)};
    return stored(p, e);
}

/// Weighs layouts against one another: the least predicted time of those that fit the memory, or the least memory.
class spectral_search {
    problem const& problem_;
    engine_table const& engine_;
    cost_constants::spectral_times const& time_;
    spectral_layout now_, best_;
    double best_key_ = 0;
    bool found_ = false, fits_ = false;

public:
    spectral_search(problem const& p, engine_table const& engine)
        : problem_(p),
          engine_(engine),
          time_(cost_constants::of(cost_constants::spectral, p.types.accumulator, p.limits.instruction_set)) {
        now_.numbers = kind_of(p);
        for (int a = 0; a < p.rank; ++a)
            if (!is_transformed(p, a)) now_[a] = {1, 0, p[a].window_stride, p[a].outputs()};
    }

    /// The whole signal in one tile: on the period itself along as many axes as the engine can.
    spectral_layout const& one_tile() {
        int first = 0;
        while (!is_transformed(problem_, first)) ++first;
        for (int extended = first - 1; extended < problem_.rank; ++extended) {  // axes up to this one are
            bool has_period = false;
            for (int a = 0; a < problem_.rank; ++a) {
                if (!is_transformed(problem_, a)) continue;
                now_[a] = a > extended && is_periodic(problem_[a]) ? period(a) : whole(a, 1);
                has_period = has_period || now_[a].is_period;
            }
            if (has_period && !engine_.takes(request_of(problem_, now_))) continue;
            weigh();
            if (!has_period) break;
        }
        bool has_phases = false;
        for (int a = 0; a < problem_.rank; ++a) {
            if (!is_transformed(problem_, a)) continue;
            now_[a] = whole(a, most_phases(a));
            has_phases = has_phases || now_[a].phases > 1;
        }
        if (has_phases) weigh();
        return best_;
    }

    /// Tiles of any size.
    spectral_layout const& tiles() {
        from_axis(0);
        return best_;
    }

private:
    static bool is_periodic(axis const& k) {
        return k.edge.map == boundary::rule::circular && k.n > 1 && sum_extent(k) > 0 && sum_extent(k) <= k.n;
    }
    spectral_axis period(int a) const { return {problem_[a].n, 0, sum_extent(problem_[a]), 1, 0, true}; }

    // the cheapest ring from `least` on that the engine takes; not 1, which would be no axis
    index_t ring(int a, index_t least) {
        now_[a].length = 2;
        return fast_length(least, engine_.multiple(request_of(problem_, now_), a));
    }

    // Whether x~ is 0 beyond the ends of an axis: in a corner the constant of a later axis wins.
    bool is_zero_outside(int a) const {
        for (int b = a + 1; b < problem_.rank; ++b)
            if (problem_[b].edge.map == boundary::rule::constant && !problem_[b].edge.is_zero()) return false;
        return problem_[a].edge.is_zero();
    }

    // With more phases than a sum reads some would have no tap; so many do not make good channels.
    index_t most_phases(int a) const {
        axis const& k = problem_[a];
        return k.window_stride <= std::min<index_t>(k.span(), 64) ? k.window_stride : 1;
    }

    // With zeros beyond the ends, samples of 0 in front may be left out, and others may lie where sums wrap to.
    spectral_axis whole(int a, index_t phases) {
        axis const& k = problem_[a];
        spectral_axis s;
        s.phases = phases;
        s.step = std::max<index_t>(s.sums(k), 1);
        s.tiles = k.outputs() > 0 ? 1 : 0;
        s.origin = spectral_axis::reach(k, phases);
        index_t zeros = 0, end = s.step + s.origin;
        if (is_zero_outside(a)) {
            zeros = std::clamp<index_t>(checked::floor_divide(k.low, phases), 0, s.origin);
            end = std::clamp<index_t>(checked::ceil_divide(k.low + k.n, phases), 0, end);
        }
        s.first = s.origin - zeros;
        s.length = ring(a, std::max({s.step + s.first, end, s.origin + 1}));
        return s;
    }

    // lengths that hold half as many outputs again each, up to the whole, for one axis after the other
    void from_axis(int a) {
        if (a == problem_.rank) return weigh();
        if (!is_transformed(problem_, a)) return from_axis(a + 1);
        from_axis(a, 1);
        if (most_phases(a) > 1) from_axis(a, most_phases(a));
    }

    void from_axis(int a, index_t phases) {
        axis const& k = problem_[a];
        spectral_axis s;
        s.phases = phases;
        s.origin = s.first = spectral_axis::reach(k, phases);
        const index_t e = s.sums(k), margin = s.origin;
        const index_t most = std::clamp<index_t>(e, 1, index_t{1} << 40) + margin;  // no memory holds larger tiles
        index_t before = 0;
        for (index_t least = margin + std::max<index_t>(margin / 2, 8);; least += (least - margin) / 2 + 1) {
            s.length = ring(a, std::min(least, most));
            s.step = s.length - margin;
            s.tiles = checked::ceil_divide(e, s.step);
            if (s.length != before) {
                now_[a] = s;
                from_axis(a + 1);
            }
            before = s.length;
            if (least >= most) return;
        }
    }

    // What the tile holds, or what is wanted of it, on one way.
    struct one_way {
        double samples = 1, lines = 1, work = 0;  // of an axis: some of it where the next one's window is not whole

        double seconds(double line, double moved, double sample, double data, double pass) const {
            return lines * line + moved * sample + data * work * pass;
        }
        void add(double window, double length) {  // of the next axis
            lines = samples;
            samples *= window;
            work = work * (1 + window / length) / 2 + (length > 1 ? transform_work(static_cast<index_t>(length)) : 0);
        }
    };

    void weigh() {
        const double numbers = now_.numbers == number_kind::complex ? 2 : 1;
        double data = numbers, tiles = 1;
        one_way there, back;
        for (int a = 0; a < problem_.rank; ++a) {
            spectral_axis const& k = now_[a];
            const double length = static_cast<double>(k.length);
            data *= length;
            tiles *= static_cast<double>(k.tiles);
            there.add(std::min(static_cast<double>(k.loaded(k.step)), length), length);
            back.add(std::min(static_cast<double>(k.step), length), length);
        }
        const double groups = static_cast<double>(problem_.groups), in = static_cast<double>(now_.inputs(problem_)),
                     out = static_cast<double>(problem_.out) / groups,
                     bytes = data * static_cast<double>(real_bytes(problem_));
        double pass = time_.pass;  // of a real number, waiting for memory beyond the second-level cache
        for (double size = bytes; size > time_.near_by && pass < 2 * time_.pass; size /= 4) pass += time_.far;
        // the cache holds a tile, the kernel's spectrum, input and output, or waits for memory
        const double around = (input_samples(problem_) + output_samples(problem_)) / 2;
        const bool is_far = bytes * (1 + numbers * around / data) > time_.near_by;
        const double sample = time_.sample + (is_far ? time_.far_sample : 0);
        // of one group: a cache that holds them has them at hand for the next tile
        const double spectra = in * out > 1 ? in * out * bytes : 0;
        const bool are_far = groups * spectra > 2 * time_.near_by;
        const double products =
            in * out > 1 ? in * out * data * pass + (are_far ? spectra * cost_constants::far_spectrum : 0) : 0;
        const double load = there.seconds(time_.line, data, sample, data, pass),  // what holds nothing is cleared
            store = back.seconds(time_.line, back.samples * numbers, sample, data, pass);
        // what lies beyond the ends of a line is brought in two pieces, each with its way through the boundary
        axis const& last = problem_.last();
        const bool has_ends = last.edge.map != boundary::rule::constant && (last.low > 0 || last.high > 0);
        const double ends =
            has_ends ? 4 * time_.line * there.lines / static_cast<double>(now_[problem_.rank - 1].tiles) : 0;
        now_.seconds = groups * tiles * (time_.tile + in * (load + ends) + out * store + products);
        now_.preparation = time_.plan + 2 * groups * in * out * load;
        for (int a = 0; a < problem_.rank; ++a) now_.preparation += time_.twiddle * static_cast<double>(now_[a].length);

        now_.data = static_cast<index_t>(std::min(data, 0x1p60));
        const double needed = bytes * (groups * in * out + (in * out > 1 ? in + 2 : 1) + 0.1) + 4096;
        const bool fits = needed <= static_cast<double>(problem_.limits.memory);
        const double key = fits ? now_.seconds + now_.preparation / problem_.limits.calls : needed;
        if (!found_ || (fits != fits_ ? fits : key < best_key_)) {
            best_ = now_;
            best_key_ = key;
            fits_ = fits;
            found_ = true;
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
