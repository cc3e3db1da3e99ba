// faltung/geometry/dialect.hpp -- the centre, border, size and store of other systems, as values
#pragma once

#include "padding.hpp"
#include "problem.hpp"

namespace faltung {

/// What a call of the other system may say besides its mode and border. Each dialect has its own of these and refuses
/// the others; refining a dialect again replaces all of them.
struct dialect_options {
    faltung::padding padding = mode::valid;      // pytorch, tensorflow_, jax, onnx
    per_axis<index_t> stride = 1, dilation = 1;  // the same
    per_axis<index_t> origin = 0;                // scipy::ndimage: added to the middle tap, taps / 2
    per_axis<index_t> anchor = -1;               // opencv: the tap itself, row before column; -1: the middle
};

namespace detail {

// full, same or valid with a centre of its own; always as many outputs as inputs, about a tap that an origin or an
// anchor moves; or a window with padding, stride and dilation.
enum class dialect_family : unsigned char { modes, origin, anchor, windows };

// The kernel is longer than the input: refused, answered without outputs, or the operands change places: in modes valid
// and same; or in valid alone, if it is so on every axis.
enum class larger_kernel : unsigned char { refused, no_output, swaps, swaps_in_valid };

// The middle of an even kernel.
enum class middle : unsigned char { lower, upper };  // (taps - 1) / 2, taps / 2

struct dialect_rules {
    char const* name;
    dialect_family family;
    larger_kernel larger = larger_kernel::no_output;
    mode convolution_mode = mode::full, correlation_mode = mode::full;
    middle convolution_middle = middle::upper, correlation_middle = middle::upper;
    unsigned borders = 0;  // bit `boundary::rule`; a constant other than 0 is `any_constant`
    boundary edge{};
    bool conjugates = false;
    bool conjugates_second = false;  // the operand that is second after they have changed places
    problem::store_rule store{};
    std::optional<mode> same{};            // of windows: what mode::same means
    bool crops = true;                     // negative amounts of padding
    bool has_stride_with_dilation = true;  // both above 1, on any axes
};

inline constexpr unsigned any_constant = 1u << 7;
inline constexpr char const* rule_names[] = {"zero", "replicate", "reflect", "symmetric", "circular"};

constexpr unsigned borders_of(std::initializer_list<boundary> list) {
    unsigned bits = 0;
    for (boundary const& b : list) bits |= 1u << static_cast<unsigned>(b.map);
    return bits;
}

}  // namespace detail

/// How another system would answer the same call: `convolve(x, h, scipy::ndimage)`. A value, refined by calling it:
///
///     numpy(mode::same)      scipy::signal2d(mode::same, boundary::symmetric)      opencv({.anchor = {0, 1}})
///     scipy::ndimage(boundary::circular, {.origin = {1, 0}})      pytorch({.padding = 1, .stride = {2, 1}})
///
/// Errors: option_error where that system has no such mode, border, option or operation. What it refuses merely because
/// its code stops there (PyTorch: reflected padding beyond the input) is answered.
class dialect {
    detail::dialect_rules rules_;
    dialect_options options_;

public:
    explicit constexpr dialect(detail::dialect_rules const& rules) : rules_(rules) {}

    constexpr dialect operator()(mode m) const {
        if (rules_.family != detail::dialect_family::modes) refuse("a mode");
        if (m != mode::full && m != mode::same && m != mode::valid) refuse("same_upper or same_lower");
        dialect d = *this;
        d.rules_.convolution_mode = d.rules_.correlation_mode = m;
        return d;
    }

    constexpr dialect operator()(boundary b) const {
        const bool is_other_constant = b.map == boundary::rule::constant && !b.is_zero();
        if (is_other_constant && !(rules_.borders & detail::any_constant))
            refuse("a constant boundary other than zero");
        if (!(rules_.borders >> static_cast<unsigned>(b.map) & 1u))
            refuse("the boundary ", detail::rule_names[static_cast<int>(b.map)]);
        dialect d = *this;
        d.rules_.edge = b;
        return d;
    }

