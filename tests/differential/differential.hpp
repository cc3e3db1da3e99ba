// tests/differential/differential.hpp -- a random problem in given types, by every method, against the defining sum
#pragma once

#include <cmath>
#include <complex>
#include <cstring>
#include <limits>
#include <span>

#include <faltung/convolve/plan.hpp>

#include "differential/random_problem.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/stored.hpp"
#include "support/tolerance.hpp"

namespace faltung::testing {

/// How often every kind of difficulty came up.
struct shares {
    std::uint64_t cases = 0, negative_strides = 0, dilation = 0, window_stride = 0, even_kernel = 0, overhang = 0,
                  non_finite = 0, outputs = 0, transformed_integers = 0, separable = 0;
};

/// Exact sums, or sums in wider arithmetic with the sum of magnitudes; the imaginary ones are empty for real sums.
template <class Wide>
struct expected_sums {
    std::vector<Wide> re, im;
    std::vector<long double> re_magnitude, im_magnitude;
    index_t products;  // real ones, of one sum
};

namespace detail_of_sums {

template <class Wide, class T>
std::vector<Wide> component(std::vector<T> const& v, Wide imaginary) {
    std::vector<Wide> part;
    for (T const& z : v) {
        if constexpr (is_complex<T>)
            part.push_back(static_cast<Wide>(imaginary != Wide{} ? z.imag() : z.real()));
        else
            part.push_back(reference::widened<Wide>(z));
    }
    return part;
}

template <class Wide>
std::vector<Wide> magnitudes(std::vector<Wide> v) {
    if constexpr (!std::is_integral_v<Wide>)
        for (Wide& w : v) w = w < 0 ? -w : w;
    return v;
}

}  // namespace detail_of_sums

/// The sums of a correlation, of complex numbers one component at a time: real sums all of them. `sum(x, h, constants)`
/// is one such sum; `constants` is false for the imaginary parts of x, whose constants are 0.
template <class Wide, class X, class H, class Sum>
expected_sums<Wide> componentwise(std::vector<X> const& x, std::vector<H> const& h, Sum sum) {
    using detail_of_sums::component;
    using detail_of_sums::magnitudes;
    expected_sums<Wide> y;
    y.products = static_cast<index_t>(h.size()) * (is_complex<X> && is_complex<H> ? 2 : 1);
    const auto add = [&](std::vector<Wide>& to, std::vector<long double>& magnitude, std::vector<Wide> const& a,
                         std::vector<Wide> const& b, int sign, index_t constants) {
        const std::vector<Wide> s = sum(a, b, constants), m = sum(magnitudes(a), magnitudes(b), constants);
        to.resize(s.size());
        magnitude.resize(s.size());
        for (std::size_t i = 0; i < s.size(); ++i) {
            to[i] += sign < 0 ? -s[i] : s[i];
            magnitude[i] += static_cast<long double>(m[i]);
        }
    };
    const Wide re{}, im{1};
    add(y.re, y.re_magnitude, component(x, re), component(h, re), 1, 1);
    if constexpr (is_complex<X> && is_complex<H>) add(y.re, y.re_magnitude, component(x, im), component(h, im), -1, 0);
    if constexpr (is_complex<H>) add(y.im, y.im_magnitude, component(x, re), component(h, im), 1, 1);
    if constexpr (is_complex<X>) add(y.im, y.im_magnitude, component(x, im), component(h, re), 1, 0);
    return y;
}

/// Whether a stored component may come from an exact sum `s` of which `bound` may be lost before it is stored.
template <class Acc, class Y, class Wide>
bool is_near(Y y, Wide s, long double bound, problem::store_rule const& rule) {
    if constexpr (std::is_integral_v<Acc> && std::is_integral_v<Y>) {
        return y == stored<Y>(static_cast<wide_integer>(static_cast<Acc>(s)), rule.overflow);
    } else if constexpr (std::is_integral_v<Acc>) {
        return y == static_cast<Y>(static_cast<Acc>(s));
    } else if constexpr (std::is_integral_v<Y>) {
        const long double sum = static_cast<long double>(s);
        if (!std::isfinite(sum)) bound = 0;
        const Y low = stored<Y>(sum - bound, rule.overflow, rule.rounding),
                high = stored<Y>(sum + bound, rule.overflow, rule.rounding);
        if (std::is_same_v<Y, bool>) return y == low || y == high || (y == (sum != 0));
        // what lies between; by overflow::wrap that may go on at the other end
        return y == low || y == high || (low <= high ? low < y && y < high : low < y || y < high);
    } else {
        if (!same_kind(y, s)) return false;
        if (!(s - s == 0)) return true;
        const Wide difference = static_cast<Wide>(y) - s;
        return (difference < 0 ? -difference : difference) <= static_cast<Wide>(store_bound<Acc, Y>(bound, s));
    }
}

/// |x~|_2 over all samples that a window or its gaps cover, those that are not finite as 0.
template <class X>
long double norm_of_extended(std::vector<reference::line> axes, std::vector<X> const& x) {
    std::vector<long double> squares;
    for (X const& v : x) {
        long double square = 0;
        for (const long double part : {static_cast<long double>(std::real(v)), static_cast<long double>(std::imag(v))})
            if (std::isfinite(part)) square += part * part;
        squares.push_back(square);
    }
    for (reference::line& k : axes) {
        k.taps = k.stride = k.dilation = 1;
        k.constant *= k.constant;
    }
    long double sum = 0;
    for (const long double square : reference::correlate<long double>(axes, squares, std::vector<long double>{1}))
        sum += square;
    return std::sqrt(sum);
}

/// What a sum in a tile of a transform may lose: `share` = 3 u sqrt(log2 P) times `size` = |x~|_2 |h|_2, P = samples of
/// the tile. Where all energy is in one frequency, as that of constant data is, the result itself is larger than
/// `size`, and all sums together are measured by it.
struct transform_loss {
    long double share = 0, size = 0, smallest = 0;
    long double of_each() const { return share * size + smallest; }
    long double of_all(long double norm_of_result) const { return share * std::max(size, norm_of_result) + smallest; }
};

template <class T, class X, class H>
transform_loss transform_bound(problem const& p, method m, std::vector<reference::line> const& axes,
                               std::vector<X> const& x, std::vector<H> const& h) {
    detail::spectral_search search(p, *p.engine);
    detail::spectral_layout const& layout = m == method::fft ? search.one_tile() : search.tiles();
    long double norm = 0;
    for (H const& v : h) norm += std::norm(std::complex<long double>(v));
    using R = real_t<typename T::Acc>;
    return {3 * unit_roundoff<R> * std::sqrt(std::log2(static_cast<long double>(layout.data))),
            norm_of_extended(axes, x) * std::sqrt(norm),
            4 * static_cast<long double>(std::numeric_limits<R>::denorm_min())};
}

/// What separable may lose besides: a rounding for every tap of a line and factor, of sums that are as large as those
/// of the terms' magnitudes; and what its terms leave out of the kernel.
struct separable_loss {
    index_t roundings = 0;
    long double sum = 0;
};

template <class X>
separable_loss separable_bound(problem const& p, std::vector<X> const& x, std::vector<reference::line> const& axes) {
    long double largest = 0;
    for (X const& v : x)
        for (const long double part : {static_cast<long double>(std::real(v)), static_cast<long double>(std::imag(v))})
            if (std::isfinite(part)) largest = std::max(largest, std::fabs(part));
    for (reference::line const& k : axes) largest = std::max(largest, std::fabs(k.constant));
    separable_loss loss{20 + p.rank, 2 * static_cast<long double>(p.kernel.terms_residual) * largest};
    if (p.kernel.terms > 1) {  // whose magnitudes together may be larger than the kernel's
        const long double gamma = static_cast<long double>(p.taps_per_output() + loss.roundings) *
                                  static_cast<long double>(detail::unit_roundoff(p.types.accumulator));
        loss.sum += 4 * gamma * static_cast<long double>(p.kernel.terms_norm_1) * largest;
    }
    return loss;
}

/// Runs a problem with every method that must support it. Empty when all is right, else what is wrong.
template <class T>
std::string disagreement(random_problem const& p, random_source& r, shares& count) {
    using X = typename T::X;
    using H = typename T::H;
    using Acc = typename T::Acc;
    using Y = typename T::Y;
    using real_x = real_t<X>;

    // memory: what lies in the gaps is poison
    const buffer<X> x_memory(p.x_layout.room);
    const buffer<H> h_memory(p.h_layout.room);
    const bool is_large = r.percent(30);
    const auto fill = [&]<class E>(buffer<E> const& memory, int nans) {
        for (E& v : std::span(memory.data(), static_cast<std::size_t>(memory.count()))) {
            v = is_floating<E> || is_large ? r.any<E>() : r.small<E>();
            if constexpr (is_floating<E>) {
                using R = real_t<E>;
                const R odd = r.one_of({std::numeric_limits<R>::quiet_NaN(), std::numeric_limits<R>::infinity(),
                                        -std::numeric_limits<R>::infinity()});
                if (!r.percent(nans)) continue;
                if constexpr (is_complex<E>)
                    v = r.percent(50) ? E(odd, v.real()) : E(v.real(), odd);
                else
                    v = odd;
            }
        }
    };
    const bool x_has_nan = is_floating<X> && r.percent(30), h_has_nan = is_floating<H> && r.percent(6);
    fill(x_memory, x_has_nan ? 4 : 0);
    fill(h_memory, h_has_nan ? 10 : 0);
    const bool is_product = r.percent(40);
    const strided<X> x = p.x_layout.in(x_memory.data());
    const strided<H> h = p.h_layout.in(h_memory.data());

    if (is_product) {  // of one line per axis
        std::vector<std::vector<without_bits<H>>> lines;
        constexpr bool stays_small = std::is_integral_v<Y>;  // else nothing would be left of it in a few low bits
        for (index_t taps : p.h) {
            lines.push_back(is_floating<H> && !stays_small ? r.many<without_bits<H>>(taps)
                                                           : r.many_small<without_bits<H>>(taps));
            if constexpr (is_floating<H> && stays_small)
                for (auto& v : lines.back()) v /= 8;
        }
        for_each_index(p.h, [&](index_list const& t) {
            H product = lines[0][static_cast<std::size_t>(t[0])];
            for (int a = 1; a < p.h.rank(); ++a)
                product = static_cast<H>(product * lines[static_cast<std::size_t>(a)][static_cast<std::size_t>(t[a])]);
            h.data[offset(t, h.stride)] = product;
        });
    }

    std::vector<without_bits<X>> dense;
    for_each_index(p.x, [&](index_list const& i) { dense.push_back(x.data[offset(i, x.stride)]); });
    auto taps = p.canonical(h);
    if constexpr (is_complex<H>)
        if (p.way == sense::correlation)
            for (auto& v : taps) v = std::conj(v);
    const auto is_finite = [](auto const& values) {
        return std::all_of(values.begin(), values.end(), [](auto v) {
            if constexpr (is_complex<decltype(v)>)
                return std::isfinite(v.real()) && std::isfinite(v.imag());
            else
                return std::isfinite(static_cast<long double>(v));
        });
    };
    const bool kernel_is_finite = is_finite(taps);

    using Wide = wide_of<Acc>;
    const auto want = componentwise<Wide>(
        dense, taps, [&](std::vector<Wide> const& a, std::vector<Wide> const& b, index_t constants) {
            std::vector<reference::line> axes = p.axes;
            for (reference::line& k : axes) k.constant *= static_cast<long double>(constants);
            return reference::correlate<Wide>(axes, a, b);
        });
    const std::size_t outputs = want.re.size();
    count.cases += 1;
    count.negative_strides += p.x_layout.has_negative || p.h_layout.has_negative || p.y_layout.has_negative;
    count.dilation += p.has_dilation;
    count.window_stride += p.has_window_stride;
    count.even_kernel += p.has_even_kernel;
    count.overhang += p.has_overhang;
    count.non_finite += outputs > 0 && (!kernel_is_finite || !is_finite(dense));
    count.outputs += outputs > 0;

    // an accumulator of 32 bits must be refused when the kernel could make it overflow
    bool is_refused = false;
    if constexpr (std::is_integral_v<Acc> && sizeof(Acc) < 8) {
        long double norm = 0, largest = std::max(-static_cast<long double>(std::numeric_limits<real_x>::lowest()),
                                                 static_cast<long double>(std::numeric_limits<real_x>::max()));
        for (auto v : taps) norm += std::fabs(static_cast<long double>(v));
        for (reference::line const& k : p.axes) largest = std::max(largest, k.map == 'c' ? k.constant : 0);
        is_refused = largest * norm > static_cast<long double>(std::numeric_limits<Acc>::max());
    }

    // direct shares vectors there, and adds in another order
    const bool is_along_one_line = static_cast<index_t>(taps.size()) == p.axes.back().taps && p.axes.back().stride == 1;
    std::vector<without_bits<Y>> first;  // the answer of the first method
    for (const method m : {method::direct, method::im2col, method::separable, method::fft, method::overlap_save}) {
        const bool transforms = m == method::fft || m == method::overlap_save;
        const bool takes_it =
            m == method::direct || (kernel_is_finite && (!transforms || detail::methods_for<T>().engine));
        long double lost = 0, result = 0;  // squares, of a transform's sums
        transform_loss allowed;
        separable_loss left_out;
        const buffer<Y> y_memory(p.y_layout.room);
        const std::size_t y_bytes = static_cast<std::size_t>(y_memory.count()) * sizeof(Y);
        constexpr int canary = std::is_same_v<Y, bool> ? 1 : 0x5a;
        std::memset(static_cast<void*>(y_memory.data()), canary, y_bytes);
        const strided<Y> y = p.y_layout.in(y_memory.data());
        const detail::request request{"differential", p.way};
        convolve_options options = p.options;
        options.method = m;
        try {
            const detail::forward_plan<T> plan(request, detail::resolve(request, p.x, p.h, options), h, m);
            if (!(plan.problem().outputs() == p.output_shape()))
                return text("has the output shape ", plan.problem().outputs(), ", not ", p.output_shape());
            workspace scratch(plan.workspace(), 0, plan.problem().limits.threads);
            plan(x, y, scratch);
            if constexpr (std::is_integral_v<Acc>) count.transformed_integers += transforms;
            if (m == method::separable) left_out = separable_bound(plan.problem(), dense, p.axes);
            if constexpr (is_floating<Acc>)
                if (transforms) allowed = transform_bound<T>(plan.problem(), m, p.axes, dense, taps);
        } catch (overflow_error const& e) {
            if (is_refused) continue;
            return e.what();
        } catch (unsupported_error const& e) {
            if (!takes_it || (transforms && std::is_integral_v<Acc>)) continue;  // where it could be wrong by 1/2
            if (m == method::separable) continue;                                // a kernel that is no few products
            return e.what();
        }
        if (m == method::separable) count.separable += is_product && taps.size() > 5;
        if (is_refused) return "is not refused";
        if (!takes_it) return text(name_of(m), " takes what it must refuse");
        if constexpr (is_floating<Acc>)
            if (transforms && allowed.of_each() > unit_roundoff<Acc> * std::numeric_limits<real_t<Acc>>::max() / 4)
                continue;  // sums that overflow in one order and not in another

        std::vector<without_bits<Y>> got;
        std::string wrong;
        std::vector<bool> is_output(static_cast<std::size_t>(y_memory.count()), false);
        for_each_index(y.n, [&](index_list const& o) {
            const std::size_t i = got.size();
            const index_t at = offset(o, y.stride);
            is_output[static_cast<std::size_t>(p.y_layout.origin + at)] = true;
            got.push_back(y.data[at]);
            const problem::store_rule rule{options.overflow, options.rounding, epilogue::none};
            const auto right = [&](auto value, std::vector<Wide> const& exact,
                                   std::vector<long double> const& magnitude) {
                if (exact.empty()) return transforms || value == 0;
                if (transforms && exact[i] - exact[i] == 0) {
                    const long double error = static_cast<long double>(value) - static_cast<long double>(exact[i]);
                    lost += error * error;
                    result += static_cast<long double>(exact[i]) * static_cast<long double>(exact[i]);
                }
                return is_near<Acc>(
                    value, exact[i],
                    transforms
                        ? allowed.of_each()
                        : sum_bound<Acc>(roundings<T>(want.products) + left_out.roundings, magnitude[i]) + left_out.sum,
                    rule);
            };
            bool is_right;
            if constexpr (is_complex<Y>)
                is_right = right(got[i].real(), want.re, want.re_magnitude) &&
                           right(got[i].imag(), want.im, want.im_magnitude);
            else
                is_right = right(y.data[at], want.re, want.re_magnitude);
            if (is_right || !wrong.empty()) return;
            wrong = text(name_of(m), " at ", o, ": ");
            if constexpr (is_complex<Y>)
                wrong += text(got[i].real(), " + ", got[i].imag(), "i");
            else
                wrong += text(got[i]);
            wrong += text(", not ", static_cast<long double>(want.re[i]),
                          want.im.empty() ? 0 : static_cast<long double>(want.im[i]));
        });
        if (!wrong.empty()) return wrong;
        if constexpr (std::is_same_v<Acc, Y> && is_floating<Acc>)
            if (m == method::fft && std::sqrt(lost) > allowed.of_all(std::sqrt(result)))
                return text("all outputs of fft together lose ", std::sqrt(lost), ", more than ",
                            allowed.of_all(std::sqrt(result)));
        auto const* const bytes = reinterpret_cast<unsigned char const*>(y_memory.data());
        for (std::size_t i = 0; i < y_bytes; ++i)
            if (!is_output[i / sizeof(Y)] && bytes[i] != canary) return text(name_of(m), " writes between its outputs");
        if (m == method::direct)
            first = got;
        else if (m == method::im2col && !is_along_one_line) {
            for (std::size_t i = 0; i < got.size(); ++i)  // NaN == NaN here, and 0 == -0
                if (!(got[i] == first[i]) && (got[i] == got[i] || first[i] == first[i]))
                    return text("the methods differ at output ", i);
        }
    }
    return {};
}

/// Runs this file's share of the cases: in turn in every one of the types.
template <class... Types>
shares run_cases(std::uint64_t file, std::uint64_t files) {
    shares count;
    case_range cases;
    int complaints = 0;
    constexpr std::string (*in_types[])(random_problem const&, random_source&, shares&) = {disagreement<Types>...};
    for (std::uint64_t i = cases.first; i < cases.last && complaints < 5; ++i) {
        if (i % files != file) continue;
        random_source r(cases.seed, i);
        const random_problem p(cases.seed, i, r);
        const std::string wrong = in_types[i / files % sizeof...(Types)](p, r, count);
        if (wrong.empty()) continue;
        ++complaints;
        FAIL_CHECK(p.name() << ": " << wrong);
    }
    return count;
}

/// Every kind of difficulty in at least 5 of 100 cases; non-finite data only where types can hold it.
inline void check_shares(shares const& s) {
    if (s.cases < 500) return;
    CHECK(s.negative_strides * 20 >= s.cases);
    CHECK(s.dilation * 20 >= s.cases);
    CHECK(s.window_stride * 20 >= s.cases);
    CHECK(s.even_kernel * 20 >= s.cases);
    CHECK(s.overhang * 20 >= s.cases);
    CHECK(s.outputs * 10 >= s.cases * 8);
}

}  // namespace faltung::testing
