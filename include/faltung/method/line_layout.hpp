// faltung/method/line_layout.hpp -- how a line of the extended input is packed, and outputs are walked, for windows
// with a stride and dilation
#pragma once

#include <numeric>
#include <vector>

#include "../core/buffer.hpp"
#include "rows.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// How a line of x~ is packed, so that every tap reads consecutive samples for consecutive outputs: one segment per
/// window-stride phase, shared by its taps; or one per tap, where a large dilation would make the shared ones longer.
struct line_layout {
    struct segment {
        index_t first;   // its first sample, relative to tap 0 of the first output
        index_t longer;  // samples beyond one per output
        listed_samples listed{};
    };
    index_t outputs, segment_count = 0, length = 0;  // outputs of a packed piece; samples of all its segments
    buffer<segment> segments;
    buffer<index_t> in_place, packed;  // per tap: distance of its samples from the line's pointer

    line_layout(axis const& k, index_t longest)
        : outputs(std::min(longest, k.outputs())), in_place(k.taps), packed(k.taps) {
        // taps t and t + period fall on the same phase, period * dilation / window_stride samples apart
        const index_t period = std::min(k.taps, k.window_stride / std::gcd(k.window_stride, k.dilation));
        const auto beyond = [&](index_t t, index_t s) {
            return (t - s) / period * (period * k.dilation / k.window_stride);
        };
        index_t shared = 0;
        for (index_t s = 0; s < period; ++s) shared += outputs + beyond(k.taps - 1 - (k.taps - 1 - s) % period, s);
        segment_count = shared <= k.taps * outputs ? period : k.taps;

        segments = buffer<segment>(segment_count);
        for (index_t s = 0; s < segment_count; ++s) {
            index_t last = s;
            for (index_t t = s; t < k.taps; t += segment_count) {
                last = t;
                packed.data()[t] = length + beyond(t, s);
                in_place.data()[t] = t * k.dilation;
            }
            segments.data()[s] = {s * k.dilation, beyond(last, s)};
            length += outputs + beyond(last, s);
        }
        if (outputs == k.outputs()) list_ends(k);
    }

    /// The samples of a line that `count` windows from position `at` on read.
    template <class X, class D>
    void pack(line_reader<X, D> const& reader, source_line<X> const& line, index_t at, index_t window_stride, D* to,
              index_t count) const noexcept {
        if (lists_ends_ && count == outputs && at == problem_start_) {
            for (index_t s = 0; s < segment_count; ++s) {
                segment const& part = segments.data()[s];
                reader.read(line, part.listed, window_stride, beyond_.data(), to);
                to += outputs + part.longer;
            }
            return;
        }
        for (index_t s = 0; s < segment_count; ++s) {
            segment const& part = segments.data()[s];
            reader.read(line, at + part.first, window_stride, to, count + part.longer);
            to += outputs + part.longer;
        }
    }

private:
    bool lists_ends_ = false;
    index_t problem_start_ = 0;
    std::vector<outer_sample> beyond_;

    // Where all outputs are one piece: to find the ends of a short line takes longer than to copy it.
    void list_ends(axis const& k) {
        problem_start_ = k.position(0, 0);
        index_t outside = 0;
        for (index_t s = 0; s < segment_count; ++s) {
            segment& part = segments.data()[s];
            const index_t first = problem_start_ + part.first, count = outputs + part.longer, step = k.window_stride;
            listed_samples& listed = part.listed;
            listed.begin = std::clamp<index_t>(checked::ceil_divide(-first, step), 0, count);
            listed.end = std::clamp<index_t>(checked::floor_divide(k.n - 1 - first, step) + 1, listed.begin, count);
            listed.first = first + listed.begin * step;
            listed.beyond = outside;
            listed.beyond_count = count - (listed.end - listed.begin);
            outside += listed.beyond_count;
            if (outside > most_listed_samples) return;
        }
        beyond_.reserve(static_cast<std::size_t>(outside));
        for (index_t s = 0; s < segment_count; ++s) {
            segment const& part = segments.data()[s];
            for (index_t i = 0; i < outputs + part.longer; ++i) {
                if (i == part.listed.begin) i = part.listed.end;
                if (i == outputs + part.longer) break;
                beyond_.push_back({i, k.edge.source(problem_start_ + part.first + i * k.window_stride, k.n)});
            }
        }
        lists_ends_ = true;
    }
};

/// The outputs of an axis in an order in which neighbours' windows overlap: o = phase + phases * j, and the windows of
/// j and j + 1 lie `step` taps apart: tap t of output (phase, j) is at
/// phase * window_stride - low + dilation * (step * j + t).
struct axis_walk {
    index_t phases, step;

    explicit axis_walk(axis const& k) {
        const index_t common = std::gcd(k.window_stride, k.dilation);
        phases = k.dilation / common;
        step = k.window_stride / common;
    }
    index_t in_phase(index_t outputs, index_t phase) const {
        return phase < outputs ? checked::ceil_divide(outputs - phase, phases) : 0;
    }

    struct place {
        index_t phase, j;
    };
    /// The i-th of so many outputs: phase by phase.
    place operator()(index_t outputs, index_t i) const {
        const index_t each = outputs / phases, longer = outputs % phases * (each + 1);
        if (i < longer) return {i / (each + 1), i % (each + 1)};
        return {outputs % phases + (i - longer) / each, (i - longer) % each};
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