    constexpr dialect operator()(dialect_options const& o) const {
        const bool is_window = rules_.family == detail::dialect_family::windows;
        if (!is_window && o.padding.mode() != mode::valid) refuse("a padding");
        if (!is_window && differs(o.stride, 1)) refuse("a stride");
        if (!is_window && differs(o.dilation, 1)) refuse("a dilation");
        if (rules_.family != detail::dialect_family::origin && differs(o.origin, 0)) refuse("an origin");
        if (rules_.family != detail::dialect_family::anchor && differs(o.anchor, -1)) refuse("an anchor");
        if (is_window && o.padding.mode()) meaning(*o.padding.mode());
        if (!rules_.crops && crops(o.padding)) refuse("a negative padding");
        if (!rules_.has_stride_with_dilation && differs(o.stride, 1) && differs(o.dilation, 1))
            refuse("a stride together with a dilation");
        dialect d = *this;
        d.options_ = o;
        return d;
    }

    constexpr dialect operator()(mode m, boundary b) const { return (*this)(m)(b); }
    constexpr dialect operator()(boundary b, dialect_options const& o) const { return (*this)(b)(o); }

    constexpr char const* name() const { return rules_.name; }

    /// Whether a complex kernel enters conjugated.
    constexpr bool conjugates(sense s) const { return s == sense::correlation && rules_.conjugates; }

    /// Whether, instead of it, the input does. The extents and taps of the problem are set.
    constexpr bool conjugates_input(problem const& p, sense s, char const* operation) const {
        return conjugates(s) && rules_.conjugates_second && swaps(p, mode_of(s), operation);
    }

    /// Padding, window stride, dilation, boundary and store of a problem whose extents and taps are set.
    constexpr void place(problem& p, sense s, char const* operation) const {
        if (s == sense::convolution && rules_.family == detail::dialect_family::windows)
            detail::fail<option_error>(operation, ": ", rules_.name,
                                       " calls a correlation its convolution: call correlate, or reverse the kernel");
        options_.padding.require_axes(p.rank);
        options_.stride.require_axes(p.rank, "stride");
        options_.dilation.require_axes(p.rank, "dilation");
        options_.origin.require_axes(p.rank, "origin");
        options_.anchor.require_axes(p.rank, "anchor");
        const mode m = mode_of(s);
        const bool is_swapped = swaps(p, m, operation);
        for (int a = 0; a < p.rank; ++a) {
            axis& k = p[a];
            k.window_stride = options_.stride[a];
            k.dilation = options_.dilation[a];
            k.edge = is_swapped ? boundary::zero : rules_.edge;
            require_valid(k, operation, a);
            const low_high amounts = is_swapped ? swapped_amounts(k, m, s) : own_amounts(k, m, s, a, operation);
            k.low = amounts.low;
            k.high = amounts.high;
            require_valid(k, operation, a);
            if (rules_.larger == detail::larger_kernel::refused && k.n + k.low + k.high < k.span())
                detail::fail<shape_error>(operation, ": axis ", a, ": the kernel spans ", k.span(), " (", k.taps,
                                          " taps, dilation ", k.dilation, ") but the padded input only ",
                                          k.n + k.low + k.high, ", which ", rules_.name, " refuses");
        }
        p.store = rules_.store;
    }

private:
    template <class... Parts>
    [[noreturn]] constexpr void refuse(Parts const&... what) const {
        detail::fail<option_error>("the dialect ", rules_.name, " does not know ", what...);
    }

    static constexpr bool differs(per_axis<index_t> const& list, index_t value) {
        for (int a = 0; a < (list.is_list() ? list.count() : 1); ++a)
            if (list[a] != value) return true;
        return false;
    }

    static constexpr bool crops(faltung::padding const& p) {
        for (int a = 0; a < (p.amounts().is_list() ? p.amounts().count() : 1); ++a)
            if (p.amounts()[a].low < 0 || p.amounts()[a].high < 0) return true;
        return false;
    }

    static constexpr index_t tap_of(detail::middle m, index_t taps) {
        return (m == detail::middle::upper ? taps : taps - 1) / 2;
    }

    constexpr index_t middle_of(index_t taps, sense s) const {
        return tap_of(s == sense::convolution ? rules_.convolution_middle : rules_.correlation_middle, taps);
    }

