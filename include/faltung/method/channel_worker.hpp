// faltung/method/channel_worker.hpp -- computes bands of many channels, tile by tile, in a worker's scratch memory
#pragma once

#include "../simd/channel_rows.hpp"
#include "channel_scratch.hpp"
#include "finish.hpp"
#include "method.hpp"
#include "position_sums.hpp"
#include "store.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

template <class T>
class channel_worker {
    using X = typename T::X;
    using Y = typename T::Y;
    using Acc = typename T::Acc;
    using tile = channel_tile<Acc>;
    using copy = panel_copy<Acc>;
    using rows_of_positions = position_rows<Acc>;
    using row_sums = channel_rows<std::conditional_t<is_floating<Acc>, Acc, float>>;  // only those are summed alone

    // What an output of column 0 and row 0 reads, in lines or in x: its first sample, its taps', from row to row.
    struct samples_of_band {
        Acc const* data;
        std::int32_t const* offset;
        index_t row_step;
        bool in_x;
    };

    problem const& p_;
    channel_layout const& layout_;
    channel_grid const& grid_;
    channel_scratch<T> size_;
    index_t pack_rows_, padded_;
    Acc const *start_, *weights_;
    strided<X const> const& x_;
    strided<Y> const& y_;
    Acc* lines_;
    channel_lines<T> packed_;
    std::int32_t *panel_offset_, *x_offset_;  // of taps in a panel, and in x itself
    Acc *panel_, *sums_;
    typename versions<tile>::function tile_;
    typename versions<copy>::function copy_;
    position_sums<T> positions_;
    typename versions<rows_of_positions>::function rows_of_positions_;
    typename versions<row_sums>::function row_sums_;
    bool finishes_ = false;  // sums of the band go to y in whole vectors
    bool is_flat_;           // rows of x and of y lie one behind the other, and a sample has one output
    bool reads_x_;           // where windows touch no padding
    samples_of_band samples_{};
    bool in_place_;  // sums are outputs as they are, side by side

public:
    channel_worker(problem const& p, prepared const& ready, strided<X const> const& x, strided<Y> const& y,
                   std::byte* scratch) noexcept
        : p_(p),
          layout_(*static_cast<channel_layout const*>(ready.geometry.get())),
          grid_(layout_.grid),
          size_(layout_, bytes_of_vector(p.limits.instruction_set)),
          pack_rows_(detail::pack_rows(p, layout_)),
          padded_(checked::ceil_divide(grid_.kernels, pack_rows_) * pack_rows_),
          start_(static_cast<Acc const*>(ready.kernel.get())),
          weights_(start_ + padded_ * p.groups),
          x_(x),
          y_(y),
          lines_(reinterpret_cast<Acc*>(scratch + size_.sources)),
          packed_(p, layout_, x, reinterpret_cast<source_of<T>*>(scratch), lines_),
          panel_offset_(reinterpret_cast<std::int32_t*>(scratch + size_.sources + size_.lines)),
          x_offset_(panel_offset_ + (size_.table / 2) / static_cast<index_t>(sizeof(std::int32_t))),
          panel_(reinterpret_cast<Acc*>(scratch + size_.sources + size_.lines + size_.table)),
          sums_(reinterpret_cast<Acc*>(scratch + size_.sources + size_.lines + size_.table + size_.panel)),
          tile_(tile_of_rows<Acc>(p.limits.instruction_set, pack_rows_)),
          copy_(versions<copy>::of(p.limits.instruction_set)),
          positions_(p),
          rows_of_positions_(versions<rows_of_positions>::of(p.limits.instruction_set)),
          row_sums_(versions<row_sums>::of(p.limits.instruction_set)),
          in_place_(std::is_same_v<Y, Acc> && y.stride[p.rank] == 1) {
        is_flat_ = !grid_.alone && in_place_ && copies_lines<T> && lies_flat();
        reads_x_ = !grid_.alone && !layout_.by_positions && in_place_ && copies_lines<T> && x.stride[p.rank] == 1 &&
                   p.last().window_stride == 1 && find_taps_of_x();
        if (grid_.alone || layout_.by_positions) return;
        for (index_t t = 0; t < layout_.block * layout_.taps; ++t)
            panel_offset_[t] = static_cast<std::int32_t>(t * size_.width);
    }

