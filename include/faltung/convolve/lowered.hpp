// faltung/convolve/lowered.hpp -- one forward problem with its method and its prepared kernel, ready to run
#pragma once

#include "../view/layout.hpp"
#include "choose.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// The smallest and the largest value that samples of a type can have, as an accumulator's overflow is judged.
template <class X>
double largest_magnitude() {
    const double high = static_cast<double>(std::numeric_limits<X>::max()),
                 low = -static_cast<double>(std::numeric_limits<X>::lowest());
    return std::max(high, low);
}

/// The channels of a kernel: its output channels, input channels of a group, and how many leading axes they lie along.
struct kernel_channels {
    index_t out = 1, in = 1;
    int axes = 0;
};

/// The array with neighbouring axes joined where their samples lie as those of one do, each of at most `longest`
/// samples.
template <class T>
strided<T> joined_axes(strided<T> const& v, index_t longest) {
    index_t extent[max_axes + 3], step[max_axes + 3];
    int count = 0;  // from the last axis on
    if (longest == 1) {
        extent[count] = 1;
        step[count++] = 0;
    }
    for (int a = v.n.rank(); a-- > 0;) {
        if (v.n[a] == 1) continue;
        if (count > 0 && v.stride[a] == extent[count - 1] * step[count - 1] && extent[count - 1] <= longest / v.n[a]) {
            extent[count - 1] *= v.n[a];
        } else {
            extent[count] = v.n[a];
            step[count++] = v.stride[a];
        }
    }
    strided<T> to{v.data, {}, {}};
    for (int a = std::max(count, 1); a-- > 0;) {
        to.n.push_back(a < count ? extent[a] : 1);
        to.stride.push_back(a < count ? step[a] : 0);
    }
    return to;
}

/// `visit(first sample)` for every line along the last axis, in order: lines may be short, and many.
template <class T, class Visit>
void for_each_short_line(strided<T> const& v, Visit const& visit) {
    const int before = v.n.rank() - 2;
    shape outer = v.n;
    for (int a = std::max(before, 0); a < v.n.rank(); ++a) outer[a] = 1;
    const index_t count = before < 0 ? 1 : v.n[before], step = before < 0 ? 0 : v.stride[before];
    for_each_index(outer, [&](index_list const& i) {
        T* line = v.data + offset(i, v.stride);
        for (index_t j = 0; j < count; ++j, line += step) visit(line);
    });
}

/// Maps of taps that change no magnitude.
struct same_tap {
    template <class W>
    W operator()(W const& w) const {
        return w;
    }
};
struct conjugate_tap {
    template <class W>
    W operator()(W const& w) const {
        return conjugate(w);
    }
};
template <class Map>
inline constexpr bool keeps_magnitudes = std::is_same_v<Map, same_tap> || std::is_same_v<Map, conjugate_tap>;

struct finite_taps {
    template <class W>
    bool operator()(W const& w) const {
        return is_finite(w);
    }
};

/// The kernel of a plan: packed, in the accumulator's precision, and what methods need to know of its values.
template <class W>
struct packed_kernel {
    std::shared_ptr<buffer<W>> samples;  // methods hold it, too
    shape n;                             // output channels, input channels of a group, taps of every axis
    problem::kernel_facts facts;

    /// `h` has an extent for every axis of the problem. `is_finite_tap` says of which taps a sum may take every one.
    template <class H, class Map, class Finite = finite_taps>
    packed_kernel(strided<H const> const& h, Map map, Finite is_finite_tap = {})
        : packed_kernel(kernel_channels{}, h, map, is_finite_tap) {}

    /// `h` has axes of channels in front.
    template <class H, class Map, class Finite = finite_taps>
    packed_kernel(kernel_channels const& c, strided<H const> const& h, Map map, Finite is_finite_tap = {}) {
        n = {c.out, c.in};
        for (int a = c.axes; a < h.n.rank(); ++a) n.push_back(h.n[a]);
        samples = std::make_shared<buffer<W>>(checked::product(n, "taps of the kernel"));
        facts.known = true;
        W* to = samples->data();
        if (is_empty(n)) return;
        const auto joined = joined_axes(h, samples->count() / n[0]);
        const index_t count = joined.n[joined.n.rank() - 1], step = joined.stride[joined.n.rank() - 1];
        for_each_short_line(joined, [&](H const* given) {
            bool all_finite = true;
            for (index_t t = 0; t < count; ++t) {
                to[t] = map(convert<W>(given[t * step]));
                all_finite &= is_finite_tap(to[t]);
            }
            to += count;
            facts.finite = facts.finite && all_finite;
        });
        if constexpr (std::is_same_v<H, W> && keeps_magnitudes<Map>)
            measure_all(joined_axes(view(), samples->count() / n[0]));
        else
            measure_all(joined);
    }

