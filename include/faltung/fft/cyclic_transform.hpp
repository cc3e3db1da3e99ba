// faltung/fft/cyclic_transform.hpp -- a cyclic transform of any extents, with its frequencies one by one
#pragma once

#include "../core/for_each.hpp"
#include "any_length.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Real or complex arrays of any extents to their spectra and back. Our own engine takes the extents that it likes, in
/// its own order; all others are transformed axis by axis, of real data half of the last axis.
///
/// A spectrum is groups of lanes() complex numbers, real parts first. Number k belongs to the frequency of which each
/// axis has a part in [0, n); it stands for copies(k) frequencies, for 2 where the conjugate one is left out, and for
/// none where the group is only filled up.
template <class R>
class cyclic_transform {
    shape n_;
    bool is_real_;
    transform_plan plan_;  // without a state where the engine refuses
    index_t lanes_ = 0, count_ = 0;
    shape kept_;  // extents of the spectrum that goes axis by axis
    std::vector<any_length_transform<R>> axes_;
    std::vector<index_t> frequency_;  // rank numbers for each k
    std::vector<unsigned char> copies_;

    static constexpr engine_table const& table = own_engine<R>::table;

public:
    cyclic_transform(shape const& n, number_kind kind, instruction_set i) : n_(n), is_real_(kind == number_kind::real) {
        const transform_request r{n, kind, ring_kind::cyclic, i};
        if (table.takes(r))
            take_engine(r);
        else
            take_axes(i);
    }

    index_t lanes() const { return lanes_; }
    index_t count() const { return count_; }  // a multiple of lanes()
    index_t samples() const { return checked::product(n_, "samples"); }
    index_t frequency(index_t k, int axis) const { return frequency_[static_cast<std::size_t>(k * n_.rank() + axis)]; }
    int copies(index_t k) const { return copies_[static_cast<std::size_t>(k)]; }
    /// backward(forward(x)) = scale() x
    double scale() const { return plan_.state ? plan_.scale : static_cast<double>(samples()); }

    /// Reals that `data` of a call has room for, the samples first: one plane, or of complex numbers two; the room is
    /// scratch, and lost. And of a spectrum.
    index_t data() const {
        if (plan_.state) return plan_.data;
        index_t most = 0;
        for (auto const& line : axes_) most = std::max(most, line.scratch());
        return 2 * std::max(samples(), checked::product(kept_, "frequencies")) + most;
    }
    index_t spectrum() const { return 2 * count_; }

    void forward(R* data, R* spectrum) const noexcept {
        if (plan_.state) return table.forward(plan_, data, spectrum);
        const index_t samples = checked::product(n_, "samples"), all = checked::product(kept_, "frequencies");
        const index_t room = std::max(samples, all);
        if (!is_real_ && room > samples) std::memmove(data + room, data + samples, bytes(samples));
        R *re = data, *im = data + room, *const line = data + 2 * room;
        const int last = n_.rank() - 1;
        const index_t columns = n_[last], wanted = kept_[last], rows = samples / columns;
        any_length_transform<R> const& along = axes_[static_cast<std::size_t>(last)];
        for (index_t i = 0; i < rows; ++i) {  // the half of a row is shorter: it never overtakes what is read
            std::memcpy(line, re + i * columns, bytes(columns));
            if (is_real_)
                std::fill_n(line + along.length(), columns, R{});
            else
                std::memcpy(line + along.length(), im + i * columns, bytes(columns));
            along.run(line);
            std::memcpy(re + i * wanted, line, bytes(wanted));
            std::memcpy(im + i * wanted, line + along.length(), bytes(wanted));
        }
        for (int a = 0; a < last; ++a) along_axis(a, re, im, line, R{1});
        for (index_t k = 0; k < count_; ++k) {
            const index_t at = place(k);
            spectrum[at] = k < all ? re[k] : R{};
            spectrum[at + lanes_] = k < all ? im[k] : R{};
        }
    }