    void compute(index_t grain) noexcept {
        const channel_band band = grid_(grain);
        const index_t in = band.group * (p_.in / p_.groups);
        const bool inside = is_inside(band), flat = is_flat_ && inside;
        channel_band whole = band;  // a single row, where the band's lie one behind the other
        if (flat) {
            whole.count *= band.rows;
            whole.rows = 1;
        }
        finishes_ =
            in_place_ && (layout_.by_positions || (whole.count >= size_.lanes && (grid_.alone || !joins_rows(whole))));
        const bool reads_x = reads_x_ && finishes_ && inside;
        const index_t rounded = checked::ceil_divide(band.kernels, pack_rows_) * pack_rows_;
        const index_t first_kernel = band.group * padded_ + band.kernel;
        Acc const* weights = weights_ + first_kernel * grid_.depth * layout_.taps;
        for (index_t c = 0; c < grid_.depth; c += layout_.packed) {
            const index_t channels = std::min(layout_.packed, grid_.depth - c);
            if (reads_x) {
                read_x(whole, in + c);  // samples of one channel
            } else if (flat) {
                pack_flat(band, in + c, channels);
            } else {
                packed_.pack(band, c, channels);
                samples_ = {lines_, layout_.offset.data(), layout_.pitch, false};
            }
            if constexpr (is_floating<Acc>)
                if (grid_.alone) rows_one_by_one(band, start_ + first_kernel, weights);
            if (layout_.by_positions)
                sum_positions(whole, channels, weights, c == 0 ? start_ + first_kernel : nullptr,
                              c + channels == grid_.depth);
            else if (!grid_.alone)
                sum_tiles(whole, channels, weights, c == 0 ? start_ + first_kernel : nullptr,
                          c + channels == grid_.depth);
            weights += rounded * channels * layout_.taps;
        }
        if constexpr (std::is_same_v<Y, Acc>)
            if (finishes_ && !p_.store.epilogue.is_none()) finish_rows(band);
    }

private:
    bool lies_flat() const noexcept {
        const index_t n = p_.last().n;
        const int rank = p_.rank;
        return has_flat_rows(p_, grid_) && x_.stride[rank] == 1 && x_.stride[rank - 1] == n && y_.stride[rank - 1] == n;
    }

    // the samples of a band's outputs, as one line for every channel
    void pack_flat(channel_band const& band, index_t channel, index_t channels) noexcept {
        if constexpr (copies_lines<T>) {
            const auto copy_line = versions<line_copy<Acc>>::of(p_.limits.instruction_set);
            read_x(band, channel);
            for (index_t c = 0; c < channels; ++c) {
                const copied_line<Acc> line{samples_.data + c * x_.stride[0], {}};
                copy_line({&line, 1, 0, 1, 0, band.rows * band.count, 0, {}, lines_ + c * layout_.channel, 0});
            }
            samples_ = {lines_, layout_.offset.data(), 0, false};
        }
    }

    // false where a tap is too far away for the table
    bool find_taps_of_x() noexcept {
        shape taps{layout_.block};
        for (index_t n : p_.taps()) taps.push_back(n);
        index_list t = index_list::repeated(taps.rank(), 0);
        std::int32_t* to = x_offset_;
        do {
            index_t at = 0;
            for (int a = 0; a < taps.rank(); ++a) {
                const index_t step = x_.stride[a];
                if (t[a] > 0 && (step > farthest || step < -farthest)) return false;
                const index_t d = a == 0 ? 1 : p_[a - 1].dilation;
                if (t[a] > 0 && d > farthest) return false;
                at += t[a] * d * step;
                if (at > farthest * 2 || at < -farthest * 2) return false;
            }
            *to++ = static_cast<std::int32_t>(at);
        } while (next_index(t, taps));
        return true;
    }
    static constexpr index_t farthest = index_t{1} << 29;

    bool is_inside(channel_band const& band) const noexcept {
        for (int a = 0; a < p_.rank; ++a) {
            const bool last = a + 1 == p_.rank;
            const index_t first = last ? band.first : band.leading[a], outputs = last                  ? band.count
                                                                                 : a == grid_.row_axis ? band.rows
                                                                                                       : 1;
            if (p_[a].position(first, 0) < 0 || p_[a].position(first + outputs - 1, p_[a].taps - 1) >= p_[a].n)
                return false;
        }
        return true;
    }

