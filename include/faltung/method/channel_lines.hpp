// faltung/method/channel_lines.hpp -- packs the lines that a band of many channels reads
#pragma once

#include "channel_layout.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Whether samples are packed as they lie in memory.
template <class T>
inline constexpr bool copies_lines = std::is_same_v<typename T::X, typename T::Acc>;
template <class T>
using source_of = std::conditional_t<copies_lines<T>, copied_line<typename T::Acc>, source_line<typename T::X>>;

/// Packs the lines that a band reads, as channel_layout says.
template <class T>
class channel_lines {
    using X = typename T::X;
    using Acc = typename T::Acc;

    problem const& p_;
    channel_layout const& layout_;
    line_reader<X, Acc> reader_;
    strided<X const> const& x_;
    source_of<T>* sources_;
    Acc* lines_;
    typename versions<line_copy<Acc>>::function line_copy_;
    index_list found_ = index_list::repeated(max_rank, -1);  // whose lines are in the table

public:
    channel_lines(problem const& p, channel_layout const& layout, strided<X const> const& x, source_of<T>* sources,
                  Acc* lines) noexcept
        : p_(p),
          layout_(layout),
          reader_(p, x),
          x_(x),
          sources_(sources),
          lines_(lines),
          line_copy_(versions<line_copy<Acc>>::of(p.limits.instruction_set)) {}

    /// Those of `channels` samples from sample `first` of the band's group on.
    void pack(channel_band const& band, index_t first, index_t channels) noexcept {
        if (!(found_ == band.leading)) {
            find_lines(band);
            found_ = band.leading;
        }
        pack_lines(band, band.group * (p_.in / p_.groups), first, channels);
    }

private:
    // the source of every line that a channel has in the scratch memory, for channel 0
    void find_lines(channel_band const& band) const noexcept {
        shape taps = p_.taps();
        const int row = layout_.grid.row_axis;
        if (row >= 0) taps[row] = 1;
        taps[p_.rank - 1] = 1;
        index_list t = index_list::repeated(p_.rank, 0), e = band.leading;
        source_of<T>* to = sources_;
        do {
            for (int a = 0; a + 1 < p_.rank; ++a) e[a] = p_[a].position(band.leading[a], t[a]);
            const index_t first = row < 0 ? 0 : e[row];
            for (index_t s = 0; s < layout_.rows.segment_count; ++s) {
                line_layout::segment const& part = layout_.rows.segments.data()[s];
                for (index_t i = 0; i < band.rows + part.longer; ++i) {
                    if (row >= 0) e[row] = first + part.first + i * p_[row].window_stride;
                    const auto line = reader_.at(0, e);
                    if constexpr (copies_lines<T>)
                        to[i] = {line.data, line.data ? Acc{} : reader_.constant_of(line)};
                    else
                        to[i] = line;
                }
                to += layout_.rows.outputs + part.longer;
            }
        } while (next_index(t, taps));
    }

    void pack_lines(channel_band const& band, index_t group_first, index_t first, index_t channels) const noexcept {
        const index_t shared = channels_of_sample(p_);
        for (index_t c = 0; c < channels; ++c) {
            const index_t channel = (first + c) * shared;
            const index_t left = p_.in / p_.groups - channel;
            source_of<T> const* source = sources_;
            Acc* to = lines_ + c * layout_.channel;
            for (index_t q = 0; q < layout_.planes; ++q)
                for (index_t s = 0; s < layout_.rows.segment_count; ++s) {
                    const index_t longer = layout_.rows.segments.data()[s].longer,
                                  lines = layout_.rows.outputs + longer;
                    pack(band, source, band.rows + longer, (group_first + channel) * x_.stride[0],
                         std::min(shared, left), to);
                    source += lines;
                    to += lines * layout_.pitch;
                }
        }
    }

    // so many lines of a channel that lies so far from channel 0, or of `shared` of them in one
    void pack(channel_band const& band, source_line<X> const* source, index_t lines, index_t channel, index_t shared,
              Acc* to) const noexcept {
        const index_t at = p_.last().position(band.first, 0);
        for (index_t i = 0; i < lines; ++i, to += layout_.pitch) {
            source_line<X> line = source[i];
            if (line.data) line.data += channel;
            layout_.columns.pack(reader_, line, at, p_.last().window_stride, to, band.count);
            if constexpr (std::is_same_v<Acc, std::int32_t>) {
                if (channels_of_sample(p_) == 4)
                    join_four(band, line, at, shared, to);
                else
                    join_two(band, line, at, shared, to);
            }
        }
    }

    // line is that of the first channel, packed already
    void join_two(channel_band const& band, source_line<X> line, index_t at, index_t shared, Acc* to) const noexcept {
        Acc* const other = lines_ + layout_.samples();
        if (shared == 2) {
            if (line.data) line.data += x_.stride[0];
            layout_.columns.pack(reader_, line, at, p_.last().window_stride, other, band.count);
        }
        versions<join_halves>::of(p_.limits.instruction_set)(
            {to, shared == 2 ? other : nullptr, layout_.columns.length});
    }

    void join_four(channel_band const& band, source_line<X> line, index_t at, index_t shared, Acc* to) const noexcept {
        Acc* const other = lines_ + layout_.samples();
        const auto join = versions<join_bytes>::of(p_.limits.instruction_set);
        const std::int32_t flip = p_.types.x == element::int8 ? static_cast<std::int32_t>(0x80808080u) : 0;
        for (int i = 1; i < 4; ++i) {
            const bool is_there = i < shared;
            if (is_there) {
                if (line.data) line.data += x_.stride[0];
                layout_.columns.pack(reader_, line, at, p_.last().window_stride, other, band.count);
            }
            join({to, is_there ? other : nullptr, layout_.columns.length, 8 * i, i == 1 ? 255 : -1, i == 3 ? flip : 0});
        }
    }

    void pack(channel_band const& band, copied_line<Acc> const* source, index_t lines, index_t channel, index_t,
              Acc* to) const noexcept {
        axis const& k = p_.last();
        for (index_t s = 0; s < layout_.columns.segment_count; ++s) {
            line_layout::segment const& part = layout_.columns.segments.data()[s];
            const index_t first = k.position(band.first, 0) + part.first, count = band.count + part.longer;
            const index_t begin = std::clamp<index_t>(checked::ceil_divide(-first, k.window_stride), 0, count);
            const index_t end =
                std::clamp<index_t>(checked::floor_divide(k.n - 1 - first, k.window_stride) + 1, begin, count);
            // a window stride may be near 2^61
            const index_t step = end - begin > 1 ? k.window_stride * reader_.line_step() : 1,
                          shift = end > begin ? channel + (first + begin * k.window_stride) * reader_.line_step() : 0;
            line_copy_({source, lines, shift, step, begin, end - begin, count - end,
                        reader_.constant_of({nullptr, p_.rank - 1}), to, layout_.pitch});
            if (k.edge.map != boundary::rule::constant)
                for (index_t i = 0; i < lines; ++i)
                    for (index_t j = begin > 0 ? 0 : end; j < count; j = j + 1 == begin ? end : j + 1)
                        mirror(source[i], channel, first + j * k.window_stride, to[i * layout_.pitch + j]);
            to += layout_.columns.outputs + part.longer;
        }
    }

    // a sample beyond the ends, where no constant stands
    void mirror(copied_line<Acc> const& line, index_t channel, index_t e, Acc& to) const noexcept {
        if constexpr (copies_lines<T>) {
            if (line.data)
                reader_.sample({line.data + channel, -1}, e, to);
            else
                to = line.instead;
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
