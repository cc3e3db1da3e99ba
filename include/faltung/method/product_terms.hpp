// faltung/method/product_terms.hpp -- a kernel as a sum of products of one line per axis, where few are enough
#pragma once

#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <vector>

#include "../core/strided.hpp"
#include "../geometry/problem.hpp"
#include "error_bounds.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// h[t_0, t_1, ...] = sum over terms of the product over axes of factor(term, axis)[t_axis], but for a residual.
template <class W>
struct product_terms {
    shape taps;
    std::vector<W> factors;  // term by term, in it axis by axis
    index_t count = 0;
    double norm_1 = 0;    // sum over terms of the products of their factors' absolute sums
    double residual = 0;  // |h - sum|_1

    index_t per_term() const {
        index_t sum = 0;
        for (index_t n : taps) sum += n;
        return sum;
    }
    W const* factor(index_t term, int axis) const {
        index_t first = term * per_term();
        for (int a = 0; a < axis; ++a) first += taps[a];
        return factors.data() + first;
    }
};

struct half_kernel;

/// A kernel as separable holds it: where 16 bits hold its sums, for those, too. One real product gives infinities as
/// the sum does. The products of several terms may cancel or meet 0, so do the parts of complex numbers: then outputs
/// that are not finite are summed once more, with the taps as they are.
template <class W>
struct separated_kernel {
    product_terms<W> terms;
    std::shared_ptr<void const> taps;           // or nothing
    std::shared_ptr<half_kernel const> halves;  // or nothing
};

/// More terms than this are not looked for: the search costs as many times the taps.
inline constexpr index_t most_terms = 8;

/// What may be left out of a kernel without a name for it: |h - sum|_1 <= 8 u |h|_1, what rounding its factors costs;
/// and half of the tolerance, if there is one, where |(h - sum) * x|_2 <= |h - sum|_1 |x|_2 (Young).
inline double allowed_residual(problem const& p) {
    const double rounding = 8 * unit_roundoff(p.types.accumulator) * p.kernel.norm_1;
    return std::isinf(p.limits.tolerance) ? rounding : std::max(rounding, p.limits.tolerance / 2 * p.kernel.norm_2);
}

template <class W>
using wide_factor_t = with_complexity<std::conditional_t<(sizeof(real_t<W>) > 8), long double, double>, is_complex<W>>;

template <class Wide>
double magnitude(Wide v) {
    return static_cast<double>(std::abs(v));
}

/// Terms of a matrix of rows * columns samples: column times row, by elimination with the largest sample left as pivot.
/// Empty when the residual is not below `allowed` after `most` of them.
template <class Wide>
struct cross_terms {
    std::vector<std::vector<Wide>> columns, rows;

    static std::optional<cross_terms> of(std::vector<Wide> left, std::size_t rows, double allowed, index_t most) {
        const std::size_t width = left.size() / rows;
        cross_terms terms;
        for (;;) {
            std::size_t pivot = 0;
            double largest = 0, residual = 0;
            for (std::size_t i = 0; i < left.size(); ++i) {
                const double m = magnitude(left[i]);
                residual += m;
                if (m > largest) {
                    largest = m;
                    pivot = i;
                }
            }
            if (residual <= allowed && (residual == 0 || !terms.rows.empty())) return terms;
            if (static_cast<index_t>(terms.rows.size()) == most) return {};
            const std::size_t j = pivot % width;
            const Wide at = left[pivot];
            Wide const* const line = left.data() + pivot / width * width;
            std::vector<Wide> column(rows), row(line, line + width);
            for (Wide& v : row) v /= at;
            for (std::size_t i = 0; i < rows; ++i) {
                column[i] = left[i * width + j];
                for (std::size_t k = 0; k < width; ++k) left[i * width + k] -= column[i] * row[k];
                left[i * width + j] = Wide{};
            }
            terms.columns.push_back(std::move(column));
            terms.rows.push_back(std::move(row));
        }
    }
};

/// Whether a sample of a large matrix's rows and columns has more terms than `most`: then the matrix has, too. `at(k)`
/// is its sample number k, row by row.
template <class Wide, class At>
bool has_too_many(At at, std::size_t rows, std::size_t width, double allowed, index_t most) {
    const std::size_t some = static_cast<std::size_t>(3 * most);
    if (rows <= some || width <= some) return false;
    std::vector<Wide> sample;
    for (std::size_t i = 0; i < some; ++i)
        for (std::size_t j = 0; j < some; ++j) sample.push_back(at(i * rows / some * width + j * width / some));
    return !cross_terms<Wide>::of(std::move(sample), some, allowed, most);
}

