// faltung/filter/box_call.hpp -- the windows of all axes of a box, and what becomes of their sums
#pragma once

#include <cmath>
#include <optional>
#include <vector>

#include "../convolve/plan.hpp"
#include "../simd/quotients.hpp"
#include "running_sums.hpp"

namespace faltung {

/// What becomes of a mean that lies midway between two integers.
enum class mean_ties : unsigned char { to_even, upwards };

}  // namespace faltung

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// n / d for d > 0, rounded.
template <class Sum>
constexpr Sum rounded_quotient(Sum n, Sum d, rounding rule, mean_ties ties) {
    const Sum q = n / d, rest = n % d < 0 ? -(n % d) : n % d, away = n < 0 ? Sum{-1} : Sum{1};
    if (rule == rounding::toward_zero || rest < d - rest) return q;
    if (rest > d - rest || (ties == mean_ties::to_even ? q % 2 != 0 : n > 0)) return q + away;
    return q;
}

/// What becomes of a sum over a window of `samples`: itself, or where `samples` is not 0 the mean.
template <class Sum, class Y>
class box_result {
    index_t samples_;
    problem::store_rule rule_;
    mean_ties ties_;
    long double lowest_, highest_;
    bool are_held_;     // every mean is a Y, or becomes one by wrapping around
    buffer<Sum> sums_;  // of a line

    template <class To>
    static constexpr bool has_quotients =
        std::is_same_v<Sum, std::int32_t>&& std::is_integral_v<To> && !std::is_same_v<To, bool> && sizeof(To) <= 4;

    template <class From, class To>
    void divide(From const* from, To* to, index_t count) const {
        versions<quotients<To, From>>::of(best_instruction_set())(
            {from, to, count, static_cast<std::int32_t>(samples_), static_cast<std::int32_t>(lowest_),
             static_cast<std::int32_t>(highest_), ties_ == mean_ties::to_even ? 1 : 0});
    }

    Y narrowed(wide_integer v) const {
        if constexpr (std::is_integral_v<Y> && !std::is_same_v<Y, bool>) {
            if (rule_.overflow == overflow::saturate)
                v = std::clamp<wide_integer>(v, std::numeric_limits<Y>::min(), std::numeric_limits<Y>::max());
        }
        return static_cast<Y>(v);
    }

    Y of(Sum s) const {
        if constexpr (is_floating<Sum>) {
            return store_as<Y>(s, rule_);
        } else if constexpr (std::is_floating_point_v<Y>) {
            using R = std::common_type_t<double, Y>;
            return static_cast<Y>(samples_ == 0 ? static_cast<R>(s) : static_cast<R>(s) / static_cast<R>(samples_));
        } else {
            return narrowed(
                samples_ == 0 ? s : rounded_quotient<Sum>(s, static_cast<Sum>(samples_), rule_.rounding, ties_));
        }
    }

public:
    /// For lines of `count` sums from `lowest` to `highest`.
    box_result(index_t samples, problem::store_rule const& rule, mean_ties ties, index_t count, long double lowest,
               long double highest)
        : samples_(samples),
          rule_(rule),
          ties_(ties),
          lowest_(lowest),
          highest_(highest),
          are_held_(rule.overflow == overflow::wrap ||
                    (samples > 0 &&
                     lowest / static_cast<long double>(samples) >=
                         static_cast<long double>(std::numeric_limits<Y>::lowest()) &&
                     highest / static_cast<long double>(samples) <=
                         static_cast<long double>(std::numeric_limits<Y>::max()))) {
        sums_ = buffer<Sum>(checked::multiply(checked::ceil_divide(count, unit), unit, "samples of a line"));
        std::fill_n(sums_.data(), sums_.count(), Sum{});
    }

    /// Where the sums of a line go, times `factor` if they are floating numbers: straight to y where they are its type.
    Sum* target(Y* to, index_t step) const {
        if constexpr (std::is_same_v<Sum, Y> && is_floating<Sum>)
            if (step == 1) return to;
        return sums_.data();
    }
    Sum factor() const { return is_floating<Sum> && samples_ > 0 ? 1 / static_cast<Sum>(samples_) : Sum{1}; }

    /// to[i * step] from sum i of the target, or of sums of a shorter type.
    void store(Y* to, index_t step, index_t count) const {
        if (target(to, step) == sums_.data()) store_from(0, to, step, count);
    }
    template <class Half>
    void store_halves(Half const* sums, Y* to, index_t step, index_t count) const {
        index_t first = 0;
        if constexpr (has_quotients<Y>)
            if (divides() && step == 1 && are_held_) divide(sums, to, first = count / unit * unit);
        load_row(sums + first, 1, sums_.data() + first, count - first);
        store_from(first, to, step, count);
    }

private:
    static constexpr index_t unit = quotients<std::int32_t>::unit;

    bool divides() const { return samples_ > 1 && rule_.rounding == rounding::nearest_even; }

