// faltung/method/spectral.hpp -- the work on a tile, which fft and overlap_save share
#pragma once

#include <algorithm>

#include "../simd/sample_copy.hpp"
#include "finish.hpp"
#include "rows.hpp"
#include "spectral_kernel.hpp"
#include "store.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Computes tiles.
template <class T>
class spectral_worker {
    using X = typename T::X;
    using W = typename T::Weight;
    using Acc = typename T::Acc;
    using Y = typename T::Y;
    using R = transformed_t<Acc>;
    using D = held_t<X, std::conditional_t<is_floating<Acc>, Acc, R>>;

    problem const& p_;
    spectral_geometry const& geometry_;
    spectral_layout const& layout_;
    spectral_kernel<W, R> const& kernel_;
    line_reader<X, D> reader_;
    strided<Y> const& y_;
    R *tile_, *spectra_, *row_;
    std::uint64_t *damaged_, *touched_;
    index_t spectrum_, mask_words_, samples_ = 1;  // samples of the ring
    index_t ring_stride_[max_axes];
    typename versions<magnitude_scan<R>>::function scan_;
    typename versions<sample_copy<R>>::function copy_;
    destination from_, to_;  // where x lies, and where y does
    // of the current tile
    index_t group_ = 0;
    index_list at_;     // its place on every axis
    index_list phase_;  // of what is loaded
    bool is_damaged_ = false;
    magnitudes<R> seen_;  // of what is loaded

    static constexpr bool copies_inputs = std::is_same_v<X, R> && std::is_same_v<D, R> && has_vectors<R>,
                          copies_outputs = std::is_same_v<Acc, R> && std::is_same_v<Y, R> && has_vectors<R>;

    // Whether all samples of a line have been looked at.
    enum class look : unsigned char { pending, done };
    static constexpr index_t least_alone = 128;  // samples of a line that are looked at apart from the next ones

public:
    spectral_worker(problem const& p, prepared const& ready, strided<X const> const& x, strided<Y> const& y,
                    std::byte* scratch) noexcept
        : p_(p),
          geometry_(*static_cast<spectral_geometry const*>(ready.geometry.get())),
          layout_(geometry_.layout),
          kernel_(*static_cast<spectral_kernel<W, R> const*>(ready.kernel.get())),
          reader_(p, x),
          y_(y),
          scan_(versions<magnitude_scan<R>>::of(p.limits.instruction_set)),
          copy_(versions<sample_copy<R>>::of(p.limits.instruction_set)),
          from_(destination_of(static_cast<index_t>(std::min(input_samples(p), 0x1p40)) * index_t{sizeof(X)})),
          to_(copies_outputs && y.stride[p.rank] == 1
                  ? destination_of(p.output_count() * static_cast<index_t>(sizeof(Y)))
                  : destination::caches) {
        const spectral_scratch size(p, layout_, *geometry_.engine);
        tile_ = reinterpret_cast<R*>(scratch);
        row_ = reinterpret_cast<R*>(scratch += size.tile);
        damaged_ = reinterpret_cast<std::uint64_t*>(scratch += size.row);
        touched_ = reinterpret_cast<std::uint64_t*>(scratch += size.mask);
        spectra_ = reinterpret_cast<R*>(scratch += size.mask);
        spectrum_ = size.spectrum / static_cast<index_t>(sizeof(R));
        for (int a = p.rank; a-- > 0; samples_ *= layout_[a].length) ring_stride_[a] = samples_;
        mask_words_ = samples_ / 64 + 1;
        at_ = phase_ = index_list::repeated(p.rank, 0);
    }

    void compute(index_t grain) noexcept {
        for (int a = p_.rank; a-- > 0; grain /= layout_[a].tiles) at_[a] = grain % layout_[a].tiles;
        group_ = grain;
        is_damaged_ = false;
        const index_t phases = layout_.phases(), in = p_.in / p_.groups * phases, out = p_.out / p_.groups;
        R const* const h = kernel_.spectra.data() + group_ * out * in * geometry_.transform.spectrum;
        if (!layout_.mixes(p_)) {
            const int exponent = load(group_, 0);
            engine().convolve(geometry_.transform, tile_, h, spectra_);
            return store(group_, exponent);
        }
        int exponent = 0;
        for (index_t c = 0; c < in; ++c) {
            index_t phase = c % phases;
            for (int a = p_.rank; a-- > 0; phase /= layout_[a].phases) phase_[a] = phase % layout_[a].phases;
            const int needed = load((group_ * in + c) / phases, exponent);
            if (needed > exponent) {  // all channels once more, divided by the same power of 2
                exponent = needed;
                is_damaged_ = false;
                c = -1;
                continue;
            }
            engine().forward(geometry_.transform, tile_, spectra_ + c * spectrum_);
        }
        R* const sum = spectra_ + in * spectrum_;
        for (index_t o = 0; o < out; ++o) {
            for (index_t c = 0; c < in; ++c)
                engine().multiply(geometry_.transform, spectra_ + c * spectrum_,
                                  h + (o * in + c) * geometry_.transform.spectrum, sum,
                                  c > 0 ? spectrum_update::add : spectrum_update::replace);
            engine().backward(geometry_.transform, tile_, sum);
            store(group_ * out + o, exponent);
        }
    }

private:
    engine_table const& engine() const noexcept { return *geometry_.engine; }

