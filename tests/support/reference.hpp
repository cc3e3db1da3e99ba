// tests/support/reference.hpp -- the defining sum in exact or wider arithmetic: the independent source of expected values
#pragma once

#include <vector>

#include <faltung/core/index.hpp>

namespace reference {

using faltung::index_t;

/// One axis of a sum, in the caller's words; `map` is the boundary's letter: z zero, c constant, e replicate (edge),
/// r reflect, s symmetric, w circular (wrap).
struct line {
    index_t n, taps, stride, dilation, low, high;
    char map;
    double constant = 0;
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

/// y[o] = sum over t of h[t] * x~[o * stride + t * dilation - low], all arrays row-major, with sums in Wide.
template <class Wide, class X, class H>
std::vector<Wide> correlate(std::vector<line> const& axes, std::vector<X> const& x, std::vector<H> const& h) {
    const std::size_t rank = axes.size();
    const auto advance = [&](std::vector<index_t>& i, auto extent) {
        for (std::size_t a = rank; a-- > 0; i[a] = 0)
            if (++i[a] < extent(axes[a])) return true;
        return false;
    };
    std::vector<Wide> y;
    for (line const& k : axes)
        if (outputs(k) == 0) return y;
    std::vector<index_t> o(rank, 0);
    do {
        Wide sum{};
        std::vector<index_t> t(rank, 0);
        std::size_t tap = 0;
        do {
            index_t at = 0;
            line const* outside = nullptr;
            for (std::size_t a = 0; a < rank; ++a) {
                const index_t i = walk(o[a] * axes[a].stride + t[a] * axes[a].dilation - axes[a].low, axes[a].n, axes[a].map);
                if (i < 0) outside = &axes[a];
                at = at * axes[a].n + i;
            }
            if (!outside)
                sum += static_cast<Wide>(h[tap]) * static_cast<Wide>(x[static_cast<std::size_t>(at)]);
            else if (outside->map == 'c')
                sum += static_cast<Wide>(h[tap]) * static_cast<Wide>(static_cast<X>(outside->constant));
            ++tap;
        } while (advance(t, [](line const& k) { return k.taps; }));
        y.push_back(sum);
    } while (advance(o, [](line const& k) { return outputs(k); }));
    return y;
}

}  // namespace reference
