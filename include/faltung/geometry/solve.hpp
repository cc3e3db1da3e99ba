// faltung/geometry/solve.hpp -- which padding, kernel, window stride or extent gives the outputs that are wanted
#pragma once

#include <optional>

#include "transposed.hpp"

namespace faltung {

/// What is solved for. padding: an amount p at both ends alike; total_padding: both ends together; extent: the n of x.
enum class unknown : unsigned char { padding, total_padding, taps, window_stride, extent };

/// The axis with its unknown set to a value. The odd sample of a total padding comes at the end.
constexpr axis with_value(axis k, unknown of, index_t value) {
    switch (of) {
        case unknown::padding:
            k.low = k.high = value;
            break;
        case unknown::total_padding:
            k.low = checked::floor_divide(value, 2);
            k.high = value - k.low;
            break;
        case unknown::taps:
            k.taps = value;
            break;
        case unknown::window_stride:
            k.window_stride = value;
            break;
        case unknown::extent:
            k.n = value;
            break;
    }
    return k;
}

/// What `solve` found: a value, or nothing and the reason.
struct solution {
    unknown of;
    axis asked;  // what it has in the place of the unknown means nothing
    index_t outputs;
    std::optional<index_t> value = {};

    constexpr explicit operator bool() const { return value.has_value(); }

    /// The axis with the value put in: outputs() of it are `outputs`. There must be a value.
    constexpr axis solved() const { return with_value(asked, of, *value); }

    /// How many samples of the padded input no window reaches; 0: the value is exact. There must be a value.
    constexpr index_t left_over() const {
        const axis k = solved();
        return k.n + k.low + k.high - k.span() - (outputs - 1) * k.window_stride;
    }

