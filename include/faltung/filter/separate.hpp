// faltung/filter/separate.hpp -- a kernel as the nearest sum of few products of one line per axis
#pragma once

#include <optional>

#include "kernel_data.hpp"
#include "singular_values.hpp"

namespace faltung {

/// How many terms `separate` takes: one, unless one of these is named. It takes no more than are needed for the
/// rounding of their taps, either.
struct separate_options {
    std::optional<index_t> rank = {};      // at most so many
    std::optional<double> tolerance = {};  // until |h - sum|_1 <= tolerance |h|_1
};

/// A sum of products, sum[t_0, t_1, ...] = sum over terms of the product over axes a of term[a][t_a], and how far it is
/// from the kernel h that it stands for.
template <std::floating_point T, std::size_t Rank>
struct separation {
    std::vector<std::array<tensor<T, 1>, Rank>> terms;  // the heaviest first
    double residual = 0;                                // |h - sum|_1

    /// The kernel itself: what `convolve` takes, which then finds the terms again and goes along one axis after the
    /// other wherever that is faster.
    tensor<T, Rank> sum() const {
        shape n;
        for (auto const& line : terms.front()) n.push_back(line.count());
        tensor<T, Rank> taps(n);
        for (auto const& term : terms)
            for_each_index(n, [&](index_list const& t) {
                T product = 1;
                for (std::size_t a = 0; a < Rank; ++a) product *= term[a](t[static_cast<int>(a)]);
                taps(t) += product;
            });
        return taps;
    }

    /// No sample of h * x differs by more from that of sum() * x, where no sample of x is larger: |h - sum|_1 |x|_inf.
    double bound(double largest) const { return residual * largest; }
};

namespace detail {
inline namespace FALTUNG_COMPILED {

template <class Real>
struct weighted_lines {
    Real weight;
    std::vector<std::vector<Real>> lines;  // each of length 1
};

/// A box of samples as a sum of products that are orthogonal to each other: the singular vectors of its first axis
/// against all others, each of the latter taken apart in the same way.
/// Source: Batselier, Liu and Wong, Computer Physics Communications 193 (2015).
template <class Real>
std::vector<weighted_lines<Real>> orthogonal_terms(std::vector<Real> const& box, shape const& taps, int axis = 0) {
    if (axis + 1 == taps.rank()) {
        const Real length = std::sqrt(std::inner_product(box.begin(), box.end(), box.begin(), Real{0}));
        weighted_lines<Real> one{length, {box}};
        for (Real& v : one.lines.front()) v /= length;
        return {one};
    }
    const singular_values<Real> svd(box, static_cast<std::size_t>(taps[axis]));
    std::vector<weighted_lines<Real>> terms;
    for (std::size_t k = 0; k < svd.values.size(); ++k)
        for (auto& rest : orthogonal_terms(svd.right[k], taps, axis + 1)) {
            rest.weight *= svd.values[k];
            rest.lines.insert(rest.lines.begin(), svd.left[k]);
            terms.push_back(std::move(rest));
        }
    return terms;
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// The sum of products that stands for h with as many terms as asked for: for two axes the nearest one in the 2-norm
/// (Eckart and Young, Psychometrika 1, 1936), for more the heaviest of terms that are orthogonal to each other. A
/// kernel times any number separates into the same lines.
/// Types: the taps are those of h if these are floating, else double.
/// Errors: shape_error for a kernel without a tap; option_error for a tap that is NaN or Inf, a rank below 1, a
/// tolerance below 0 or NaN. Cost: about 10 * taps * the taps of an axis, for all but the last axis.
template <viewable H>
    requires(!is_complex<element_t<H>> && rank_of<H> > 0)
auto separate(H const& h, separate_options const& options = {}) {
    using T = std::conditional_t<is_floating<element_t<H>>, element_t<H>, double>;
    using Real = std::conditional_t<(sizeof(T) > 8), long double, double>;
    using Exact = std::conditional_t<(sizeof(T) < 8), double, long double>;
    constexpr std::size_t rank = rank_of<H>;
    constexpr char const* name = "separate";
    const auto taps = as_view(h);
    const shape n = taps.shape();
    if (is_empty(n)) detail::fail<shape_error>(name, ": a kernel of shape ", n, " has no taps");
    if (options.rank && *options.rank < 1)
        detail::fail<option_error>(name, ": rank ", *options.rank, "; 1 or more is needed");
    if (options.tolerance && !(*options.tolerance >= 0))
        detail::fail<option_error>(name, ": tolerance ", *options.tolerance, "; 0 or more is needed");

    Exact norm = 0, largest = 0;
    for_each_index(n, [&](index_list const& t) {
        const Exact magnitude = std::abs(static_cast<Exact>(taps(t)));
        if (!(magnitude <= std::numeric_limits<Exact>::max()))
            detail::fail<option_error>(name, ": the tap at ", t, " is ", taps(t));
        norm += magnitude;
        largest = std::max(largest, magnitude);
    });
    // As many powers of two for every line: then samples are about 1, and no square under- or overflows.
    const int each = largest > 0 ? std::ilogb(largest) / static_cast<int>(rank) : 0;
    std::vector<Real> box;
    for_each_index(n, [&](index_list const& t) {
        box.push_back(static_cast<Real>(std::ldexp(static_cast<Exact>(taps(t)), -each * static_cast<int>(rank))));
    });
    auto terms = largest > 0 ? detail::orthogonal_terms(box, n) : std::vector<detail::weighted_lines<Real>>{};
    if (terms.empty()) terms.push_back({0, {}});
    std::stable_sort(terms.begin(), terms.end(), [](auto const& l, auto const& r) { return l.weight > r.weight; });

    separation<T, rank> found;
    auto left = tensor<Exact, rank>::uninitialized(n);
    for_each_index(n, [&](index_list const& t) { left(t) = static_cast<Exact>(taps(t)); });
    const Exact enough = norm * std::max<Exact>(options.tolerance.value_or(0), 4 * std::numeric_limits<T>::epsilon());
    const index_t most = options.rank ? *options.rank : options.tolerance ? static_cast<index_t>(terms.size()) : 1;
    for (auto const& term : terms) {
        auto& lines = found.terms.emplace_back();
        const Real length = std::pow(term.weight, 1 / static_cast<Real>(rank));
        for (std::size_t a = 0; a < rank; ++a) {
            lines[a] = tensor<T, 1>{{n[static_cast<int>(a)]}};
            for (std::size_t i = 0; term.weight > 0 && i < term.lines[a].size(); ++i)
                lines[a](static_cast<index_t>(i)) = static_cast<T>(std::ldexp(term.lines[a][i] * length, each));
        }
        Exact residual = 0;
        for_each_index(n, [&](index_list const& t) {
            Exact product = 1;
            for (std::size_t a = 0; a < rank; ++a) product *= static_cast<Exact>(lines[a](t[static_cast<int>(a)]));
            residual += std::abs(left(t) -= product);
        });
        found.residual = static_cast<double>(residual);
        if (residual <= enough || static_cast<index_t>(found.terms.size()) == most) break;
    }
    return found;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
