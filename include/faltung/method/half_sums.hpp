// faltung/method/half_sums.hpp -- kernels whose sums over bytes 16 bits hold exactly: the proof, and how such sums are
// stored
#pragma once

#include <cmath>
#include <optional>

#include "../simd/byte_rows.hpp"
#include "../simd/round_halves.hpp"
#include "product_terms.hpp"
#include "store.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// The element types of the same problem with sums modulo 2^16.
template <class T>
struct types_in_halves {
    using X = typename T::X;
    using H = std::uint16_t;
    using Acc = std::uint16_t;
    using Y = typename T::Y;
    using Data = std::uint16_t;
    using Weight = std::uint16_t;
};

/// Which numbers the 2^16 values of a sum stand for.
enum class half_range : unsigned char { from_zero, around_zero };

/// A kernel times 2^shift, as integers, and what its sums modulo 2^16 stand for.
struct half_taps {
    std::vector<std::int64_t> integers;  // in row-major order
    int shift = 0;
    half_range range = half_range::from_zero;
};

/// The same as one product of integer lines modulo 2^16.
struct half_kernel {
    product_terms<std::uint16_t> terms;
    int shift = 0;
    half_range range = half_range::from_zero;
};

/// Where sums of bytes may be asked for in 16 bits at all.
template <class T>
inline constexpr bool may_have_half_sums =
    std::is_same_v<typename T::X, std::uint8_t>&& std::is_integral_v<typename T::Y> &&
    !std::is_same_v<typename T::Y, bool> && sizeof(typename T::Y) <= 2 &&
    (std::is_same_v<typename T::Weight, typename T::Acc>)&&!is_complex<typename T::Acc>;

/// Whether every sample of x~ is a byte.
inline bool continues_with_bytes(problem const& p) {
    for (int a = 0; a < p.rank; ++a) {
        boundary const& edge = p[a].edge;
        if (edge.map != boundary::rule::constant) continue;
        if (!(edge.re >= 0 && edge.re <= 255 && edge.im == 0 && std::trunc(edge.re) == edge.re)) return false;
    }
    return true;
}

/// The kernel in 16 bits, or nothing where the outputs would not be the same.
///
/// Let the taps be n_t / 2^s with integers n_t, of which the positive ones sum to P and the others to -N. A sum S of
/// n_t times bytes is an integer from -255 N to 255 P. Multiplications and additions modulo 2^16 end at S modulo 2^16,
/// whatever happens on the way, and so do those by the lines of a kernel that is a product. If 255 P < 2^16 and N = 0,
/// or 255 P < 2^15 and 255 N <= 2^15, that residue is S itself. The accumulator holds every partial sum without
/// rounding it, too: a multiple of 2^-s below 2^16 / 2^s has at most 16 digits. So both round and store the same
/// number. Integers that are stored modulo 2^8 or 2^16 need no such range.
template <class T>
std::optional<half_taps> find_half_taps(problem const& p, strided<typename T::Weight const> const& taps) {
    using W = typename T::Weight;
    constexpr int most_shift = 15;
    const bool wraps = std::is_integral_v<W> && p.store.overflow == overflow::wrap;
    if (!continues_with_bytes(p) || (!std::is_integral_v<W> && p.store.rounding != rounding::nearest_even)) return {};
    half_taps found;
    std::vector<std::int64_t>& integers = found.integers;
    double positive = 0, negative = 0;
    bool exact = true;
    const auto take = [&](W tap) {
        if constexpr (std::is_integral_v<W>) {
            integers.push_back(static_cast<std::int64_t>(tap));
        } else {
            const W scaled = std::ldexp(tap, most_shift);
            exact = exact && std::abs(scaled) < W(1u << 31) && std::trunc(scaled) == scaled;
            integers.push_back(exact ? static_cast<std::int64_t>(scaled) : 0);
        }
    };
    for_each_index(taps.n, [&](index_list const& t) { take(taps.data[offset(t, taps.stride)]); });
    if (!exact) return {};
    if constexpr (!std::is_integral_v<W>) {
        const auto is_even = [](std::int64_t v) { return v % 2 == 0; };
        for (found.shift = most_shift; found.shift > 0 && std::all_of(integers.begin(), integers.end(), is_even);
             --found.shift)
            for (std::int64_t& v : integers) v /= 2;
    }
    for (std::int64_t v : integers) (v > 0 ? positive : negative) += 255 * std::abs(static_cast<double>(v));
    const bool from_zero = negative == 0 && positive < 65536, around_zero = positive < 32768 && negative <= 32768;
    if (!wraps && !from_zero && !around_zero) return {};
    found.range = from_zero ? half_range::from_zero : half_range::around_zero;
    return found;
}