    void read_x(channel_band const& band, index_t channel) noexcept {
        if constexpr (copies_lines<T>) {
            Acc const* at = x_.data + channel * x_.stride[0];
            for (int a = 0; a < p_.rank; ++a)
                at += p_[a].position(a + 1 == p_.rank ? band.first : band.leading[a], 0) * x_.stride[a + 1];
            const int r = grid_.row_axis;
            samples_ = {at, x_offset_, r < 0 || band.rows == 1 ? 0 : p_[r].window_stride * x_.stride[r + 1], true};
        }
    }

    bool joins_rows(channel_band const& band) const noexcept {
        const double waste =
            static_cast<double>(checked::ceil_divide(band.count, size_.lanes) * size_.lanes - band.count);
        return waste * static_cast<double>(band.kernels) > 6.0 * static_cast<double>(band.count);
    }

    Y* output(channel_band const& band, index_t kernel, index_t row, index_t column) const noexcept {
        Y* at = y_.data + (band.group * grid_.kernels + band.kernel + kernel) * y_.stride[0];
        for (int a = 0; a + 1 < p_.rank; ++a)
            at += (band.leading[a] + (a == grid_.row_axis ? row : 0)) * y_.stride[a + 1];
        return at + (band.first + column) * y_.stride[p_.rank];
    }

    void sum_tiles(channel_band const& band, index_t channels, Acc const* weights, Acc const* start,
                   bool last) const noexcept {
        const bool joins = joins_rows(band);
        const bool whole = finishes_, finishes = whole && last;
        const index_t row_vectors = checked::ceil_divide(band.count, size_.lanes);
        index_t left = joins ? checked::ceil_divide(band.rows * band.count, size_.lanes) : band.rows * row_vectors;
        index_t row = 0, column = 0;
        tile_piece pieces[64 * tile_vectors];
        Acc* sums = sums_;
        const index_t taps = channels * layout_.taps;
        std::int32_t const* const offset = joins ? panel_offset_ : samples_.offset;
        typename tile::arguments a{{},    0,       offset, taps,         weights, band.kernels,
                                   start, nullptr, {},     y_.stride[0], 0,       panel_};
        while (left > 0) {
            a.vectors = left == 4 ? 2 : std::min<index_t>(left, vectors_of<Acc>);
            left -= a.vectors;
            const index_t width = a.vectors * size_.lanes;
            index_t count = 0;
            for (index_t at = 0; at < width && row < band.rows;) {
                tile_piece piece{0, at, 0, row, column};
                if (joins) {
                    piece.count = std::min(band.count - column, width - at);
                    at += piece.count;
                } else {
                    piece.count = std::min(band.count - column, size_.lanes);
                    if (whole && piece.count < size_.lanes) {  // reaches back, over the same sums
                        piece.column = band.count - size_.lanes;
                        piece.count = size_.lanes;
                    }
                    at += size_.lanes;
                }
                piece.from = row * samples_.row_step + piece.column;
                column = piece.column + piece.count;
                if (column == band.count) {
                    column = 0;
                    ++row;
                }
                pieces[count++] = piece;
            }
            if (joins) {
                copy_({samples_.data, samples_.offset, a.taps, pieces, count, panel_, size_.width});
                for (index_t v = 0; v < a.vectors; ++v) a.data[v] = panel_ + v * size_.lanes;
            } else {
                for (index_t v = 0; v < a.vectors; ++v) a.data[v] = samples_.data + pieces[v].from;
                a.ahead = samples_.in_x && layout_.taps == 1 ? width * static_cast<index_t>(sizeof(Acc)) : 0;
            }
            a.sums = sums;
            if constexpr (std::is_same_v<Y, Acc>)
                if (finishes)
                    for (index_t v = 0; v < a.vectors; ++v) a.out[v] = output(band, 0, pieces[v].row, pieces[v].column);
            tile_(a);
            if (last && !finishes) store(band, pieces, count, sums, width);
            if (layout_.block < grid_.depth)
                sums += checked::ceil_divide(band.kernels, pack_rows_) * pack_rows_ * width;
        }
    }

