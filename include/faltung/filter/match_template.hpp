// faltung/filter/match_template.hpp -- where an array looks like a template: normalised cross-correlation, with masks
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>

#include "window_sums.hpp"

namespace faltung {

/// Stands for a mask of match_template where every sample is known.
struct all_known {};

/// Options of match_template.
struct match_options {
    /// The correlations behind it. Samples beyond a zero boundary are unknown; those of any other boundary are as known
    /// as the sample they repeat, and a constant is known.
    convolve_options correlation = {.padding = mode::valid};

    /// Outputs of fewer pairs of known samples than this share of the largest number among them have score 0.
    double overlap = 0.3;
};

namespace detail {
inline namespace FALTUNG_COMPILED {

/// 1 for every known sample of an array of shape n, else 0.
template <class T, std::size_t Rank>
tensor<T, Rank> known_samples(char const*, shape const& n, all_known const&) {
    tensor<T, Rank> known(n);
    std::fill(known.begin(), known.end(), T{1});
    return known;
}
template <class T, std::size_t Rank, viewable Mask>
tensor<T, Rank> known_samples(char const* what, shape const& n, Mask const& mask) {
    const auto given = as_view(mask);
    if (!(given.shape() == n))
        fail<shape_error>("match_template: a mask of shape ", given.shape(), " for ", what, " of shape ", n);
    auto known = tensor<T, Rank>::uninitialized(n);
    T* to = known.data();
    for_each_index(n, [&](index_list const& i) { *to++ = given(i) != element_t<Mask>{} ? T{1} : T{0}; });
    return known;
}

/// The known samples less their mean, times a power of two that makes the largest about 1: scores do not change, and
/// neither a common offset nor a scale costs digits. Unknown ones are 0, and those that are not finite are set apart.
template <class T, std::size_t Rank>
class centred_samples {
    long double mean_ = 0, scale_ = 1;

public:
    tensor<T, Rank> given, known;                 // as they were; 1 where known
    tensor<T, Rank> values, squares;              // centred
    std::optional<tensor<T, Rank>> not_finite{};  // 1 where a known sample is not
    bool are_all_known = true, are_equal = true;

    template <viewable X>
    centred_samples(X const& x, tensor<T, Rank>&& is_known)
        : given(is_known.shape()),
          known(std::move(is_known)),
          values(tensor<T, Rank>::uninitialized(known.shape())),
          squares(tensor<T, Rank>::uninitialized(known.shape())) {
        const auto samples = as_view(x);
        long double sum = 0, most = 0;
        index_t count = 0;
        each(samples, [&](index_t, long double v) {
            sum += v;
            ++count;
        });
        if (count > 0) mean_ = sum / static_cast<long double>(count);
        each(samples, [&](index_t, long double v) { most = std::max(most, std::fabs(v - mean_)); });
        if (most > 0) scale_ = std::ldexp(1.0L, -std::ilogb(most));
        std::fill(values.begin(), values.end(), T{0});
        std::fill(squares.begin(), squares.end(), T{0});
        std::optional<long double> first;
        each(samples, [&](index_t at, long double v) {
            const T centred = static_cast<T>(of(v));
            if (!first) first = v;
            are_equal = are_equal && v == *first;
            given.data()[at] = static_cast<T>(v);
            values.data()[at] = centred;
            squares.data()[at] = centred * centred;
        });
    }

    /// What a sample of the value v becomes.
    long double of(long double v) const { return (v - mean_) * scale_; }

private:
    // visit(at, value) for the known samples that are finite
    template <class View, class Visit>
    void each(View const& samples, Visit visit) {
        index_t at = 0;
        for_each_index(samples.shape(), [&](index_list const& i) {
            const long double v = static_cast<long double>(samples(i));
            if (known.data()[at] == 0) {
                are_all_known = false;
            } else if (is_finite(v)) {
                visit(at, v);
            } else {
                if (!not_finite) not_finite.emplace(known.shape());
                not_finite->data()[at] = T{1};
            }
            ++at;
        });
    }
};

/// The sums over the pairs of known samples behind an output: how many, of the input's samples f and their squares, of
/// the template's samples g and their squares, of the products.
template <class T>
struct pair_sums {
    T count, f, ff, g, gg, fg;

    /// The score where both variances are positive.
    T score() const {
        return std::clamp((fg - f * g / count) / (std::sqrt(ff - f * f / count) * std::sqrt(gg - g * g / count)), T{-1},
                          T{1});
    }
};

/// The scores of all outputs, from six correlations, and one by one where these are not accurate enough.
template <class T, std::size_t Rank, std::size_t TemplateRank>
class template_scores {
    using all_of_t = types<T, T, T, T>;
    using sums = window_sums<T, Rank>;

    centred_samples<T, Rank> const& x_;
    centred_samples<T, TemplateRank> const& h_;
    match_options const& options_;
    request request_{"match_template", sense::correlation};
    resolved resolved_;

    // constants are `map` of what they were
    template <class Map>
    resolved continued_by(Map map) const {
        resolved to = resolved_;
        for (int a = 0; a < to.problem.rank; ++a) {
            boundary& edge = to.problem[a].edge;
            if (edge.map == boundary::rule::constant && !edge.is_zero()) edge.re = map(edge.re);
        }
        return to;
    }

    forward_plan<all_of_t> plan(resolved const& to, tensor<T, TemplateRank> const& h) const {
        return {request_, to, as_view(h).erased(), options_.correlation.method};
    }

    sums sums_of_pairs(resolved const& to, tensor<T, Rank> const& x, tensor<T, TemplateRank> const& h) const {
        return sums_of(plan(to, h), x);
    }

    // all windows meet all of the template
    bool is_complete() const {
        bool complete = x_.are_all_known;
        for (int a = 0; a < resolved_.problem.rank; ++a) {
            axis const& k = resolved_.problem[a];
            complete = complete && (!k.edge.is_zero() || (k.low <= 0 && k.high <= 0));
        }
        return complete;
    }

    sums of_template(resolved const& known, tensor<T, TemplateRank> const& h) const {
        if (!is_complete()) return sums_of_pairs(known, x_.known, h);
        T sum = 0;
        for (T v : h) sum += v;
        sums y{tensor<T, Rank>::uninitialized(known.problem.outputs())};
        std::fill(y.sums.begin(), y.sums.end(), sum);
        return y;
    }

public:
    template_scores(centred_samples<T, Rank> const& x, centred_samples<T, TemplateRank> const& h,
                    match_options const& o)
        : x_(x), h_(h), options_(o), resolved_(resolve(request_, x.known.shape(), h.known.shape(), o.correlation)) {}

    template <class Y>
    tensor<Y, Rank> operator()() const;
};

/// The scores of outputs one by one, from samples less the first one: those of a window that is constant are exactly 0.
template <class T>
class window_scores {
    using Wide = std::common_type_t<T, long double>;

    problem const& problem_;
    window_samples windows_;
    T const *samples_, *known_;    // of the input, dense
    T const *taps_, *known_taps_;  // as the problem has them
    std::optional<T> constant_;    // the value of a window that has no other
    std::vector<std::pair<T, T>> pairs_;

public:
    window_scores(problem const& p, T const* samples, T const* known, T const* taps, T const* known_taps)
        : problem_(p), windows_(p), samples_(samples), known_(known), taps_(taps), known_taps_(known_taps) {}

    T score(index_list const& o) {
        const auto value = [&](index_t at, int outside) {
            return outside < 0 ? samples_[at] : static_cast<T>(problem_[outside].edge.re);
        };
        if (!windows_.continues(o)) constant_.reset();
        if (windows_.every(o, [&](index_t at, int outside) {
                if (outside < 0 && known_[at] == 0) return true;
                if (!constant_) constant_ = value(at, outside);
                return *constant_ == value(at, outside);
            }))
            return 0;
        pairs_.clear();
        windows_.for_each(o, [&](index_t t, index_t at, int outside) {
            if (known_taps_[t] == 0 || (outside < 0 && known_[at] == 0)) return;
            pairs_.emplace_back(value(at, outside), taps_[t]);
        });
        if (pairs_.empty()) return 0;
        const Wide count = static_cast<Wide>(pairs_.size()), f = pairs_[0].first, g = pairs_[0].second;
        Wide sum_f = 0, sum_g = 0;
        for (auto const& pair : pairs_) {
            sum_f += pair.first - f;
            sum_g += pair.second - g;
        }
        pair_sums<Wide> s{count, 0, 0, 0, 0, 0};
        for (auto const& pair : pairs_) {
            const Wide of_f = pair.first - f - sum_f / count, of_g = pair.second - g - sum_g / count;
            s.ff += of_f * of_f;
            s.gg += of_g * of_g;
            s.fg += of_f * of_g;
        }
        return s.ff > 0 && s.gg > 0 ? static_cast<T>(s.score()) : T{0};
    }
};

template <class T, std::size_t Rank, std::size_t TemplateRank>
template <class Y>
tensor<Y, Rank> template_scores<T, Rank, TemplateRank>::operator()() const {
    const resolved known = continued_by([](long double) { return 1.0L; }),
                   values = continued_by([&](long double c) { return x_.of(c); }),
                   squares = continued_by([&](long double c) { return x_.of(c) * x_.of(c); });
    const auto of_known = plan(known, h_.known);
    tensor<Y, Rank> y(resolved_.problem.outputs());
    if (h_.are_equal || is_empty(y.shape())) return y;
    const sums fg = sums_of_pairs(values, x_.values, h_.values), f = sums_of_pairs(values, x_.values, h_.known),
               ff = sums_of_pairs(squares, x_.squares, h_.known), n = of_template(known, h_.known),
               g = of_template(known, h_.values), gg = of_template(known, h_.squares);
    std::optional<sums> not_finite;
    if (x_.not_finite)
        not_finite = sums_of_pairs(continued_by([](long double) { return 0.0L; }), *x_.not_finite, h_.known);
    T most = 0;
    for (T v : n.sums) most = std::max(most, std::nearbyint(v));

    const auto error = [](sums const& s, T products) { return s.absolute + s.relative * products; };
    const T u = std::numeric_limits<T>::epsilon() / 2, root = std::sqrt(u);
    const auto taps = packed<all_of_t>(request_, resolved_, as_view(h_.given).erased());
    window_scores<T> windows(resolved_.problem, x_.given.data(), x_.known.data(), taps.samples->data(),
                             of_known.kernel().samples->data());
    index_t at = 0;
    for_each_index(y.shape(), [&](index_list const& o) {
        const index_t i = at++;
        const auto sum_in = [i](sums const& s) { return s.sums.data()[i]; };
        const T count = std::nearbyint(sum_in(n));
        if (count < 2 || count < static_cast<T>(options_.overlap) * most) return;
        if (not_finite && sum_in(*not_finite) > T(0.5)) {
            y.data()[i] = std::numeric_limits<Y>::quiet_NaN();
            return;
        }
        const pair_sums<T> s{count,     sum_in(f), std::max(sum_in(ff), T{0}), sum_in(g), std::max(sum_in(gg), T{0}),
                             sum_in(fg)};
        const T in_f = error(f, std::sqrt(count * s.ff)), in_g = error(g, std::sqrt(count * s.gg)),
                of_f = s.ff - s.f * s.f / count, of_g = s.gg - s.g * s.g / count,
                in_ff = error(ff, s.ff) + (2 * std::fabs(s.f) + in_f) * in_f / count + 4 * u * s.ff,
                in_gg = error(gg, s.gg) + (2 * std::fabs(s.g) + in_g) * in_g / count + 4 * u * s.gg,
                in_fg = error(fg, std::sqrt(s.ff * s.gg)) + (std::fabs(s.f) * in_g + std::fabs(s.g) * in_f) / count +
                        4 * u * std::sqrt(s.ff * s.gg);
        const bool is_accurate = of_f > 0 && of_g > 0 && in_ff <= root * of_f && in_gg <= root * of_g &&
                                 in_fg <= root * std::sqrt(of_f) * std::sqrt(of_g);
        y.data()[i] = static_cast<Y>(is_accurate ? s.score() : windows.score(o));
    });
    return y;
}

/// Errors: option_error.
inline void require_match(match_options const& o) {
    if (!(o.overlap >= 0 && o.overlap <= 1))
        fail<option_error>("match_template: .overlap = ", o.overlap, ": a share from 0 to 1 is needed");
    auto const& edges = o.correlation.boundary;
    for (int a = 0; a < (edges.is_list() ? edges.count() : 1); ++a)
        if (!std::isfinite(edges[a].re))
            fail<option_error>("match_template: axis ", a, ": the constant ", edges[a].re,
                               " beyond the ends: a finite one is needed");
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// How much x looks like the template h, from -1 to 1: the correlation coefficient of the samples of h and those of x
/// under it, cov(x, h) / sqrt(var(x) var(h)) over the pairs of which both are known; a mask is 0 or false where a
/// sample is not. The score is 0 where a variance is 0: of a constant template or window, of fewer than two pairs; and
/// below
/// `.overlap`. It is NaN where a known sample of x is not finite. skimage.feature.match_template,
/// cv::matchTemplate(TM_CCOEFF_NORMED).
///
/// Shapes: those of correlate, valid by default; a mask has that of its array. Types: real; y is float for float and
/// integers of up to 16 bits, double for others; sums are double or wider. Errors: those of correlate; shape_error for
/// a mask of another shape, option_error for a template with a known sample that is not finite, an `.overlap` beyond
/// [0, 1]. Scores are accurate to 1e-7 by every method: outputs of which a sum has lost more are computed one by one.
/// Cost: three correlations, six where some samples are unknown.
/// Source: Padfield, Masked object registration in the Fourier domain (2012).
template <real_viewable X, class KnownX, real_viewable H, class KnownH>
[[nodiscard]] auto match_template(X const& x, KnownX const& x_known, H const& h, KnownH const& h_known,
                                  match_options const& options = {}) {
    using Y = detail::quotient_t<element_t<X>, element_t<H>>;
    using T = std::common_type_t<Y, double>;
    detail::require_match(options);
    const detail::centred_samples<T, rank_of<X>> centred_x(
        x, detail::known_samples<T, rank_of<X>>("an input", as_view(x).shape(), x_known));
    const detail::centred_samples<T, rank_of<H>> centred_h(
        h, detail::known_samples<T, rank_of<H>>("a template", as_view(h).shape(), h_known));
    if (centred_h.not_finite) detail::fail<option_error>("match_template: a template with a sample that is not finite");
    return detail::template_scores<T, rank_of<X>, rank_of<H>>(centred_x, centred_h, options).template operator()<Y>();
}

/// The same where every sample is known.
template <real_viewable X, real_viewable H>
[[nodiscard]] auto match_template(X const& x, H const& h, match_options const& options = {}) {
    return match_template(x, all_known{}, h, all_known{}, options);
}

/// Both into y, of a floating type: rounded to it where it is another one. Errors: also shape_error for another shape,
/// overlap_error where y overlaps x or itself; y is untouched then.
template <class Output, real_viewable X, class KnownX, real_viewable H, class KnownH>
    requires viewable<std::remove_cvref_t<Output>>
void match_template_into(Output&& y, X const& x, KnownX const& x_known, H const& h, KnownH const& h_known,
                         match_options const& options = {}) {
    detail::store_quotients("match_template", y, x, match_template(x, x_known, h, h_known, options));
}
template <class Output, real_viewable X, real_viewable H>
    requires viewable<std::remove_cvref_t<Output>>
void match_template_into(Output&& y, X const& x, H const& h, match_options const& options = {}) {
    detail::store_quotients("match_template", y, x, match_template(x, h, options));
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
