// faltung/convolve/adjoint.hpp -- the adjoint of a problem as forward problems, one per window-stride phase, and the
// fold of the rim
#pragma once

#include <optional>
#include <vector>

#include "../method/phase_tiles.hpp"
#include "../simd/interleave.hpp"
#include "adjoint_phase.hpp"
#include "zero_points.hpp"

namespace faltung::detail {

inline namespace FALTUNG_COMPILED {

/// The adjoint of a forward problem, from arrays of type X, with the problem's output channels, to arrays of type Y,
/// with its input channels. A bias and an epilogue of the problem are about what it puts out. T = types<X, H, Acc, Y>.
template <class T>
class adjoint_plan {
    using X = typename T::X;
    using Y = typename T::Y;
    using W = typename T::Weight;
    using Acc = typename T::Acc;
    using bias_buffer = std::shared_ptr<buffer<Acc> const>;

    struct part {
        bias_buffer bias;  // that of the phase, where zero points make it another one
        lowered<T> forward;
        index_list position;  // of its output 0 in z, per axis
    };
    std::vector<part> parts_;
    std::optional<lowered<T>> filling_;  // of what no phase reaches, where that is not 0
    problem original_;
    shape z_;  // input channels, then the axes
    bool folds_ = false, covers_ = true;
    // Parts one by one; in pairs, the outputs of one between those of the other along the last axis; all pairs at once.
    enum class together { none, pairs, all };
    together way_ = together::none;
    std::optional<phase_tiles<T>> tiles_;

public:
    /// `kernel` is the forward plan's packed kernel.
    template <class Kernel>
    adjoint_plan(char const* operation, problem const& original, packed_kernel<Kernel> const& kernel, method wanted)
        : adjoint_plan(operation, original, kernel.view(), conjugate_tap{}, wanted) {}

    /// The kernel as it lies: output channels, input channels of a group, taps of every axis; `map` is what becomes of
    /// a tap, of the adjoint its conjugate, of a layer with zero points its distance from the kernel's.
    template <class Kernel, class Map>
    adjoint_plan(char const* operation, problem const& original, strided<Kernel const> const& kernel, Map map,
                 method wanted, zero_points zeros = {})
        : original_(original) {
        shape phases;
        z_ = {original.in};
        for (int a = 0; a < original.rank; ++a) {
            axis const& k = original[a];
            folds_ = folds_ || folds(k);
            covers_ = covers_ && covers(k);
            z_.push_back(adjoint_extent(k).count());
            phases.push_back(phase_count(k));
        }
        if (!covers_ && (original.store.bias || !original.store.epilogue.is_none())) fill(operation, wanted);
        if (is_empty(z_)) return;
        for_each_index(phases, [&](index_list const& first_taps) {
            problem p = transposed_problem();
            part next = lowered_part(operation, p, kernel, map, first_taps, wanted, zeros);
            for (int a = 0; a < original.rank; ++a) next.position.push_back(phase(original[a], first_taps[a]).position);
            if (!is_empty(next.forward.problem().outputs())) parts_.push_back(std::move(next));
        });
        if (are_pairs()) {
            find_tiles();
            way_ = tiles_ ? together::all : together::pairs;
        }
        if (way_ == together::all && needed() > original.limits.memory) way_ = together::pairs;
        if (way_ == together::pairs && needed() > original.limits.memory) way_ = together::none;
        if (needed() > original.limits.memory)
            fail<unsupported_error>(operation, ": it needs ", needed(), " bytes of scratch, ", shared(),
                                    " of them for what the rim adds back; the limit is ", original.limits.memory);
    }

    index_t workspace() const {
        index_t most = filling_ ? filling_->workspace() : 0;
        if (way_ == together::all) most = std::max(most, tiles_->workspace());
        for (part const& p : parts_) most = std::max(most, p.forward.workspace());
        return most;
    }

    int workers() const {
        int most = filling_ ? filling_->workers() : 1;
        for (part const& p : parts_) most = std::max(most, p.forward.workers());
        if (way_ == together::all)
            most = std::max(most, static_cast<int>(std::min<index_t>(tiles_->grains(), original_.limits.threads)));
        return most;
    }

    /// Errors: shape_error for a workspace that is too small; `maker` is the function that makes one.
    void require(char const* operation, faltung::workspace const& scratch, char const* maker = "workspace") const {
        require_workspace(operation, scratch, workspace(), shared(), maker);
    }

    /// Bytes that all workers share: z, where it is folded afterwards; or the outputs of a pair.
    index_t shared() const {
        index_t most = 0;
        for (std::size_t i = 0; way_ == together::pairs && i < parts_.size(); i += 2)
            most = std::max(most, checked::add(outputs_of(parts_[i]), outputs_of(parts_[i + 1]), "outputs of a phase"));
        if (way_ == together::pairs) return checked::multiply(most, sizeof(Y), "bytes of the phases");
        return folds_ ? checked::multiply(checked::product(z_, "samples of the padded adjoint"), sizeof(Y),
                                          "bytes of the padded adjoint")
                      : 0;
    }

    /// The phase with most work: what a method's name says of the whole.
    lowered<T> const* largest() const {
        lowered<T> const* most = nullptr;
        for (part const& p : parts_)
            if (!most || p.forward.problem().taps_per_output() > most->problem().taps_per_output()) most = &p.forward;
        return most;
    }

    /// x = adjoint(y). Arrays have a leading channel axis. `residual`, of x's shape, is for an epilogue that adds one.
    void run(strided<X const> const& y, strided<Y> const& x, faltung::workspace& scratch,
             strided<Y const> const& residual = {}) const noexcept {
        strided<Y> z = x;
        if (folds_) {
            z = {reinterpret_cast<Y*>(scratch.shared()), z_, row_major(z_)};
            if (!covers_) fill_zero(z);
        } else {
            to_padded(z);
        }
        if (filling_)
            run_part(*filling_, y, residual, x, scratch);
        else if (folds_ || !covers_)
            fill_zero(x);
        strided<Y const> padded_residual = residual;
        if (residual.data) to_padded(padded_residual);
        const auto run_phase = [&](part const& p, strided<Y> const& to) {
            run_part(p.forward, y, residual.data ? of_part(p, padded_residual) : residual, to, scratch);
        };
        if constexpr (phase_tiles<T>::has)
            if (way_ == together::all && z.stride[original_.rank] == 1) {
                scratch.run(tiles_->grains(),
                            [&](grain_range grains, std::byte* bytes) noexcept { tiles_->run(y, z, bytes, grains); });
                return;
            }
        if (way_ == together::pairs && z.stride[original_.rank] == 1) {
            for (std::size_t i = 0; i < parts_.size(); i += 2) {
                const std::size_t odd = parts_[i].position[original_.rank - 1] == 0 ? 1 : 0;
                const strided<Y> first = by_itself(parts_[i + 1 - odd], reinterpret_cast<Y*>(scratch.shared())),
                                 second = by_itself(parts_[i + odd], first.data + outputs_of(parts_[i + 1 - odd]));
                run_phase(parts_[i + 1 - odd], first);
                run_phase(parts_[i + odd], second);
                interleave(first, second, of_part(parts_[i + 1 - odd], z), scratch);
            }
            return;
        }
        for (part const& p : parts_) run_phase(p, of_part(p, z));
        if (folds_) fold(z, x);
    }

private:
    index_t needed() const {
        return checked::add(checked::multiply(workspace(), workers(), "scratch of all workers"), shared(),
                            "bytes of the padded adjoint");
    }

    // The phases share the lines that they read, where they may.
    void find_tiles() {
        if (!original_.store.epilogue.is_none()) return;
        std::vector<phase_part> phases;
        for (std::size_t i = 0; i < parts_.size(); i += 2) {
            const std::size_t odd = parts_[i].position[original_.rank - 1] == 0 ? 1 : 0;
            for (const std::size_t number : {i + 1 - odd, i + odd}) {
                part const& p = parts_[number];
                if (p.forward.method() != method::direct || !channel_tiles::takes(p.forward.problem())) return;
                phases.push_back({&p.forward.problem(), p.forward.prepared(), p.position});
            }
        }
        index_list strides;
        for (int a = 0; a < original_.rank; ++a) strides.push_back(original_[a].window_stride);
        tiles_ = phase_tiles<T>::of(phases, strides);
    }

    index_t outputs_of(part const& p) const {
        return checked::multiply(checked::product(p.forward.problem().outputs(), "outputs of a phase"), original_.in,
                                 "outputs of a phase");
    }

    // Whether parts come in pairs that make whole rows of z: each by itself, their outputs are stored in whole vectors.
    bool are_pairs() const {
        const int last = original_.rank - 1;
        if (folds_ || original_[last].window_stride != 2 || parts_.size() % 2 != 0) return false;
        for (std::size_t i = 0; i < parts_.size(); i += 2)
            for (int a = 0; a <= last; ++a)
                if (parts_[i].position[a] + (a == last ? parts_[i + 1].position[a] : 0) !=
                    (a == last ? 1 : parts_[i + 1].position[a]))
                    return false;
        return true;
    }

    strided<Y> by_itself(part const& p, Y* data) const noexcept {
        shape n{original_.in};
        for (int a = 0; a < original_.rank; ++a) n.push_back(p.forward.problem()[a].outputs());
        return {data, n, row_major(n)};
    }

    // to[..., 2 i] = even[..., i], to[..., 2 i + 1] = odd[..., i]; `to` has the outputs of `even`
    void interleave(strided<Y> const& even, strided<Y> const& odd, strided<Y> const& to,
                    faltung::workspace& scratch) const noexcept {
        const int last = original_.rank;
        index_t planes = 1;
        for (int a = 0; a + 1 < last; ++a) planes *= to.n[a];
        const index_t rows = to.n[last - 1], evens = even.n[last], odds = odd.n[last];
        const auto copy = versions<interleave_rows<Y>>::of(original_.limits.instruction_set);
        scratch.run(planes, [&](grain_range range, std::byte*) noexcept {
            for (index_t g = range.first; g < range.last; ++g) {
                Y* at = to.data;
                index_t rest = g;
                for (int a = last - 1; a-- > 0; rest /= to.n[a]) at += rest % to.n[a] * to.stride[a];
                copy({even.data + g * rows * evens, odd.data + g * rows * odds, evens, odds, rows, at,
                      to.stride[last - 1]});
            }
        });
    }

    static void run_part(lowered<T> const& part, strided<X const> const& y, strided<Y const> const& residual,
                         strided<Y> const& to, faltung::workspace& scratch) noexcept {
        if (residual.data)
            part.run(y, residual, to, scratch);
        else
            part.run(y, to, scratch);
    }

    // from x to z, where z lies in x
    template <class V>
    void to_padded(strided<V>& v) const noexcept {
        for (int a = 0; a < original_.rank; ++a) {
            v.data += (adjoint_extent(original_[a]).begin - original_[a].low) * v.stride[a + 1];
            v.n[a + 1] = z_[a + 1];
        }
    }

    // the samples of z that belong to a phase
    template <class V>
    strided<V> of_part(part const& p, strided<V> v) const noexcept {
        for (int a = 0; a < original_.rank; ++a) {
            v.data += p.position[a] * v.stride[a + 1];
            v.n[a + 1] = p.forward.problem()[a].outputs();
            if (v.n[a + 1] > 1) v.stride[a + 1] *= original_[a].window_stride;  // else never taken, and may overflow
        }
        return v;
    }

    problem transposed_problem() const {
        problem p = original_;
        p.in = original_.out;
        p.out = original_.in;
        p.types.x = element_of<X>();
        p.types.y = element_of<Y>();
        p.types.accumulator = element_of<typename T::Acc>();
        p.direction = direction::forward;
        return p;
    }

    // x = the epilogue of the bias
    void fill(char const* operation, method wanted) {
        problem p = transposed_problem();
        shape n{p.out, p.in / p.groups};
        for (int a = 0; a < p.rank; ++a) {
            p[a] = axis_of_padding(original_[a].outputs(), original_[a].n);
            n.push_back(1);
        }
        const W nothing{};
        const strided<W const> zeros{&nothing, n, strides::repeated(n.rank(), 0)};
        p.kernel = {};
        p.kernel.known = true;
        filling_.emplace(operation, p, zeros, wanted, nullptr);
    }

    template <class Kernel, class Map>
    static part lowered_part(char const* operation, problem& p, strided<Kernel const> h, Map map,
                             index_list const& first_taps, method wanted, zero_points const& zeros) {
        for (int a = 0; a < p.rank; ++a) {
            const adjoint_phase f = phase(p[a], first_taps[a]);
            h.data += (f.first_tap + (f.forward.taps - 1) * f.tap_step) * h.stride[a + 2];
            h.n[a + 2] = f.forward.taps;
            h.stride[a + 2] *= -f.tap_step;
            p[a] = f.forward;
        }
        kernel_channels channels{p.out, p.in / p.groups, 2};
        const auto turned = transposed_channels(h, p.groups, channels);
        packed_kernel<W> reversed(channels, turned, map);
        bias_buffer bias = bias_about(zeros, reversed, static_cast<Acc const*>(p.store.bias));
        if (bias) p.store.bias = bias->data();
        for (int a = 0; a < p.rank && zeros.input != 0; ++a)
            p[a].edge = boundary::constant(static_cast<long double>(zeros.input));
        p.kernel = reversed.facts;
        if (p.in == 1 && p.out == 1) reversed.measure_terms(p, wanted);
        return {std::move(bias), {operation, p, reversed.view(), wanted, nullptr}, {}};
    }

    // Output and input channels exchanged within every group: the groups are an axis of their own, if there are some.
    template <class Kernel>
    static strided<Kernel const> transposed_channels(strided<Kernel const> const& h, index_t groups,
                                                     kernel_channels& channels) {
        strided<Kernel const> v{h.data, {}, {}};
        const index_t out = h.n[0] / groups;
        if (groups > 1) {
            v.n.push_back(groups);
            v.stride.push_back(out * h.stride[0]);
            channels.axes = 3;
        }
        for (const int a : {1, 0}) {
            v.n.push_back(a == 0 ? out : h.n[1]);
            v.stride.push_back(h.stride[a]);
        }
        for (int a = 2; a < h.n.rank(); ++a) {
            v.n.push_back(h.n[a]);
            v.stride.push_back(h.stride[a]);
        }
        return v;
    }

    static void fill_zero(strided<Y> const& x) noexcept {
        const int last = x.n.rank() - 1;
        for_each_line(x.n, [&](index_list const& i) {
            Y* const line = x.data + offset(i, x.stride);
            for (index_t j = 0; j < x.n[last]; ++j) line[j * x.stride[last]] = {};
        });
    }

    // x[source(i)] += z[i] for every padded position; z covers none that has no source
    void fold(strided<Y> const& z, strided<Y> const& x) const noexcept {
        const auto source = [&](int a, index_t i) {
            axis const& k = original_[a];
            return k.edge.source(i + adjoint_extent(k).begin - k.low, k.n) * x.stride[a + 1];
        };
        const int last = original_.rank - 1;
        for_each_line(z.n, [&](index_list const& i) {
            Y* to = x.data + i[0] * x.stride[0];
            for (int a = 0; a < last; ++a) to += source(a, i[a + 1]);
            Y const* from = z.data + offset(i, z.stride);
            for (index_t j = 0; j < z.n[last + 1]; ++j) {
                Y& sum = to[source(last, j)];
                sum = multiply_add(sum, real_t<Y>{1}, from[j * z.stride[last + 1]]);
            }
        });
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