    void sum_positions(channel_band const& band, index_t channels, Acc const* weights, Acc const* start,
                       bool last) const noexcept {
        const bool keeps_sums = layout_.packed < grid_.depth;
        const index_t lanes = size_.lanes, packs = checked::ceil_divide(band.kernels, lanes),
                      row_step = positions_.row_step(band.count),
                      most_rows = std::min(layout_.rows_of_sums(row_step / lanes), band.rows),
                      pack_step = (keeps_sums ? band.rows : most_rows) * row_step, at_a_time = positions_.at_a_time;
        const position_samples<Acc> from{samples_.data,   samples_.offset, samples_.row_step,
                                         layout_.channel, layout_.block,   layout_.taps};
        for (index_t k = 0; k < packs; k += at_a_time)
            for (index_t r = 0; r < band.rows; r += most_rows) {
                const index_t rows = std::min(most_rows, band.rows - r);
                Acc* const sums = keeps_sums ? sums_ + k * pack_step + r * row_step : sums_;
                positions_(from, channels, weights, start, packs, k, r, rows, band.count, sums, pack_step);
                for (index_t i = 0; last && i < rows; ++i)
                    store_positions(band, k * lanes, std::min(at_a_time * lanes, band.kernels - k * lanes), r + i,
                                    sums + i * row_step, pack_step);
            }
    }

    // a row of output channels kernel, ..., kernel + kernels - 1
    void store_positions(channel_band const& band, index_t kernel, index_t kernels, index_t r, Acc const* sums,
                         index_t pack_step) const noexcept {
        if constexpr (std::is_same_v<Y, Acc>)
            if (finishes_)
                return rows_of_positions_(
                    {sums, pack_step, kernels, band.count, output(band, kernel, r, 0), y_.stride[0]});
        rows_of_positions_({sums, pack_step, kernels, band.count, panel_, band.count});
        for (index_t k = 0; k < kernels; ++k) {
            Acc* const row = panel_ + k * band.count;
            if (!p_.store.epilogue.is_none()) finish(band, kernel + k, r, 0, row, band.count);
            store_row(row, output(band, kernel + k, r, 0), y_.stride[p_.rank], band.count, p_.store);
        }
    }

    // the epilogue of outputs that were stored as sums
    void finish_rows(channel_band const& band) const noexcept {
        for (index_t k = 0; k < band.kernels; ++k)
            for (index_t r = 0; r < band.rows; ++r) finish(band, k, r, 0, output(band, k, r, 0), band.count);
    }

    void finish(channel_band const& band, index_t kernel, index_t row, index_t column, Acc* sums,
                index_t count) const noexcept {
        index_list leading = band.leading;
        if (grid_.row_axis >= 0) leading[grid_.row_axis] += row;
        finish_row<Y>(p_, band.group * grid_.kernels + band.kernel + kernel, leading, band.first + column, sums, count);
    }

    void store(channel_band const& band, tile_piece const* pieces, index_t count, Acc* sums,
               index_t width) const noexcept {
        const bool ends = !p_.store.epilogue.is_none();
        for (index_t s = 0; s < count; ++s) {
            Y* to = output(band, 0, pieces[s].row, pieces[s].column);
            for (index_t k = 0; k < band.kernels; ++k, to += y_.stride[0]) {
                Acc* const row = sums + k * width + pieces[s].at;
                if (ends) finish(band, k, pieces[s].row, pieces[s].column, row, pieces[s].count);
                store_row(row, to, y_.stride[p_.rank], pieces[s].count, p_.store);
            }
        }
    }

    void rows_one_by_one(channel_band const& band, Acc const* start, Acc const* weights) const noexcept {
        const bool finishes = finishes_;
        const index_t row_step = grid_.row_axis < 0 ? 0 : y_.stride[grid_.row_axis + 1],
                      width = checked::ceil_divide(band.count, size_.lanes) * size_.lanes,
                      taps = grid_.depth * layout_.taps;
        for (index_t k = 0; k < band.kernels; ++k) {
            typename row_sums::arguments a{lines_,
                                           layout_.pitch,
                                           layout_.offset.data(),
                                           taps,
                                           layout_.plane_lines,
                                           weights + k * taps,
                                           start[k],
                                           sums_,
                                           width,
                                           band.rows,
                                           width};
            if constexpr (std::is_same_v<Y, Acc>)
                if (finishes) {
                    a.out = output(band, k, 0, 0);
                    a.out_step = row_step;
                    a.count = band.count;
                }
            row_sums_(a);
            if (finishes) continue;
            for (index_t r = 0; r < band.rows; ++r) {
                if (!p_.store.epilogue.is_none()) finish(band, k, r, 0, sums_ + r * width, band.count);
                store_row(sums_ + r * width, output(band, k, r, 0), y_.stride[p_.rank], band.count, p_.store);
            }
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
