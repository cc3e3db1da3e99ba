// faltung/geometry/padding.hpp -- how much is added at each end: modes, explicit amounts, and what they mean for an
// axis
#pragma once

#include <initializer_list>
#include <optional>

#include "../core/per_axis.hpp"
#include "axis.hpp"

namespace faltung {

/// full: every output that touches the input. same: as many outputs as inputs (with a window stride s, every s-th of
/// them). valid: outputs whose window lies inside. same_upper, same_lower: ceil(n / s) outputs with the least padding,
/// the odd sample at the end (TensorFlow SAME, ONNX SAME_UPPER) or at the beginning (SAME_LOWER).
enum class mode : unsigned char { full, same, valid, same_upper, same_lower };

/// The padding before and after the data along one axis. Negative amounts crop.
struct low_high {
    index_t low, high;

    constexpr low_high() : low(0), high(0) {}
    constexpr low_high(index_t before, index_t after) : low(before), high(after) {}  // both: {3} says neither which end
    friend constexpr bool operator==(low_high const&, low_high const&) = default;
};

/// `mode::same`; or amounts: `1` at both ends of every axis, `{1, 2}` one symmetric amount per axis,
/// `{{1, 2}, {0, 0}}` {low, high} per axis.
class padding {
    std::optional<faltung::mode> mode_;
    per_axis<low_high> amounts_;

    static constexpr per_axis<low_high> symmetric(std::initializer_list<index_t> list) {
        if (list.size() == 0) detail::fail<shape_error>("a list without values: give one value per axis");
        per_axis<low_high> amounts;
        for (index_t v : list) amounts.push_back({v, v});
        return amounts;
    }

public:
    constexpr padding(faltung::mode m) : mode_(m) {}
    constexpr padding(index_t amount) : amounts_(low_high{amount, amount}) {}
    constexpr padding(std::initializer_list<index_t> list) : amounts_(symmetric(list)) {}
    constexpr padding(std::initializer_list<low_high> list) : amounts_(list) {}
    explicit constexpr padding(per_axis<low_high> const& list) : amounts_(list) {}

    /// The mode, or nothing where amounts were given.
    constexpr std::optional<faltung::mode> mode() const { return mode_; }
    constexpr per_axis<low_high> const& amounts() const { return amounts_; }

    /// Errors: shape_error when the amounts are a list of another length. `operation` is who asks, where that is not
    /// plain.
    constexpr void require_axes(int axes, char const* operation = "") const {
        if (amounts_.is_list() && amounts_.count() != axes)
            detail::fail<shape_error>(operation, *operation ? ": " : "", "padding: a list of ", amounts_.count(),
                                      " for ", axes, axes == 1 ? " axis" : " axes",
                                      ": {1, 2} is one symmetric amount per axis, {{1, 2}} is {low, high} of one axis");
    }
};

/// Whether the caller's kernel is slid as it is (correlate) or reversed (convolve).
enum class sense : unsigned char { convolution, correlation };

/// {low, high} of a mode for an axis whose n, taps, window stride and dilation are set. The `centre` (a tap of the
/// caller's kernel, counted before the reversal of a convolution) decides which output `same` aligns with input 0;
/// without one, convolution starts `same` at sample (span - 1) / 2 of `full`, correlation mirrors it.
constexpr low_high amounts_of(mode m, axis const& k, sense s, std::optional<index_t> centre) {
    const index_t rim = k.span() - 1;
    switch (m) {
        case mode::full:
            return {rim, rim};
        case mode::valid:
            return {0, 0};
        case mode::same: {
            if (centre) {
                const index_t low = k.dilation * (s == sense::correlation ? *centre : k.taps - 1 - *centre);
                return {low, rim - low};
            }
            const index_t low = s == sense::correlation ? rim / 2 : rim - rim / 2;
            return {low, rim - low};
        }
        case mode::same_upper:
        case mode::same_lower: {
            const index_t last =
                k.n == 0 ? 0 : (k.n - 1) % k.window_stride;  // samples behind the last window's first one
            const index_t total = rim > last ? rim - last : 0;
            const index_t low = m == mode::same_upper ? total / 2 : total - total / 2;
            return {low, total - low};
        }
    }
    return {0, 0};
}

}  // namespace faltung
