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
inline index_t walk(index_t i, index_t n, char map) {
    if (i >= 0 && i < n) return i;
    if (map == 'z' || map == 'c') return -1;
    if (map == 'e') return i < 0 ? 0 : n - 1;
    index_t at = i < 0 ? 0 : n - 1, towards = i < 0 ? 1 : -1;  // inwards, seen from the end that i lies beyond
    const index_t steps = i < 0 ? -i : i - (n - 1);
    for (index_t k = 0; k < steps; ++k) {
        if (map == 'w') {
            at = i < 0 ? (at == 0 ? n - 1 : at - 1) : (at == n - 1 ? 0 : at + 1);
        } else if (map == 's' && k == 0) {
            // the first step beyond the edge shows the end sample again
        } else if (n > 1) {
            const index_t next = at + towards;
            if (next >= 0 && next < n) {
                at = next;
            } else {
                towards = -towards;
                if (map == 'r') at += towards;
            }
        }
    }
    return at;
}

/// How many windows fit: counted, not computed.
inline index_t outputs(line const& k) {
    index_t count = 0;
    if (k.n == 0) return 0;
    for (index_t start = -k.low; start + k.dilation * (k.taps - 1) <= k.n - 1 + k.high; start += k.stride) ++count;
    return count;
}

inline std::vector<index_t> output_shape(std::vector<line> const& axes) {
    std::vector<index_t> n;
    for (line const& k : axes) n.push_back(outputs(k));
    return n;
}

/// Call `visit(o, t, i, outside)` for every term of the sum, output after output, tap after tap: the flat indices of
/// output, tap and sample, and the axis whose constant stands instead of the sample, or null.
template <class Visit>
void for_each_term(std::vector<line> const& axes, Visit&& visit) {
    const std::size_t rank = axes.size();
    std::vector<index_t> count = output_shape(axes);
    std::vector<std::vector<index_t>> source(rank);  // per axis, for every output and tap
    for (std::size_t a = 0; a < rank; ++a) {
        line const& k = axes[a];
        if (count[a] == 0) return;
        for (index_t o = 0; o < count[a]; ++o)
            for (index_t t = 0; t < k.taps; ++t)
                source[a].push_back(walk(o * k.stride + t * k.dilation - k.low, k.n, k.map));
    }
    const auto advance = [&](std::vector<index_t>& i, auto extent) {
        for (std::size_t a = rank; a-- > 0; i[a] = 0)
            if (++i[a] < extent(a)) return true;
        return false;
    };
    std::vector<index_t> o(rank, 0), t(rank, 0);
    std::size_t output = 0;
    do {
        std::size_t tap = 0;
        do {
            index_t at = 0;
            line const* outside = nullptr;
            for (std::size_t a = 0; a < rank; ++a) {
                const index_t i = source[a][static_cast<std::size_t>(o[a] * axes[a].taps + t[a])];
                if (i < 0) outside = &axes[a];  // the last axis that is outside wins
                at = at * axes[a].n + i;
            }
            visit(output, tap++, outside ? std::size_t{0} : static_cast<std::size_t>(at), outside);
        } while (advance(t, [&](std::size_t a) { return axes[a].taps; }));
        ++output;
    } while (advance(o, [&](std::size_t a) { return count[a]; }));
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
    for_each_term(axes, [&](std::size_t o, std::size_t t, std::size_t i, line const* outside) {
        if (!outside)
            y[o] += widened<Wide>(h[t]) * widened<Wide>(x[i]);
        else if (outside->map == 'c')
            y[o] += widened<Wide>(h[t]) * widened<Wide>(outside->constant);
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
