// tests/support/reference.hpp -- the defining sum in exact or wider arithmetic: the independent source of expected
// values
#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>

#include <faltung/core/index.hpp>

namespace reference {

using faltung::index_t;

/// One axis of a sum, in the caller's words; `map` is the boundary's letter: z zero, c constant, e replicate (edge),
/// r reflect, s symmetric, w circular (wrap).
struct line {
    index_t n, taps, stride, dilation, low, high;
    char map;
    long double constant = 0;
};

/// The extended signal's index, found by walking one step at a time from the nearest end: no modulo, no formula that
/// the library also uses. -1: a constant.
index_t walk(index_t i, index_t n, char map);

/// How many windows fit: counted, not computed.
index_t outputs(line const& axis);
std::vector<index_t> output_shape(std::vector<line> const& axes);

/// One term of a sum: the flat index of its sample, or, where a constant stands instead of it, the axis of that.
struct term {
    std::size_t sample;
    line const* outside;
};

/// The terms of every output, compiled once for all tests, since most of them are not optimised. Refers to `axes`.
class all_terms {
public:
    explicit all_terms(std::vector<line> const& axes);

    /// How many outputs there are, and terms, taps, in each.
    std::size_t outputs() const { return outputs_; }
    std::size_t taps() const { return terms_.size(); }

    /// Those of the output `o`, in the order of their taps. Valid until the next call.
    term const* of(std::size_t o);

private:
    std::vector<line> const* axes_;
    std::vector<std::vector<index_t>> source_;  // per axis, for every output and tap
    std::size_t outputs_;
    std::vector<term> terms_;
};

/// Call `visit(o, t, i, outside)` for every term of the sum, output after output, tap after tap: the flat indices of
/// output, tap and sample, and the axis whose constant stands instead of the sample, or null.
template <class Visit>
void for_each_term(std::vector<line> const& axes, Visit&& visit) {
    all_terms all(axes);
    const std::size_t outputs = all.outputs(), taps = all.taps();
    for (std::size_t o = 0; o < outputs; ++o) {
        term const* const terms = all.of(o);
        for (std::size_t t = 0; t < taps; ++t) visit(o, t, terms[t].sample, terms[t].outside);
    }
}

/// A number in the arithmetic of the sums; unsigned ones compute modulo 2^64.
template <class Wide, class T>
Wide widened(T v) {
    if constexpr (std::is_integral_v<Wide> && !std::is_integral_v<T>)
        return static_cast<Wide>(static_cast<std::int64_t>(v));
    else
        return static_cast<Wide>(v);
}

/// y[o] = sum over t of h[t] * x~[o * stride + t * dilation - low], all arrays row-major, with sums in Wide. A zero
/// boundary contributes nothing.
template <class Wide, class X, class H>
std::vector<Wide> correlate(std::vector<line> const& axes, std::vector<X> const& x, std::vector<H> const& h) {
    std::size_t count = 1;
    for (index_t n : output_shape(axes)) count *= static_cast<std::size_t>(n);
    std::vector<Wide> y(count, Wide{});
    Wide* const sums = y.data();
    X const* const samples = x.data();
    H const* const taps = h.data();
    for_each_term(axes, [=](std::size_t o, std::size_t t, std::size_t i, line const* outside) {
        if (!outside)
            sums[o] += widened<Wide>(taps[t]) * widened<Wide>(samples[i]);
        else if (outside->map == 'c')
            sums[o] += widened<Wide>(taps[t]) * widened<Wide>(outside->constant);
    });
    return y;
}

/// The transposed sum: every term h[t] * x[i] of y[o] becomes a term h[t] * y[o] of x[i]; constants have no x[i].
template <class Wide, class Y, class H>
std::vector<Wide> adjoint(std::vector<line> const& axes, std::vector<Y> const& y, std::vector<H> const& h) {
    std::size_t count = 1;
    for (line const& k : axes) count *= static_cast<std::size_t>(k.n);
    std::vector<Wide> x(count, Wide{});
    for_each_term(axes, [&](std::size_t o, std::size_t t, std::size_t i, line const* outside) {
        if (!outside) x[i] += widened<Wide>(h[t]) * widened<Wide>(y[o]);
    });
    return x;
}

}  // namespace reference