/// Each term of a box of samples, one line per axis of more than one tap, one after the other.
template <class Wide>
std::optional<std::vector<std::vector<Wide>>> lines_of(std::vector<Wide> const& box, std::vector<index_t> const& taps,
                                                       double allowed, index_t most) {
    if (taps.size() == 1) return std::vector<std::vector<Wide>>(1, box);
    if (most < 1) return {};
    const auto rows = static_cast<std::size_t>(taps.front());
    allowed /= 2;  // half for each of the two steps
    if (has_too_many<Wide>([&](std::size_t k) { return box[k]; }, rows, box.size() / rows, allowed, most)) return {};
    const auto split = cross_terms<Wide>::of(box, rows, allowed, most);
    if (!split) return {};
    std::vector<std::vector<Wide>> all;
    for (std::size_t i = 0; i < split->rows.size(); ++i) {
        double norm = 0;  // what is left out of a row counts as many times as its column weighs
        for (Wide v : split->columns[i]) norm += magnitude(v);
        const auto rest = lines_of(split->rows[i], {taps.begin() + 1, taps.end()}, norm > 0 ? allowed / norm : allowed,
                                   most - static_cast<index_t>(all.size()));
        if (!rest) return {};
        for (auto const& line : *rest) {
            std::vector<Wide> term = split->columns[i];
            term.insert(term.end(), line.begin(), line.end());
            all.push_back(std::move(term));
        }
        if (static_cast<index_t>(all.size()) > most) return {};
    }
    return all;
}

/// A box of integers as one product, exactly: the lines one after the other, or nothing.
template <class W>
std::optional<std::vector<W>> exact_product(std::vector<W> const& box, std::vector<index_t> const& taps) {
    if (taps.size() == 1) return box;
    const auto rows = static_cast<std::size_t>(taps.front());
    const std::size_t width = box.size() / rows;
    std::size_t first = 0;
    while (first < box.size() && box[first] == 0) ++first;
    if (first == box.size())
        return std::vector<W>(static_cast<std::size_t>(std::accumulate(taps.begin(), taps.end(), index_t{0})));
    const auto begin = box.begin() + static_cast<std::ptrdiff_t>(first / width * width);
    std::vector<W> row(begin, begin + static_cast<std::ptrdiff_t>(width)), column(rows);
    // Every row is a multiple of the one without a common divisor, which is unsigned: W holds no magnitude of its
    // lowest.
    using Magnitude = std::make_unsigned_t<W>;
    Magnitude common = 0;
    for (W v : row)
        common = std::gcd(common, static_cast<Magnitude>(v < 0 ? Magnitude{0} - static_cast<Magnitude>(v)
                                                               : static_cast<Magnitude>(v)));
    for (W& v : row) v = static_cast<W>(v / static_cast<W>(common));
    const W leading = row[first % width];
    for (std::size_t i = 0; i < rows; ++i) {
        const W sample = box[i * width + first % width];
        if (std::is_signed_v<W> && leading == static_cast<W>(-1) && sample == std::numeric_limits<W>::min()) return {};
        column[i] = static_cast<W>(sample / leading);
        for (std::size_t j = 0; j < width; ++j)
            if (multiply_add(W{}, column[i], row[j]) != box[i * width + j]) return {};
    }
    const auto rest = exact_product(row, {taps.begin() + 1, taps.end()});
    if (!rest) return {};
    column.insert(column.end(), rest->begin(), rest->end());
    return column;
}

/// Collects terms, balances their factors, and measures what they leave out.
template <class W>
class term_builder {
    using Wide = wide_factor_t<W>;
    using Real = real_t<Wide>;

    strided<W const> h_;
    std::vector<index_t> active_;  // taps of the axes with more than one
    product_terms<W> terms_;

public:
    explicit term_builder(strided<W const> const& h) : h_(h) {  // without channels
        terms_.taps = h.n;
        for (index_t n : h.n)
            if (n > 1) active_.push_back(n);
        if (active_.empty()) active_.push_back(1);
    }

    /// Terms whose taps together are fewer than the kernel's: more could not be faster.
    index_t worthwhile() const {
        return active_.size() == 1 ? 1 : std::min(most_terms, (samples() - 1) / terms_.per_term());
    }

    std::optional<product_terms<W>> find(double allowed, index_t most) {
        const index_t all = samples();
        if (most < 1) return {};
        if constexpr (std::is_integral_v<W>) {
            const auto product = exact_product(box<W>(all), active_);
            if (!product) return {};
            add(product->data());
        } else {
            if (!std::isfinite(allowed) || has_too_many(allowed, most)) return {};
            const auto found = lines_of(box<Wide>(all), active_, allowed, most);
            if (!found) return {};
            for (auto const& term : *found) add(balanced(term).data());
            if (found->empty()) add(std::vector<Wide>(static_cast<std::size_t>(terms_.per_term())).data());
            measure_residual();
            if (!(terms_.residual <= allowed)) return {};
        }
        return std::move(terms_);
    }

private:
    index_t samples() const { return std::accumulate(active_.begin(), active_.end(), index_t{1}, std::multiplies<>()); }