    index_t first_e(int a) const noexcept { return at_[a] * layout_[a].step; }
    index_t count_e(int a) const noexcept { return std::min(layout_[a].step, layout_[a].sums(p_[a]) - first_e(a)); }

    // Fills the tile, with zeros where nothing is needed, and divides it by a power of 2 whose exponent is returned:
    // the given one, or the tile's own where it is extreme. Samples that are not finite become 0 and are noted.
    int load(index_t channel, int exponent) noexcept {
        const int last = p_.rank - 1;
        index_list i = index_list::repeated(p_.rank, 0), e = i, loaded = i;
        shape lines;
        for (int a = 0; a < p_.rank; ++a) {
            loaded[a] = layout_[a].loaded(count_e(a));
            lines.push_back(a == last ? 1 : layout_[a].length);
            e[a] = (first_e(a) + layout_[a].origin - layout_[a].first) * layout_[a].phases + phase_[a] - p_[a].low;
        }
        const index_list start = e;
        seen_ = {};
        R *to = tile_, *scanned = tile_;
        const auto scan = [&](R* from) {  // what was loaded since the last time, while it is in the cache
            for (R* plane = scanned; plane < tile_ + layout_.data; plane += samples_)
                scan_({plane, nullptr, to - scanned, &seen_, destination::caches});
            scanned = from;
        };
        do {
            bool has_data = true;
            for (int a = 0; a < last; ++a) {
                e[a] = start[a] + i[a] * layout_[a].phases;
                has_data = has_data && i[a] < loaded[a];
            }
            R* const next = to + layout_[last].length;
            if (load_line(channel, e, has_data ? loaded[last] : 0, to) == look::done) scan(next);
            to = next;
            if (to - scanned >= 1024) scan(to);
        } while (next_index(i, lines));
        scan(to);

        if (seen_.damage != 0) seen_.largest = set_damage_aside();
        if (const int own = extreme_exponent<R>(seen_.largest); own > exponent || (own != 0 && !layout_.mixes(p_)))
            exponent = own;
        if (exponent != 0)
            for (index_t j = 0; j < layout_.data; ++j) tile_[j] = std::ldexp(tile_[j], -exponent);
        return exponent;
    }

    look load_line(index_t channel, index_list const& e, index_t count, R* to) noexcept {
        const index_t length = layout_[p_.rank - 1].length, step = layout_[p_.rank - 1].phases;
        look seen = look::pending;
        if (count > 0) {
            const auto line = reader_.at(channel, e);
            if (!reader_.contributes(line))
                count = 0;
            else if constexpr (is_complex<D>) {
                D* const row = reinterpret_cast<D*>(row_);
                reader_.read(line, e[p_.rank - 1], step, row, count);
                for (index_t j = 0; j < count; ++j) {
                    to[j] = row[j].real();
                    to[samples_ + j] = row[j].imag();
                }
            } else {
                seen = copy_line(line, e[p_.rank - 1], step, to, count);
            }
        }
        std::fill(to + count, to + length, R{});
        if constexpr (is_complex<Acc>)
            std::fill(to + samples_ + (is_complex<D> ? count : 0), to + samples_ + length, R{});
        return count == 0 && length >= least_alone ? look::done : seen;
    }

    // to[i] = x~[first + i * step] for i in [0, count). Long lines of what is transformed are looked at on their way.
    look copy_line(source_line<X> const& line, index_t first, index_t step, R* to, index_t count) noexcept {
        if constexpr (copies_inputs) {
            const index_t n = p_.last().n;
            // any period will do: one with the longer part of the line, where it lies on the data
            if (p_.last().edge.map == boundary::rule::circular && n > 0 && (first >= n || -first > count / 2))
                first = checked::floor_modulo(first, n);
            const index_t begin = std::clamp<index_t>(-first, 0, count),
                          end = std::clamp<index_t>(n - first, begin, count);
            if (line.data && step == 1 && reader_.line_step() == 1 && end - begin >= least_alone) {
                reader_.read(line, first, 1, to, begin);
                scan_({line.data + first + begin, to + begin, end - begin, &seen_, from_});
                reader_.read(line, first + end, 1, to + end, count - end);
                scan_({to, nullptr, begin, &seen_, destination::caches});
                scan_({to + end, nullptr, count - end, &seen_, destination::caches});
                return look::done;
            }
        }
        reader_.read(line, first, step, to, count);
        return look::pending;
    }