    // `first` is a multiple of the unit
    void store_from(index_t first, Y* to, index_t step, index_t count) const {
        Sum const* const sums = sums_.data();
        if constexpr (has_quotients<Y>) {
            if (divides()) {
                const index_t whole = step == 1 && are_held_ ? count / unit * unit : first;
                divide(sums + first, to + first, whole - first);
                divide(sums + whole, sums_.data() + whole, sums_.count() - whole);
                for (index_t i = whole; i < count; ++i) to[i * step] = narrowed(sums[i]);
                return;
            }
        }
        for (index_t i = first; i < count; ++i) to[i * step] = of(sums[i]);
    }
};

/// Every sum is one of `samples` numbers from lowest to highest.
struct box_bounds {
    long double lowest, highest, samples;
    long double magnitude() const { return std::max(highest, -lowest) * samples; }
};

/// Whether an axis has no window: its samples are its outputs.
inline bool is_idle(axis const& k) { return k.taps == 1 && k.low == 0 && k.high == 0; }

/// The windows of all axes: those of the first axis are summed first, all samples behind it at once, then those of the
/// next one over these sums. Axes without a window are walked along.
template <class X, class Sum, class Y>
class box_call {
    // Sums of bytes across lines, where 16 bits hold them.
    using Half = std::conditional_t<std::is_signed_v<X>, std::int16_t, std::uint16_t>;
    static constexpr bool may_be_halves = has_shorter_lines<X, Half> && std::is_same_v<Sum, std::int32_t>;

    std::vector<axis> along_;
    std::vector<index_t> behind_;       // samples of all axes behind one
    std::vector<long double> outside_;  // what a constant has become after the axes before
    std::vector<column_windows<Sum>> columns_;
    std::vector<buffer<Sum>> converted_;          // of every axis: a line, the oldest one, a constant one
    std::optional<column_windows<Half>> halves_;  // of the last axis but one, if it is the first with a window
    buffer<Half> converted_halves_, line_of_halves_;
    std::optional<line_windows<Half>> lines_of_halves_;  // if the sums of all of a window have 16 bits, too
    std::optional<line_windows<Sum>> lines_;
    buffer<X> beyond_;  // a line of what is outside along the first axis with a window, if a sample can be that
    box_result<Sum, Y> result_;
    destination where_ = destination::caches;  // of lines of results

    int rank() const { return static_cast<int>(along_.size()); }
    axis const& along(int a) const { return along_[static_cast<std::size_t>(a)]; }
    index_t behind(int a) const { return behind_[static_cast<std::size_t>(a)]; }

    shape extents_behind(int a) const {
        shape n;
        for (int b = 0; b < rank(); ++b) n.push_back(b > a ? along(b).n : 1);
        return n;
    }

    bool is_dense(int a, strides const& step) const {
        for (int b = a + 1; b < rank(); ++b)
            if (along(b).n != 1 && step[b] != behind(b)) return false;
        return true;
    }

    // the samples behind axis a, dense: themselves where they are
    template <class To, class Source>
    To const* dense(int a, Source const* x, strides const& step, To* room) const {
        const int last = rank() - 1;
        if constexpr (std::is_same_v<Source, To>)
            if (is_dense(a, step)) return x;
        To* to = room;
        for_each_line(extents_behind(a), [&](index_list const& i) {
            Source const* const from = x + offset(i, step);
            if constexpr (scalar<To>)
                load_row(from, step[last], to, along(last).n);
            else
                for (index_t j = 0; j < along(last).n; ++j) to[j] = static_cast<To>(from[j * step[last]]);
            to += along(last).n;
        });
        return room;
    }

    template <class Source>
    void sum(int a, Source const* x, strides const& step, Y* y, strides const& y_step) const {
        axis const& k = along(a);
        if (a == rank() - 1) {
            if constexpr (may_be_halves && std::is_same_v<Source, Half>)
                if (lines_of_halves_) {
                    (*lines_of_halves_)(x, step[a], line_of_halves_.data(), Half{1});
                    return result_.store_halves(line_of_halves_.data(), y, y_step[a], k.outputs());
                }
            (*lines_)(x, step[a], result_.target(y, y_step[a]), result_.factor(), where_);
            return result_.store(y, y_step[a], k.outputs());
        }
        if (is_idle(k)) {
            for (index_t o = 0; o < k.n; ++o) sum(a + 1, x + o * step[a], step, y + o * y_step[a], y_step);
            return;
        }
        if constexpr (may_be_halves && std::is_same_v<Source, X>)
            if (halves_ && a == rank() - 2) return sum_columns(a, *halves_, converted_halves_, x, step, y, y_step);
        sum_columns(a, columns_[static_cast<std::size_t>(a)], converted_[static_cast<std::size_t>(a)], x, step, y,
                    y_step);
    }

