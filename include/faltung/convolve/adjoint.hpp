// faltung/convolve/adjoint.hpp -- the adjoint of a problem as forward problems, one per window-stride phase, and the
// fold of the rim
#pragma once

#include <numeric>
#include <vector>

#include "../core/checked.hpp"
#include "lowered.hpp"

namespace faltung::detail {

/// One axis of one phase. With g = gcd(s, d), taps t0 + (s/g) u meet the padded positions q s + r, r = t0 d mod s, and
///
///     z[q s + r] = sum over u of conj(h[t0 + (s/g) u]) * y[q + (r - t0 d) / s - (d/g) u]
///
/// which, taps reversed, is a forward axis over y.
struct adjoint_phase {
    axis forward;
    index_t first_tap, tap_step;  // of the taps in h, before they are reversed
    index_t position;             // of its output 0 in z
};

/// The part of the padded axis that z covers, [begin, end): all that windows reach where the rim is folded back, only
/// the data where the boundary is a constant, whose rim has no source.
struct adjoint_range {
    index_t begin, end;
    constexpr index_t count() const { return end - begin; }
};

constexpr bool folds(axis const& k) { return k.edge.map != boundary::rule::constant && (k.low > 0 || k.high > 0); }

constexpr adjoint_range adjoint_extent(axis const& k) {
    const index_t outputs = k.outputs();
    const index_t reach = outputs == 0 ? 0 : (outputs - 1) * k.window_stride + k.span();
    if (folds(k)) return {0, reach};
    const index_t begin = std::min(std::max<index_t>(k.low, 0), reach);
    return {begin, std::max(begin, std::min(k.low + k.n, reach))};
}

/// How many phases of an axis have taps at all.
constexpr index_t phase_count(axis const& k) {
    return std::min(k.taps, k.window_stride / std::gcd(k.window_stride, k.dilation));
}

constexpr adjoint_phase phase(axis const& k, index_t first_tap) {
    const index_t g = std::gcd(k.window_stride, k.dilation);
    const adjoint_range z = adjoint_extent(k);
    adjoint_phase p{{}, first_tap, k.window_stride / g, 0};
    const index_t r = first_tap * k.dilation % k.window_stride;
    const index_t first = checked::ceil_divide(z.begin - r, k.window_stride),
                  last = checked::ceil_divide(z.end - r, k.window_stride);
    p.position = first * k.window_stride + r - z.begin;
    axis& f = p.forward;
    f.n = k.outputs();
    f.taps = (k.taps - 1 - first_tap) / p.tap_step + 1;
    f.dilation = k.dilation / g;
    f.low = f.span() - 1 - (r - first_tap * k.dilation) / k.window_stride - first;
    f.high = (last - first) - 1 + f.span() - f.n - f.low;
    return p;
}

inline namespace FALTUNG_COMPILED {

/// The adjoint of a forward problem, from arrays of type Y to arrays of type Y. T = types<Y, H, Acc, Y>.
template <class T>
class adjoint_plan {
    struct part {
        lowered<T> forward;
        index_list position;  // of its output 0 in z, per axis
    };
    std::vector<part> parts_;
    problem original_;
    shape z_;
    bool folds_ = false;

public:
    /// `kernel` is the forward plan's packed kernel.
    template <class W>
    adjoint_plan(char const* operation, problem const& original, packed_kernel<W> const& kernel, method wanted)
        : original_(original) {
        shape phases;
        bool anything = true;
        for (int a = 0; a < original.rank; ++a) {
            axis const& k = original[a];
            folds_ = folds_ || folds(k);
            z_.push_back(adjoint_extent(k).count());
            phases.push_back(phase_count(k));
            anything = anything && z_[a] > 0;
        }
        if (!anything) return;
        for_each_index(phases, [&](index_list const& first_taps) {
            problem p = original;
            p.types.x = p.types.y;
            p.types.accumulator = element_of<typename T::Acc>();
            p.direction = direction::forward;
            part next{lowered_part(operation, p, kernel.view(), first_taps, wanted), {}};
            for (int a = 0; a < original.rank; ++a) next.position.push_back(phase(original[a], first_taps[a]).position);
            if (!is_empty(next.forward.problem().outputs())) parts_.push_back(std::move(next));
        });
        const index_t bytes = checked::add(checked::multiply(workspace(), workers(), "scratch of all workers"),
                                           shared(), "bytes of the padded adjoint");
        if (bytes > original.limits.memory)
            fail<unsupported_error>(operation, ": it needs ", bytes, " bytes of scratch, ", shared(),
                                    " of them for what the rim adds back; the limit is ", original.limits.memory);
    }

    index_t workspace() const {
        index_t most = 0;
        for (part const& p : parts_) most = std::max(most, p.forward.workspace());
        return most;
    }

    int workers() const {
        int most = 1;
        for (part const& p : parts_) most = std::max(most, p.forward.workers());
        return most;
    }

    /// Bytes that all workers share: z, where it is folded afterwards.
    index_t shared() const {
        return folds_ ? checked::multiply(checked::product(z_, "samples of the padded adjoint"), sizeof(typename T::Y),
                                          "bytes of the padded adjoint")
                      : 0;
    }

    /// x = adjoint(y). Arrays have a leading channel axis of extent 1.
    void run(strided<typename T::Y const> const& y, strided<typename T::Y> const& x,
             faltung::workspace& scratch) const noexcept {
        using Y = typename T::Y;
        if (parts_.empty()) return fill_zero(x);
        strided<Y> z = x;
        if (folds_) {
            z.data = reinterpret_cast<Y*>(scratch.shared());
            const strides dense = row_major(z_);
            for (int a = 0; a < original_.rank; ++a) {
                z.n[a + 1] = z_[a];
                z.stride[a + 1] = dense[a];
            }
            fill_zero(z);
        } else {
            for (int a = 0; a < original_.rank; ++a) {
                z.data += (adjoint_extent(original_[a]).begin - original_[a].low) * x.stride[a + 1];
                z.n[a + 1] = z_[a];
            }
        }
        fill_zero(x);
        for (part const& p : parts_) {
            strided<Y> to = z;
            for (int a = 0; a < original_.rank; ++a) {
                to.data += p.position[a] * z.stride[a + 1];
                to.n[a + 1] = p.forward.problem()[a].outputs();
                if (to.n[a + 1] > 1)
                    to.stride[a + 1] *= original_[a].window_stride;  // else never taken, and it could overflow
            }
            p.forward.run(y, to, scratch);
        }
        if (folds_) fold(z, x);
    }

private:
    template <class W>
    static lowered<T> lowered_part(char const* operation, problem& p, strided<W const> h, index_list const& first_taps,
                                   method wanted) {
        for (int a = 0; a < p.rank; ++a) {
            const adjoint_phase f = phase(p[a], first_taps[a]);
            h.data += (f.first_tap + (f.forward.taps - 1) * f.tap_step) * h.stride[a + 2];
            h.n[a + 2] = f.forward.taps;
            h.stride[a + 2] *= -f.tap_step;
            p[a] = f.forward;
        }
        const packed_kernel<typename T::Weight> reversed(spatial(h), [](auto w) { return conjugate(w); });
        p.kernel = reversed.facts;
        reversed.measure_terms(p, wanted);
        return {operation, p, reversed.view(), wanted, nullptr};
    }

    // without the two channel axes
    template <class W>
    static strided<W const> spatial(strided<W const> const& h) {
        strided<W const> v{h.data, {}, {}};
        for (int a = 2; a < h.n.rank(); ++a) {
            v.n.push_back(h.n[a]);
            v.stride.push_back(h.stride[a]);
        }
        return v;
    }

    static void fill_zero(strided<typename T::Y> const& x) noexcept {
        const int last = x.n.rank() - 1;
        for_each_line(x.n, [&](index_list const& i) {
            auto* const line = x.data + offset(i, x.stride);
            for (index_t j = 0; j < x.n[last]; ++j) line[j * x.stride[last]] = {};
        });
    }

    // x[source(i)] += z[i] for every padded position; z covers none that has no source
    void fold(strided<typename T::Y> const& z, strided<typename T::Y> const& x) const noexcept {
        const auto source = [&](int a, index_t i) {
            axis const& k = original_[a];
            return k.edge.source(i + adjoint_extent(k).begin - k.low, k.n) * x.stride[a + 1];
        };
        const int last = original_.rank - 1;
        for_each_line(z.n, [&](index_list const& i) {
            auto* to = x.data;
            for (int a = 0; a < last; ++a) to += source(a, i[a + 1]);
            auto const* from = z.data + offset(i, z.stride);
            for (index_t j = 0; j < z.n[last + 1]; ++j) {
                auto& sum = to[source(last, j)];
                sum = multiply_add(sum, real_t<typename T::Y>{1}, from[j * z.stride[last + 1]]);
            }
        });
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
