// faltung/filter/window_sums.hpp -- sums over the windows of an array and how far off they may be, and the windows
// themselves, sample by sample, where that is too far
#pragma once

#include <cmath>
#include <vector>

#include "along_axes.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// The type of a quotient of sums: float for float and integers of up to 16 bits, double for others.
template <class X, class H>
using quotient_t = real_t<accumulator_t<smoothing_t<X>, smoothing_t<H>>>;

/// y = a result that is complete, so that y is untouched by every error. Errors: shape_error; overlap_error where y
/// overlaps x, as of every filter, or itself.
template <class Output, viewable X, class T, std::size_t Rank>
void store_quotients(char const* name, Output& y, X const& x, tensor<T, Rank> const& result) {
    static_assert(is_floating<element_t<Output>> && !is_complex<element_t<Output>>,
                  "a quotient of sums is written to real floating samples");
    require_given(name, y, x, result.shape());
    const auto to = as_view(y);
    for_each_index(result.shape(), [&](index_list const& i) { to(i) = static_cast<element_t<Output>>(result(i)); });
}

/// Sums, each expected to be within `absolute` + `relative` times the sum of its absolute products of the exact one.
template <class T, std::size_t Rank>
struct window_sums {
    tensor<T, Rank> sums;
    T absolute = 0, relative = 0;
};

/// Of x as the boundary extends it, of the samples that are finite: at least its Euclidean norm, and its largest
/// magnitude.
struct extended_norms {
    double norm_2, largest;
};
template <class T, std::size_t Rank>
extended_norms norms_of(problem const& p, tensor<T, Rank> const& x) {
    double squares = 0, most = 0, samples = 1;
    for (T v : x) {
        if (!is_finite(v)) continue;
        squares += static_cast<double>(v) * static_cast<double>(v);
        most = std::max(most, std::fabs(static_cast<double>(v)));
    }
    bool is_extended = false;
    for (int a = 0; a < p.rank; ++a) {
        axis const& k = p[a];
        samples *= static_cast<double>((k.outputs() - 1) * k.window_stride + k.span());
        is_extended = is_extended || (!k.edge.is_zero() && (k.low > 0 || k.high > 0));
        if (k.edge.map == boundary::rule::constant) most = std::max(most, static_cast<double>(std::fabs(k.edge.re)));
    }
    return {is_extended ? std::sqrt(samples) * most : std::sqrt(squares), most};
}

/// The plan's sums of x. The error of a sum of products, or of one product of lines, is one of its own window, but for
/// what the lines leave out of the kernel; that of several products of lines, and of a transform, is one of all of x.
template <class T, std::size_t Rank>
window_sums<T, Rank> sums_of(forward_plan<types<T, T, T, T>> const& plan, tensor<T, Rank> const& x) {
    problem const& p = plan.problem();
    window_sums<T, Rank> y{tensor<T, Rank>::uninitialized(p.outputs())};
    if (is_empty(p.outputs())) return y;
    faltung::workspace scratch(plan.workspace(), 0, plan.workers());
    plan(as_view(x).erased(), as_view(y.sums).erased(), scratch);
    // an error is expected on average: the largest of many is some times as large
    const double error =
        4 * choose(methods_for<types<T, T, T, T>>(), plan.operation(), p, plan.method()).cost.expected_error;
    const bool is_one_product = plan.method() == method::separable && p.kernel.terms == 1;
    if (plan.method() == method::direct || plan.method() == method::im2col || is_one_product) {
        y.relative = static_cast<T>(error);
        if (is_one_product) y.absolute = static_cast<T>(p.kernel.terms_residual * norms_of(p, x).largest);
    } else {
        y.absolute = static_cast<T>(error * norms_of(p, x).norm_2 * p.kernel.norm_2);
    }
    return y;
}

/// The samples behind the outputs of a problem, for one output after the other.
class window_samples {
    problem const& problem_;
    std::vector<std::vector<index_t>> sources_;  // of the taps of every axis
    index_list last_;                            // the output that `every` was asked for
    bool held_ = false;                          // and what it said

    // of a window from tap `first` of the last axis on, until `goes_on(tap, at, outside)` is false
    template <class Visit>
    bool walk(index_list const& o, index_t first, Visit goes_on) {
        const int last = problem_.rank - 1;
        for (int a = 0; a <= last; ++a) {
            axis const& k = problem_[a];
            auto& source = sources_[static_cast<std::size_t>(a)];
            for (index_t t = a == last ? first : 0; t < k.taps; ++t)
                source[static_cast<std::size_t>(t)] = k.edge.source(k.position(o[a], t), k.n);
        }
        const auto source = [&](int a, index_t t) {
            return sources_[static_cast<std::size_t>(a)][static_cast<std::size_t>(t)];
        };
        const index_t taps = problem_.last().taps;
        shape lines = problem_.taps();
        lines[last] = 1;
        index_t tap = 0;
        index_list t = index_list::repeated(problem_.rank, 0);
        do {
            index_t line = 0;
            int line_outside = -1;
            for (int a = 0; a < last; ++a) {
                const index_t i = source(a, t[a]);
                if (i < 0) line_outside = a;
                line = line * problem_[a].n + i;
            }
            line *= problem_.last().n;
            for (index_t u = first; u < taps; ++u) {
                const index_t i = source(last, u);
                const int outside = i < 0 ? last : line_outside;  // the last axis that is outside wins
                if (outside >= 0 && problem_[outside].edge.is_zero()) continue;
                if (!goes_on(tap + u, line + i, outside)) return false;
            }
            tap += taps;
        } while (next_index(t, lines));
        return true;
    }

public:
    explicit window_samples(problem const& p) : problem_(p) {
        for (int a = 0; a < p.rank; ++a) sources_.emplace_back(static_cast<std::size_t>(p[a].taps));
    }

    /// visit(tap, at, outside) for every sample of the window of o: its place in a dense x, and -1; or where the
    /// constant of a boundary stands that axis. What a zero boundary adds is left out.
    template <class Visit>
    void for_each(index_list const& o, Visit visit) {
        walk(o, 0, [&](index_t tap, index_t at, int outside) {
            visit(tap, at, outside);
            return true;
        });
    }

    /// Whether this window is the one of the last call of `every`, moved by a tap, and that said yes.
    bool continues(index_list const& o) const {
        const int last = problem_.rank - 1;
        if (!held_ || problem_[last].window_stride != problem_[last].dilation) return false;
        index_list next = last_;
        ++next[last];
        return next == o;
    }

    /// Whether `is(at, outside)` holds for all of them. Where the window continues that of the last call only what is
    /// new in it is asked for.
    template <class Is>
    bool every(index_list const& o, Is is) {
        const index_t first = continues(o) ? problem_.last().taps - 1 : 0;
        held_ = walk(o, first, [&](index_t, index_t at, int outside) { return is(at, outside); });
        last_ = o;
        return held_;
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
