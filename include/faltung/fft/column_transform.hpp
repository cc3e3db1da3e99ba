// faltung/fft/column_transform.hpp -- the transforms of all columns of a matrix, in place
#pragma once

#include "transform.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Forward, for every column of an array of `rows` rows and any number of columns, planes of real and imaginary parts:
///
///     X[m] = the sum over j of x[j] e^(-2 pi i m j / rows),   standing in row place_of(m)
///
/// and backward its adjoint, so that backward(forward(x)) = rows x. A vector holds neighbouring columns, so nothing is
/// shuffled and any product of 2, 3 and 5 is a number of rows.
/// Errors: option_error for another number of rows. Cost: 16 bytes of twiddles for a row.
template <class R>
class column_transform {
    struct level {
        int radix;
        index_t period, twiddles;  // blocks until the twiddles repeat; the first of them
    };
    static constexpr index_t cached = index_t{24} * 1024;  // bytes of a block that is finished before the next one

    index_t rows_;
    transform_loops loops_;
    std::vector<level> levels_;
    std::vector<index_t> place_;
    buffer<R> twiddles_;

public:
    column_transform(index_t rows, instruction_set i) : rows_(rows), loops_(transform_loops::of<R>(i)) {
        if (rows < 1 || !is_smooth(rows))
            fail<option_error>("a transform of ", rows, " rows: only products of 2, 3 and 5 are possible");
        checked::multiply(rows, 64, "bytes of a transform of columns");
        index_t reals = 0;
        for (index_t radix : {5, 3, 4, 2})
            for (index_t done = period(); rows / done % radix == 0; done = period()) {
                levels_.push_back({static_cast<int>(radix), done, reals});
                reals += 2 * (radix - 1) * done;
            }
        twiddles_ = buffer<R>(reals);
        const roots_of_unity root(4 * rows);
        std::vector<index_t> angles{0};  // of the blocks, in units of 1 / (4 rows)
        R* to = twiddles_.data();
        for (level const& l : levels_) {
            std::vector<index_t> next;
            next.reserve(angles.size() * static_cast<std::size_t>(l.radix));
            for (const index_t angle : angles)
                for (index_t q = 0; q < l.radix; ++q) {
                    next.push_back((angle + q * 4 * rows) / l.radix);
                    if (q == 0) continue;
                    const auto w = root[q * (angle / l.radix)];
                    *to++ = static_cast<R>(w.re);
                    *to++ = static_cast<R>(w.im);
                }
            angles = std::move(next);
        }
        place_.resize(static_cast<std::size_t>(rows));
        for (index_t row = 0; row < rows; ++row)  // a pass evaluates at e^(+2 pi i angle)
            place_[static_cast<std::size_t>((rows - angles[static_cast<std::size_t>(row)] / 4) % rows)] = row;
    }

    index_t rows() const { return rows_; }
    index_t place_of(index_t m) const { return place_[static_cast<std::size_t>(m)]; }
    /// The number of columns must be a multiple of this.
    index_t lanes() const { return loops_.lanes; }

    void forward(R* re, R* im, index_t columns) const noexcept { block({re, im, columns, way::forward}, 0, 0, rows_); }
    void backward(R* re, R* im, index_t columns) const noexcept {
        block({re, im, columns, way::backward}, 0, 0, rows_);
    }

private:
    struct call {
        R *re, *im;
        index_t columns;
        faltung::detail::way way;
    };

    index_t period() const { return levels_.empty() ? 1 : levels_.back().period * levels_.back().radix; }

    // Blocks of `length` rows, from number `at` on.
    void pass(call const& c, level const& l, index_t at, index_t blocks, index_t length) const noexcept {
        const index_t first = at * length * c.columns, stride = length / l.radix * c.columns;
        loops_.pass({c.re + first, c.im + first, stride, stride, blocks, twiddles_.data() + l.twiddles, at % l.period,
                     l.period, l.radix, c.way});
    }

    // Block `at` of level `depth`: level by level once it stays in the cache, else one of its parts after the other.
    void block(call const& c, std::size_t depth, index_t at, index_t length) const noexcept {
        if (depth == levels_.size()) return;
        level const& l = levels_[depth];
        const index_t bytes = 2 * length * c.columns * static_cast<index_t>(sizeof(R));
        if (bytes > cached && depth + 1 < levels_.size()) {
            if (c.way == way::forward) pass(c, l, at, 1, length);
            for (int q = 0; q < l.radix; ++q) block(c, depth + 1, at * l.radix + q, length / l.radix);
            if (c.way == way::backward) pass(c, l, at, 1, length);
            return;
        }
        index_t blocks = 1, rest = length;
        std::size_t d = depth;
        for (; d < levels_.size(); rest /= levels_[d].radix, blocks *= levels_[d++].radix)
            if (c.way == way::forward) pass(c, levels_[d], at * blocks, blocks, rest);
        while (c.way == way::backward && d-- > depth) {
            blocks /= levels_[d].radix;
            rest *= levels_[d].radix;
            pass(c, levels_[d], at * blocks, blocks, rest);
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