    // the largest magnitude of the finite rest
    R set_damage_aside() noexcept {
        if (!is_damaged_) std::fill_n(damaged_, mask_words_, std::uint64_t{0});
        is_damaged_ = true;
        R largest = 0;
        for (index_t j = 0; j < layout_.data; ++j) {
            const R magnitude = std::fabs(tile_[j]);
            if (magnitude <= std::numeric_limits<R>::max()) {
                largest = std::max(largest, magnitude);
                continue;
            }
            tile_[j] = 0;
            damaged_[j % samples_ / 64] |= std::uint64_t{1} << j % samples_ % 64;
        }
        return largest;
    }

    // A bit for every sum that a damaged sample reaches.
    void spread_damage() noexcept {
        std::fill_n(touched_, mask_words_, std::uint64_t{0});
        index_list t = index_list::repeated(p_.rank, 0);
        const shape taps = p_.taps();
        for (index_t j = 0; j < samples_; ++j) {
            if (!(damaged_[j / 64] >> j % 64 & 1)) continue;
            do {
                index_t to = 0;
                for (int a = 0; a < p_.rank; ++a) {
                    spectral_axis const& k = layout_[a];
                    to = to * k.length + (j / ring_stride_[a] % k.length + k.place_of(p_[a], t[a])) % k.length;
                }
                touched_[to / 64] |= std::uint64_t{1} << to % 64;
            } while (next_index(t, taps));
        }
    }

    // The tile's outputs of one channel.
    void store(index_t channel, int exponent) noexcept {
        const int last = p_.rank - 1;
        exponent += kernel_.exponent;
        if (is_damaged_) spread_damage();
        index_list first = index_list::repeated(p_.rank, 0), o = first;
        shape lines;
        for (int a = 0; a < p_.rank; ++a) {
            const index_t s = layout_[a].stride(p_[a]);
            first[a] = checked::ceil_divide(first_e(a), s);
            const index_t count = checked::ceil_divide(first_e(a) + count_e(a), s) - first[a];
            if (count <= 0) return;
            lines.push_back(count);
        }
        const index_t count = lines[last], step = layout_[last].stride(p_[last]);
        lines[last] = 1;
        const destination where = is_damaged_ ? destination::caches : to_;
        do {
            Y* to = y_.data + channel * y_.stride[0] + first[last] * y_.stride[last + 1];
            index_t from = first[last] * step - first_e(last) + layout_[last].first;
            for (int a = 0; a < last; ++a) {
                to += (first[a] + o[a]) * y_.stride[a + 1];
                from +=
                    ((first[a] + o[a]) * layout_[a].stride(p_[a]) - first_e(a) + layout_[a].first) * ring_stride_[a];
            }
            index_list output = first;
            for (int a = 0; a < last; ++a) output[a] += o[a];
            Acc* const row = sums(from, step, count, exponent);
            add_bias(p_, channel, row, count);
            finish_row<Y>(p_, channel, output, first[last], row, count);
            if constexpr (copies_outputs) {
                if (where != destination::caches) {
                    copy_({row, to, count, where});
                    continue;
                }
            }
            store_row(row, to, y_.stride[last + 1], count, p_.store);
            if (is_damaged_) mend_row(channel, output, from, step, count, to);
        } while (next_index(o, lines));
        if (where == destination::past_caches) finish_stores_past_caches();
    }

    // `count` sums from the ring, `step` apart
    Acc* sums(index_t from, index_t step, index_t count, int exponent) noexcept {
        Acc* const row = reinterpret_cast<Acc*>(row_);
        if constexpr (is_complex<Acc>) {
            for (index_t j = 0; j < count; ++j) row[j] = Acc(tile_[from + j * step], tile_[samples_ + from + j * step]);
        } else if constexpr (!is_floating<Acc>) {  // within 1/2 of the sum: the exact one
            for (index_t j = 0; j < count; ++j) row[j] = static_cast<Acc>(std::llrint(tile_[from + j * step]));
            return row;
        } else {
            if (step == 1 && exponent == 0) return tile_ + from;
            for (index_t j = 0; j < count; ++j) row[j] = tile_[from + j * step];
        }
        if (exponent != 0)
            for (index_t j = 0; j < count * (is_complex<Acc> ? 2 : 1); ++j) row_[j] = std::ldexp(row_[j], exponent);
        return row;
    }

    // the sums that a damaged sample reaches, from their definition
    void mend_row(index_t channel, index_list output, index_t from, index_t step, index_t count, Y* to) noexcept {
        if constexpr (is_floating<Acc>) {
            const index_t depth = p_.taps_per_output();
            W const* const w = static_cast<W const*>(kernel_.taps.get()) + channel * depth;
            for (index_t j = 0; j < count; ++j, ++output[p_.rank - 1]) {
                const index_t bit = from + j * step;
                if (!(touched_[bit / 64] >> bit % 64 & 1)) continue;
                Acc sum = window_sum<Acc>(p_, reader_, w, group_, output, start_of<Acc>(p_, channel));
                if (is_finite(sum)) continue;  // a sample of another phase reaches this sum only in the ring
                finish_row<Y>(p_, channel, output, output[p_.rank - 1], &sum, 1);
                store_row(&sum, to + j * y_.stride[p_.rank], 1, 1, p_.store);
            }
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
