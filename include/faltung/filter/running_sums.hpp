// faltung/filter/running_sums.hpp -- sums over windows of a fixed length, at a cost that does not depend on it
#pragma once

#include <algorithm>
#include <cstring>

#include "../core/buffer.hpp"
#include "../geometry/axis.hpp"
#include "../simd/loops.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Holds the sums of 2^62 integers of 64 bits.
__extension__ typedef __int128 wide_integer;

/// to[i] = l[i] + r[i] for i in [0, count), a multiple of `unit`. `to` may be l, and r too where it lies ahead.
template <class T>
struct line_sum {
    static constexpr index_t unit = 16;

    struct arguments {
        T* to;
        T const *l, *r;
        index_t count;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<T, Bytes>;
        typename L::vector sum, other;
        for (index_t i = 0; i < a.count; i += unit)
#pragma GCC unroll 16
            for (index_t b = 0; b < unit; b += L::count) {
                L::load(sum, a.l + i + b);
                L::load(other, a.r + i + b);
                sum += other;
                L::store(a.to + i + b, sum);
            }
    }
};

/// to[i] = from[i] * factor for i in [0, count).
template <class T>
struct scaled_line {
    struct arguments {
        T* to;
        T const* from;
        index_t count;
        T factor;
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<T, Bytes>;
        index_t i = 0;
        for (; i + L::count <= a.count; i += L::count) {
            typename L::vector v;
            L::load(v, a.from + i);
            v = a.factor * v;
            L::store(a.to + i, v);
        }
        for (; i < a.count; ++i) a.to[i] = a.factor * a.from[i];
    }
};

/// Numbers of a line of `count` samples in memory: whole vectors.
inline index_t line_pitch(index_t count) {
    constexpr index_t unit = line_sum<float>::unit;
    return checked::multiply(checked::ceil_divide(count, unit), unit, "samples of a line");
}

/// y[o] = sum over t in [0, taps) of x~[o + t - low] along a line. No sample outside a window takes part in its sum, so
/// a NaN or an infinity stays where it is and no error is carried along the line.
///
/// Up to 64 taps: sums of 2, 4, 8, ... neighbours, those that the binary digits of `taps` name added up, so that a
/// product of vectors does it: at most 2 log2(taps) roundings. More: two scans, as van Herk (1992) and Gil and Werman
/// (1993) do it for extrema: the line falls into blocks of `taps` samples, so that each window is the end of one block
/// and the beginning of the next; sums from each sample to the end of its block, and from the beginning of the next
/// one, make it in one addition: at most taps - 1 roundings.
template <class Sum>
class line_windows {
    static constexpr index_t most_doubled = 64;

    axis along_;
    index_t outputs_, samples_;
    index_t room_ = 0;  // of the extended line, and what vectors read beyond it
    buffer<Sum> lines_;
    typename versions<line_sum<Sum>>::function add_ = versions<line_sum<Sum>>::of(best_instruction_set());

    Sum* line() const { return lines_.data(); }
    Sum* other_line() const { return lines_.data() + room_; }

    template <class Source>
    void extend(Source const* x, index_t stride) const {
        axis const& k = along_;
        const auto outside = [&](index_t first, index_t last) {
            for (index_t i = first; i < last; ++i) {
                const index_t at = k.edge.source(i - k.low, k.n);
                line()[i] = at < 0 ? static_cast<Sum>(k.edge.re) : static_cast<Sum>(x[at * stride]);
            }
        };
        const index_t first = std::clamp<index_t>(k.low, 0, samples_),
                      last = std::clamp<index_t>(k.low + k.n, first, samples_);
        outside(0, first);
        if constexpr (scalar<Sum>) {
            if (first < last) load_row(x + (first - k.low) * stride, stride, line() + first, last - first);
        } else {
            for (index_t i = first; i < last; ++i) line()[i] = static_cast<Sum>(x[(i - k.low) * stride]);
        }
        outside(last, samples_);
        std::fill(line() + samples_, line() + room_, Sum{});
    }

