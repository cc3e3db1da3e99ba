// faltung/filter/running_sums.hpp -- sums over windows of a fixed length, at a cost that does not depend on it
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>

#include "../core/buffer.hpp"
#include "../geometry/axis.hpp"
#include "../simd/loops.hpp"
#include "../simd/moving_sums.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Holds the sums of 2^62 integers of 64 bits.
__extension__ typedef __int128 wide_integer;

/// to[i] = factor * (sum over j in [0, terms) of lines[j][i]) for i in [0, count); the factor is one of floating types
/// alone. `to` may be a line that none of the others lies behind.
template <class T>
struct line_sum {
    struct arguments {
        T* to;
        T const* const* lines;
        index_t terms, count;
        T factor;
        destination where = destination::caches;
    };

    static constexpr bool may_pass_caches = std::is_same_v<T, float> || std::is_same_v<T, double>;

    // so many vectors, so that a line is named once for all of them
    template <class Lanes, int Vectors>
    static FALTUNG_ALWAYS_INLINE void block(arguments const& a, index_t i) {
        typename Lanes::vector sum[std::size_t{Vectors}], other;
#pragma GCC unroll 4
        for (int b = 0; b < Vectors; ++b) Lanes::load(sum[b], a.lines[0] + i + b * Lanes::count);
        for (index_t j = 1; j < a.terms; ++j) {
            T const* const line = a.lines[j] + i;
#pragma GCC unroll 4
            for (int b = 0; b < Vectors; ++b) {
                Lanes::load(other, line + b * Lanes::count);
                sum[b] += other;
            }
        }
        if (a.where == destination::caches_from_afar)
#pragma GCC unroll 4
            for (int b = 0; b < Vectors; ++b) fetch_to_write(a.to + i + b * Lanes::count, bytes_to_write_ahead);
#pragma GCC unroll 4
        for (int b = 0; b < Vectors; ++b) {
            if constexpr (std::is_floating_point_v<T>) sum[b] = a.factor * sum[b];
            store<Lanes>(a, a.to + i + b * Lanes::count, sum[b]);
        }
    }

    // past the caches whole lines of them alone: one that is written both ways is fetched once more
    template <class Lanes>
    static FALTUNG_ALWAYS_INLINE void store(arguments const& a, T* to, typename Lanes::vector const& v) {
        if constexpr (may_pass_caches && Lanes::count * sizeof(T) >= 16) {
            typedef T place __attribute__((vector_size(Lanes::count * sizeof(T)), may_alias));
            if (a.where == destination::past_caches) {
                FALTUNG_STORE_PAST_CACHES(*reinterpret_cast<place*>(to), v);
                return;
            }
        }
        Lanes::store(to, v);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<T, Bytes>;
        using one = lanes<T, sizeof(T)>;
        index_t i = 0, whole = a.count;  // up to where vectors go
        if (may_pass_caches && a.where == destination::past_caches) {
            constexpr index_t line = 64 / static_cast<index_t>(sizeof(T));
            const index_t in_line = static_cast<index_t>(reinterpret_cast<std::uintptr_t>(a.to) / sizeof(T)) % line,
                          first = std::min((line - in_line) % line, a.count);
            for (; i < first; ++i) block<one, 1>(a, i);
            whole = first + (a.count - first) / line * line;
        }
        for (; i + 4 * L::count <= whole; i += 4 * L::count) block<L, 4>(a, i);
        for (; i + L::count <= whole; i += L::count) block<L, 1>(a, i);
        for (; i < a.count; ++i) block<one, 1>(a, i);
    }
};

/// sum[i] += newest[i], or newest[i] - oldest[i] for integers, whose lines may be of a shorter type; to[i] = sum[i] +
/// ahead[i] for floating types.
template <class T, class From = T>
struct moved_sum {
    struct arguments {
        T* sum;
        From const *newest, *other;  // the oldest line, or the one ahead
        T* to;
        index_t count;
    };

    template <class Lanes>
    static FALTUNG_ALWAYS_INLINE void step(arguments const& a, index_t i) {
        typename Lanes::vector sum, newest, other;
        Lanes::load(sum, a.sum + i);
        Lanes::load(newest, a.newest + i);
        Lanes::load(other, a.other + i);
        sum += newest;
        if constexpr (std::is_floating_point_v<T>) {
            other += sum;
            Lanes::store(a.to + i, other);
        } else {
            sum -= other;
        }
        Lanes::store(a.sum + i, sum);
    }

