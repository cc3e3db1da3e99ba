// faltung/fft/own_engine.hpp -- our own engine: which lengths it takes, real data in a truly cyclic ring, the table
#pragma once

#include "transform.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// A transform of real or complex data of any ring. Real data that is cyclic along the first axis is split,
/// z^2n - 1 = (z^n - 1)(z^n + 1), as often as the lengths allow: the half that is modulo z^n + 1 is negacyclic and
/// costs what real data costs; the last cyclic part, a small one, is taken as complex data.
class own_transform {
    static constexpr double one[2] = {1, 0};
    static constexpr float single_one[2] = {1, 0};

    transform_loops loops_;
    std::vector<transform> halves_;  // negacyclic, the largest first
    std::vector<transform> whole_;   // what is not split any more: one
    index_t reals_ = 0;              // of the data, without the imaginary part of the last cyclic one

public:
    own_transform(transform_loops const& loops, shape n, faltung::number_kind kind, faltung::ring_kind r)
        : loops_(loops) {
        reals_ = checked::product(n, "samples of a transform") * (kind == number_kind::complex ? 2 : 1);
        const bool splits = kind == number_kind::real && r == ring_kind::cyclic;
        while (splits && is_split(loops, n)) {
            n[0] /= 4;
            halves_.emplace_back(loops, n, number_kind::real, halves_.empty() ? nullptr : &halves_.back());
            n[0] *= 2;
        }
        if (kind == number_kind::real && !splits) n[0] /= 2;
        whole_.emplace_back(loops, n, splits ? number_kind::complex : kind,
                            halves_.empty() ? nullptr : &halves_.back());
    }

    /// Whether the half modulo z^n + 1 of a real cyclic transform of these extents is one that there is a transform
    /// for.
    static bool is_split(transform_loops const& loops, shape const& n) {
        return n[0] % 4 == 0 && checked::product(n, "samples of a transform") % (index_t{16} * loops.lanes) == 0 &&
               (n.rank() > 1 || n[0] % (index_t{4} * loops.lanes) == 0);
    }

    /// Real numbers of the spectrum, and of the room that the data needs.
    index_t reals() const {
        index_t count = 2 * whole_[0].count();
        for (transform const& t : halves_) count += 2 * t.count();
        return count;
    }
    double scale() const { return static_cast<double>(halves_.empty() ? whole_[0].count() : 2 * halves_[0].count()); }

    void run(transform_plan const& p, void* data, void* spectrum, tail what) const noexcept {
        std::byte *const x = static_cast<std::byte*>(data), *s = static_cast<std::byte*>(spectrum);
        index_t bytes = reals_ * loops_.bytes;  // of the part that is split next
        for (std::size_t l = 0; l < halves_.size(); ++l) {
            if (what != tail::from_spectrum) split(l, x, bytes, way::forward);
            halves_[l].run(x + bytes / 2, x + bytes / 4 * 3, s, what, p.held, p.wanted);
            bytes /= 2;
            s += bytes;
        }
        if (halves_.empty() && 2 * whole_[0].count() == reals_)
            return whole_[0].run(x, x + bytes / 2, s, what, p.held, p.wanted);
        std::byte* const imaginary = x + reals_ * loops_.bytes;
        std::memset(imaginary, 0, static_cast<std::size_t>(bytes));
        whole_[0].run(x, imaginary, s, what, p.held, p.wanted);
        if (what == tail::to_spectrum || halves_.empty()) return;
        halve(x, bytes / loops_.bytes);  // its scale is twice that of real data
        for (std::size_t l = halves_.size(); l-- > 0;) split(l, x, bytes *= 2, way::backward);
    }

    /// spectrum_order::half_turns, of data with the extents n.
    std::vector<index_t> half_turns(shape const& n, faltung::number_kind kind) const {
        std::vector<index_t> found;
        for (transform const& t : halves_) append_half_turns(t, n, number_kind::real, found);
        const bool is_whole = halves_.empty() && 2 * whole_[0].count() == reals_;
        append_half_turns(whole_[0], n, is_whole ? kind : number_kind::complex, found);
        return found;
    }

    void multiply(void const* x, void const* h, void* to, spectrum_update how) const noexcept {
        loops_.product({x, h, to, reals() / (index_t{2} * loops_.lanes), how});
    }

private:
    // the transform evaluates at e^(+2 pi i angle)
    static void append_half_turns(transform const& t, shape const& n, faltung::number_kind kind,
                                  std::vector<index_t>& to) {
        std::size_t at = to.size();
        t.append_frequencies(kind, to);
        for (int a = 0; at < to.size(); ++at, a = (a + 1) % n.rank())
            to[at] = (2 * n[a] - to[at] * n[a] / (t.turn(a) / 2)) % (2 * n[a]);
    }

    // (low, high) -> (low + high, low - high) for half l and, with an even one, for the next; alone, two quarters at a
    // time as real and imaginary parts
    void split(std::size_t l, std::byte* x, index_t bytes, way w) const noexcept {
        if (l % 2 == 1) return;
        if (l + 1 < halves_.size()) return loops_.split_twice({x, bytes / 4 / loops_.bytes, w});
        void const* const unit = loops_.bytes == sizeof(float) ? static_cast<void const*>(single_one) : one;
        loops_.pass({x, x + bytes / 4, bytes / 2 / loops_.bytes, bytes / 4 / loops_.bytes, 1, unit, 0, 1, 2, w});
    }