    kernel_taps<W> view() const { return {{samples->data(), n, row_major(n)}, samples}; }

    /// How few products of lines it is a sum of, within the error that the problem allows.
    void measure_terms(problem& p, method wanted) const {
        if (!facts.finite || (wanted != method::automatic && wanted != method::separable)) return;
        const auto h = without_channels(view());
        const auto terms = wanted == method::separable ? find_terms(h, allowed_residual(p))
                                                       : find_worthwhile_terms(h, allowed_residual(p));
        if (!terms) return;
        p.kernel.terms = terms->count;
        p.kernel.terms_norm_1 = terms->norm_1;
        p.kernel.terms_residual = terms->residual;
    }

private:
    // squares of floats do not overflow a double, those of a double do not overflow a long double
    template <class V>
    void measure_all(strided<V const> const& h) {
        const bool is_measured = measure<double>(h);
        if constexpr (sizeof(real_t<V>) >= 8)
            if (!is_measured) measure<long double>(h);
    }

    // The norms of the values before they were converted; false if a square was too large or too small.
    template <class Wide, class H>
    bool measure(strided<H const> const& h) {
        facts.norm_1 = 0;
        Wide norm_1[4] = {}, squares[4] = {};  // so many additions at a time
        const index_t count = h.n[h.n.rank() - 1], step = h.stride[h.n.rank() - 1],
                      lines = samples->count() / n[0] / count;  // of an output channel
        index_t line = 0;
        for_each_short_line(h, [&](H const* given) {
            add_magnitudes(given, step, count, norm_1, squares);
            if (++line % lines != 0) return;
            const double norm = static_cast<double>(norm_1[0] + norm_1[1] + norm_1[2] + norm_1[3]);
            if (norm > facts.norm_1 || norm != norm) facts.norm_1 = norm;
            std::fill(std::begin(norm_1), std::end(norm_1), Wide{});
        });
        const Wide square = squares[0] + squares[1] + squares[2] + squares[3];
        facts.norm_2 = static_cast<double>(std::sqrt(square));
        return square == 0 ? facts.norm_1 == 0 : square >= Wide(1e-250) && square <= Wide(1e250);
    }

    // Of a line, each fourth one to the same sums.
    template <class Wide, class H>
    static void add_magnitudes(H const* given, index_t step, index_t count, Wide (&norm_1)[4], Wide (&squares)[4]) {
        Wide sum[4], square[4];  // no store that the compiler sees can change them
        std::copy_n(norm_1, 4, sum);
        std::copy_n(squares, 4, square);
        index_t t = 0;
        for (; t + 4 <= count; t += 4) {
#pragma GCC unroll 4
            for (index_t k = 0; k < 4; ++k) {
                const Wide magnitude = magnitude_of<Wide>(given[(t + k) * step]);
                sum[k] += magnitude;
                square[k] += magnitude * magnitude;
            }
        }
        for (; t < count; ++t) {
            const Wide magnitude = magnitude_of<Wide>(given[t * step]);
            sum[t % 4] += magnitude;
            square[t % 4] += magnitude * magnitude;
        }
        std::copy_n(sum, 4, norm_1);
        std::copy_n(square, 4, squares);
    }

    template <class Wide, class V>
    static Wide magnitude_of(V v) {
        if constexpr (is_complex<V> && sizeof(real_t<V>) < sizeof(Wide)) {
            const Wide re = v.real(), im = v.imag();
            return std::sqrt(re * re + im * im);
        } else if constexpr (is_complex<V>) {
            return std::hypot(static_cast<Wide>(v.real()), static_cast<Wide>(v.imag()));
        } else {
            return std::fabs(static_cast<Wide>(v));
        }
    }
};