/// The same of a kernel that is one product of lines.
template <class T>
std::optional<half_kernel> find_half_kernel(problem const& p, strided<typename T::Weight const> const& taps) {
    const auto halves = find_half_taps<T>(p, taps);
    if (!halves) return {};
    const auto product =
        term_builder<std::int64_t>(strided<std::int64_t const>{halves->integers.data(), taps.n, row_major(taps.n)})
            .find(0, 1);
    if (!product) return {};
    half_kernel found{{}, halves->shift, halves->range};
    found.terms.taps = product->taps;
    found.terms.count = 1;
    for (std::int64_t v : product->factors) found.terms.factors.push_back(static_cast<std::uint16_t>(v));
    return found;
}

/// Rows of finished sums on their way to the outputs.
template <class T>
class row_store {
    static constexpr bool rounds_to_bytes =
        std::is_same_v<typename T::Acc, float> && std::is_same_v<typename T::Y, std::uint8_t>;

    problem::store_rule rule_;
    versions<bytes_out>::function round_ = nullptr;  // where rows are bytes, clamped and rounded to nearest

public:
    explicit row_store(problem const& p) : rule_(p.store) {
        if constexpr (rounds_to_bytes)
            if (rule_.overflow == overflow::saturate && rule_.rounding == rounding::nearest_even)
                round_ = versions<bytes_out>::of(p.limits.instruction_set);
    }

    /// Whether a sum is its output.
    static constexpr bool is_copy() { return std::is_same_v<typename T::Y, typename T::Acc>; }

    void operator()(typename T::Acc const* from, typename T::Y* to, index_t step, index_t count) const noexcept {
        if constexpr (rounds_to_bytes)
            if (round_ && step == 1) {
                const index_t whole = count / 16 * 16;
                round_({from, to, whole});
                return store_row(from + whole, to + whole, step, count - whole, rule_);
            }
        store_row(from, to, step, count, rule_);
    }
};

template <class T>
class row_store<types_in_halves<T>> {
    using Y = typename T::Y;
    template <class Half>
    using round = round_halves<Half, Y>;

    int shift_;
    half_range range_;
    overflow beyond_;
    instruction_set set_;

    // what a Half and Y both hold, or all that a Half holds
    template <class Half>
    void store(std::uint16_t const* from, Y* to, index_t count) const noexcept {
        using half = std::numeric_limits<Half>;
        using result = std::numeric_limits<Y>;
        const bool clamps = beyond_ == overflow::saturate;
        const int lowest = clamps ? std::max<int>(half::min(), result::min()) : half::min(),
                  highest = clamps ? std::min<int>(half::max(), result::max()) : half::max();
        versions<round<Half>>::of(set_)(
            {from, to, count, shift_, static_cast<Half>(lowest), static_cast<Half>(highest)});
    }
    void store(std::uint16_t const* from, Y* to, index_t count) const noexcept {
        if (range_ == half_range::from_zero) return store<std::uint16_t>(from, to, count);
        store<std::int16_t>(from, to, count);
    }

public:
    template <class Kernel>
    row_store(problem const& p, Kernel const& kernel)
        : shift_(kernel.shift), range_(kernel.range), beyond_(p.store.overflow), set_(p.limits.instruction_set) {}

    bool is_copy() const noexcept {
        return sizeof(Y) == 2 && shift_ == 0 &&
               (beyond_ == overflow::wrap || std::is_signed_v<Y> == (range_ == half_range::around_zero));
    }

    void operator()(std::uint16_t const* from, Y* to, index_t step, index_t count) const noexcept {
        if (step == 1) return store(from, to, count);
        Y part[64];
        for (index_t first = 0; first < count; first += 64) {
            const index_t some = std::min<index_t>(64, count - first);
            store(from + first, part, some);
            for (index_t i = 0; i < some; ++i) to[(first + i) * step] = part[i];
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