    // As lines_of asks first, without a copy of all taps.
    bool has_too_many(double allowed, index_t most) const {
        if (active_.size() == 1) return false;
        const auto at = [&](std::size_t k) {
            auto rest = static_cast<index_t>(k);
            W const* tap = h_.data;
            for (int a = h_.n.rank(); a-- > 0; rest /= h_.n[a]) tap += rest % h_.n[a] * h_.stride[a];
            return convert<Wide>(*tap);
        };
        const auto rows = static_cast<std::size_t>(active_.front()), all = static_cast<std::size_t>(samples());
        return detail::has_too_many<Wide>(at, rows, all / rows, allowed / 2, most);
    }

    template <class To>
    std::vector<To> box(index_t count) const {
        std::vector<To> samples;
        samples.reserve(static_cast<std::size_t>(count));
        for_each_index(h_.n,
                       [&](index_list const& i) { samples.push_back(convert<To>(h_.data[offset(i, h_.stride)])); });
        return samples;
    }

    // One term: the lines of the active axes; along the others it is 1.
    template <class V>
    void add(V const* lines) {
        const bool is_scalar = active_.size() == 1 && active_.front() == 1;
        double norm = 1;
        for (int a = 0; a < terms_.taps.rank(); ++a) {
            if (terms_.taps[a] == 1 && !(is_scalar && a + 1 == terms_.taps.rank())) {
                terms_.factors.push_back(W(1));
                continue;
            }
            double sum = 0;
            for (index_t t = 0; t < terms_.taps[a]; ++t, ++lines) {
                terms_.factors.push_back(convert<W>(*lines));
                if constexpr (!std::is_integral_v<W>) sum += magnitude(convert<Wide>(terms_.factors.back()));
            }
            norm *= sum;
        }
        terms_.norm_1 += norm;
        ++terms_.count;
    }

    // Every line of a term gets the same absolute sum, but for a power of two: then no partial result is larger than
    // both the samples and the sums, nor smaller.
    std::vector<Wide> balanced(std::vector<Wide> term) const {
        std::vector<int> exponents;
        int sum = 0;
        auto at = term.begin();
        for (index_t n : active_) {
            double norm = 0;
            for (index_t t = 0; t < n; ++t) norm += magnitude(*at++);
            exponents.push_back(norm > 0 && std::isfinite(norm) ? std::ilogb(norm) : 0);
            sum += exponents.back();
        }
        const auto lines = static_cast<index_t>(active_.size());
        at = term.begin();
        for (std::size_t a = 0; a < active_.size(); ++a) {
            const int wanted = static_cast<int>(checked::floor_divide(sum + static_cast<index_t>(a), lines));
            for (index_t t = 0; t < active_[a]; ++t, ++at) *at *= std::ldexp(Real{1}, wanted - exponents[a]);
        }
        return term;
    }

    void measure_residual() {
        using Exact = with_complexity<std::conditional_t<(sizeof(real_t<W>) < 8), double, long double>, is_complex<W>>;
        for_each_index(h_.n, [&](index_list const& i) {
            Exact rest = convert<Exact>(h_.data[offset(i, h_.stride)]);
            for (index_t term = 0; term < terms_.count; ++term) {
                Exact product(1);
                for (int a = 0; a < h_.n.rank(); ++a) product *= convert<Exact>(terms_.factor(term, a)[i[a]]);
                rest -= product;
            }
            terms_.residual += magnitude(rest);
        });
    }
};

/// The taps of a kernel of one channel.
template <class W>
strided<W const> without_channels(strided<W const> const& h) {
    strided<W const> taps{h.data, {}, {}};
    for (int a = 2; a < h.n.rank(); ++a) {
        taps.n.push_back(h.n[a]);
        taps.stride.push_back(h.stride[a]);
    }
    return taps;
}

/// The terms of a kernel, given without channels, within what may be left out; nothing where they are more than
/// most_terms. A kernel along one axis is one term.
template <class W>
std::optional<product_terms<W>> find_terms(strided<W const> const& h, double allowed) {
    return term_builder<W>(h).find(allowed, most_terms);
}

/// Likewise, but nothing where they are too many to be faster than the kernel itself.
template <class W>
std::optional<product_terms<W>> find_worthwhile_terms(strided<W const> const& h, double allowed) {
    term_builder<W> builder(h);
    return builder.find(allowed, builder.worthwhile());
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
