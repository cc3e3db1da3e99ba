// faltung/view/overlap.hpp -- do two views share memory, or one view a sample with itself?
#pragma once

#include <array>
#include <cstdint>

#include "viewable.hpp"

namespace faltung {
namespace detail {

// std::gcd would bring all of <numeric>.
constexpr index_t common_divisor(index_t l, index_t r) {
    while (r != 0) {
        const index_t rest = l % r;
        l = r;
        r = rest;
    }
    return l;
}

/// Sums of m_k * step_k, each integer m_k between its first and its last: which intervals do they meet?
class sum_of_steps {
    struct term {
        index_t step, first, last;
    };
    struct tail {  // of the terms from here on: the extreme sums, and a divisor of every sum
        index_t lowest = 0, highest = 0, divisor = 0;
    };
    // Where steps nest (none reaches into the next longer one) two m at most are possible at each step once those of
    // the longer steps are fixed: 2^11 nodes for 10 axes. The rest is for steps that do not.
    static constexpr int most_nodes = 1 << 14;

    std::array<term, 2 * std::size_t{max_rank}> terms_{};  // longest step first
    std::array<tail, std::size_t{2 * max_rank + 1}> tails_{};
    std::size_t count_ = 0;
    int nodes_ = 0;

    bool meets_from(std::size_t k, index_t low, index_t high) {
        tail const& t = tails_[k];
        low = low < t.lowest ? t.lowest : low;
        high = high > t.highest ? t.highest : high;
        if (low > high) return false;
        if (k == count_) return true;
        if (checked::floor_divide(high, t.divisor) * t.divisor < low) return false;
        // The last step reaches every multiple of itself between its extremes.
        if (k + 1 == count_ || ++nodes_ > most_nodes) return true;
        const auto [step, first, last] = terms_[k];
        const index_t from = checked::ceil_divide(low - tails_[k + 1].highest, step);
        const index_t to = checked::floor_divide(high - tails_[k + 1].lowest, step);
        for (index_t m = from < first ? first : from; m <= to && m <= last; ++m)
            if (meets_from(k + 1, low - m * step, high - m * step)) return true;
        return false;
    }

public:
    /// One more step > 0; the same step twice is one with the wider range.
    void add(index_t step, index_t first, index_t last) {
        std::size_t k = 0;
        while (k < count_ && terms_[k].step > step) ++k;
        if (k < count_ && terms_[k].step == step) {
            terms_[k].first += first;
            terms_[k].last += last;
            return;
        }
        for (std::size_t j = count_++; j > k; --j) terms_[j] = terms_[j - 1];
        terms_[k] = {step, first, last};
    }

    /// True when some sum lies in [low, high]; also when the search was given up after most_nodes.
    bool meets(index_t low, index_t high) {
        nodes_ = 0;
        tails_[count_] = {};
        for (std::size_t k = count_; k-- > 0;) {
            auto const& [step, first, last] = terms_[k];
            tail const& next = tails_[k + 1];
            tails_[k] = {next.lowest + first * step, next.highest + last * step, common_divisor(next.divisor, step)};
        }
        return meets_from(0, low, high);
    }
};

/// Where the samples of a view lie, without their type.
struct placement {
    void const* data;
    index_t bytes;  // of one sample
    shape const& n;
    strides const& stride;
};

template <class T>
placement placement_of(strided<T> const& v) {
    return {v.data, static_cast<index_t>(sizeof(T)), v.n, v.stride};
}

/// Where the lowest sample of a view begins and the highest one ends.
struct address_range {
    index_t begin = 0, end = 0;

    // No real memory is this long, and sums of a few such numbers fit 64 bits.
    static constexpr index_t longest = index_t{1} << 58;
    bool is_beyond_memory() const { return end - begin > longest; }