    /// Why there is no value, or no exact one: a sentence with the numbers. Empty where the value is exact.
    std::string reason() const;
};

/// The value of the unknown with which an axis has `outputs` outputs. Where several do, the one that leaves the fewest
/// samples over: the least padding (negative amounts crop), the most taps, the widest window stride (for 1 output: the
/// least), the least extent. `a` is the number of the axis in error texts.
/// Errors: option_error and overflow_error of require_valid, for the rest of the axis and for the value.
constexpr solution solve(unknown of, axis const& asked, index_t outputs, int a = 0) {
    const bool is_padding = of == unknown::padding || of == unknown::total_padding;
    axis k = with_value(asked, of, is_padding ? 0 : 1);
    require_valid(k, "solve", a);
    solution s{of, asked, outputs};
    if (outputs < 1) return s;
    const index_t exact = exact_extent(k, outputs);
    const index_t missing = checked::subtract(exact, k.n, "the samples that windows lack");
    index_t value = 0;
    switch (of) {
        case unknown::padding:
            value = checked::ceil_divide(missing, 2);
            break;
        case unknown::total_padding:
            value = missing;
            break;
        case unknown::taps:
            if (missing > 0) return s;
            value = -missing / k.dilation + 1;
            break;
        case unknown::window_stride: {
            if (missing > 0) return s;
            const index_t room = outputs - 1 - missing;
            value = outputs == 1 ? room + 1 : room / (outputs - 1);
            break;
        }
        case unknown::extent:
            value = std::max<index_t>(exact, 1);
            break;
    }
    k = with_value(k, of, value);
    require_valid(k, "solve", a);
    if (k.outputs() == outputs) s.value = value;
    return s;
}

namespace detail {

// The sentences, for every unknown but a total padding, which is always exact.

inline std::string reason_of_padding(solution const& s) {
    const axis k = with_value(s.asked, unknown::padding, 0);
    const index_t total = exact_extent(k, s.outputs) - k.n, low = checked::floor_divide(total, 2);
    const std::string half = text(total < 0 ? "-" : "", total < 0 ? -total / 2 : total / 2, ".5");
    const std::string sum =
        text("2 p = (", s.outputs, " - 1) * ", k.window_stride, " + ", k.span(), " - ", k.n, " = ", total, " is odd");
    return s ? text("needs p = ", half, " to leave no sample over: ", sum, "; p = ", *s.value, " leaves ",
                    s.left_over())
             : text("needs p = ", half, ": ", sum, "; {", low, ", ", total - low, "} has ", s.outputs, " outputs");
}

inline std::string reason_of_taps(solution const& s) {
    const axis k = with_value(s.asked, unknown::taps, 1);
    const index_t padded = k.n + k.low + k.high, most = padded - (s.outputs - 1) * k.window_stride;
    const std::string sum =
        text("a padded extent of ", padded, " - (", s.outputs, " - 1) * ", k.window_stride, " = ", most);
    if (most < 1) return text("needs a span of ", most, ": ", sum, ", but 1 tap spans 1");
    const index_t taps = (most - 1) / k.dilation + 1;
    const axis below = with_value(k, s.of, taps), above = with_value(k, s.of, taps + 1);
    const std::string spans =
        text("; with a dilation of ", k.dilation, ", ", taps, taps == 1 ? " tap spans " : " taps span ", below.span(),
             " and ", taps + 1, " taps ", above.span());
    return s ? text("needs a span of ", most, " to leave no sample over: ", sum, spans)
             : text("needs a span of ", extent_range{most - k.window_stride + 1, most}, ": ", sum, spans);
}

inline std::string reason_of_window_stride(solution const& s) {
    const axis k = with_value(s.asked, unknown::window_stride, 1);
    const index_t padded = k.n + k.low + k.high, room = padded - k.span();
    if (room < 0)
        return text("the kernel spans ", k.span(), " (", k.taps, " taps, dilation ", k.dilation,
                    ") but the padded input only ", padded);
    if (s.outputs == 1)
        return text("1 window that spans ", k.span(), " leaves ", room, " of ", padded,
                    " samples over, whatever its stride");
    const std::string quotient = text("a window stride of (", padded, " - ", k.span(), ") / (", s.outputs, " - 1)");
    if (s) return text("needs ", quotient, " to leave no sample over; ", *s.value, " leaves ", s.left_over());
    const index_t below = room / (s.outputs - 1);
    if (below == 0) return text("needs ", quotient, ", less than 1; 1 has ", k.outputs(), " outputs");
    return text("needs more than ", below, " and less than ", below + 1, " as a window stride: ", below, " has ",
                with_value(k, s.of, below).outputs(), " outputs, ", below + 1, " has ",
                with_value(k, s.of, below + 1).outputs());
}

inline std::string reason_of_extent(solution const& s) {
    const axis k = with_value(s.asked, unknown::extent, 1);
    const index_t exact = exact_extent(k, s.outputs);
    const std::string sum =
        text("(", s.outputs, " - 1) * ", k.window_stride, " + ", k.span(), " - ", k.low, " - ", k.high, " = ", exact);
    return s ? text("needs an extent of ", exact, " to leave no sample over: ", sum, "; 1 leaves ", s.left_over())
             : text("needs an extent of ", extent_range{exact, exact + k.window_stride - 1}, ": ", sum, "; 1 has ",
                    k.outputs(), " outputs");
}

}  // namespace detail

inline std::string solution::reason() const {
    if (outputs < 1) return text(outputs, " outputs: at least 1 must be asked for");
    if (asked.n == 0 && of != unknown::extent) return "an extent of 0 has 0 outputs, whatever else is chosen";
    if (value && left_over() == 0) return {};
    switch (of) {
        case unknown::padding:
            return detail::reason_of_padding(*this);
        case unknown::total_padding:
            break;
        case unknown::taps:
            return detail::reason_of_taps(*this);
        case unknown::window_stride:
            return detail::reason_of_window_stride(*this);
        case unknown::extent:
            return detail::reason_of_extent(*this);
    }
    return {};
}

}  // namespace faltung