    void halve(std::byte* x, index_t count) const noexcept {
        if (loops_.bytes == sizeof(float))
            for (float* v = reinterpret_cast<float*>(x); count > 0; --count) *v++ *= 0.5f;
        else
            for (double* v = reinterpret_cast<double*>(x); count > 0; --count) *v++ *= 0.5;
    }
};

/// What is wrong with a transform, and the number that is.
struct extents_refusal {
    char const* reason = nullptr;
    index_t number = 0;
};

/// Why vectors of so many lanes cannot transform real or complex data of these extents, without leading 1s; or nothing.
inline extents_refusal refusal_of(int lanes, shape const& n, transform_request const& r) {
    index_t count = 1;  // of complex numbers
    for (int a = 0; a < n.rank(); ++a) {
        if (n[a] < 1) return {"an extent of ", n[a]};
        if (!is_smooth(n[a])) return {"an extent with other factors than 2, 3 and 5: ", n[a]};
        count = checked::multiply(count, n[a], "samples of a transform");
    }
    const bool halves = r.numbers == number_kind::real && r.ring == ring_kind::any;
    if (halves && n[0] % 2 != 0) return {"real data in halves along an odd extent: ", n[0]};
    const index_t last = n[n.rank() - 1];
    if (last % (halves && n.rank() == 1 ? 2 * lanes : lanes) != 0)
        return {"a last extent that fills no vectors: ", last};
    if (halves) count /= 2;
    if (count % (index_t{4} * lanes) != 0) return {"complex numbers that do not fill four vectors at a time: ", count};
    return {};
}

/// Our own engine as a table. T = float or double.
template <class T>
struct own_engine {
    // all extents but leading 1s
    static shape extents(transform_request const& r) {
        shape n;
        for (index_t extent : r.n)
            if (extent != 1 || n.rank() > 0) n.push_back(extent);
        if (n.rank() == 0) n.push_back(1);
        return n;
    }

    // the widest vectors that the extents allow
    static transform_loops loops(transform_request const& r) {
        for (const instruction_set i : {instruction_set::avx512, instruction_set::avx2})
            if (i <= r.instruction_set && is_compiled_in(i))
                if (const auto wide = transform_loops::of<T>(i); takes(wide, r)) return wide;
        return transform_loops::of<T>(instruction_set::baseline);
    }

    static bool takes(transform_loops const& loops, transform_request const& r) {
        return !refusal_of(loops.lanes, extents(r), r).reason;
    }

    static index_t multiple(transform_request const& r, int axis) {
        const index_t lanes = transform_loops::of<T>(r.instruction_set).lanes,
                      halves = r.numbers == number_kind::real ? 2 : 1;
        int first = 0;
        while (first + 1 < r.n.rank() && r.n[first] == 1) ++first;
        const bool last = axis + 1 == r.n.rank();
        if (first == axis) return (last ? 4 * lanes : 2) * halves;
        return last ? 2 * lanes : 1;
    }

    static bool takes_any(transform_request const& r) { return takes(loops(r), r); }

    static index_t spectrum(transform_request const& r) {
        const shape n = extents(r);
        index_t count = checked::product(n, "frequencies of a transform");
        if (r.numbers == number_kind::complex) return checked::multiply(2, count, "frequencies of a transform");
        if (r.ring == ring_kind::any) return count;
        shape rest = n;  // what is left is complex
        for (const auto l = loops(r); own_transform::is_split(l, rest);) rest[0] /= 2;
        return checked::add(count, checked::product(rest, "frequencies of a transform"), "frequencies of a transform");
    }

    static std::shared_ptr<own_transform const> made(transform_request const& r) {
        const int lanes = loops(r).lanes;
        if (const auto refusal = refusal_of(lanes, extents(r), r); refusal.reason)
            fail<option_error>("a transform of ", r.n, ": ", refusal.reason, refusal.number, ", in vectors of ", lanes);
        return std::make_shared<own_transform const>(loops(r), extents(r), r.numbers, r.ring);
    }

    static transform_plan make(transform_request const& r) {
        const auto state = made(r);
        return {state, state->reals(), state->reals(), state->scale(),
                r.numbers == number_kind::real && r.ring == ring_kind::any};
    }

    static spectrum_order order(transform_request const& r) {
        const std::vector<index_t> found = made(r)->half_turns(extents(r), r.numbers);
        const int rank = r.n.rank(), kept = extents(r).rank();
        spectrum_order o{loops(r).lanes, {}};
        for (std::size_t k = 0; k < found.size(); k += static_cast<std::size_t>(kept)) {
            o.half_turns.insert(o.half_turns.end(), static_cast<std::size_t>(rank - kept), 0);
            for (int a = 0; a < kept; ++a) o.half_turns.push_back(found[k + static_cast<std::size_t>(a)]);
        }
        return o;
    }

    static own_transform const& of(transform_plan const& p) noexcept {
        return *static_cast<own_transform const*>(p.state.get());
    }
    static void forward(transform_plan const& p, void* data, void* spectrum) noexcept {
        of(p).run(p, data, spectrum, tail::to_spectrum);
    }
    static void backward(transform_plan const& p, void* data, void* spectrum) noexcept {
        of(p).run(p, data, spectrum, tail::from_spectrum);
    }
    static void multiply(transform_plan const& p, void const* x, void const* h, void* to,
                         spectrum_update how) noexcept {
        of(p).multiply(x, h, to, how);
    }
    static void convolve(transform_plan const& p, void* data, void const* h, void*) noexcept {
        of(p).run(p, data, const_cast<void*>(h), tail::product);
    }

    static constexpr engine_table table{"faltung", element_of<T>(), multiple, takes_any, spectrum, order,
                                        make,      forward,         backward, multiply,  convolve, true};
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