    void backward(R* spectrum, R* data) const noexcept {
        if (plan_.state) return table.backward(plan_, data, spectrum);
        const index_t samples = checked::product(n_, "samples"), all = checked::product(kept_, "frequencies");
        const index_t room = std::max(samples, all);
        R *re = data, *im = data + room, *const line = data + 2 * room;
        for (index_t k = 0; k < all; ++k) {
            re[k] = spectrum[place(k)];
            im[k] = spectrum[place(k) + lanes_];
        }
        const int last = n_.rank() - 1;
        for (int a = 0; a < last; ++a) along_axis(a, re, im, line, R{-1});
        const index_t columns = n_[last], wanted = kept_[last], rows = samples / columns;
        any_length_transform<R> const& along = axes_[static_cast<std::size_t>(last)];
        for (index_t i = rows; i-- > 0;) {  // rows grow: the last one first
            R *x = line, *y = line + along.length();
            for (index_t j = 0; j < columns; ++j) {  // conjugates, for the transform backwards
                const index_t from = i * wanted + (j < wanted ? j : columns - j);
                x[j] = re[from];
                y[j] = j < wanted ? -im[from] : im[from];
            }
            along.run(line);
            std::memcpy(re + i * columns, x, bytes(columns));
            for (index_t j = 0; !is_real_ && j < columns; ++j) im[i * columns + j] = -y[j];
        }
        if (!is_real_ && room > samples) std::memmove(data + samples, im, bytes(samples));
    }

private:
    static std::size_t bytes(index_t reals) { return static_cast<std::size_t>(reals) * sizeof(R); }
    index_t place(index_t k) const { return k / lanes_ * 2 * lanes_ + k % lanes_; }

    void take_engine(transform_request const& r) {
        plan_ = table.make(r);
        const spectrum_order order = table.order(r);
        lanes_ = order.lanes;
        count_ = plan_.spectrum / 2;
        frequency_ = order.half_turns;
        for (index_t& turns : frequency_) turns /= 2;
        std::vector<bool> there(static_cast<std::size_t>(samples()));
        for (index_t k = 0; k < count_; ++k) there[number_of(k, 1)] = true;
        for (index_t k = 0; k < count_; ++k)
            copies_.push_back(!is_real_ || there[number_of(k, -1)] ? std::uint8_t{1} : std::uint8_t{2});
    }

    // of frequency k or of its conjugate, row-major
    std::size_t number_of(index_t k, index_t sign) const {
        index_t number = 0;
        for (int a = 0; a < n_.rank(); ++a)
            number = number * n_[a] + checked::floor_modulo(sign * frequency(k, a), n_[a]);
        return static_cast<std::size_t>(number);
    }

    void take_axes(instruction_set i) {
        kept_ = n_;
        const int last = n_.rank() - 1;
        if (is_real_) kept_[last] = n_[last] / 2 + 1;
        for (index_t extent : n_) axes_.emplace_back(extent, i);
        lanes_ = transform_loops::of<R>(i).lanes;
        const index_t all = checked::product(kept_, "frequencies of a transform");
        count_ = checked::ceil_divide(all, lanes_) * lanes_;
        for_each_index(kept_, [&](index_list const& m) {
            frequency_.insert(frequency_.end(), m.begin(), m.end());
            const bool has_other = is_real_ && m[last] != 0 && 2 * m[last] != n_[last];
            copies_.push_back(has_other ? std::uint8_t{2} : std::uint8_t{1});
        });
        frequency_.resize(static_cast<std::size_t>(count_ * n_.rank()));
        copies_.resize(static_cast<std::size_t>(count_));
    }

    // All lines along axis a of the kept frequencies; sign -1 takes conjugates before and after.
    void along_axis(int a, R* re, R* im, R* line, R sign) const noexcept {
        index_t inner = 1, outer = 1;
        for (int b = 0; b < n_.rank(); ++b) (b < a ? outer : inner) *= b == a ? 1 : kept_[b];
        any_length_transform<R> const& along = axes_[static_cast<std::size_t>(a)];
        R *const x = line, *const y = line + along.length();
        for (index_t o = 0; o < outer; ++o)
            for (index_t i = 0; i < inner; ++i) {
                const index_t first = o * n_[a] * inner + i;
                for (index_t j = 0; j < n_[a]; ++j) {
                    x[j] = re[first + j * inner];
                    y[j] = sign * im[first + j * inner];
                }
                along.run(line);
                for (index_t j = 0; j < n_[a]; ++j) {
                    re[first + j * inner] = x[j];
                    im[first + j * inner] = sign * y[j];
                }
            }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