template <class T>
class lowered {
    faltung::problem problem_;
    method_table<T> const* table_;
    detail::prepared ready_;
    index_t workspace_ = 0, grains_ = 0, held_ = 0;  // asked for once: a call must not allocate, and the answers may

public:
    /// Errors: unsupported_error; overflow_error when a 32-bit accumulator could overflow with this kernel.
    lowered(char const* operation, problem const& p, kernel_taps<typename T::Weight> const& h, method wanted,
            lowered const* earlier)
        : problem_(p), table_(nullptr) {
        require_roomy_accumulator(operation);
        const method_list methods = methods_for<T>();
        if (!problem_.engine) problem_.engine = methods.engine;
        const offer chosen = choose(methods, operation, problem_, wanted);
        table_ = static_cast<method_table<T> const*>(chosen.method);
        held_ = chosen.cost.held;
        const bool same = earlier && earlier->table_ == table_;
        ready_ = table_->prepare(problem_, h, same ? &earlier->ready_ : nullptr);
        workspace_ = table_->workspace(problem_);
        grains_ = table_->grains(problem_);
    }

    faltung::problem const& problem() const { return problem_; }
    faltung::method method() const { return table_->name; }
    /// What the method made of problem and kernel.
    detail::prepared const& prepared() const { return ready_; }
    index_t workspace() const { return workspace_; }
    /// More than these would find nothing to do.
    int workers() const { return detail::workers(*table_, problem_, held_); }

    void run(strided<typename T::X const> const& x, strided<typename T::Y> const& y,
             faltung::workspace& scratch) const noexcept {
        scratch.run(grains_, [&](grain_range grains, std::byte* bytes) noexcept {
            table_->run(problem_, ready_, x, y, bytes, grains);
        });
    }

    /// The same where the epilogue adds a residual that is given with the call: of y's shape.
    void run(strided<typename T::X const> const& x, strided<typename T::Y const> const& residual,
             strided<typename T::Y> const& y, faltung::workspace& scratch) const noexcept {
        lowered with_residual = *this;
        with_residual.problem_.store.epilogue.residual = residual.data;
        with_residual.problem_.store.epilogue.residual_stride = residual.stride;
        with_residual.run(x, y, scratch);
    }

private:
    // an integer with all its digits
    static std::string whole(double v) { return v < 0x1p63 ? text(static_cast<long long>(v)) : text(v); }

    void require_roomy_accumulator(char const* operation) const {
        using Acc = typename T::Acc;
        if constexpr (std::is_integral_v<Acc> && sizeof(Acc) < 8) {
            double largest = largest_magnitude<typename T::X>();
            for (int a = 0; a < problem_.rank; ++a)
                largest = std::max(largest, static_cast<double>(std::fabs(problem_[a].edge.re)));
            double bias = 0;
            for (index_t c = 0; problem_.store.bias && c < problem_.out; ++c)
                bias = std::max(bias, std::fabs(static_cast<double>(static_cast<Acc const*>(problem_.store.bias)[c])));
            const double room = static_cast<double>(std::numeric_limits<Acc>::max());
            if (largest * problem_.kernel.norm_1 + bias > room)
                fail<overflow_error>(operation, ": sums of up to ", whole(largest), " * ",
                                     whole(problem_.kernel.norm_1), bias > 0 ? text(" + ", whole(bias)) : "",
                                     " (the largest sample times the kernel's absolute sum",
                                     bias > 0 ? ", and the bias" : "", ") do not fit the accumulator ",
                                     name_of(element_of<Acc>()), " with its ", whole(room), "; name a wider one");
        }
    }
};

/// Errors: shape_error for a workspace that is too small; `maker` is the plan's function that makes one.
inline void require_workspace(char const* operation, faltung::workspace const& scratch, index_t bytes, index_t shared,
                              char const* maker) {
    if (scratch.bytes_per_worker() < bytes || scratch.shared_bytes() < shared)
        fail<shape_error>(operation, ": a workspace of ", scratch.bytes_per_worker(), " bytes per worker and ",
                          scratch.shared_bytes(), " for all; the plan needs ", bytes, " and ", shared,
                          "; make it with the plan's own ", maker, "()");
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