    /// What mode::same and its kin mean to a system with windows.
    constexpr mode meaning(mode m) const {
        if (m == mode::same && rules_.same) return *rules_.same;
        const bool is_least = m == mode::same_upper || m == mode::same_lower;
        if (m != mode::valid && !(is_least && rules_.same != mode::same))
            refuse("this padding, only amounts, valid", rules_.same ? ", same" : "",
                   rules_.same == mode::same ? "" : ", same_upper, same_lower");
        return m;
    }

    constexpr mode mode_of(sense s) const {
        return s == sense::convolution ? rules_.convolution_mode : rules_.correlation_mode;
    }

    /// Whether the operands change places.
    constexpr bool swaps(problem const& p, mode m, char const* operation) const {
        if (rules_.larger == detail::larger_kernel::swaps) {
            if (p.rank != 1)
                detail::fail<shape_error>(operation, ": ", rules_.name, " has arrays of 1 axis, not of ", p.rank);
            return m != mode::full && p[0].taps > p[0].n;
        }
        if (rules_.larger != detail::larger_kernel::swaps_in_valid || m != mode::valid) return false;
        int longer = -1, shorter = -1;  // an axis on which the kernel is
        for (int a = 0; a < p.rank; ++a) {
            if (p[a].taps > p[a].n) longer = a;
            if (p[a].taps < p[a].n) shorter = a;
        }
        if (longer >= 0 && shorter >= 0)
            detail::fail<shape_error>(
                operation, ": ", rules_.name,
                " in mode valid needs one operand that is the larger one on every axis: the kernel has ",
                p[longer].taps, " taps for ", p[longer].n, " samples on axis ", longer, ", but ", p[shorter].taps,
                " for ", p[shorter].n, " on axis ", shorter);
        return longer >= 0;
    }

    /// x slid over h gives the same sums as h over x, only another part of them is kept: those with the whole of x
    /// inside h, or as many as h has taps about the middle of x. Outside both there are zeros.
    constexpr low_high swapped_amounts(axis const& k, mode m, sense s) const {
        if (m == mode::valid) return {k.taps - k.n, k.taps - k.n};
        const index_t low = k.taps - 1 - middle_of(k.n, s);
        return {low, 2 * k.taps - 1 - k.n - low};
    }

    constexpr low_high own_amounts(axis const& k, mode m, sense s, int a, char const* operation) const {
        switch (rules_.family) {
            case detail::dialect_family::modes:
                return amounts_of(m, k, s, middle_of(k.taps, s));
            case detail::dialect_family::origin:
            case detail::dialect_family::anchor:
                return amounts_of(mode::same, k, s, centre(k, s, a, operation));
            case detail::dialect_family::windows:
                break;
        }
        if (!options_.padding.mode()) return options_.padding.amounts()[a];
        const mode meant = meaning(*options_.padding.mode());
        if (meant == mode::same && k.window_stride != 1)
            detail::fail<option_error>(operation, ": axis ", a, ": ", rules_.name,
                                       " has no padding same with a stride of ", k.window_stride);
        return amounts_of(meant, k, s, {});
    }