    // sums of type To across the lines of axis a, each of which goes on to the next axis
    template <class To, class Source>
    void sum_columns(int a, column_windows<To> const& windows, buffer<To> const& converted, Source const* x,
                     strides const& step, Y* y, strides const& y_step) const {
        axis const& k = along(a);
        strides steps_behind;
        for (int b = 0; b < rank(); ++b) steps_behind.push_back(behind(b));
        const auto emit = [&](index_t o, To const* sums) { sum(a + 1, sums, steps_behind, y + o * y_step[a], y_step); };
        To* const room = converted.data();
        const auto line_in = [&](To* to) {
            return [&, to](index_t i) -> To const* {
                const index_t at = k.edge.source(i - k.low, k.n);
                return at < 0 ? room + 2 * behind(a) : dense(a, x + at * step[a], step, to);
            };
        };
        if constexpr (std::is_same_v<Source, X> && has_shorter_lines<X, To>) {
            if (is_dense(a, step) && continues_as_samples(a)) {
                const auto given = [&](index_t i) -> X const* {
                    const index_t at = k.edge.source(i - k.low, k.n);
                    return at < 0 ? beyond_.data() : x + at * step[a];
                };
                return windows(k.outputs(), line_in(room), given, given, emit);
            }
        }
        windows(k.outputs(), line_in(room), line_in(room), line_in(room + behind(a)), emit);
    }

    bool continues_as_samples(int a) const {
        return along(a).edge.map != boundary::rule::constant || holds<X>(outside_[static_cast<std::size_t>(a)]);
    }

    // room for the lines that an axis converts, the last of them full of what is outside
    template <class To>
    buffer<To> converted_lines(int a) const {
        buffer<To> lines(checked::multiply(3, behind(a), "samples of a line"));
        std::fill_n(lines.data() + 2 * behind(a), behind(a), static_cast<To>(outside_[static_cast<std::size_t>(a)]));
        return lines;
    }

    // Whether the axis before the last one is the first with a window, and its sums are 16 bits.
    bool sums_halves(box_bounds const& of_samples) const {
        const int a = rank() - 2;
        if (a < 0 || is_idle(along(a))) return false;
        for (int b = 0; b < a; ++b)
            if (!is_idle(along(b))) return false;
        return are_halves(of_samples, static_cast<long double>(along(a).taps));
    }
    static bool are_halves(box_bounds const& of_samples, long double taps) {
        return of_samples.lowest * taps >= static_cast<long double>(std::numeric_limits<Half>::lowest()) &&
               of_samples.highest * taps <= static_cast<long double>(std::numeric_limits<Half>::max());
    }

public:
    /// At least one sample and one output of each axis.
    box_call(std::vector<axis> const& axes, box_bounds const& of_samples, box_result<Sum, Y>&& result)
        : along_(axes), behind_(axes.size(), 1), result_(std::move(result)) {
        for (int a = rank() - 1; a-- > 0;)
            behind_[static_cast<std::size_t>(a)] =
                checked::multiply(behind(a + 1), along(a + 1).n, "samples of a line");
        long double windows = 1;
        for (int a = 0; a < rank(); ++a) {
            outside_.push_back(along(a).edge.re * windows);
            windows *= static_cast<long double>(along(a).taps);
        }
        lines_.emplace(along_.back(), outside_.back());
        const bool has_halves = may_be_halves && sums_halves(of_samples);
        for (int a = 0; a < rank() - 1; ++a) {
            const bool has_window = !is_idle(along(a)) && !has_halves;
            columns_.emplace_back(has_window ? along(a).taps : 1, has_window ? behind(a) : 0);
            converted_.push_back(has_window ? converted_lines<Sum>(a) : buffer<Sum>());
        }
        int windowed = 0;
        while (windowed < rank() - 1 && is_idle(along(windowed))) ++windowed;
        if (windowed < rank() - 1 && !is_floating<X> && continues_as_samples(windowed)) {
            beyond_ = buffer<X>(behind(windowed));
            std::fill_n(beyond_.data(), behind(windowed), static_cast<X>(outside_[static_cast<std::size_t>(windowed)]));
        }
        if constexpr (may_be_halves)
            if (has_halves) {
                halves_.emplace(along(rank() - 2).taps, behind(rank() - 2));
                converted_halves_ = converted_lines<Half>(rank() - 2);
                if (are_halves(of_samples, of_samples.samples) && along_.back().taps <= 256) {
                    lines_of_halves_.emplace(along_.back(), outside_.back());
                    line_of_halves_ = buffer<Half>(along_.back().outputs());
                }
            }
    }

    /// Allocates nothing.
    void operator()(strided<X const> const& x, strided<Y> const& y) noexcept {
        const bool straight = result_.target(y.data, y.stride[rank() - 1]) == reinterpret_cast<Sum*>(y.data);
        const index_t count = checked::product(y.n, "samples of the output");
        if (straight) where_ = destination_of(count * static_cast<index_t>(sizeof(Y)));
        sum(0, x.data, x.stride, y.data, y.stride);
        finish_stores_past_caches();
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