    // to 16 bits and then to 32: g++ 12 makes scalar code of both at once
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void step_of_shorter(arguments const& a, index_t i) {
        typedef From given __attribute__((vector_size(Bytes / sizeof(T) * sizeof(From))));
        typedef std::conditional_t<sizeof(From) == 1, std::int16_t, From> half __attribute__((vector_size(Bytes / 2)));
        typedef T whole __attribute__((vector_size(Bytes)));
        given newest, oldest;
        whole sum;
        std::memcpy(&sum, a.sum + i, sizeof sum);
        std::memcpy(&newest, a.newest + i, sizeof newest);
        std::memcpy(&oldest, a.other + i, sizeof oldest);
        if constexpr (sizeof(T) == 4 && sizeof(From) == 1) {
            const half difference = __builtin_convertvector(newest, half) - __builtin_convertvector(oldest, half);
            sum += __builtin_convertvector(difference, whole);
        } else {
            sum += __builtin_convertvector(newest, whole) - __builtin_convertvector(oldest, whole);
        }
        std::memcpy(a.sum + i, &sum, sizeof sum);
    }

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = lanes<T, Bytes>;
        index_t i = 0;
        if constexpr (std::is_same_v<T, From>) {
            for (; i + L::count <= a.count; i += L::count) step<L>(a, i);
            for (; i < a.count; ++i) step<lanes<T, sizeof(T)>>(a, i);
        } else {
            for (; i + L::count <= a.count; i += L::count) step_of_shorter<Bytes>(a, i);
            for (; i < a.count; ++i) a.sum[i] = static_cast<T>(a.sum[i] + a.newest[i] - a.other[i]);
        }
    }
};

/// Whether moved_sum takes lines of this type for sums of that one.
template <class From, class Sum>
inline constexpr bool has_shorter_lines =
    std::is_integral_v<From> && !std::is_same_v<From, bool> &&
    ((std::is_same_v<Sum, std::int32_t> && sizeof(From) <= 2) || (sizeof(Sum) == 2 && sizeof(From) == 1));

/// y[o] = sum over t in [0, taps) of x~[o + t - low] along a line. No sample outside a window takes part in a floating
/// sum, so a NaN or an infinity stays where it is and no error is carried along the line.
///
/// Up to 256 taps: sums of 4, 16, 64 neighbours, as many of each as the digits of `taps` to the base 4 say, added up by
/// vectors: at most 3 log2(taps) roundings. Integers are exact, and of more than 4 taps (256 where sums have 16 bits)
/// each sum is the one before it, moved. Floating types take two scans, as van Herk (1992) and Gil and Werman (1993) do
/// for extrema: the line falls into blocks of `taps` samples, so that each window is the end of one block and the
/// beginning of the next; sums from each sample to the end of its block, and from the beginning of the next one, make
/// it in one addition: at most taps - 1 roundings.
template <class Sum>
class line_windows {
    static constexpr index_t most_by_digits = std::is_floating_point_v<Sum> || sizeof(Sum) == 2 ? 256 : 4;
    static constexpr int levels = 4;

    axis along_;
    long double outside_;
    index_t outputs_, samples_;
    buffer<Sum> lines_;  // the extended line, and the sums of 4, 16, 64 neighbours
    typename versions<line_sum<Sum>>::function add_ = versions<line_sum<Sum>>::of(best_instruction_set());

    Sum* line(int level) const { return lines_.data() + level * (samples_ + 1); }

    template <class Source, class To>
    void extend(Source const* x, index_t stride, To* to) const {
        axis const& k = along_;
        const auto outside = [&](index_t first, index_t last) {
            for (index_t i = first; i < last; ++i) {
                const index_t at = k.edge.source(i - k.low, k.n);
                to[i] = at < 0 ? static_cast<To>(outside_) : static_cast<To>(x[at * stride]);
            }
        };
        const index_t first = std::clamp<index_t>(k.low, 0, samples_),
                      last = std::clamp<index_t>(k.low + k.n, first, samples_);
        outside(0, first);
        if constexpr (scalar<To>) {
            if (first < last) load_row(x + (first - k.low) * stride, stride, to + first, last - first);
        } else {
            for (index_t i = first; i < last; ++i) to[i] = static_cast<To>(x[(i - k.low) * stride]);
        }
        outside(last, samples_);
    }

    void sum_by_digits(Sum* to, Sum factor, destination where) const {
        Sum const* terms[3 * levels];
        index_t count = 0, begin = 0, rest = along_.taps, length = 1;
        for (int level = 0;; ++level, rest /= 4, length *= 4) {
            const bool is_power = rest == 4 && count == 0;  // the sums of the next level are those of the window
            const index_t digit = is_power ? 4 : rest % 4;
            for (index_t d = 0; d < digit; ++d, begin += length) terms[count++] = line(level) + begin;
            if (is_power || rest < 4) break;
            Sum const* const four[] = {line(level), line(level) + length, line(level) + 2 * length,
                                       line(level) + 3 * length};
            add_({line(level + 1), four, 4, samples_ - 4 * length + 1, Sum{1}});
        }
        add_({to, terms, count, outputs_, factor, where});
    }

    // the extended line in a type of its own: short lines stay short
    template <class To, class Source>
    void sum_by_moving(Source const* x, index_t stride, Sum* to) const {
        static_assert(sizeof(To) <= sizeof(Sum) && alignof(To) <= alignof(Sum));
        To* const extended = reinterpret_cast<To*>(lines_.data());
        extend(x, stride, extended);
        versions<moving_sums<Sum, To>>::of(best_instruction_set())({extended, along_.taps, to, outputs_});
    }