    bool meets(address_range const& other) const { return end > other.begin && other.end > begin; }
};

inline address_range addresses_of(placement const& v) {
    const index_t address = static_cast<index_t>(reinterpret_cast<std::uintptr_t>(v.data));
    const reach r = reach_of(v.n, v.stride);
    constexpr char const* what = "address of a sample";
    const address_range a{
        checked::add(address, checked::multiply(r.lowest, v.bytes, what), what),
        checked::add(address, checked::multiply(checked::add(r.highest, 1, what), v.bytes, what), what)};
    checked::subtract(a.end, a.begin, what);
    return a;
}

/// A view by its addresses, and the steps between samples.
struct lattice : address_range {
    index_t bytes = 0;  // of one sample
    shape n;
    strides step;  // in bytes, > 0, only of axes along which the address changes
};

inline lattice lattice_of(placement const& v) {
    lattice l{addresses_of(v), v.bytes, {}, {}};
    for (int a = 0; a < v.n.rank(); ++a) {
        if (v.n[a] <= 1 || v.stride[a] == 0) continue;
        l.n.push_back(v.n[a]);
        l.step.push_back((v.stride[a] < 0 ? -v.stride[a] : v.stride[a]) * l.bytes);
    }
    return l;
}

inline bool overlap(lattice const& a, lattice const& b) {
    if (!a.meets(b)) return false;
    if (a.is_beyond_memory() || b.is_beyond_memory()) return true;
    // Byte u of sample i of a is byte v of sample j of b when  j * step - i * step = a.begin - b.begin + u - v.
    sum_of_steps difference;
    for (int k = 0; k < a.n.rank(); ++k) difference.add(a.step[k], 1 - a.n[k], 0);
    for (int k = 0; k < b.n.rank(); ++k) difference.add(b.step[k], 0, b.n[k] - 1);
    const index_t distance = a.begin - b.begin;
    return difference.meets(distance - (b.bytes - 1), distance + (a.bytes - 1));
}

inline bool overlaps_itself(lattice const& a) {
    if (a.is_beyond_memory()) return true;
    for (int k = 0; k < a.n.rank(); ++k)
        for (int j = 0; j < k; ++j)
            if (a.step[j] == a.step[k]) return true;
    // Where two indices name one sample, their difference m is not 0 but its sum is, and that of -m too. So the longest
    // step that takes part does so with m > 0; every step is tried in that role, with all shorter ones.
    for (int k = 0; k < a.n.rank(); ++k) {
        sum_of_steps zero;
        zero.add(a.step[k], 1, a.n[k] - 1);
        for (int j = 0; j < a.n.rank(); ++j)
            if (a.step[j] < a.step[k]) zero.add(a.step[j], 1 - a.n[j], a.n[j] - 1);
        if (zero.meets(0, 0)) return true;
    }
    return false;
}

/// `b` is not empty, and its samples lie in `of_b`.
inline bool overlap(placement const& a, placement const& b, address_range const& of_b) {
    return !is_empty(a.n) && addresses_of(a).meets(of_b) && overlap(lattice_of(a), lattice_of(b));
}
inline bool overlap(placement const& a, placement const& b) {
    return !is_empty(a.n) && !is_empty(b.n) && overlap(a, b, addresses_of(b));
}

/// Whether every step is longer than all those of the axes further in reach together, as in most arrays.
inline bool is_nested(placement const& v) {
    index_t inside = 0;  // no longer than the view reaches
    for (int a = v.n.rank(); a-- > 0;) {
        if (v.n[a] <= 1) continue;
        const index_t step = v.stride[a] < 0 ? -v.stride[a] : v.stride[a];
        if (step <= inside) return false;
        inside += (v.n[a] - 1) * step;
    }
    return true;
}

/// `v` is not empty, and its samples lie in `of_v`.
inline bool overlaps_itself(placement const& v, address_range const& of_v) {
    if (!of_v.is_beyond_memory() && is_nested(v)) return false;
    for (int a = 0; a < v.n.rank(); ++a)
        if (v.n[a] > 1 && v.stride[a] == 0) return true;
    return overlaps_itself(lattice_of(v));
}
inline bool overlaps_itself(placement const& v) { return !is_empty(v.n) && overlaps_itself(v, addresses_of(v)); }

}  // namespace detail

/// True when the two views share a byte of memory; element types may differ.
///
/// Exact where both have the same strides in bytes, each longer than all shorter ones reach, as the parts and channels
/// of one array have (the red and the green samples of packed RGB do not overlap); exact for other strides too unless a
/// search of 2^14 steps does not decide it: then true. Errors: overflow_error for addresses beyond 64 bits.
template <class A, class B>
bool overlap(strided<A> const& a, strided<B> const& b) {
    return detail::overlap(detail::placement_of(a), detail::placement_of(b));
}
template <viewable A, viewable B>
bool overlap(A const& a, B const& b) {
    return overlap(as_view(a).erased(), as_view(b).erased());
}

/// True when two indices of the view name one sample, as after broadcast_to or in overlapping windows; exact as above.
template <class T>
bool overlaps_itself(strided<T> const& v) {
    return detail::overlaps_itself(detail::placement_of(v));
}
template <viewable X>
bool overlaps_itself(X const& x) {
    return overlaps_itself(as_view(x).erased());
}

}  // namespace faltung