    constexpr index_t centre(axis const& k, sense s, int a, char const* operation) const {
        const index_t anchor = options_.anchor[a], origin = options_.origin[a], middle = middle_of(k.taps, s);
        if (anchor != -1) {
            if (anchor < 0 || anchor >= k.taps)
                detail::fail<option_error>(operation, ": axis ", a, ": anchor ", anchor, " of a kernel with taps 0 to ",
                                           k.taps - 1, " (-1 = the middle)");
            return anchor;
        }
        if (origin < -middle || origin > k.taps - 1 - middle)
            detail::fail<option_error>(operation, ": axis ", a, ": origin ", origin, " of a kernel with ", k.taps,
                                       " taps: ", -middle, " to ", k.taps - 1 - middle, " are possible");
        return middle + origin;
    }
};

namespace scipy {

/// scipy.signal.convolve, correlate, fftconvolve, oaconvolve.
inline constexpr dialect signal{{.name = "scipy::signal",
                                 .family = detail::dialect_family::modes,
                                 .larger = detail::larger_kernel::swaps_in_valid,
                                 .convolution_middle = detail::middle::lower,
                                 .borders = detail::borders_of({boundary::zero}),
                                 .conjugates = true}};

/// scipy.signal.convolve2d, correlate2d.
inline constexpr dialect signal2d{
    {.name = "scipy::signal2d",
     .family = detail::dialect_family::modes,
     .larger = detail::larger_kernel::swaps_in_valid,
     .convolution_middle = detail::middle::lower,
     .correlation_middle = detail::middle::lower,
     .borders = detail::any_constant | detail::borders_of({boundary::zero, boundary::symmetric, boundary::circular}),
     .conjugates = true,
     .conjugates_second = true}};

/// scipy.ndimage.convolve, correlate, convolve1d, correlate1d. Its "reflect" is boundary::symmetric, its "mirror"
/// boundary::reflect. Floating sums are truncated into integer results.
inline constexpr dialect ndimage{
    {.name = "scipy::ndimage",
     .family = detail::dialect_family::origin,
     .borders = detail::any_constant | detail::borders_of({boundary::zero, boundary::replicate, boundary::reflect,
                                                           boundary::symmetric, boundary::circular}),
     .edge = boundary::symmetric,
     .conjugates = true,
     .store = {.rounding = rounding::toward_zero}}};

}  // namespace scipy

/// numpy.convolve (default mode full), numpy.correlate (default mode valid): one axis.
inline constexpr dialect numpy{{.name = "numpy",
                                .family = detail::dialect_family::modes,
                                .larger = detail::larger_kernel::swaps,
                                .correlation_mode = mode::valid,
                                .convolution_middle = detail::middle::lower,
                                .borders = detail::borders_of({boundary::zero}),
                                .conjugates = true}};

/// Octave's conv, conv2, convn (default full) and filter2 (a correlation, default same, never conjugates); MATLAB's are
/// documented with the same centres.
inline constexpr dialect octave{{.name = "octave",
                                 .family = detail::dialect_family::modes,
                                 .correlation_mode = mode::same,
                                 .correlation_middle = detail::middle::lower,
                                 .borders = detail::borders_of({boundary::zero})}};

/// cv::filter2D, a correlation; convolve is its documented recipe: the kernel and its anchor reversed. Its
/// BORDER_REFLECT is boundary::symmetric, BORDER_REFLECT_101 (the default) boundary::reflect. Results saturate, rounded
/// half to even.
inline constexpr dialect opencv{
    {.name = "opencv",
     .family = detail::dialect_family::anchor,
     .borders = detail::borders_of({boundary::zero, boundary::replicate, boundary::reflect, boundary::symmetric}),
     .edge = boundary::reflect,
     .store = {.overflow = overflow::saturate}}};

/// torch.nn.functional.conv1d, conv2d, conv3d of one channel; with a boundary, torch.nn.Conv1d and so on with that
/// padding_mode. Correlations that never conjugate.
inline constexpr dialect pytorch{
    {.name = "pytorch",
     .family = detail::dialect_family::windows,
     .larger = detail::larger_kernel::refused,
     .borders = detail::borders_of({boundary::zero, boundary::replicate, boundary::reflect, boundary::circular}),
     .same = mode::same,
     .crops = false}};

/// tf.nn.convolution of one channel: mode::same is SAME. A stride and a dilation exclude each other.
inline constexpr dialect tensorflow_{{.name = "tensorflow_",
                                      .family = detail::dialect_family::windows,
                                      .larger = detail::larger_kernel::refused,
                                      .borders = detail::borders_of({boundary::zero}),
                                      .same = mode::same_upper,
                                      .has_stride_with_dilation = false}};

/// jax.lax.conv_general_dilated of one channel: mode::same is SAME, mode::same_lower SAME_LOWER; negative amounts crop.
inline constexpr dialect jax{{.name = "jax",
                              .family = detail::dialect_family::windows,
                              .borders = detail::borders_of({boundary::zero}),
                              .same = mode::same_upper}};

/// ONNX Conv of one channel: mode::same_upper and mode::same_lower are its auto_pad; there is no plain same.
inline constexpr dialect onnx{{.name = "onnx",
                               .family = detail::dialect_family::windows,
                               .larger = detail::larger_kernel::refused,
                               .borders = detail::borders_of({boundary::zero}),
                               .crops = false}};

}  // namespace faltung