    template <class Source>
    bool continues_as() const {
        using limits = std::numeric_limits<Source>;
        return along_.edge.map != boundary::rule::constant || (outside_ >= static_cast<long double>(limits::lowest()) &&
                                                               outside_ <= static_cast<long double>(limits::max()));
    }

    void sum_by_scans(Sum* to, Sum factor) const {
        const index_t taps = along_.taps;
        Sum const* x = line(0);
        for (index_t first = 0; first < outputs_; first += taps) {
            const index_t wanted = std::min(taps, outputs_ - first);
            Sum to_end = x[first + taps - 1];
            if (wanted == taps) to[first + taps - 1] = to_end;
            for (index_t t = taps - 1; t-- > 0;) {
                to_end += x[first + t];
                if (t < wanted) to[first + t] = to_end;
            }
            to[first] *= factor;
            Sum from_begin{};
            for (index_t t = 1; t < wanted; ++t) {
                from_begin = t > 1 ? from_begin + x[first + taps + t - 1] : x[first + taps];
                to[first + t] = factor * (to[first + t] + from_begin);
            }
        }
    }

public:
    /// `along` has at least one sample and one output; beyond its ends the boundary's constant is `outside`.
    line_windows(axis const& along, long double outside)
        : along_(along),
          outside_(outside),
          outputs_(along.outputs()),
          samples_(checked::add(outputs_, along.taps - 1, "samples of a line")) {
        const int lines = along.taps <= most_by_digits ? levels : 1;
        lines_ = buffer<Sum>(checked::multiply(lines, samples_ + 1, "samples of the lines of a window"));
    }

    /// The sums of x, times the factor where they are floating numbers.
    template <class Source>
    void operator()(Source const* x, index_t stride, Sum* to, Sum factor,
                    destination where = destination::caches) const {
        if constexpr (!std::is_floating_point_v<Sum>) {
            if constexpr (has_shorter_lines<Source, Sum>)
                if (along_.taps > most_by_digits && continues_as<Source>()) return sum_by_moving<Source>(x, stride, to);
            if (along_.taps > most_by_digits) return sum_by_moving<Sum>(x, stride, to);
        }
        extend(x, stride, line(0));
        if (along_.taps <= most_by_digits)
            sum_by_digits(to, factor, where);
        else if constexpr (std::is_floating_point_v<Sum>)
            sum_by_scans(to, factor);
    }
};

/// The same across lines, a line at a time: floating sums by two scans, which keep as many lines as the window has
/// taps.
template <class Sum>
class column_windows {
    static constexpr bool scans = std::is_floating_point_v<Sum>;

    index_t taps_, count_;
    buffer<Sum> lines_;  // from each line to the end of a block; the sums so far of the next one; a result
    typename versions<line_sum<Sum>>::function add_ = versions<line_sum<Sum>>::of(best_instruction_set());

    Sum* line(index_t t) const { return lines_.data() + t * count_; }
    void add(Sum* to, Sum const* l, Sum const* r) const {
        Sum const* const both[] = {l, r};
        add_({to, both, 2, count_, Sum{1}});
    }

public:
    /// Lines of `count` numbers.
    column_windows(index_t taps, index_t count) : taps_(taps), count_(count) {
        lines_ = buffer<Sum>(checked::multiply(scans ? taps + 2 : 1, count, "samples of the lines of a window"));
    }

    /// line_of(i) is line i of the extended array, which another call may take back; so are newest(i) and oldest(i),
    /// perhaps of a shorter type, and both are in use at a time. emit(o, line) gets the sum of the lines o, ..., o +
    /// taps - 1.
    template <class Line, class Newest, class Oldest, class Emit>
    void operator()(index_t outputs, Line line_of, Newest newest, Oldest oldest, Emit emit) const {
        using From = std::remove_cvref_t<decltype(*newest(index_t{}))>;
        const auto move = versions<moved_sum<Sum, From>>::of(best_instruction_set());
        if constexpr (scans) {
            Sum *const so_far = line(taps_), *const result = line(taps_ + 1);
            for (index_t first = 0; first < outputs; first += taps_) {
                std::copy_n(line_of(first + taps_ - 1), count_, line(taps_ - 1));
                for (index_t t = taps_ - 1; t-- > 0;) add(line(t), line_of(first + t), line(t + 1));
                emit(first, line(0));
                for (index_t t = 1; t < std::min(taps_, outputs - first); ++t) {
                    Sum const* const next = newest(first + taps_ + t - 1);
                    if (t == 1) {
                        std::copy_n(next, count_, so_far);
                        add(result, line(t), so_far);
                    } else {
                        move({so_far, next, line(t), result, count_});
                    }
                    emit(first + t, result);
                }
            }
        } else {
            std::copy_n(line_of(0), count_, line(0));
            for (index_t t = 1; t < taps_; ++t) add(line(0), line(0), line_of(t));
            emit(0, line(0));
            for (index_t o = 1; o < outputs; ++o) {
                move({line(0), newest(o + taps_ - 1), oldest(o - 1), nullptr, count_});
                emit(o, line(0));
            }
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