    void sum_by_doubling(Sum* to) const {
        const index_t taps = along_.taps, all = line_pitch(samples_), wanted = line_pitch(outputs_);
        Sum* doubled = line();
        Sum const* done = nullptr;  // the sums of the first `covered` samples of each window
        index_t covered = 0;
        for (index_t length = 1; length <= taps; length *= 2) {
            if (taps & length) {
                if (done) add_({to, done, doubled + covered, wanted});
                done = done ? to : doubled;
                covered += length;
            }
            if (covered == taps) break;
            Sum* const next = covered == 0 && 2 * length == taps ? to : done == doubled ? other_line() : doubled;
            add_({next, doubled, doubled + length, next == to ? wanted : all});
            doubled = next;
        }
    }

    void sum_by_scans(Sum* to) const {
        const index_t taps = along_.taps;
        Sum const* x = line();
        for (index_t first = 0; first < outputs_; first += taps) {
            const index_t wanted = std::min(taps, outputs_ - first);
            Sum to_end = x[first + taps - 1];
            if (wanted == taps) to[first + taps - 1] = to_end;
            for (index_t t = taps - 1; t-- > 0;) {
                to_end += x[first + t];
                if (t < wanted) to[first + t] = to_end;
            }
            if (wanted < 2) continue;
            Sum from_begin = x[first + taps];
            to[first + 1] += from_begin;
            for (index_t t = 2; t < wanted; ++t) {
                from_begin += x[first + taps + t - 1];
                to[first + t] += from_begin;
            }
        }
    }

public:
    /// `along` has at least one sample and one output.
    explicit line_windows(axis const& along)
        : along_(along),
          outputs_(along.outputs()),
          samples_(checked::add(outputs_, along.taps - 1, "samples of a line")) {
        room_ = checked::add(line_pitch(samples_), most_doubled + line_sum<Sum>::unit, "samples of a line");
        lines_ = buffer<Sum>(checked::multiply(2, room_, "samples of two lines"));
        std::fill_n(lines_.data(), lines_.count(), Sum{});
    }

    /// The sums of x into `to`, which has room for line_pitch(outputs) numbers.
    template <class Source>
    void operator()(Source const* x, index_t stride, Sum* to) const {
        extend(x, stride);
        if (along_.taps == 1)
            std::memcpy(static_cast<void*>(to), line(), static_cast<std::size_t>(outputs_) * sizeof(Sum));
        else if (along_.taps <= most_doubled)
            sum_by_doubling(to);
        else
            sum_by_scans(to);
    }
};

/// The same across lines, a line at a time, always by two scans: as many lines as the window has taps are kept.
template <class Sum>
class column_windows {
    index_t taps_ = 1, pitch_ = 0;
    buffer<Sum> lines_;  // of a block; then the sums so far of the next one; then a result
    typename versions<line_sum<Sum>>::function add_ = versions<line_sum<Sum>>::of(best_instruction_set());

    Sum* line(index_t t) const { return lines_.data() + t * pitch_; }

public:
    /// Lines of `count` numbers.
    column_windows(index_t taps, index_t count) : taps_(taps), pitch_(line_pitch(count)) {
        lines_ = buffer<Sum>(checked::multiply(taps + 2, pitch_, "samples of the lines of a window"));
        std::fill_n(lines_.data(), lines_.count(), Sum{});
    }

    /// load(i, to) fills line i of the extended array, each once and in order; emit(o, line) gets the sum of the lines
    /// o, ..., o + taps - 1.
    template <class Load, class Emit>
    void operator()(index_t outputs, Load load, Emit emit) const {
        Sum *const so_far = line(taps_), *const result = line(taps_ + 1);
        for (index_t t = 0; t < taps_; ++t) load(t, line(t));
        for (index_t first = 0; first < outputs; first += taps_) {
            for (index_t t = taps_ - 1; t-- > 0;) add_({line(t), line(t), line(t + 1), pitch_});
            emit(first, line(0));
            for (index_t t = 1; t < std::min(taps_, outputs - first); ++t) {
                Sum* const newest = line(t - 1);
                load(first + taps_ + t - 1, newest);
                if (t > 1) add_({so_far, so_far, newest, pitch_});
                Sum const* const begin = t > 1 ? so_far : newest;
                add_({result, line(t), begin, pitch_});
                if (t == 1) std::copy_n(newest, pitch_, so_far);
                emit(first + t, result);
            }
            if (first + taps_ < outputs) load(first + 2 * taps_ - 1, line(taps_ - 1));
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
