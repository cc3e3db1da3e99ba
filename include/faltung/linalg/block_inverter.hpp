// faltung/linalg/block_inverter.hpp -- room for as many small matrices as a vector has lanes, and their inversion
#pragma once

#include <algorithm>

#include "../core/buffer.hpp"
#include "../core/scalar.hpp"
#include "../simd/pseudo_inverses.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Rows and columns of the largest matrices that go through it; the smaller extent is at most `most_columns`.
inline constexpr index_t most_rows = 128, most_columns = 64;

/// Tall matrices in blocks, one per lane: fill them, run, and read the conjugates of their pseudo-inverses where
/// is_full_rank. Several blocks are filled before they are run: vectors of samples that were just stored one by one
/// would have to wait for them.
template <class T>
class block_inverter {
    using R = real_t<T>;
    using loops = pseudo_inverses<R, is_complex<T>>;

    static constexpr index_t cached = index_t{16} * 1024;  // bytes of the matrices of several blocks

    index_t lanes_, rows_, columns_, blocks_;
    typename versions<loops>::function run_;
    buffer<R> memory_;
    typename loops::arguments given_{};

public:
    using limits = typename loops::limits;

    block_inverter(instruction_set i, index_t rows, index_t columns)
        : lanes_(bytes_of_vector(i) / index_t{sizeof(R)}),
          rows_(rows),
          columns_(columns),
          blocks_(std::max<index_t>(1, cached / (samples() * index_t{sizeof(R)}))),
          run_(versions<loops>::of(i)),
          memory_(2 * blocks_ * samples() + 2 * blocks_ * lanes_ + (loops::parts + 1) * columns * lanes_) {
        R* const inverse = memory_.data() + blocks_ * samples();
        R* const norm = inverse + blocks_ * samples();
        R* const diagonal = norm + 2 * blocks_ * lanes_;
        given_ = {memory_.data(), inverse, rows, columns, diagonal, norm, norm + blocks_ * lanes_, blocks_};
    }

    index_t lanes() const { return lanes_; }
    index_t unit() const { return lanes_ * loops::parts; }
    index_t rows() const { return rows_; }
    index_t columns() const { return columns_; }

    index_t blocks() const { return blocks_; }  // at most, of a run

    /// Samples (i, j) of a block's matrices, lane by lane: real parts, then imaginary ones. run() loses them.
    R* sample(index_t block, index_t i, index_t j) const {
        return given_.a + block * samples() + (j * rows_ + i) * unit();
    }
    /// Samples (i, j), columns x rows, of the conjugates of the pseudo-inverses.
    R* inverse(index_t block, index_t i, index_t j) const {
        return given_.inverse + block * samples() + (i * rows_ + j) * unit();
    }

    void run(index_t blocks) const noexcept {
        auto of_some = given_;
        of_some.blocks = blocks;
        run_(of_some);
    }

    /// Whether the least singular value is above what the limits are made of.
    bool is_full_rank(index_t block, index_t lane, limits const& below) const {
        const index_t at = block * lanes_ + lane;
        return loops::is_full_rank(given_.norm[at], given_.bound[at], below);
    }

    /// Whether that is true of every lane.
    bool is_full_rank(index_t block, limits const& below) const {
        bool is_full = true;
        for (index_t lane = 0; lane < lanes_; ++lane) is_full &= is_full_rank(block, lane, below);
        return is_full;
    }

private:
    index_t samples() const { return rows_ * columns_ * unit(); }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
